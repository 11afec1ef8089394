//! The charts of a backtest, and the table of all that was counted.

use std::collections::{BTreeMap, BTreeSet};

use regua_domain::contract::{ActionKind, Channel};
use regua_domain::time::Date;
use regua_rehearsal::backtest::Totals;

use super::{Tested, fees};
use crate::ReportError;
use crate::chart::{Axis, DATES, Dots, Line, lines};
use crate::counted::Counted;
use crate::numbers::{count, short};
use crate::page::{Figure, Key, Section, Table};
use crate::side::{Side, counts, head};

impl Tested<'_> {
    pub(super) fn charts(&self) -> Result<Section, ReportError> {
        let channels = counts(&self.sides, |of| &of.contacts);
        let by_stage = counts(&self.sides, |of| &of.by_stage);
        let stands = counts(&self.sides, |of| &of.stands);
        let refused = counts(&self.sides, |of| &of.refused);
        Ok(Section {
            title: "Charts",
            figures: vec![
                self.weeks()?,
                self.spent()?,
                self.counted("Messages by channel", "", "Channel", &channels)?,
                self.counted("Messages by stage", "", "Stage", &by_stage)?,
                self.counted(
                    "Where cases stand at the end",
                    "The stage where a case is on the last day, or how it ended.",
                    "At the end",
                    &stands,
                )?,
                self.counted(
                    "Refused by rule",
                    "What stages asked for and the guard did not allow.",
                    "Rule",
                    &refused,
                )?,
            ],
            ..Section::default()
        })
    }

    fn counted(
        &self,
        title: &'static str,
        note: &str,
        by: &'static str,
        rows: &[(&str, Vec<u64>)],
    ) -> Result<Figure, ReportError> {
        let counted = Counted {
            title,
            note,
            by,
            rows,
        };
        counted.figure(&self.sides, |_, number| count(number))
    }

    fn weeks(&self) -> Result<Figure, ReportError> {
        let weeks = weeks(&self.sides);
        let of_week = |of: &Totals, week: &Date| of.by_week.get(week).copied().unwrap_or(0);
        let line = |side: &Side<'_, Totals>| Line {
            whose: side.whose,
            points: (0_u32..)
                .zip(&weeks)
                .map(|(at, week)| (f64::from(at), of_week(side.of, week) as f64))
                .collect(),
            dots: Dots::Few,
        };
        let found: Vec<_> = self.sides.iter().map(line).collect();
        let points = found.iter().flat_map(|line| &line.points);
        let most = points.map(|(_, at)| *at).fold(0.0, f64::max);
        let last = u32::try_from(weeks.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let x = Axis::every(
            "Week, by its Monday",
            last,
            &[1, 2, 4, 8, 13, 26, 52, 104],
            DATES,
            |at| {
                let week = weeks.get(at as usize);
                week.map_or_else(String::new, |week| week.format("%-d %b").to_string())
            },
        );
        let y = Axis::round("Messages", most, 1.0, short);
        let rows = weeks.iter().map(|week| {
            let counts = self.sides.iter().map(|side| count(of_week(side.of, week)));
            std::iter::once(week.to_string()).chain(counts).collect()
        });
        Ok(Figure {
            title: "Messages a week",
            note: String::new(),
            shape: "lines",
            keys: Key::each(&self.sides, |_| String::new()),
            drawn: (most > 0.0).then(|| lines(&x, &y, &found)).transpose()?,
            table: self.table("Messages a week", "Week", rows.collect()),
        })
    }

    /// What was spent on what.
    fn spent(&self) -> Result<Figure, ReportError> {
        let spent: Vec<_> = self
            .sides
            .iter()
            .map(|side| self.by_purpose(side.of))
            .collect();
        let sides: Vec<_> = self
            .sides
            .iter()
            .zip(&spent)
            .map(|(side, of)| Side {
                whose: side.whose,
                name: side.name,
                of,
            })
            .collect();
        let mut rows = vec![("all", self.sides.iter().map(|side| side.of.spent).collect())];
        rows.extend(counts(&sides, |of| of));
        let note = "Minor units of your own money. All that was sent, opened or placed.";
        self.counted("Cost", note, "For", &rows)
    }

    fn by_purpose(&self, of: &Totals) -> BTreeMap<String, u64> {
        let channels = of.contacts.iter().map(|(name, messages)| {
            let channel = Channel::try_from(name.clone());
            let each = channel.map_or(0, |channel| self.costs.of_channel(&channel));
            (format!("messages by {name}"), messages * u64::from(each))
        });
        let action = |name: &str, kind, number: u64| {
            let each = u64::from(self.costs.of_action(kind));
            (name.to_owned(), number * each)
        };
        let actions = [
            action("tasks", ActionKind::OpenTask, of.tasks),
            action("placements", ActionKind::PlaceWithAgency, of.placements),
        ];
        channels
            .chain(actions)
            .filter(|(_, cost)| *cost > 0)
            .collect()
    }

    fn table(&self, title: &str, first: &str, rows: Vec<Vec<String>>) -> Table {
        Table {
            title: title.to_owned(),
            head: head(&self.sides, first),
            rows,
        }
    }

    pub(super) fn totals(&self) -> Table {
        let mut rows = Vec::new();
        let mut row = |what: &str, value: &dyn Fn(&Totals) -> String| {
            let values = self.sides.iter().map(|side| value(side.of));
            rows.push(std::iter::once(what.to_owned()).chain(values).collect());
        };
        row("Customers written to", &|of| count(of.contacted));
        row("Messages", &|of| count(of.messages()));
        for (channel, _) in counts(&self.sides, |of| &of.contacts) {
            row(&format!("Messages by {channel}"), &|of| {
                count(of.contacts.get(channel).copied().unwrap_or(0))
            });
        }
        row("Messages after all was paid", &|of| count(of.after_paid));
        row("Tasks", &|of| count(of.tasks));
        row("Offers of plans and discounts", &|of| count(of.offers));
        row("Placements", &|of| count(of.placements));
        let currencies = self.sides.iter().flat_map(|side| side.of.fees.keys());
        for currency in currencies.collect::<BTreeSet<_>>() {
            row(&format!("Fees and interest, {currency}"), &|of| {
                fees(of, currency)
            });
        }
        row("Failures of stages", &|of| count(of.failures));
        row("Refused by the guard", &|of| {
            count(of.refused.values().sum())
        });
        row("Cost, minor units of your own money", &|of| count(of.spent));
        row("Decisions", &|of| count(of.decisions));
        row("Facts with nothing to be about", &|of| count(of.untold));
        self.table("All figures", "", rows)
    }
}

/// Every week from the first in which anything was sent to the last.
fn weeks(sides: &[Side<'_, Totals>]) -> Vec<Date> {
    let sent: BTreeSet<_> = sides
        .iter()
        .flat_map(|side| side.of.by_week.keys())
        .collect();
    let (Some(first), Some(last)) = (sent.first(), sent.last()) else {
        return Vec::new();
    };
    first
        .iter_weeks()
        .take_while(|week| week <= *last)
        .collect()
}
