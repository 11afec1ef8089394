//! Counts of one policy or two: bars, and the same as a table.

use crate::ReportError;
use crate::chart::{Bar, bars};
use crate::page::{Figure, Key, Table};
use crate::side::{Side, head};

/// Counts by name, of each policy.
pub(crate) struct Counted<'a> {
    /// What is counted.
    pub(crate) title: &'static str,
    /// What has to be said of it.
    pub(crate) note: &'a str,
    /// What the names are of.
    pub(crate) by: &'static str,
    /// The names, each with the policies' counts.
    pub(crate) rows: &'a [(&'a str, Vec<u64>)],
}

impl Counted<'_> {
    /// Its figure, with each count as it is written. Nothing is drawn where all are zero.
    pub(crate) fn figure<T>(
        &self,
        sides: &[Side<'_, T>],
        written: impl Fn(&T, u64) -> String,
    ) -> Result<Figure, ReportError> {
        let each = |numbers: &[u64]| -> Vec<_> {
            let each = sides.iter().zip(numbers.iter().copied());
            each.map(|(side, number)| (side.whose, number as f64, written(side.of, number)))
                .collect()
        };
        let shown: Vec<_> = self
            .rows
            .iter()
            .map(|(name, numbers)| Bar {
                name,
                values: each(numbers),
            })
            .collect();
        let mut numbers = self.rows.iter().flat_map(|(_, numbers)| numbers);
        let any = numbers.any(|number| *number > 0);
        let cells = |(name, numbers): &(&str, Vec<u64>)| {
            let values = each(numbers).into_iter().map(|(_, _, written)| written);
            std::iter::once((*name).to_owned()).chain(values).collect()
        };
        Ok(Figure {
            title: self.title,
            note: self.note.to_owned(),
            shape: "bars",
            keys: Key::each(sides, |_| String::new()),
            drawn: if any { bars(&shown)? } else { None },
            table: Table {
                title: self.title.to_owned(),
                head: head(sides, self.by),
                rows: self.rows.iter().map(cells).collect(),
            },
        })
    }
}
