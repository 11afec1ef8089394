//! From a cron expression to bits.

use std::str::FromStr as _;

use cron::{Schedule, TimeUnitSpec};

use super::SendWindow;
use crate::time::Date;

/// What can be wrong with a send window.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// Not six fields.
    #[error(
        "`{expr}` has {count} fields; a send window has six: second (always 0), minute, hour, day of \
         month, month, weekday, such as `0 * 9-16 * * MON-FRI`"
    )]
    Fields {
        /// What was given.
        expr: String,
        /// How many fields it has.
        count: usize,
    },
    /// A second other than 0.
    #[error(
        "`{expr}` begins with `{second}`; a send window counts in minutes: its first field is 0"
    )]
    Second {
        /// What was given.
        expr: String,
        /// Its first field.
        second: String,
    },
    /// Weekdays as numbers, which one cron counts from Sunday and another from Monday.
    #[error("`{expr}` numbers its weekdays (`{weekday}`); name them, such as MON-FRI")]
    WeekdayNumber {
        /// What was given.
        expr: String,
        /// Its last field.
        weekday: String,
    },
    /// A field that cron does not know.
    #[error("`{expr}` is not a cron expression: {reason}")]
    NotCron {
        /// What was given.
        expr: String,
        /// What the parser says, as text: its error can be neither cloned nor compared.
        reason: String,
    },
    /// There is no such day.
    #[error("`{expr}` never opens: no date has its month, day and weekday")]
    NeverOpens {
        /// What was given.
        expr: String,
    },
}

impl SendWindow {
    /// Reads a six-field cron expression: `0 * 9-16 * * MON-FRI`. Day of month and weekday
    /// must both hold, other than in Unix cron.
    pub fn parse(expr: &str) -> Result<Self, WindowError> {
        let fields: Vec<&str> = expr.split_whitespace().collect();
        let own = || expr.to_owned();
        let &[second, _, _, _, _, weekday] = fields.as_slice() else {
            return Err(WindowError::Fields {
                expr: own(),
                count: fields.len(),
            });
        };
        if second != "0" {
            return Err(WindowError::Second {
                expr: own(),
                second: second.to_owned(),
            });
        }
        if weekday.contains(|c: char| c.is_ascii_digit()) {
            return Err(WindowError::WeekdayNumber {
                expr: own(),
                weekday: weekday.to_owned(),
            });
        }
        let schedule =
            Schedule::from_str(&fields.join(" ")).map_err(|error| WindowError::NotCron {
                expr: own(),
                reason: reason(&error.to_string()),
            })?;
        let window = Self {
            source: own(),
            minutes: bits(schedule.minutes(), 0..60),
            hours: bits(schedule.hours(), 0..24) as u32,
            days_of_month: bits(schedule.days_of_month(), 1..32) as u32,
            months: bits(schedule.months(), 1..13) as u16,
            weekdays: weekdays(schedule.days_of_week()),
        };
        if window.ever_opens() {
            Ok(window)
        } else {
            Err(WindowError::NeverOpens { expr: own() })
        }
    }

    /// Whether any date of 28 years, after which weekdays and leap days repeat, is inside.
    fn ever_opens(&self) -> bool {
        let first = Date::from_ymd_opt(2001, 1, 1).unwrap_or_default();
        self.minutes != 0
            && self.hours != 0
            && first
                .iter_days()
                .take(28 * 366)
                .any(|date| self.has_date(date))
    }
}

/// What the parser says below the expression and the mark under it, which it shows first.
fn reason(said: &str) -> String {
    let is_mark = |line: &&str| line.trim().chars().all(|c| c == '^') && line.contains('^');
    let mark = said.lines().find(is_mark).and_then(|line| line.find('^'));
    let at = mark.map(|at| format!("at character {}", at + 1));
    let below = said.lines().skip_while(|line| !is_mark(line)).skip(1);
    let below = below.map(|line| line.trim().to_owned());
    let parts: Vec<_> = at
        .into_iter()
        .chain(below)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() {
        return said.lines().next().unwrap_or_default().to_owned();
    }
    parts.join(", ")
}

fn bits(field: &impl TimeUnitSpec, range: std::ops::Range<u32>) -> u64 {
    range
        .filter(|ordinal| field.includes(*ordinal))
        .fold(0, |bits, ordinal| bits | 1 << ordinal)
}

/// The crate numbers Sunday 1; here Monday is bit 0.
fn weekdays(field: &impl TimeUnitSpec) -> u8 {
    (1..8)
        .filter(|day| field.includes(*day))
        .fold(0, |bits, day| bits | 1 << ((day + 5) % 7))
}
