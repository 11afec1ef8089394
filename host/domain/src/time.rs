//! Instants in milliseconds, civil dates, and zones.
//!
//! Machines work in [`Timestamp`]s; policy counts civil [`Date`]s in the customer's zone.

use std::ops::RangeInclusive;

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A civil date.
pub type Date = NaiveDate;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl Timestamp {
    /// Further away than any timer: "never".
    pub const NEVER: Self = Self(i64::MAX);

    /// This instant and some milliseconds.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The instant in a zone.
    pub fn in_zone(self, zone: Tz) -> DateTime<Tz> {
        let utc =
            DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        utc.with_timezone(&zone)
    }

    /// The civil date in a zone.
    pub fn date_in(self, zone: Tz) -> Date {
        self.in_zone(zone).date_naive()
    }

    /// Minutes since local midnight, 0 to 1439.
    pub fn minute_of_day_in(self, zone: Tz) -> u16 {
        let local = self.in_zone(zone);
        u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0)
    }

    /// The first instant of a civil date in a zone. Where a clock change skips
    /// midnight, the first instant there is.
    pub fn start_of(date: Date, zone: Tz) -> Self {
        Self::at_local(date, NaiveTime::MIN, zone)
    }

    /// The instant of a wall-clock time on a civil date in a zone: the earlier of two
    /// where clocks are set back, the next that exists where they are set forward.
    pub fn at_local(date: Date, time: NaiveTime, zone: Tz) -> Self {
        let mut local = date.and_time(time);
        for _ in 0..8 {
            if let Some(at) = zone.from_local_datetime(&local).earliest() {
                return at.into();
            }
            local += chrono::TimeDelta::minutes(30);
        }
        DateTime::<Utc>::from_naive_utc_and_offset(local, Utc).into()
    }

    /// As RFC 3339 in UTC, to the second.
    pub fn to_rfc3339(self) -> String {
        self.in_zone(Tz::UTC)
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    }
}

impl<Z: chrono::TimeZone> From<DateTime<Z>> for Timestamp {
    fn from(at: DateTime<Z>) -> Self {
        Self(at.timestamp_millis())
    }
}

/// The years that dates told to the host lie in: what lies outside was mistyped, and the
/// calendar's own ends are far from whatever is reckoned from a date.
pub const YEARS: RangeInclusive<i32> = 1970..=2199;

/// Whether a date lies in [`YEARS`].
pub fn is_plausible(date: Date) -> bool {
    YEARS.contains(&date.year())
}

/// Days since 1970-01-01: how the contract writes dates.
pub fn to_epoch_days(date: Date) -> i32 {
    date.num_days_from_ce() - EPOCH_FROM_CE
}

/// The date of a count of days since 1970-01-01, where the calendar has one.
pub fn from_epoch_days(days: i32) -> Option<Date> {
    let date = NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_FROM_CE)?)?;
    (1..=9999).contains(&date.year()).then_some(date)
}

/// A date some days later, or earlier where negative; the calendar's end where it ends.
pub fn plus_days(date: Date, days: i64) -> Date {
    let count = Days::new(days.unsigned_abs());
    if days >= 0 {
        date.checked_add_days(count)
    } else {
        date.checked_sub_days(count)
    }
    .unwrap_or(date)
}

const EPOCH_FROM_CE: i32 = 719_163;

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn epoch_days_go_both_ways() {
        assert_eq!(to_epoch_days(date("1970-01-01")), 0);
        assert_eq!(to_epoch_days(date("1969-12-31")), -1);
        assert_eq!(from_epoch_days(20_780).map(to_epoch_days), Some(20_780));
        assert_eq!(from_epoch_days(i32::MAX), None);
    }

    #[test]
    fn the_civil_date_is_the_debtors_not_utcs() {
        let late_evening = Timestamp::at_local(
            date("2026-03-02"),
            "23:30:00".parse().unwrap(),
            Tz::America__Sao_Paulo,
        );
        assert_eq!(
            late_evening.date_in(Tz::America__Sao_Paulo),
            date("2026-03-02")
        );
        assert_eq!(late_evening.date_in(Tz::UTC), date("2026-03-03"));
    }

    #[test]
    fn midnight_that_a_clock_change_skips_is_the_next_instant() {
        // São Paulo set its clocks forward at midnight of 2018-11-04.
        let start = Timestamp::start_of(date("2018-11-04"), Tz::America__Sao_Paulo);
        assert_eq!(
            start
                .in_zone(Tz::America__Sao_Paulo)
                .format("%H:%M")
                .to_string(),
            "01:00"
        );
    }
}
