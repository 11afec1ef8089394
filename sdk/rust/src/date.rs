//! Civil dates.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Weekday, text};

/// A day on the customer's calendar, between 0001-01-01 and 9999-12-31. Never an instant:
/// there is no way from one to the other without the host's time zones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// Text that is no date of the form `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateError;

impl Date {
    /// 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// Days since 1970-01-01; beyond the range, the nearest day in it.
    pub const fn from_days(days: i32) -> Self {
        if days < Self::MIN.0 {
            Self::MIN
        } else if days > Self::MAX.0 {
            Self::MAX
        } else {
            Self(days)
        }
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// None where the Gregorian calendar has no such day.
    ///
    /// After Howard Hinnant, "chrono-compatible low-level date algorithms",
    /// `days_from_civil`: years begin in March, so that the leap day comes last.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let (month, day) = (month as i32, day as i32);
        let year_from_march = if month <= 2 { year - 1 } else { year };
        let era = year_from_march.div_euclid(400);
        let year_of_era = year_from_march.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let date = Self(era * 146_097 + day_of_era - 719_468);
        (date.ymd() == (year, month as u32, day as u32)).then_some(date)
    }

    /// Year, month (1 to 12) and day (1 to 31). The inverse, `civil_from_days`.
    pub fn ymd(self) -> (i32, u32, u32) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month as u32, day as u32)
    }

    /// So many days later, or earlier if negative; stops at the ends of the range.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self::from_days(self.0.saturating_add(days))
    }

    /// Days from this date to the other; negative if the other is earlier.
    pub const fn days_until(self, other: Self) -> i32 {
        other.0 - self.0
    }

    /// The day of the week.
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.0 + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }
}

/// ISO 8601: `2025-06-11`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// From ISO 8601: `2025-06-11`, and no other form.
impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let number = |part: &[u8]| {
            part.iter().try_fold(0, |sum: u32, byte| {
                byte.is_ascii_digit()
                    .then(|| sum * 10 + u32::from(byte - b'0'))
            })
        };
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return Err(DateError);
        };
        number(&[y1, y2, y3, y4])
            .zip(number(&[m1, m2]).zip(number(&[d1, d2])))
            .and_then(|(year, (month, day))| Self::from_ymd(year as i32, month, day))
            .ok_or(DateError)
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date has the form YYYY-MM-DD")
    }
}

impl std::error::Error for DateError {}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(deserializer, "a date of the form YYYY-MM-DD", |text| {
            text.parse().ok()
        })
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_numbers() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2025-06-11", 20_250),
        ] {
            assert_eq!(text.parse::<Date>().map(Date::days), Ok(days));
        }
        assert_eq!("0001-01-01".parse(), Ok(Date::MIN));
        assert_eq!("9999-12-31".parse(), Ok(Date::MAX));
    }

    #[test]
    fn every_day_of_four_centuries_survives_its_text() {
        for days in
            Date::from_ymd(1999, 1, 1).unwrap().days()..=Date::from_ymd(2400, 1, 1).unwrap().days()
        {
            let date = Date(days);
            assert_eq!(date.to_string().parse(), Ok(date));
        }
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for text in [
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "0000-01-01",
            "2025-6-11",
            "+025-06-11",
            "",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DateError), "{text}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_the_range() {
        assert_eq!(Date::MAX.plus_days(1), Date::MAX);
        assert_eq!(Date::MIN.plus_days(i32::MIN), Date::MIN);
        assert_eq!(Date(10).days_until(Date(7)), -3);
        assert_eq!(Date(20_250).weekday(), Weekday::Wednesday);
        assert_eq!(Date(-1).weekday(), Weekday::Wednesday);
    }
}
