//! Business days: weekends, and holidays from rules or from a tenant's own list.
//!
//! ```
//! use regua_domain::calendar::{Calendar, Roll};
//!
//! let brazil = Calendar::named("BR").unwrap();
//! let black_awareness = "2026-11-20".parse().unwrap();
//! assert_eq!(brazil.holiday(black_awareness), Some("Dia da Consciência Negra"));
//! assert_eq!(brazil.roll(black_awareness, Roll::Following).to_string(), "2026-11-23");
//! ```

mod rules;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use crate::time::{Date, plus_days, to_epoch_days};
use rules::Rules;

/// The first year that rules are laid out for.
pub const FIRST_YEAR: i32 = 1990;
/// The last year that rules are laid out for. Outside of these years a calendar made from
/// rules knows weekends only.
pub const LAST_YEAR: i32 = 2100;

/// The calendar without a holiday: Saturdays and Sundays only.
pub const WEEKENDS: &str = "weekends";

/// Where a date that is no business day goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Roll {
    /// It stays: weekends and holidays are days like any other.
    None,
    /// To the next business day.
    #[default]
    Following,
    /// To the next business day, or where that is in another month, to the one before.
    ModifiedFollowing,
    /// To the business day before.
    Preceding,
}

/// Which days are business days.
///
/// A calendar is laid out once, a bit a day, so that asking costs a look-up.
#[derive(Clone, PartialEq, Eq)]
pub struct Calendar {
    name: String,
    holidays: BTreeMap<Date, String>,
    /// One bit a day from 1 January of [`FIRST_YEAR`]; set where it is a business day.
    business: Vec<u64>,
    /// Business days before each word of `business`.
    before: Vec<u32>,
    first: i32,
    days: usize,
}

impl Calendar {
    /// A calendar that comes with Régua, or [`WEEKENDS`].
    pub fn named(name: &str) -> Option<Arc<Self>> {
        built_in().get(name).cloned()
    }

    /// What [`Calendar::named`] knows, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        built_in().keys().map(String::as_str)
    }

    /// Weekends and the given days, each under the name of the calendar.
    pub fn custom(name: impl Into<String>, dates: Vec<Date>) -> Self {
        let name = name.into();
        let holidays = dates.into_iter().map(|date| (date, name.clone())).collect();
        Self::new(name, holidays)
    }

    /// Weekends and days that each have a name.
    pub fn of(name: impl Into<String>, holidays: BTreeMap<Date, String>) -> Self {
        Self::new(name.into(), holidays)
    }

    /// The days of a year that have a name.
    pub fn holidays(&self, year: i32) -> impl Iterator<Item = (Date, &str)> {
        let of_year = self
            .holidays
            .iter()
            .filter(move |(date, _)| date.year() == year);
        of_year.map(|(date, name)| (*date, name.as_str()))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the holiday on a date, where it has one.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.holidays.get(&date).map(String::as_str)
    }

    /// Whether a date is neither a Saturday or Sunday nor a holiday.
    pub fn is_business_day(&self, date: Date) -> bool {
        match self.index(date) {
            Some(index) => self.business[index / 64] >> (index % 64) & 1 == 1,
            None => is_weekday(date) && !self.holidays.contains_key(&date),
        }
    }

    /// The `n`th business day after a date, before it where `n` is negative; the date
    /// itself for 0, business day or not. Takes time in proportion to `n`.
    pub fn add_business_days(&self, date: Date, n: i32) -> Date {
        (0..n.unsigned_abs()).fold(date, |date, _| {
            let step = i64::from(n.signum());
            self.nearest(plus_days(date, step), step)
        })
    }

    /// How many business days lie after `a` up to and including `b`; negative, counted
    /// the other way round, where `b` is before `a`.
    pub fn business_days_between(&self, a: Date, b: Date) -> i64 {
        if b < a {
            return -self.business_days_between(b, a);
        }
        if let (Some(from), Some(to)) = (self.index(plus_days(a, 1)), self.index(plus_days(b, 1))) {
            return i64::from(self.rank(to)) - i64::from(self.rank(from));
        }
        let days = a.iter_days().skip(1).take_while(|day| *day <= b);
        days.filter(|day| self.is_business_day(*day)).count() as i64
    }

    /// The date, or where it is no business day the one the convention says.
    pub fn roll(&self, date: Date, roll: Roll) -> Date {
        match roll {
            Roll::None => date,
            Roll::Following => self.nearest(date, 1),
            Roll::Preceding => self.nearest(date, -1),
            Roll::ModifiedFollowing => {
                let after = self.nearest(date, 1);
                if after.month() == date.month() {
                    after
                } else {
                    self.nearest(date, -1)
                }
            }
        }
    }

    fn new(name: String, holidays: BTreeMap<Date, String>) -> Self {
        let first = Date::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
        let last = Date::from_ymd_opt(LAST_YEAR, 12, 31).unwrap_or_default();
        let (mut business, mut before) = (Vec::new(), Vec::new());
        let mut count = 0;
        let mut days = 0;
        for (index, date) in first
            .iter_days()
            .take_while(|date| *date <= last)
            .enumerate()
        {
            if index % 64 == 0 {
                business.push(0_u64);
                before.push(count);
            }
            if is_weekday(date) && !holidays.contains_key(&date) {
                business[index / 64] |= 1 << (index % 64);
                count += 1;
            }
            days = index + 1;
        }
        Self {
            name,
            holidays,
            business,
            before,
            first: to_epoch_days(first),
            days,
        }
    }

    fn index(&self, date: Date) -> Option<usize> {
        let index = usize::try_from(to_epoch_days(date) - self.first).ok()?;
        (index < self.days).then_some(index)
    }

    /// Business days before the day at an index.
    fn rank(&self, index: usize) -> u32 {
        let lower = self.business[index / 64] & !(u64::MAX << (index % 64));
        self.before[index / 64] + lower.count_ones()
    }

    /// The first business day from a date on, going by `step` days. Where a custom list
    /// leaves none for ten years, the date itself: a closed list must not hang a case.
    fn nearest(&self, date: Date, step: i64) -> Date {
        let mut day = date;
        for _ in 0..3660 {
            if self.is_business_day(day) {
                return day;
            }
            day = plus_days(day, step);
        }
        date
    }
}

impl std::fmt::Debug for Calendar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Calendar({})", self.name)
    }
}

fn is_weekday(date: Date) -> bool {
    date.weekday().num_days_from_monday() < 5
}

fn built_in() -> &'static BTreeMap<String, Arc<Calendar>> {
    static CALENDARS: OnceLock<BTreeMap<String, Arc<Calendar>>> = OnceLock::new();
    CALENDARS.get_or_init(|| {
        let rules: Vec<Rules> = serde_saphyr::from_str(include_str!("../data/holidays.yaml"))
            .expect("the holidays that are compiled in are tested to parse");
        let mut calendars = BTreeMap::new();
        let weekends = Calendar::new(WEEKENDS.to_owned(), BTreeMap::new());
        calendars.insert(WEEKENDS.to_owned(), Arc::new(weekends));
        for rules in rules {
            let mut days = rules.days(FIRST_YEAR, LAST_YEAR);
            if let Some(base) = &rules.extends {
                let base: &Arc<Calendar> = &calendars[base];
                days.extend(
                    base.holidays
                        .iter()
                        .map(|(date, name)| (*date, name.clone())),
                );
            }
            let calendar = Calendar::new(rules.name.clone(), days);
            calendars.insert(rules.name, Arc::new(calendar));
        }
        calendars
    })
}

#[cfg(test)]
mod tests;
