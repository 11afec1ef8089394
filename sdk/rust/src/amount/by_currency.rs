//! Amounts in a config.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use super::Amount;
use crate::situation::Balance;
use crate::{ConfigProblem, Refusal, text};

/// Amounts as a tenant writes them, by currency: `{ BRL: "20.00", JPY: "500" }`, the same
/// form as a workflow's `tolerance`. One workflow may serve cases in several currencies,
/// and 500 minor units are lunch in one and a coin in another.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct AmountByCurrency(BTreeMap<String, Decimal>);

impl AmountByCurrency {
    /// The amount for the balance's currency; none where the tenant names none.
    /// Refuses an amount with more digits than the currency has.
    pub fn of(&self, balance: Balance<'_>) -> Result<Option<Amount>, Refusal> {
        let currency = balance.currency();
        let Some(decimal) = self.0.get(currency) else {
            return Ok(None);
        };
        decimal
            .to_minor(balance.minor_digits())
            .map(Some)
            .ok_or_else(|| {
                let text = format!("an amount of {currency} has more digits than the currency");
                Refusal::BadConfig(vec![ConfigProblem::new("", text)])
            })
    }
}

impl JsonSchema for AmountByCurrency {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "AmountByCurrency".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": { "pattern": "^[A-Z]{3}$" },
            "additionalProperties": { "type": "string", "pattern": "^[0-9]{1,12}(\\.[0-9]{1,4})?$" },
        })
    }
}

/// Digits with an optional point: `figures` without it, `places` behind it.
#[derive(Clone, Copy, Debug)]
struct Decimal {
    figures: i64,
    places: u8,
}

impl Decimal {
    const PLACES_MAX: usize = 4;
    const WHOLE_DIGITS_MAX: usize = 12;

    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (text, ""),
        };
        let in_bounds = (1..=Self::WHOLE_DIGITS_MAX).contains(&whole.len())
            && fraction.len() <= Self::PLACES_MAX;
        let mut figures = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !in_bounds || !byte.is_ascii_digit() {
                return None;
            }
            figures = figures * 10 + i64::from(byte - b'0');
        }
        in_bounds.then_some(Self {
            figures,
            places: fraction.len() as u8,
        })
    }

    fn to_minor(self, minor_digits: u8) -> Option<Amount> {
        if self.places <= minor_digits {
            let scale = 10_i64.checked_pow(u32::from(minor_digits - self.places))?;
            return self.figures.checked_mul(scale).map(Amount);
        }
        let scale = 10_i64.pow(u32::from(self.places - minor_digits));
        (self.figures % scale == 0).then_some(Amount(self.figures / scale))
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(
            deserializer,
            "digits with at most four decimals",
            Self::parse,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        let minor = |text, digits| Decimal::parse(text).and_then(|d| d.to_minor(digits));
        assert_eq!(minor("20.00", 2), Some(Amount(2_000)));
        assert_eq!(minor("20", 2), Some(Amount(2_000)));
        assert_eq!(minor("500.00", 0), Some(Amount(500)));
        assert_eq!(minor("500.50", 0), None);
        for bad in [
            "",
            ".5",
            "5.",
            "-5",
            "+5",
            "5,00",
            "1e3",
            "1.00000",
            "1234567890123",
            "1.2.3",
        ] {
            assert_eq!(minor(bad, 4), None, "{bad}");
        }
    }
}
