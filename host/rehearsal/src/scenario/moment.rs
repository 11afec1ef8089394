//! Days and moments as they are written: dates, or counted from another day.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveTime;
use chrono_tz::Tz;
use regua_domain::time::{Date, Timestamp, is_plausible, plus_days};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The farthest that is counted, days.
const DAYS_MAX: i64 = 9_999;

/// A day: `2026-03-02`; `day 3`, counted from the scenario's first, which is day 0; or `+9d`,
/// counted from the day of the entry before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Of the calendar.
    On(Date),
    /// So many days after the first.
    Nth(i64),
    /// So many days after the day that is counted from, or before it.
    Later(i64),
}

impl Day {
    /// The date that is meant.
    pub fn date(self, starts: Date, from: Date) -> Date {
        match self {
            Self::On(date) => date,
            Self::Nth(days) => plus_days(starts, days),
            Self::Later(days) => plus_days(from, days),
        }
    }
}

/// A text that is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no day: write 2026-03-02, or `day 3`, or `+9d`")]
pub struct NoDay(String);

impl FromStr for Day {
    type Err = NoDay;
    fn from_str(text: &str) -> Result<Self, NoDay> {
        let none = || NoDay(text.chars().take(40).collect());
        let count = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let days = digits.parse::<i64>().ok().filter(|_| plain);
            days.filter(|days| *days <= DAYS_MAX).ok_or_else(none)
        };
        let later = |sign: char| {
            text.strip_prefix(sign)
                .and_then(|rest| rest.strip_suffix('d'))
        };
        if let Some(days) = text.strip_prefix("day ") {
            return count(days).map(Self::Nth);
        }
        if let Some(days) = later('+') {
            return count(days).map(Self::Later);
        }
        if let Some(days) = later('-') {
            return count(days).map(|days| Self::Later(-days));
        }
        let date = text.parse().ok().filter(|date| is_plausible(*date));
        date.map(Self::On).ok_or_else(none)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(date) => write!(f, "{date}"),
            Self::Nth(days) => write!(f, "day {days}"),
            Self::Later(days) => write!(f, "{days:+}d"),
        }
    }
}

/// A day, and a time on the customer's wall where one is said: `day 3 14:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Which day.
    pub day: Day,
    /// At what time.
    pub time: Option<NaiveTime>,
}

impl FromStr for Moment {
    type Err = NoDay;
    fn from_str(text: &str) -> Result<Self, NoDay> {
        if let Some((day, time)) = text.rsplit_once(' ')
            && let Ok(time) = NaiveTime::parse_from_str(time, "%H:%M")
        {
            let day = day.parse()?;
            return Ok(Self {
                day,
                time: Some(time),
            });
        }
        let day = text.parse()?;
        Ok(Self { day, time: None })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{} {}", self.day, time.format("%H:%M")),
            None => self.day.fmt(f),
        }
    }
}

/// The last instant of a day in a zone, to the millisecond.
pub fn end_of(date: Date, zone: Tz) -> Timestamp {
    Timestamp::start_of(plus_days(date, 1), zone).plus_ms(-1)
}

macro_rules! as_text {
    ($type:ident, $pattern:literal, $about:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": $about, "pattern": $pattern })
            }
        }
    };
}

as_text!(
    Day,
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|day [0-9]{1,4}|[+-][0-9]{1,4}d)$",
    "2026-03-02; `day 3`, counted from the scenario's first; or `+9d`, counted from the entry's own day."
);
as_text!(
    Moment,
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|day [0-9]{1,4}|[+-][0-9]{1,4}d)( [0-9]{2}:[0-9]{2})?$",
    "2026-03-02; `day 3`, counted from the scenario's first; or `+9d`, counted from the entry before. With a time on the customer's wall, where it matters: `day 3 14:30`."
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for text in ["2026-03-02", "day 0", "day 37", "+9d", "-3d"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in ["day 3 14:30", "2026-03-02 00:00", "+1d 23:59"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "day",
            "day -1",
            "day +1",
            "+d",
            "+1",
            "9d",
            "2026-02-30",
            "1926-03-02",
            "day 10000",
            "day 3 24:00",
            "tomorrow",
            "+١d",
        ] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_is_counted_from_the_first_or_from_another() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let (starts, from) = (date("2026-03-02"), date("2026-03-30"));
        let meant = |text: &str| text.parse::<Day>().unwrap().date(starts, from);
        assert_eq!(meant("2026-12-24"), date("2026-12-24"));
        assert_eq!(meant("day 0"), starts);
        assert_eq!(meant("day 30"), date("2026-04-01"));
        assert_eq!(meant("+2d"), date("2026-04-01"));
        assert_eq!(meant("-30d"), date("2026-02-28"));
    }
}
