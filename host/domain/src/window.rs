//! The send window: when a debtor may be written to.
//!
//! A window is a cron expression read in the customer's zone; an instant is inside if the
//! expression includes its minute. The expression is laid out as bits when it is parsed, so
//! that asking costs one zone conversion and a few look-ups.
//!
//! ```
//! use chrono_tz::America::Sao_Paulo;
//! use regua_domain::calendar::{Calendar, Roll};
//! use regua_domain::time::Timestamp;
//! use regua_domain::window::SendWindow;
//!
//! let window = SendWindow::parse("0 * 9-16 * * MON-FRI").unwrap();
//! let brazil = Calendar::named("BR").unwrap();
//! let saturday = Timestamp::start_of("2026-09-05".parse().unwrap(), Sao_Paulo);
//! let open = window.next_open(saturday, Sao_Paulo, &brazil, Roll::Following).unwrap();
//! // Monday the 7th is Independence Day.
//! assert_eq!(open.in_zone(Sao_Paulo).to_string(), "2026-09-08 09:00:00 -03");
//! ```

mod parse;

use chrono::{Datelike as _, Offset as _, Timelike as _};
use chrono_tz::Tz;

use crate::calendar::{Calendar, Roll};
use crate::time::{DAY_MS, Date, HOUR_MS, MINUTE_MS, Timestamp};

pub use parse::WindowError;

/// How many days ahead an opening is looked for.
pub const SEARCH_DAYS: u64 = 400;

/// Minutes of the week, month and year in which messages may leave.
///
/// The calendar and the roll are given with each question, for they belong to the workflow.
/// Any roll but [`Roll::None`] closes the window on days that are no business days; which
/// way a *date* rolls is [`Calendar::roll`]'s matter, before a window is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendWindow {
    source: String,
    /// Bit 0 is minute 0.
    minutes: u64,
    /// Bit 0 is hour 0.
    hours: u32,
    /// Bit 1 is day 1.
    days_of_month: u32,
    /// Bit 1 is January.
    months: u16,
    /// Bit 0 is Monday.
    weekdays: u8,
}

impl SendWindow {
    /// The expression, as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether an instant's minute is inside and, unless the roll is [`Roll::None`], its
    /// date a business day.
    pub fn contains(&self, at: Timestamp, zone: Tz, calendar: &Calendar, roll: Roll) -> bool {
        let local = at.in_zone(zone);
        self.has_minute(local.hour(), local.minute())
            && self.is_open_on(local.date_naive(), calendar, roll)
    }

    /// The earliest instant inside, from `at` on: `at` itself where it is inside, else the
    /// beginning of a minute. `None` where there is none for [`SEARCH_DAYS`].
    pub fn next_open(
        &self,
        at: Timestamp,
        zone: Tz,
        calendar: &Calendar,
        roll: Roll,
    ) -> Option<Timestamp> {
        let today = at.date_in(zone);
        let dates =
            (0..=SEARCH_DAYS).filter_map(|ahead| today.checked_add_days(chrono::Days::new(ahead)));
        dates
            .filter(|date| self.is_open_on(*date, calendar, roll))
            .find_map(|date| {
                let start = Timestamp::start_of(date, zone);
                let end = Timestamp::start_of(date.succ_opt()?, zone);
                if end.0 - start.0 == DAY_MS {
                    self.opening_of_plain_day(start, at)
                } else {
                    self.opening_by_minute(start.max(at), end, zone, calendar, roll)
                }
            })
    }

    /// Spreads wake-ups that would all fall on an opening: the opening and up to an hour, in
    /// the order of their `phase` (a share of 2^64), but never beyond the minutes that follow
    /// without a gap on that day.
    #[must_use]
    pub fn spread(&self, open: Timestamp, zone: Tz, phase: u64) -> Timestamp {
        let span_ms = u128::from(self.open_ms(open, zone).unsigned_abs());
        open.plus_ms(((span_ms * u128::from(phase)) >> 64) as i64)
    }

    /// When to wake up for something that is due at `at`: then, where the window is open,
    /// else at its next opening, spread by `phase`.
    pub fn next_wake(
        &self,
        at: Timestamp,
        zone: Tz,
        calendar: &Calendar,
        roll: Roll,
        phase: u64,
    ) -> Option<Timestamp> {
        let open = self.next_open(at, zone, calendar, roll)?;
        Some(if open == at {
            at
        } else {
            self.spread(open, zone, phase)
        })
    }

    /// Whether it is open at a minute of some day.
    pub fn has_minute_of_day(&self, minute: u16) -> bool {
        let minute = u32::from(minute);
        minute < 24 * 60 && self.has_minute(minute / 60, minute % 60)
    }

    fn has_minute(&self, hour: u32, minute: u32) -> bool {
        self.hours >> hour & 1 == 1 && self.minutes >> minute & 1 == 1
    }

    fn has_date(&self, date: Date) -> bool {
        self.weekdays >> date.weekday().num_days_from_monday() & 1 == 1
            && self.days_of_month >> date.day() & 1 == 1
            && self.months >> date.month() & 1 == 1
    }

    fn is_open_on(&self, date: Date, calendar: &Calendar, roll: Roll) -> bool {
        self.has_date(date) && (roll == Roll::None || calendar.is_business_day(date))
    }

    /// The first open instant, not before `at`, of a day on which clocks are not changed.
    fn opening_of_plain_day(&self, start: Timestamp, at: Timestamp) -> Option<Timestamp> {
        let passed = (at.0 - start.0).max(0);
        let now = (passed / MINUTE_MS) as u32;
        if self.has_minute(now / 60, now % 60) {
            return Some(start.max(at));
        }
        let next = self.minute_from(now + 1)?;
        Some(start.plus_ms(i64::from(next) * MINUTE_MS))
    }

    /// The first minute of a day that it has, from a minute on: hour by hour, for most of a
    /// day's minutes are closed.
    fn minute_from(&self, first: u32) -> Option<u32> {
        (first / 60..24).find_map(|hour| {
            let passed = first.saturating_sub(hour * 60);
            let left = self.minutes >> passed;
            let has_any = self.hours >> hour & 1 == 1 && left != 0;
            has_any.then(|| hour * 60 + passed + left.trailing_zeros())
        })
    }

    /// How many minutes of a day it has without a gap, from a minute on; at most an hour's.
    fn run_of(&self, first: u32) -> u32 {
        let run = |hour: u32, from: u32| {
            let is_open = hour < 24 && self.hours >> hour & 1 == 1;
            let ones = (self.minutes >> from).trailing_ones();
            if is_open { ones } else { 0 }
        };
        let (hour, minute) = (first / 60, first % 60);
        let of_this = run(hour, minute);
        if of_this < 60 - minute {
            return of_this;
        }
        of_this + run(hour + 1, 0).min(minute)
    }

    /// The same for a day with a clock change: every minute that there is, in order.
    fn opening_by_minute(
        &self,
        from: Timestamp,
        end: Timestamp,
        zone: Tz,
        calendar: &Calendar,
        roll: Roll,
    ) -> Option<Timestamp> {
        let mut instant = from;
        while instant < end {
            if self.contains(instant, zone, calendar, roll) {
                return Some(instant);
            }
            let local_ms = instant.0 + offset_ms(instant, zone);
            instant = instant.plus_ms(MINUTE_MS - local_ms.rem_euclid(MINUTE_MS));
        }
        None
    }

    /// For how long the window stays open from `open` on, at most an hour.
    fn open_ms(&self, open: Timestamp, zone: Tz) -> i64 {
        let local = open.in_zone(zone);
        let plain = offset_ms(open, zone) == offset_ms(open.plus_ms(HOUR_MS), zone);
        let has_minute_ahead = |ahead: &u32| {
            let then = open.plus_ms(i64::from(*ahead) * MINUTE_MS).in_zone(zone);
            then.date_naive() == local.date_naive() && self.has_minute(then.hour(), then.minute())
        };
        let minutes = if plain {
            self.run_of(local.hour() * 60 + local.minute())
        } else {
            (0..60).take_while(has_minute_ahead).count() as u32
        };
        let into_minute = (open.0 + offset_ms(open, zone)).rem_euclid(MINUTE_MS);
        (i64::from(minutes) * MINUTE_MS - into_minute).max(0)
    }
}

fn offset_ms(at: Timestamp, zone: Tz) -> i64 {
    i64::from(at.in_zone(zone).offset().fix().local_minus_utc()) * 1000
}

#[cfg(test)]
mod tests;
