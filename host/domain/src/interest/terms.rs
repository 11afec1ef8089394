//! Interest terms: what a tenant charges for paying late, under a name.
//!
//! Every value is within its bounds by its type, so that no sum made of them can overflow.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};

use super::day_count::DayCount;
use crate::money::{AMOUNT_MAX, Currency, Money};
use crate::time::Date;

/// Simple interest on principal, from the day after it is due.
///
/// There is no setting for the base: fees and interest never bear interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The rate, and the days on which it changed.
    pub rates: Rates,
    /// What the rate is for.
    pub per: Period,
    /// How days make up a year.
    pub day_count: DayCount,
    /// How the sum of all days is rounded to the currency's minor unit; never a part of it.
    pub rounding: Rounding,
    /// At most this share of what was billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling_percent: Option<Percent>,
    /// At most this amount per item, by currency; where a share is given too, the lower.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    pub ceiling_amount: Amounts,
    /// Reasons of holds that somebody told of: on their days nothing accrues, nor is it made
    /// up for later (UK, Breathing Space).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub suspended_by: BTreeSet<String>,
}

impl Terms {
    /// The rate of a day for a whole year, in millionths of a percent.
    pub(super) fn yearly_on(&self, day: Date) -> i128 {
        let rate = self.rates.on(day).millionths();
        match self.per {
            Period::Year => rate,
            Period::Month => rate * 12,
        }
    }

    /// The most that may be charged on what was billed of an item, minor units.
    pub(super) fn ceiling(&self, billed: i64, currency: Currency) -> i64 {
        let share = self.ceiling_percent.map_or(AMOUNT_MAX, |percent| {
            let share = i128::from(billed) * percent.millionths() / Percent::WHOLE;
            i64::try_from(share).unwrap_or(AMOUNT_MAX)
        });
        let amount = self.ceiling_amount.of(currency).unwrap_or(AMOUNT_MAX);
        share.min(amount).min(AMOUNT_MAX)
    }
}

/// What a rate is for. A month is a twelfth of a year: with `act/360` or `30/360` each of
/// its days bears a thirtieth of the month's rate, as is the custom in Brazil.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Period {
    Year,
    Month,
}

/// How a fraction of a minor unit is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Rounding {
    HalfUp,
    HalfEven,
    Down,
    Up,
}

impl Rounding {
    /// `above / below`, both of them 0 or more and `below` not 0, as a whole number.
    pub(super) const fn divide(self, above: i128, below: i128) -> i128 {
        let (whole, rest) = (above / below, above % below);
        let up = match self {
            Self::Down => false,
            Self::Up => rest > 0,
            Self::HalfUp => rest * 2 >= below,
            Self::HalfEven => rest * 2 > below || (rest * 2 == below && whole % 2 == 1),
        };
        whole + up as i128
    }
}

/// 0 to 1000 per cent, with at most six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Percent(u32);

impl Percent {
    /// A hundred per cent, in millionths of a percent.
    pub(super) const WHOLE: i128 = 100_000_000;
    const MAX: u32 = 1_000_000_000;

    fn millionths(self) -> i128 {
        self.0.into()
    }
}

impl TryFrom<Decimal> for Percent {
    type Error = TermsError;
    fn try_from(percent: Decimal) -> Result<Self, TermsError> {
        percent
            .checked_mul(Decimal::from(1_000_000))
            .filter(|millionths| millionths.fract().is_zero())
            .and_then(|millionths| millionths.to_u32())
            .filter(|millionths| *millionths <= Self::MAX)
            .map(Self)
            .ok_or(TermsError::Percent(percent))
    }
}

impl From<Percent> for Decimal {
    fn from(percent: Percent) -> Self {
        Self::new(percent.0.into(), 6).normalize()
    }
}

/// A rate and the day from which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Its first day; the first rate has none: no day is without a rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Points on a reference rate are added in. 0 is a rate: it charges nothing.
    pub percent: Percent,
}

/// Rates in the order of their days, at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Rate>", into = "Vec<Rate>")]
pub struct Rates(Vec<Rate>);

impl Rates {
    fn on(&self, day: Date) -> Percent {
        self.0
            .iter()
            .rev()
            .find(|rate| rate.from.is_none_or(|from| from <= day))
            .map_or(Percent(0), |rate| rate.percent)
    }

    /// The first days of all rates but the first.
    pub(super) fn days(&self) -> impl Iterator<Item = Date> {
        self.0.iter().filter_map(|rate| rate.from)
    }
}

impl TryFrom<Vec<Rate>> for Rates {
    type Error = TermsError;
    fn try_from(rates: Vec<Rate>) -> Result<Self, TermsError> {
        match rates.first() {
            None => return Err(TermsError::NoRate),
            Some(first) if first.from.is_some() => return Err(TermsError::FirstRate),
            Some(_) => {}
        }
        // `None` sorts before every day: a later rate without one is out of order too.
        match rates.windows(2).position(|two| two[0].from >= two[1].from) {
            Some(at) => Err(TermsError::Order(at + 1)),
            None => Ok(Self(rates)),
        }
    }
}

impl From<Rates> for Vec<Rate> {
    fn from(rates: Rates) -> Self {
        rates.0
    }
}

/// An amount per currency: major units where it is written, minor units at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<Currency, Decimal>",
    into = "BTreeMap<Currency, Decimal>"
)]
pub struct Amounts(BTreeMap<Currency, i64>);

impl Amounts {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&self, currency: Currency) -> Option<i64> {
        self.0.get(&currency).copied()
    }
}

impl TryFrom<BTreeMap<Currency, Decimal>> for Amounts {
    type Error = TermsError;
    fn try_from(amounts: BTreeMap<Currency, Decimal>) -> Result<Self, TermsError> {
        let minor = |(currency, amount): (Currency, Decimal)| {
            let money = Money::parse(&amount.to_string(), currency)?;
            match money.minor {
                0.. => Ok((currency, money.minor)),
                _ => Err(TermsError::Negative(money)),
            }
        };
        amounts
            .into_iter()
            .map(minor)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl From<Amounts> for BTreeMap<Currency, Decimal> {
    fn from(amounts: Amounts) -> Self {
        let major = |(currency, minor)| (currency, Money::new(minor, currency).to_decimal());
        amounts.0.into_iter().map(major).collect()
    }
}

/// What can be wrong with terms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// Out of bounds or too fine.
    #[error("{0} is not 0 to 1000 per cent with at most six decimals")]
    Percent(Decimal),
    /// An empty list.
    #[error("there is no rate; one of 0 charges nothing")]
    NoRate,
    /// A gap before it.
    #[error("the first rate holds for all earlier days: it has no `from`")]
    FirstRate,
    /// By its index, from 0.
    #[error("the rate at {0} needs a `from` later than that of the one before")]
    Order(usize),
    /// A ceiling below 0.
    #[error("{0} is below 0")]
    Negative(Money),
    /// No amount of its currency.
    #[error(transparent)]
    Money(#[from] crate::money::MoneyError),
}
