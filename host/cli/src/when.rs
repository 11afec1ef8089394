//! Instants as they are typed.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime};
use chrono_tz::Tz;
use regua_domain::time::{Date, Timestamp, YEARS, is_plausible};

/// A civil date, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day: its first instant in UTC.
    Day(Date),
    /// An instant.
    At(Timestamp),
}

impl When {
    /// The instant.
    pub fn timestamp(self) -> Timestamp {
        match self {
            Self::Day(day) => Timestamp::start_of(day, Tz::UTC),
            Self::At(at) => at,
        }
    }
}

impl FromStr for When {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(day) = text.parse() {
            return within(text, day, Self::Day(day));
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return within(text, at.to_utc().date_naive(), Self::At(at.into()));
        }
        if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M") {
            return within(text, at.date(), Self::At(at.and_utc().into()));
        }
        Err(format!(
            "`{text}` is neither a date (2013-02-28) nor an instant (2013-02-28T17:30:00Z)"
        ))
    }
}

/// A civil date of the years that the host knows.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    let day = text
        .parse()
        .map_err(|_| format!("`{text}` is not a date such as 2013-02-28"))?;
    within(text, day, day)
}

/// What is said of a date that lies in none of them.
pub(crate) fn outside(text: &impl std::fmt::Display) -> String {
    let (first, last) = (YEARS.start(), YEARS.end());
    format!("`{text}` lies outside the years {first} to {last}")
}

fn within<T>(text: &str, day: Date, meant: T) -> Result<T, String> {
    if is_plausible(day) {
        Ok(meant)
    } else {
        Err(outside(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_first_instant_in_utc() {
        let day: When = "2012-02-01".parse().unwrap();
        assert_eq!(day.timestamp().to_rfc3339(), "2012-02-01T00:00:00Z");
    }

    #[test]
    fn an_instant_keeps_its_offset() {
        let at: When = "2012-02-01T06:00:00-03:00".parse().unwrap();
        assert_eq!(at.timestamp().to_rfc3339(), "2012-02-01T09:00:00Z");
    }

    #[test]
    fn a_date_that_nobody_means_is_refused() {
        for text in [
            "+262142-12-31T23:59",
            "1969-12-31",
            "2200-01-01",
            "2199-12-31T23:59:00-03:00",
        ] {
            assert!(text.parse::<When>().unwrap_err().contains("1970 to 2199"));
        }
        assert!(date("+262142-12-31").unwrap_err().contains("1970 to 2199"));
        assert!(date("2199-12-31").is_ok());
    }

    #[test]
    fn anything_else_is_told_what_would_do() {
        assert!(
            "tomorrow"
                .parse::<When>()
                .unwrap_err()
                .contains("2013-02-28")
        );
    }
}
