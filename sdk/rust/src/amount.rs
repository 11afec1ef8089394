//! Money in minor units.

mod by_currency;
mod share;

use std::borrow::Cow;
use std::fmt;
use std::iter::Sum;
use std::num::NonZeroU32;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub use by_currency::AmountByCurrency;
pub use share::{BasisPoints, Rounding};

/// Whole minor units (cents, centavos, yen) of the case's one currency.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many minor units.
    pub const fn from_minor(minor: i64) -> Self {
        Self(minor)
    }

    /// The number of minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether it is exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum, unless it overflows.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, which may be negative, unless it overflows.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many times the amount, unless it overflows.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// The share of so many basis points. It never overflows: a share is at most the whole.
    ///
    /// ```
    /// use regua_sdk::{Amount, BasisPoints, Rounding};
    /// let two_percent = BasisPoints::new(200).unwrap();
    /// assert_eq!(Amount::from_minor(1_025).share(two_percent, Rounding::HalfUp), Amount::from_minor(21));
    /// ```
    #[must_use]
    pub fn share(self, share: BasisPoints, rounding: Rounding) -> Self {
        const WHOLE: i64 = BasisPoints::WHOLE.get() as i64;
        let points = i64::from(share.get());
        let fraction = self.0 % WHOLE * points;
        let away_from_zero = fraction.signum();
        let rounded = match rounding {
            Rounding::Down => fraction / WHOLE,
            Rounding::HalfUp => (fraction + away_from_zero * WHOLE / 2) / WHOLE,
            Rounding::Up => (fraction + away_from_zero * (WHOLE - 1)) / WHOLE,
        };
        Self(self.0 / WHOLE * points + rounded)
    }

    /// Parts that add up to the whole and differ by one minor unit at most, the larger first.
    ///
    /// ```
    /// use regua_sdk::Amount;
    /// let parts = Amount::from_minor(100).split(3.try_into().unwrap());
    /// assert_eq!(parts.map(Amount::minor).collect::<Vec<_>>(), [34, 33, 33]);
    /// ```
    pub fn split(self, parts: NonZeroU32) -> impl Iterator<Item = Self> {
        let count = i64::from(parts.get());
        let (each, rest) = (self.0.div_euclid(count), self.0.rem_euclid(count));
        (0..count).map(move |index| Self(each + i64::from(index < rest)))
    }

    /// The amount with a decimal point, as a person writes it: `12.50` for two digits.
    pub fn to_decimal(self, minor_digits: u8) -> String {
        let digits = usize::from(minor_digits);
        let sign = if self.0 < 0 { "-" } else { "" };
        let figures = format!("{:0>width$}", self.0.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = figures.split_at(figures.len() - digits);
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }
}

/// Stops at the largest amount. The contract's bounds keep real sums far below it.
impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

impl JsonSchema for Amount {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 0, "description": "in minor units" })
    }
}

/// A plain number of minor units; the currency is the case's.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_rounds_the_same_way_on_both_sides_of_zero() {
        let half = BasisPoints::new(5_000).unwrap();
        for (rounding, expected) in [
            (Rounding::Down, 1),
            (Rounding::HalfUp, 2),
            (Rounding::Up, 2),
        ] {
            assert_eq!(Amount(3).share(half, rounding), Amount(expected));
            assert_eq!(Amount(-3).share(half, rounding), Amount(-expected));
        }
    }

    #[test]
    fn share_of_the_largest_amount_does_not_overflow() {
        assert_eq!(
            Amount(i64::MAX).share(BasisPoints::WHOLE, Rounding::Up),
            Amount(i64::MAX)
        );
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        for whole in [-7, 0, 1, 59, 60, 61, 1_000_003] {
            for parts in 1..=60 {
                let split: Vec<_> = Amount(whole)
                    .split(NonZeroU32::new(parts).unwrap())
                    .collect();
                assert_eq!(split.len(), parts as usize);
                assert_eq!(split.iter().copied().sum::<Amount>(), Amount(whole));
            }
        }
    }

    #[test]
    fn amounts_print_with_the_currencys_digits() {
        assert_eq!(Amount(5).to_decimal(2), "0.05");
        assert_eq!(Amount(-1_250).to_decimal(2), "-12.50");
        assert_eq!(Amount(500).to_decimal(0), "500");
    }
}
