//! Invoices, payments and disputes.

use regua_domain::contract::DeliveryState;
use regua_domain::fact::{Fact, InvoiceFacts, PaymentFacts};
use regua_domain::ledger::PaymentState;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Amount, Ground, Told};
use crate::scenario::moment::Day;

/// An invoice.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Invoice {
    /// The tenant's own key.
    #[schemars(length(min = 1, max = 128))]
    pub reference: String,
    /// How much.
    pub amount: Amount,
    /// By when.
    pub due_on: Day,
    /// The entry's own day, where it is left out.
    #[serde(default)]
    pub issued_on: Option<Day>,
    /// The contract that it is of.
    #[serde(default)]
    pub contract: Option<String>,
}

impl Told for Invoice {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::InvoiceIssued(InvoiceFacts {
            reference: self.reference.clone(),
            amount: self.amount.0,
            issued_on: self.issued_on.map_or(ground.today, |day| ground.date(day)),
            due_on: ground.date(self.due_on),
            contract: self.contract.clone(),
        }))
    }
}

/// How far an invoice's document has come.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The invoice's reference.
    pub invoice: String,
    /// How far.
    #[schemars(with = "StateName")]
    pub state: DeliveryState,
}

/// The names of [`DeliveryState`] that can be told.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "a schema alone")]
enum StateName {
    Sent,
    Delivered,
    Opened,
    Bounced,
}

impl Told for Delivery {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::InvoiceDelivery {
            invoice: self.invoice.clone(),
            state: self.state,
        })
    }
}

/// An invoice that should never have been.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfInvoice {
    /// Its reference.
    pub invoice: String,
}

impl Told for OfInvoice {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::InvoiceVoided {
            invoice: self.invoice.clone(),
        })
    }
}

/// A credit note.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNote {
    /// The invoice's reference.
    pub invoice: String,
    /// How much is no longer owed.
    pub amount: Amount,
    /// Its own reference; one that is made up, where it is left out.
    #[serde(default)]
    pub reference: Option<String>,
}

impl Told for CreditNote {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::CreditNote {
            invoice: self.invoice.clone(),
            reference: reference(self.reference.as_ref(), ground),
            amount: self.amount.0,
        })
    }
}

/// A payment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// How much.
    pub amount: Amount,
    /// Its own reference; one that is made up, where it is left out.
    #[serde(default)]
    pub reference: Option<String>,
    /// Invoices it names; the rest goes to the oldest due.
    #[serde(default)]
    pub invoices: Vec<String>,
    /// It is on its way only.
    #[serde(default)]
    pub pending: bool,
    /// The entry's own day, where it is left out.
    #[serde(default)]
    pub paid_on: Option<Day>,
}

impl Told for Payment {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::Payment(PaymentFacts {
            reference: reference(self.reference.as_ref(), ground),
            amount: self.amount.0,
            paid_on: self.paid_on.map_or(ground.today, |day| ground.date(day)),
            invoices: self.invoices.clone(),
            pending: self.pending,
        }))
    }
}

/// A reference of the author's, or one of our own: it counts the customer's facts, and is no other
/// customer's, as references of a tenant are not.
pub(super) fn reference(told: Option<&String>, ground: Ground<'_>) -> String {
    let count = ground.dossier.standing.facts;
    let customer = &ground.dossier.customer.reference;
    told.cloned()
        .unwrap_or_else(|| format!("made-up-{customer}-{count}"))
}

/// A payment that did not come.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentFailure {
    /// The decline code: `insufficient-funds`.
    #[schemars(length(min = 1, max = 64))]
    pub code: String,
    /// Whether trying again is pointless.
    #[serde(default)]
    pub hard: bool,
    /// Its reference; the newest that is on its way, where it is left out.
    #[serde(default)]
    pub payment: Option<String>,
}

impl Told for PaymentFailure {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        let named = self.payment.as_ref();
        Ok(Fact::PaymentFailed {
            payment: payment(
                named,
                ground,
                PaymentState::Pending,
                "no payment is on its way",
            )?,
            code: self.code.clone(),
            is_hard: self.hard,
        })
    }
}

/// A payment that was taken back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentReversal {
    /// Why: `charge-back`.
    #[schemars(length(min = 1, max = 64))]
    pub code: String,
    /// Its reference; the newest that came, where it is left out.
    #[serde(default)]
    pub payment: Option<String>,
}

impl Told for PaymentReversal {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        let named = self.payment.as_ref();
        Ok(Fact::PaymentReversed {
            payment: payment(named, ground, PaymentState::Succeeded, "no payment came")?,
            code: self.code.clone(),
        })
    }
}

/// The payment that is named, or the newest in a state.
fn payment(
    named: Option<&String>,
    ground: Ground<'_>,
    state: PaymentState,
    none: &str,
) -> Result<String, String> {
    if let Some(named) = named {
        return Ok(named.clone());
    }
    let mut newest = ground.dossier.payments.iter().rev();
    let found = newest.find(|payment| payment.state == state);
    found
        .map(|payment| payment.reference.clone())
        .ok_or_else(|| none.to_owned())
}

/// A dispute.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// The invoice's reference.
    pub invoice: String,
    /// In a word: goods-or-service, not-received, …
    #[schemars(length(min = 1, max = 64))]
    pub reason: String,
    /// The disputed part; all of it, where it is left out.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Its own reference; one that is made up, where it is left out.
    #[serde(default)]
    pub reference: Option<String>,
}

impl Told for Dispute {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::DisputeOpened {
            invoice: self.invoice.clone(),
            reference: reference(self.reference.as_ref(), ground),
            amount: self.amount.map(|amount| amount.0),
            reason: self.reason.clone(),
        })
    }
}

/// How a dispute was decided.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveDispute {
    /// The invoice's reference.
    pub invoice: String,
    /// Whether the debtor was right.
    pub upheld: bool,
}

impl Told for ResolveDispute {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::DisputeResolved {
            invoice: self.invoice.clone(),
            upheld: self.upheld,
        })
    }
}
