//! How many cases came where, and how many messages went how.

use super::Simulated;
use crate::ReportError;
use crate::counted::Counted;
use crate::numbers::{count, percent};
use crate::page::Figure;
use crate::side::counts;

impl Simulated<'_> {
    pub(super) fn reached(&self) -> Result<Figure, ReportError> {
        let opened = self.sides.iter().map(|side| side.of.cases).collect();
        let mut rows = vec![("case opened", opened)];
        rows.extend(counts(&self.sides, |of| &of.reached));
        let reached = Counted {
            title: "Cases by stage",
            note: "A case counts at each stage that it entered, once.",
            by: "Stage",
            rows: &rows,
        };
        reached.figure(&self.sides, |of, number| with_share(number, of.cases))
    }

    pub(super) fn stands(&self) -> Result<Figure, ReportError> {
        let stands = Counted {
            title: "Where cases stand at the end",
            note: "The stage where a case is on the last day, or how it ended.",
            by: "At the end",
            rows: &counts(&self.sides, |of| &of.stands),
        };
        stands.figure(&self.sides, |of, number| with_share(number, of.cases))
    }

    pub(super) fn channels(&self) -> Result<Figure, ReportError> {
        let channels = Counted {
            title: "Messages by channel",
            note: "",
            by: "Channel",
            rows: &counts(&self.sides, |of| &of.contacts),
        };
        channels.figure(&self.sides, |of, number| with_share(number, of.messages()))
    }
}

/// A count, with its share of all of them.
fn with_share(number: u64, of: u64) -> String {
    if of == 0 {
        return count(number);
    }
    format!("{} ({})", count(number), percent(number as f64 / of as f64))
}
