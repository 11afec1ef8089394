//! Facts: what can be told to the host from outside.

mod check;
mod error;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::contract::{Channel, CustomerKind, DeliveryState, PaymentMethod};
use crate::customer::ContactPoint;
use crate::effect::EffectKey;
use crate::id::TaskId;
use crate::money::Money;
use crate::time::Date;

pub use error::FactError;

/// One fact about one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "fact"
)]
pub enum Fact {
    /// Who the customer is, whole.
    Customer(CustomerFacts),
    /// An invoice, or another charge, was issued.
    InvoiceIssued(InvoiceFacts),
    /// An invoice's document is on its way, arrived, was opened or came back.
    InvoiceDelivery {
        /// The invoice's reference.
        invoice: String,
        /// How far it has come.
        state: DeliveryState,
    },
    /// An invoice should never have been; what is left of it is not owed.
    InvoiceVoided {
        /// Its reference.
        invoice: String,
    },
    /// Part of an invoice is no longer owed.
    CreditNote {
        /// The invoice's reference.
        invoice: String,
        /// The credit note's own reference.
        reference: String,
        /// Above 0; at most what is outstanding.
        amount: Money,
    },
    /// Money is on its way or came.
    Payment(PaymentFacts),
    /// A pending payment did not come.
    PaymentFailed {
        /// Its reference.
        payment: String,
        /// The decline code.
        code: String,
        /// Whether trying again is pointless.
        is_hard: bool,
    },
    /// A payment was taken back.
    PaymentReversed {
        /// Its reference.
        payment: String,
        /// Why.
        code: String,
    },
    /// The debtor disputes an invoice, or a part of it.
    DisputeOpened {
        /// Its reference.
        invoice: String,
        /// The dispute's own reference.
        reference: String,
        /// The disputed part; none: all of it.
        amount: Option<Money>,
        /// From the list of causes, e.g. `goods-or-service`.
        reason: String,
    },
    /// A dispute was decided.
    DisputeResolved {
        /// The invoice's reference.
        invoice: String,
        /// Whether the debtor was right.
        upheld: bool,
    },
    /// The debtor promises to pay.
    PromiseMade {
        /// How much.
        amount: Money,
        /// By when.
        due_on: Date,
    },
    /// The debtor answered.
    Replied {
        /// From the list of causes: not-received, cash-flow, goods-or-service, hardship, …
        reason: String,
        /// What they wrote; it stays in the host.
        text: String,
    },
    /// The debtor does not want to be written to on a channel.
    OptedOut {
        /// Which.
        channel: Channel,
    },
    /// The debtor may be written to on a channel.
    OptedIn {
        /// Which.
        channel: Channel,
    },
    /// What became of an effect.
    EffectResult {
        /// Its key.
        effect: EffectKey,
        /// What.
        result: EffectResult,
    },
    /// The debtor answered an offer.
    OfferAnswered {
        /// The offer's key.
        effect: EffectKey,
        /// The plan accepted, from 1; none: declined.
        accepted: Option<usize>,
    },
    /// An agency hands over what it collected.
    PlacementRemitted(RemittanceFacts),
    /// An agency gives a placement back, or items of it.
    PlacementReturned {
        /// The placement's key.
        placement: EffectKey,
        /// The items, by reference; empty: all that it still has.
        invoices: Vec<String>,
        /// In a word: untraceable, insolvent, term-over, …
        reason: String,
    },
    /// A person took a task on, so that no other works on it.
    TaskClaimed {
        /// The task.
        task: TaskId,
        /// Who: the id of an API key.
        by: String,
    },
    /// A task is anybody's again.
    TaskReleased {
        /// The task.
        task: TaskId,
        /// By whom; none: by somebody who may take it from whoever has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A person approved a task's draft.
    DraftApproved {
        /// The task.
        task: TaskId,
        /// By whom; none: who has claimed the task is not looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A person finished a task.
    TaskCompleted {
        /// The task.
        task: TaskId,
        /// What came of it.
        outcome: String,
        /// By whom; none: who has claimed the task is not looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// All of the customer's debts rest.
    HoldPlaced {
        /// Why.
        reason: String,
        /// The last day.
        until: Date,
    },
    /// They rest no longer.
    HoldLifted,
}

/// Who a customer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CustomerFacts {
    pub name: String,
    #[serde(default)]
    pub tax_number: Option<String>,
    pub kind: CustomerKind,
    pub locale: String,
    pub jurisdiction: String,
    pub time_zone: Tz,
    #[serde(default)]
    pub segments: Vec<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    #[serde(default)]
    pub methods: Vec<PaymentMethod>,
    #[serde(default)]
    pub contacts: Vec<ContactPoint>,
    #[serde(default)]
    pub since: Option<Date>,
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct InvoiceFacts {
    pub reference: String,
    pub amount: Money,
    pub issued_on: Date,
    pub due_on: Date,
    #[serde(default)]
    pub contract: Option<String>,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct PaymentFacts {
    pub reference: String,
    pub amount: Money,
    pub paid_on: Date,
    /// Invoices it names, by reference; the rest goes to the oldest due.
    #[serde(default)]
    pub invoices: Vec<String>,
    /// It is on its way only.
    #[serde(default)]
    pub pending: bool,
}

/// What an agency collected: it pays items of the placement like any other payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemittanceFacts {
    /// The placement's key.
    pub placement: EffectKey,
    /// The payment's own reference.
    pub reference: String,
    /// What the debtor paid, the agency's commission included: above 0.
    pub amount: Money,
    /// When the debtor paid it.
    pub paid_on: Date,
    /// Items of the placement that it is for, by reference; empty: all of them, those that
    /// the agency still has first. What is left over goes to the oldest due.
    #[serde(default)]
    pub invoices: Vec<String>,
    /// What the agency kept of it: above 0, at most the amount. It is noted, and changes
    /// nothing of what the debtor owes.
    #[serde(default)]
    pub commission: Option<Money>,
}

/// What became of an effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[allow(missing_docs)]
pub enum EffectResult {
    Delivered,
    Opened,
    Bounced { code: String },
    Failed { code: String },
    Confirmed { code: String },
}

impl Fact {
    /// References the dossier has to have at hand for it: invoices, payments.
    pub fn names(&self) -> Names<'_> {
        let mut names = Names::default();
        match self {
            Self::InvoiceIssued(InvoiceFacts { reference, .. }) => names.invoices.push(reference),
            Self::InvoiceDelivery { invoice, .. }
            | Self::InvoiceVoided { invoice }
            | Self::CreditNote { invoice, .. }
            | Self::DisputeOpened { invoice, .. }
            | Self::DisputeResolved { invoice, .. } => names.invoices.push(invoice),
            Self::Payment(PaymentFacts {
                reference,
                invoices,
                ..
            })
            | Self::PlacementRemitted(RemittanceFacts {
                reference,
                invoices,
                ..
            }) => {
                names.payments.push(reference);
                names.invoices.extend(invoices.iter().map(String::as_str));
            }
            Self::PlacementReturned { invoices, .. } => {
                names.invoices.extend(invoices.iter().map(String::as_str));
            }
            Self::PaymentFailed { payment, .. } | Self::PaymentReversed { payment, .. } => {
                names.payments.push(payment);
            }
            _ => {}
        }
        names
    }
}

/// The references a fact names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names<'a> {
    /// Of invoices.
    pub invoices: Vec<&'a str>,
    /// Of payments.
    pub payments: Vec<&'a str>,
}
