//! Day counts: what part of a year some days are.
//!
//! Each is a sum over single days, so that a span may be cut anywhere and its parts still
//! add up to it. Source: ISDA 2006 definitions, section 4.16; of the 30/360 family that is
//! true of 30E/360 only.

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use crate::balance::days_between;
use crate::time::Date;

/// A convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayCount {
    /// Calendar days, of 365.
    #[serde(rename = "act/365")]
    Act365,
    /// Calendar days, of 360.
    #[serde(rename = "act/360")]
    Act360,
    /// Calendar days, of the 365 or 366 of their own year.
    #[serde(rename = "act/act")]
    ActAct,
    /// Months of 30 days, of 360 (30E/360: a 31st counts as the 30th).
    #[serde(rename = "30/360")]
    Thirty360,
}

impl DayCount {
    /// The parts of a year there are.
    pub(super) const fn parts(self) -> i128 {
        match self {
            Self::Act365 => 365,
            Self::Act360 | Self::Thirty360 => 360,
            Self::ActAct => 365 * 366,
        }
    }

    /// The parts of a year in the days after `from`, up to and including `to`.
    pub(super) fn between(self, from: Date, to: Date) -> i128 {
        let days = i128::from(days_between(from, to));
        match self {
            Self::Act365 | Self::Act360 => days,
            Self::Thirty360 => i128::from(thirty(to) - thirty(from)),
            Self::ActAct => {
                let leap = i128::from(leap_days(to) - leap_days(from));
                (days - leap) * 366 + leap * 365
            }
        }
    }
}

fn thirty(date: Date) -> i64 {
    let months = i64::from(date.year()) * 12 + i64::from(date.month0());
    months * 30 + i64::from(date.day().min(30))
}

/// Days of leap years up to and including a date, counted from the year 0 of the proleptic
/// Gregorian calendar.
fn leap_days(date: Date) -> i64 {
    let before = i64::from(date.year()) - 1;
    let leaps = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let own = if date.leap_year() {
        i64::from(date.ordinal())
    } else {
        0
    };
    leaps * 366 + own
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::plus_days;

    fn between(count: DayCount, from: &str, to: &str) -> i128 {
        count.between(from.parse().unwrap(), to.parse().unwrap())
    }

    #[test]
    fn a_year_is_a_year_however_days_are_counted() {
        let whole = |count, year: i32| {
            between(
                count,
                &format!("{}-12-31", year - 1),
                &format!("{year}-12-31"),
            )
        };
        for year in [2023, 2024, 2000, 2100] {
            assert_eq!(whole(DayCount::ActAct, year), DayCount::ActAct.parts());
            assert_eq!(whole(DayCount::Thirty360, year), 360);
        }
        assert_eq!(whole(DayCount::Act365, 2024), 366);
        assert_eq!(whole(DayCount::Act360, 2023), 365);
    }

    #[test]
    fn every_month_has_thirty_days_where_it_should() {
        let month = |from, to| between(DayCount::Thirty360, from, to);
        assert_eq!(month("2026-01-15", "2026-02-15"), 30);
        assert_eq!(month("2026-02-15", "2026-03-15"), 30);
        assert_eq!(month("2026-01-30", "2026-01-31"), 0);
    }

    proptest! {
        #[test]
        fn parts_of_a_span_add_up_to_it(start in 0..200_000_i64, first in 0..900_i64, second in 0..900_i64) {
            let from = plus_days("1700-01-01".parse().unwrap(), start);
            let (cut, to) = (plus_days(from, first), plus_days(from, first + second));
            for count in [DayCount::Act365, DayCount::Act360, DayCount::ActAct, DayCount::Thirty360] {
                prop_assert_eq!(
                    count.between(from, cut) + count.between(cut, to),
                    count.between(from, to)
                );
            }
        }
    }
}
