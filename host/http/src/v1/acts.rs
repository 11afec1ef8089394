//! What people do about a debt, each as a body and as the fact that it stands for: it is told
//! of an invoice, of a customer or of a case, and is the same each time.

use regua_domain::contract::Channel;
use regua_domain::fact::Fact;
use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::faults::Faults;
use crate::problem::{Fault, Problem};
use crate::shape::{Amount, Instant};

/// A dispute.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "reference": "D-1", "amount": { "amount": "50.00", "currency": "BRL" },
    "reason": "goods-or-service"
}))]
pub(crate) struct DisputeIn {
    /// The dispute's own key.
    #[schemars(length(min = 1, max = 128))]
    pub reference: String,
    /// The disputed part, above 0; all of the invoice, where it is left out.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// In a word: goods-or-service, not-received, … Stages see it.
    #[schemars(length(min = 1, max = 64))]
    pub reason: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl DisputeIn {
    pub(crate) fn fact(&self, invoice: &str) -> Result<Fact, Problem> {
        let mut faults = Faults::default();
        let amount = match &self.amount {
            Some(amount) => faults.positive(amount, "/amount").map(Some),
            None => Some(None),
        };
        faults.instant(self.at.as_ref());
        Ok(Fact::DisputeOpened {
            invoice: invoice.to_owned(),
            reference: self.reference.clone(),
            amount: faults.done(amount)?,
            reason: self.reason.clone(),
        })
    }
}

/// How a dispute was decided.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "upheld": true }))]
pub(crate) struct ResolutionIn {
    /// Whether the debtor was right: the disputed part is not owed then.
    pub upheld: bool,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl ResolutionIn {
    pub(crate) fn fact(&self, invoice: &str) -> Fact {
        Fact::DisputeResolved {
            invoice: invoice.to_owned(),
            upheld: self.upheld,
        }
    }
}

/// A hold.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "reason": "in hospital", "until": "2026-04-30" }))]
pub(crate) struct HoldIn {
    /// Why; people read it.
    #[schemars(length(min = 1, max = 200))]
    pub reason: String,
    /// The last day of it.
    #[schemars(with = "chrono::NaiveDate")]
    pub until: Date,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl HoldIn {
    pub(crate) fn fact(&self) -> Fact {
        Fact::HoldPlaced {
            reason: self.reason.clone(),
            until: self.until,
        }
    }
}

/// A promise to pay.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "amount": { "amount": "250.00", "currency": "BRL" }, "due_on": "2026-03-20"
}))]
pub(crate) struct PromiseIn {
    /// Above 0; at most what is outstanding.
    pub amount: Amount,
    /// By when.
    #[schemars(with = "chrono::NaiveDate")]
    pub due_on: Date,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl PromiseIn {
    pub(crate) fn fact(&self) -> Result<Fact, Problem> {
        let mut faults = Faults::default();
        let amount = faults.positive(&self.amount, "/amount");
        faults.instant(self.at.as_ref());
        Ok(Fact::PromiseMade {
            amount: faults.done(amount)?,
            due_on: self.due_on,
        })
    }
}

/// A debtor's answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "reason": "cash-flow", "text": "I can pay at the end of the month."
}))]
pub(crate) struct ReplyIn {
    /// In a word: not-received, cash-flow, goods-or-service, hardship, … Stages see it.
    #[schemars(length(min = 1, max = 64))]
    pub reason: String,
    /// What they wrote; it stays in the host.
    #[serde(default)]
    #[schemars(length(max = 8192))]
    pub text: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl ReplyIn {
    pub(crate) fn fact(&self) -> Fact {
        Fact::Replied {
            reason: self.reason.clone(),
            text: self.text.clone(),
        }
    }
}

/// A channel's name as the domain has it.
pub(crate) fn channel(name: &str) -> Result<Channel, Fault> {
    Channel::try_from(name.to_owned()).map_err(|error| Fault::at("/channel", error))
}

/// What a debtor said of a channel.
pub(crate) const fn consent(channel: Channel, is_in: bool) -> Fact {
    if is_in {
        Fact::OptedIn { channel }
    } else {
        Fact::OptedOut { channel }
    }
}
