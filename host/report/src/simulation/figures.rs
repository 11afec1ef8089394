//! The charts of a simulation, and the table of all that was counted.

use regua_rehearsal::simulate::{CURVE_DAYS, Outcome};

use super::{Simulated, days, share};
use crate::ReportError;
use crate::chart::{Axis, Dots, Line, NUMBERS, lines};
use crate::numbers::{count, short};
use crate::page::{Figure, Key, Section, Table};
use crate::side::{Side, counts, head};

/// Days overdue that the table of the curve tells.
const MARKS: [usize; 12] = [1, 2, 3, 5, 7, 10, 15, 20, 30, 60, 90, 180];
/// Days between two words at an axis of days.
const STEPS: [u32; 6] = [1, 2, 7, 14, 30, 60];

impl Simulated<'_> {
    pub(super) fn charts(&self) -> Result<Section, ReportError> {
        Ok(Section {
            title: "Charts",
            figures: vec![
                self.recovery()?,
                self.cost()?,
                self.weeks()?,
                self.channels()?,
                self.reached()?,
                self.stands()?,
            ],
            ..Section::default()
        })
    }

    pub(super) fn keys(&self) -> Vec<Key> {
        Key::each(&self.sides, |_| String::new())
    }

    /// A line of each policy.
    fn lines(&self, dots: Dots, points: impl Fn(&Outcome) -> Vec<(f64, f64)>) -> Vec<Line> {
        let line = |side: &Side<'_, Outcome>| Line {
            whose: side.whose,
            points: points(side.of),
            dots,
        };
        self.sides.iter().map(line).collect()
    }

    /// The share of what was late that was paid, by days overdue.
    fn recovery(&self) -> Result<Figure, ReportError> {
        let last = (CURVE_DAYS - 1).min(self.setting.days as usize);
        let found = self.lines(Dots::Last, |of| {
            let shares = (0..=last).map(|day| (day as f64, 100.0 * within(of, day)));
            shares.collect()
        });
        let is_late = |side: &Side<'_, Outcome>| late(side.of) > 0;
        let x = Axis::every("Days overdue", last as u32, &STEPS, NUMBERS, short);
        let y = Axis::round("Paid of what was late", most(&found), 1.0, |at| {
            format!("{} %", short(at))
        });
        let drawn = self.sides.iter().any(is_late);
        let rows = MARKS.into_iter().filter(|day| *day <= last).map(|day| {
            let shares = self
                .sides
                .iter()
                .map(|side| share(side.of, within(side.of, day)));
            std::iter::once(day.to_string()).chain(shares).collect()
        });
        Ok(Figure {
            title: "Recovery over days overdue",
            note: "Of all that was late, the share that was paid by then.".to_owned(),
            shape: "lines",
            keys: self.keys(),
            drawn: drawn.then(|| lines(&x, &y, &found)).transpose()?,
            table: Table {
                title: "Recovery over days overdue".to_owned(),
                head: head(&self.sides, "Days overdue"),
                rows: rows.collect(),
            },
        })
    }

    /// What was recovered against what it cost, week after week.
    fn cost(&self) -> Result<Figure, ReportError> {
        let unit = 10_f64.powi(self.digits as i32);
        let found = self.lines(Dots::Last, |of| {
            let (mut cost, mut recovered) = (0.0, 0.0);
            let weeks = of.cost_by_week.len().max(of.recovered_by_week.len());
            let mut points = vec![(0.0, 0.0)];
            points.extend((0..weeks).map(|week| {
                cost += of.cost_by_week.get(week).copied().unwrap_or(0) as f64;
                recovered += of.recovered_by_week.get(week).copied().unwrap_or(0) as f64;
                (cost / unit, recovered / unit)
            }));
            points
        });
        let costs = found.iter().flat_map(|line| &line.points);
        let costs = costs.map(|(cost, _)| *cost).fold(0.0, f64::max);
        let x = Axis::round(format!("Cost, {}", self.currency), costs, 0.0, short);
        let y = Axis::round(
            format!("Recovered, {}", self.currency),
            most(&found),
            0.0,
            short,
        );
        let drawn = costs > 0.0 || most(&found) > 0.0;
        let row = |what: &str, value: &dyn Fn(&Outcome) -> String| {
            let values = self.sides.iter().map(|side| value(side.of));
            std::iter::once(what.to_owned()).chain(values).collect()
        };
        Ok(Figure {
            title: "Cost against recovery",
            note:
                "What was paid late, and what dunning had cost by then: a line goes from the first \
                   week to what both came to, which has the dot."
                    .to_owned(),
            shape: "lines",
            keys: self.keys(),
            drawn: drawn.then(|| lines(&x, &y, &found)).transpose()?,
            table: Table {
                title: format!("Cost against recovery, {}", self.currency),
                head: head(&self.sides, ""),
                rows: vec![
                    row("Recovered", &|of| self.money(of.paid_late)),
                    row("Cost", &|of| self.money(of.cost())),
                    row("Commissions among it", &|of| self.money(of.commission)),
                    row("Cost of a unit recovered", &|of| {
                        format!("{:.4}", of.cost_of_recovery())
                    }),
                ],
            },
        })
    }

    fn weeks(&self) -> Result<Figure, ReportError> {
        let weeks = self.setting.days.div_ceil(7).max(1);
        let of_week = |of: &Outcome, week: u32| {
            let count = usize::try_from(week).ok().and_then(|at| of.by_week.get(at));
            count.copied().unwrap_or(0)
        };
        let found = self.lines(Dots::Few, |of| {
            let weeks = (0..weeks).map(|week| (f64::from(week + 1), of_week(of, week) as f64));
            weeks.collect()
        });
        let x = Axis::every("Week", weeks, &[1, 2, 4, 13, 26, 52, 104], NUMBERS, short);
        let y = Axis::round("Messages", most(&found), 1.0, short);
        let drawn = most(&found) > 0.0;
        let rows = (0..weeks).map(|week| {
            let counts = self.sides.iter().map(|side| count(of_week(side.of, week)));
            let week = std::iter::once((week + 1).to_string());
            week.chain(counts).collect()
        });
        Ok(Figure {
            title: "Messages a week",
            note: String::new(),
            shape: "lines",
            keys: self.keys(),
            drawn: drawn.then(|| lines(&x, &y, &found)).transpose()?,
            table: Table {
                title: "Messages a week".to_owned(),
                head: head(&self.sides, "Week"),
                rows: rows.collect(),
            },
        })
    }

    pub(super) fn totals(&self) -> Table {
        let mut rows = Vec::new();
        let mut row = |what: &str, value: &dyn Fn(&Outcome) -> String| {
            let values = self.sides.iter().map(|side| value(side.of));
            rows.push(std::iter::once(what.to_owned()).chain(values).collect());
        };
        let of_currency = |what: &str| format!("{what}, {}", self.currency);
        row(&of_currency("Billed"), &|of| self.money(of.billed));
        row(&of_currency("Paid in time"), &|of| {
            self.money(of.paid_in_time)
        });
        row(&of_currency("Paid late"), &|of| self.money(of.paid_late));
        row(&of_currency("Overdue at the end"), &|of| {
            self.money(of.overdue_at_end)
        });
        row(&of_currency("Not yet due at the end"), &|of| {
            self.money(of.not_yet_due)
        });
        row("Recovered of what was late", &|of| {
            share(of, of.recovery_rate())
        });
        row("Days from due to paid, if late", &|of| days(of));
        row("Cases", &|of| count(of.cases));
        row("Messages", &|of| count(of.messages()));
        for (channel, _) in counts(&self.sides, |of| &of.contacts) {
            row(&format!("Messages by {channel}"), &|of| {
                count(of.contacts.get(channel).copied().unwrap_or(0))
            });
        }
        row("Replies", &|of| count(of.replies));
        row("Promises kept", &|of| count(of.promises_kept));
        row("Promises broken", &|of| count(of.promises_broken));
        row("Plans offered", &|of| count(of.offers));
        row("Plans taken", &|of| count(of.plans));
        row("Plans broken", &|of| count(of.plans_broken));
        row("Tasks", &|of| count(of.tasks));
        row("Placements", &|of| count(of.placements));
        row(&of_currency("Cost"), &|of| self.money(of.cost()));
        row(&of_currency("Agencies' commissions among it"), &|of| {
            self.money(of.commission)
        });
        row("Cost of a unit recovered", &|of| {
            format!("{:.4}", of.cost_of_recovery())
        });
        row("Failures of stages", &|of| count(of.failures));
        row("Decisions", &|of| count(of.decisions));
        Table {
            title: "All figures".to_owned(),
            head: head(&self.sides, ""),
            rows,
        }
    }
}

fn late(of: &Outcome) -> i128 {
    of.paid_late + of.overdue_at_end
}

/// Of what was late, the share that was paid within so many days.
fn within(of: &Outcome, days: usize) -> f64 {
    let paid: i128 = of.curve.iter().take(days + 1).sum();
    paid as f64 / late(of).max(1) as f64
}

/// The highest point of all lines.
fn most(lines: &[Line]) -> f64 {
    let points = lines.iter().flat_map(|line| &line.points);
    points.map(|(_, at)| *at).fold(0.0, f64::max)
}
