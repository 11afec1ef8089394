//! What every single fact is told with.

use clap::Args;
use regua_domain::fact::Fact;
use regua_domain::id::FactId;
use regua_domain::money::{Money, MoneyError};

use crate::exit::Usage;
use crate::telling::Single;
use crate::when::When;

/// Flags of every subcommand that tells a fact.
#[derive(Debug, Clone, Args)]
pub struct FactArgs {
    /// The customer, by the tenant's own reference
    #[arg(long, value_name = "REF")]
    pub customer: String,
    /// When it happens; later than the clock: it waits [default: now]
    #[arg(long, value_name = "DATE|INSTANT")]
    pub at: Option<When>,
    /// The fact's own id; the same told again changes nothing [default: a new one]
    #[arg(long, value_name = "FACT_ID")]
    pub id: Option<FactId>,
}

impl FactArgs {
    pub(crate) fn tell(self, fact: Fact) -> Single {
        Single {
            customer: self.customer,
            id: self.id,
            at: self.at.map(When::timestamp),
            fact,
        }
    }
}

/// An amount such as `123.45 EUR`.
pub(crate) fn money(text: &str) -> Result<Money, String> {
    text.parse().map_err(|error: MoneyError| error.to_string())
}

/// A kebab-case word of the contract, such as `business` or `delivered`.
pub(crate) fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|error| error.to_string())
}

/// `key=value`.
pub(crate) fn pair(what: &str, text: &str) -> Result<(String, String), Usage> {
    text.split_once('=')
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .ok_or_else(|| Usage(format!("--{what} {text}: not of the form NAME=VALUE")))
}
