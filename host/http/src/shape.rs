//! Shapes that many bodies are made of.

use regua_domain::money::{Currency, Money};
use regua_domain::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::Fault;

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = Amount { amount: "250.00".to_owned(), currency: "BRL".to_owned() })]
pub(crate) struct Amount {
    /// A plain decimal, with at most as many digits behind the point as the currency has.
    #[schemars(regex(pattern = r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$"))]
    pub amount: String,
    /// ISO 4217.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub currency: String,
}

impl Amount {
    pub(crate) fn of(money: Money) -> Self {
        Self {
            amount: money.to_decimal().to_string(),
            currency: money.currency.code().to_owned(),
        }
    }

    pub(crate) fn minor(minor: i64, currency: Currency) -> Self {
        Self::of(Money::new(minor, currency))
    }

    /// As the domain has it; `pointer` is where it stands in the body.
    pub(crate) fn money(&self, pointer: &str) -> Result<Money, Fault> {
        let currency = Currency::parse(&self.currency)
            .map_err(|error| Fault::at(format!("{pointer}/currency"), error))?;
        Money::parse(&self.amount, currency)
            .map_err(|error| Fault::at(format!("{pointer}/amount"), error))
    }
}

/// An instant: RFC 3339 with an offset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Instant(#[schemars(extend("format" = "date-time"))] pub String);

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at.to_rfc3339())
    }
}

impl Instant {
    /// As the domain has it; `pointer` is where it stands in the body.
    pub(crate) fn timestamp(&self, pointer: &str) -> Result<Timestamp, Fault> {
        chrono::DateTime::parse_from_rfc3339(&self.0)
            .map(Timestamp::from)
            .map_err(|error| Fault::at(pointer, error))
    }
}

/// What may not be meant, though nothing keeps it from being done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Warning {
    /// Where: a JSON pointer into what it is about, the policy or a workflow.
    pub pointer: String,
    /// What.
    pub detail: String,
}

impl Warning {
    pub(crate) fn of(problem: regua_domain::workflow::check::Problem) -> Self {
        Self {
            pointer: problem.pointer,
            detail: problem.text,
        }
    }
}

/// Of a path without parameters, or a query that takes none.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParams {}
