//! How many cases came where, and how many messages went how.

use regua_rehearsal::simulate::Outcome;

use super::Simulated;
use crate::ReportError;
use crate::chart::{Bar, bars};
use crate::numbers::{count, percent};
use crate::page::{Figure, Table};
use crate::side::{Side, counts};

impl Simulated<'_> {
    pub(super) fn reached(&self) -> Result<Figure, ReportError> {
        let opened = self.sides.iter().map(|side| side.of.cases).collect();
        let mut rows = vec![("case opened", opened)];
        rows.extend(counts(&self.sides, |of| &of.reached));
        let note = "A case counts at each stage that it entered, once.";
        self.bars("Cases by stage", note, "Stage", &rows, |of| of.cases)
    }

    pub(super) fn stands(&self) -> Result<Figure, ReportError> {
        let rows = counts(&self.sides, |of| &of.stands);
        let note = "The stage where a case is on the last day, or how it ended.";
        let title = "Where cases stand at the end";
        self.bars(title, note, "At the end", &rows, |of| of.cases)
    }

    pub(super) fn channels(&self) -> Result<Figure, ReportError> {
        let rows = counts(&self.sides, |of| &of.contacts);
        self.bars(
            "Messages by channel",
            "",
            "Channel",
            &rows,
            Outcome::messages,
        )
    }

    /// Counts, each with its share of all of them.
    fn bars(
        &self,
        title: &'static str,
        note: &str,
        first: &str,
        rows: &[(&str, Vec<u64>)],
        all: impl Fn(&Outcome) -> u64,
    ) -> Result<Figure, ReportError> {
        let written = |side: &Side<'_, Outcome>, number: u64| {
            let of = all(side.of);
            if of == 0 {
                return count(number);
            }
            format!("{} ({})", count(number), percent(number as f64 / of as f64))
        };
        let each = |numbers: &[u64]| {
            let each = self.sides.iter().zip(numbers.iter().copied());
            each.map(|(side, number)| (side.whose, number as f64, written(side, number)))
                .collect::<Vec<_>>()
        };
        let shown: Vec<_> = rows
            .iter()
            .map(|(name, numbers)| Bar {
                name,
                values: each(numbers),
            })
            .collect();
        let any = self.sides.iter().any(|side| all(side.of) > 0);
        let cells = |(name, numbers): &(&str, Vec<u64>)| {
            let values = each(numbers).into_iter().map(|(_, _, written)| written);
            std::iter::once((*name).to_owned()).chain(values).collect()
        };
        Ok(Figure {
            title,
            note: note.to_owned(),
            shape: "bars",
            keys: self.keys(),
            drawn: if any { bars(&shown)? } else { None },
            table: Table {
                title: title.to_owned(),
                head: self.head(first),
                rows: rows.iter().map(cells).collect(),
            },
        })
    }
}
