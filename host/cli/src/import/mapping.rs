//! The mapping: how a file's columns become facts.
//!
//! It is YAML. Texts are constants or have placeholders, see [`Text`]: `{customerID}` is a
//! column, `{country.zone}` the field `zone` of the lookup table `country`. Dates are
//! columns in the form of `csv.dates`; each fact gets its instant from a date and a local
//! time in the customer's zone. host/cli/examples has mappings with comments.

mod parse;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use regua_domain::contract::{Channel, DeliveryState};
use regua_domain::workflow::check::{Form, Lines, Problem, read};

pub use super::text::{Lookup, Text};

/// A mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Names where the rows come from; part of every fact's id.
    pub source: String,
    /// How the file is written.
    pub csv: Dialect,
    /// Tables that columns are looked up in.
    pub lookups: BTreeMap<String, Lookup>,
    /// Whom a row is about.
    pub customer: CustomerMap,
    /// The invoice of a row.
    pub invoice: Option<InvoiceMap>,
    /// The payment of a row's invoice.
    pub payment: Option<PaymentMap>,
    /// What else a row says.
    pub events: Vec<EventMap>,
    /// Every column that is named.
    pub columns: BTreeSet<String>,
}

/// How the file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// Between cells.
    pub delimiter: u8,
    /// Around cells.
    pub quote: u8,
    /// Between whole and fraction of amounts.
    pub decimal: char,
    /// How dates are written, as strftime has it.
    pub dates: String,
}

/// Whom a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CustomerMap {
    pub reference: Text,
    pub name: Text,
    pub tax_number: Option<Text>,
    pub kind: Text,
    pub locale: Text,
    pub jurisdiction: Text,
    pub time_zone: Text,
    pub segments: Vec<Text>,
    pub attributes: BTreeMap<String, Text>,
    pub contacts: Vec<ContactMap>,
    /// When it becomes known; none: on the day the invoice is issued.
    pub at: Option<Day>,
    pub time: NaiveTime,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ContactMap {
    pub when: Vec<When>,
    pub channel: Channel,
    pub address: Text,
}

/// The invoice of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct InvoiceMap {
    pub when: Vec<When>,
    pub reference: Text,
    pub amount: Text,
    pub currency: Text,
    pub issued_on: String,
    pub due_on: String,
    pub contract: Option<Text>,
    pub time: NaiveTime,
}

/// The payment of a row's invoice; there is none where `paid_on` is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct PaymentMap {
    pub when: Vec<When>,
    pub reference: Text,
    /// None: all of the invoice.
    pub amount: Option<Text>,
    pub paid_on: String,
    pub time: NaiveTime,
}

/// Something else that a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct EventMap {
    pub when: Vec<When>,
    pub saying: Saying,
    pub on: Day,
    pub time: NaiveTime,
}

/// What it says; invoices are the row's own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Saying {
    DisputeOpened { reference: Text, reason: Text },
    DisputeResolved { upheld: bool },
    InvoiceDelivery { state: DeliveryState },
    InvoiceVoided,
    CreditNote { reference: Text, amount: Text },
    PromiseMade { amount: Option<Text>, due_on: Day },
    Replied { reason: Text, text: Text },
    OptedOut { channel: Channel },
    OptedIn { channel: Channel },
    HoldPlaced { reason: Text, until: Day },
    HoldLifted,
}

/// A date of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The column it counts from.
    pub column: String,
    /// Days later, or earlier where negative.
    pub plus_days: i32,
    /// Never after the date in this column, where there is one.
    pub not_after: Option<String>,
}

/// A condition on a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum When {
    Equals { column: String, value: String },
    OneOf { column: String, values: Vec<String> },
    Empty { column: String, is: bool },
}

impl When {
    /// The column it looks at.
    pub fn column(&self) -> &str {
        match self {
            Self::Equals { column, .. }
            | Self::OneOf { column, .. }
            | Self::Empty { column, .. } => column,
        }
    }

    /// Whether it holds of a cell's text.
    pub fn holds(&self, cell: &str) -> bool {
        match self {
            Self::Equals { value, .. } => cell == value,
            Self::OneOf { values, .. } => values.iter().any(|value| value == cell),
            Self::Empty { is, .. } => cell.is_empty() == *is,
        }
    }
}

impl Mapping {
    /// Reads a mapping; every fault is told, with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let value = read(text, Form::Yaml)?;
        parse::mapping(&value).map_err(|mut faults| {
            Lines::of(text).number(&mut faults);
            faults.sort_by_key(|fault| fault.line);
            faults
        })
    }
}
