//! Holiday rules as data, and the days they make.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Weekday};
use serde::Deserialize;

use crate::time::{Date, plus_days};

/// One calendar of `data/holidays.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub name: String,
    /// Where the rules are laid down: for people who read the file.
    #[serde(rename = "source")]
    _source: String,
    /// A calendar that stands earlier in the file, all of whose holidays this one has too.
    pub extends: Option<String>,
    #[serde(default)]
    pub observed: Observed,
    pub holidays: Vec<Rule>,
}

/// Where a holiday on a weekend is moved to.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Observed {
    #[default]
    Never,
    Nearest,
    Next,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    name: String,
    when: When,
    since: Option<i32>,
    until: Option<i32>,
    #[serde(default)]
    except: Vec<i32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum When {
    Fixed(MonthDay),
    Nth {
        nth: u8,
        weekday: Weekday,
        month: u32,
    },
    Last {
        weekday: Weekday,
        month: u32,
    },
    Easter(i64),
    Dates(Vec<Date>),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct MonthDay {
    month: u32,
    day: u32,
}

impl TryFrom<String> for MonthDay {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.split_once('-')
            .and_then(|(month, day)| {
                Some(Self {
                    month: month.parse().ok()?,
                    day: day.parse().ok()?,
                })
            })
            .ok_or_else(|| format!("`{text}` is not MM-DD"))
    }
}

impl Rules {
    /// The holidays of some years by date, observed days included. The year before and the
    /// year after are looked at too, for a New Year's Day may be observed on 31 December.
    pub fn days(&self, first_year: i32, last_year: i32) -> BTreeMap<Date, String> {
        let mut actual: Vec<(Date, &str)> = Vec::new();
        for rule in &self.holidays {
            for year in first_year - 1..=last_year + 1 {
                actual.extend(
                    rule.dates(year)
                        .into_iter()
                        .map(|date| (date, rule.name.as_str())),
                );
            }
        }
        actual.sort_by_key(|(date, _)| *date);
        let mut days: BTreeMap<Date, String> = actual
            .iter()
            .map(|(date, name)| (*date, (*name).to_owned()))
            .collect();
        for (date, name) in actual {
            if let Some(observed) = self.observed.day(date, &days) {
                days.entry(observed)
                    .or_insert_with(|| format!("{name} (observed)"));
            }
        }
        days
    }
}

impl Observed {
    /// The day off in place of a holiday on a weekend.
    fn day(self, date: Date, days: &BTreeMap<Date, String>) -> Option<Date> {
        match (self, date.weekday()) {
            (Self::Nearest, Weekday::Sat) => Some(plus_days(date, -1)),
            (Self::Nearest, Weekday::Sun) => Some(plus_days(date, 1)),
            (Self::Next, Weekday::Sat | Weekday::Sun) => (1..=7)
                .map(|ahead| plus_days(date, ahead))
                .find(|day| day.weekday().num_days_from_monday() < 5 && !days.contains_key(day)),
            _ => None,
        }
    }
}

impl Rule {
    fn dates(&self, year: i32) -> Vec<Date> {
        let out = self.since.is_some_and(|since| year < since)
            || self.until.is_some_and(|until| year > until)
            || self.except.contains(&year);
        if out {
            return Vec::new();
        }
        match &self.when {
            When::Fixed(at) => Date::from_ymd_opt(year, at.month, at.day)
                .into_iter()
                .collect(),
            When::Nth {
                nth,
                weekday,
                month,
            } => Date::from_weekday_of_month_opt(year, *month, *weekday, *nth)
                .into_iter()
                .collect(),
            When::Last { weekday, month } => [5, 4]
                .into_iter()
                .find_map(|nth| Date::from_weekday_of_month_opt(year, *month, *weekday, nth))
                .into_iter()
                .collect(),
            When::Easter(offset) => vec![plus_days(easter(year), *offset)],
            When::Dates(dates) => dates
                .iter()
                .copied()
                .filter(|date| date.year() == year)
                .collect(),
        }
    }
}

/// Easter Sunday of a Gregorian year. Source: Meeus, Jones and Butcher; J. Meeus,
/// *Astronomical Algorithms*, chapter 8.
pub(super) fn easter(year: i32) -> Date {
    let golden = year % 19;
    let (century, rest) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let count = epact + weekday - 7 * late + 114;
    let (month, day) = (count / 31, count % 31 + 1);
    Date::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_church_has_it() {
        // The earliest and the latest of the range, and two well-known ones.
        for (year, date) in [
            (2008, "2008-03-23"),
            (2038, "2038-04-25"),
            (2000, "2000-04-23"),
            (2026, "2026-04-05"),
        ] {
            assert_eq!(easter(year).to_string(), date);
        }
    }
}
