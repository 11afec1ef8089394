//! Money: whole minor units of one currency, with checked operations only.

use std::fmt;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::cut::cut;

/// The longest piece of a text that errors repeat.
const TEXT_CHARS_MAX: usize = 60;

/// A currency of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads an alphabetic code such as `BRL`. Codes without a minor unit of
    /// their own (gold, test codes) are refused: nothing can be owed in them.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency {
            code: cut(code, TEXT_CHARS_MAX).into_owned(),
        };
        let known = iso_currency::Currency::from_code(code).ok_or_else(unknown)?;
        known.exponent().ok_or_else(unknown)?;
        let bytes: [u8; 3] = code.as_bytes().try_into().map_err(|_| unknown())?;
        Ok(Self(bytes))
    }

    /// The alphabetic code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many digits the minor unit has: 2 for BRL, 0 for JPY, 3 for BHD. Source: ISO 4217.
    pub fn minor_digits(self) -> u8 {
        iso_currency::Currency::from_code(self.code())
            .and_then(iso_currency::Currency::exponent)
            .map_or(2, |digits| u8::try_from(digits).unwrap_or(2))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::parse(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

/// An amount of money in whole minor units (cents, centavos, yen).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative where money is owed the other way.
    pub minor: i64,
    /// Its currency.
    pub currency: Currency,
}

/// The largest amount a single item, payment or proposal may have, in minor units.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000_000;

/// What a customer may be billed and owe in one currency, minor units: sums over all that is
/// owed, with charges and interest, stay far from where numbers end.
pub const SUM_MAX: i64 = 1_000 * AMOUNT_MAX;

impl Money {
    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// An amount in minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a plain decimal such as `1234.50`. More digits than the currency's
    /// minor unit has are an error, never rounded away.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let not_money = || MoneyError::NotAnAmount {
            text: cut(text, TEXT_CHARS_MAX).into_owned(),
            currency,
        };
        // The decimal reader would take `1_000` too.
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
        if !text.trim().chars().all(plain) {
            return Err(not_money());
        }
        let decimal = Decimal::from_str_exact(text.trim()).map_err(|_| not_money())?;
        let scaled = decimal
            .checked_mul(Decimal::from(
                10_i64.pow(u32::from(currency.minor_digits())),
            ))
            .ok_or_else(not_money)?;
        if !scaled.fract().is_zero() {
            return Err(MoneyError::TooFine {
                text: cut(text, TEXT_CHARS_MAX).into_owned(),
                digits: currency.minor_digits(),
                currency,
            });
        }
        let minor = scaled
            .to_i64()
            .filter(|minor| minor.abs() <= AMOUNT_MAX)
            .ok_or(MoneyError::TooLarge { currency })?;
        Ok(Self { minor, currency })
    }

    /// The sum; an error where currencies differ or the range ends.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::TooLarge {
                currency: self.currency,
            })?;
        Ok(Self {
            minor,
            currency: self.currency,
        })
    }

    /// The difference; an error where currencies differ or the range ends.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self
            .minor
            .checked_sub(other.minor)
            .ok_or(MoneyError::TooLarge {
                currency: self.currency,
            })?;
        Ok(Self {
            minor,
            currency: self.currency,
        })
    }

    /// The share `rate` (1 is the whole) of this amount, rounded as told.
    pub fn share(self, rate: Decimal, rounding: RoundingStrategy) -> Result<Self, MoneyError> {
        let minor = Decimal::from(self.minor)
            .checked_mul(rate)
            .and_then(|exact| exact.round_dp_with_strategy(0, rounding).to_i64())
            .ok_or(MoneyError::TooLarge {
                currency: self.currency,
            })?;
        Ok(Self {
            minor,
            currency: self.currency,
        })
    }

    /// The amount in major units, with all of its digits.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, u32::from(self.currency.minor_digits()))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::MixedCurrencies {
                left: self.currency,
                right: other.currency,
            })
        }
    }
}

impl FromStr for Money {
    type Err = MoneyError;
    /// Reads an amount and its currency, such as `123.45 EUR`.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let text = text.trim();
        let (amount, code) = text.split_once(' ').ok_or_else(|| MoneyError::NotMoney {
            text: cut(text, TEXT_CHARS_MAX).into_owned(),
        })?;
        Self::parse(amount, Currency::parse(code.trim())?)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.to_decimal())
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What can be wrong with an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not in ISO 4217, or without a minor unit.
    #[error("`{code}` is not a currency of ISO 4217 with a minor unit")]
    UnknownCurrency {
        /// What was given.
        code: String,
    },
    /// Not an amount with its currency.
    #[error("`{text}` is not an amount and a currency such as `123.45 EUR`")]
    NotMoney {
        /// What was given.
        text: String,
    },
    /// Not a plain decimal.
    #[error("`{text}` is not an amount in {currency}: write it as 1234.50")]
    NotAnAmount {
        /// What was given.
        text: String,
        /// The currency it was to be in.
        currency: Currency,
    },
    /// More digits than the minor unit has.
    #[error("`{text}` has more digits than {currency} knows ({digits})")]
    TooFine {
        /// What was given.
        text: String,
        /// How many are possible.
        digits: u8,
        /// The currency it was to be in.
        currency: Currency,
    },
    /// Beyond [`AMOUNT_MAX`].
    #[error("an amount in {currency} is beyond 10^15 minor units")]
    TooLarge {
        /// The currency.
        currency: Currency,
    },
    /// Two currencies in one sum.
    #[error("{left} and {right} cannot be added")]
    MixedCurrencies {
        /// Of the left amount.
        left: Currency,
        /// Of the right amount.
        right: Currency,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str, code: &str) -> Result<Money, MoneyError> {
        Money::parse(text, Currency::parse(code).unwrap())
    }

    #[test]
    fn yen_are_not_rounded_as_cents() {
        assert_eq!(money("1500", "JPY").unwrap().minor, 1500);
        assert_eq!(money("1500.00", "JPY").unwrap().minor, 1500);
        assert_eq!(
            money("1500.5", "JPY").unwrap_err().to_string(),
            "`1500.5` has more digits than JPY knows (0)"
        );
        assert_eq!(money("1.234", "BHD").unwrap().minor, 1234);
        assert_eq!(money("1.23", "BRL").unwrap().minor, 123);
    }

    #[test]
    fn an_amount_is_of_digits_and_a_point_alone() {
        for text in ["1_000", "1e3", "1 000", "1,000", ""] {
            let error = money(text, "BRL").unwrap_err();
            assert!(matches!(error, MoneyError::NotAnAmount { .. }), "{text}");
        }
    }

    #[test]
    fn currencies_never_mix() {
        let error = money("1", "BRL")
            .unwrap()
            .checked_add(money("1", "USD").unwrap())
            .unwrap_err();
        assert_eq!(error.to_string(), "BRL and USD cannot be added");
    }

    #[test]
    fn an_amount_prints_with_all_of_its_digits() {
        assert_eq!(money("5", "BRL").unwrap().to_string(), "BRL 5.00");
        assert_eq!(money("-5.1", "BHD").unwrap().to_string(), "BHD -5.100");
    }

    #[test]
    fn gold_cannot_be_owed() {
        assert!(Currency::parse("XAU").is_err());
        assert!(Currency::parse("brl").is_err());
    }
}
