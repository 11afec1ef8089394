//! Every kind of event there is.

use std::sync::LazyLock;

use regua_domain::fact::Fact;
use regua_domain::id::TaskId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::kind::{Dated, Kind, kind};
use crate::problem::{Fault, Problem};
use crate::shape::{Instant, NoParams};
use crate::v1::acts::{DisputeIn, HoldIn, PromiseIn, ReplyIn, ResolutionIn, channel, consent};
use crate::v1::effects::{ByEffect, ResultIn};
use crate::v1::invoices::{AtBody, ByInvoice, CreditNoteIn, DeliveryIn};
use crate::v1::offers::{AcceptIn, answered};
use crate::v1::payments::{ByPayment, FailureIn, ReversalIn};
use crate::v1::placements::{RemittanceIn, ReturnIn};
use crate::v1::tasks::ByTask;
use crate::v1::tasks::work::CompleteIn;
use crate::v1::{ANSWERS, BILLING, DESK};

/// What a debtor said of a channel.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfChannel {
    /// email, sms, whatsapp, letter, phone, or another's name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,32}$"))]
    channel: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    at: Option<Instant>,
}

impl OfChannel {
    fn fact(&self, is_in: bool) -> Result<Fact, Problem> {
        let channel = channel(&self.channel).map_err(|fault| Problem::invalid(vec![fault]))?;
        Ok(consent(channel, is_in))
    }
}

macro_rules! dated {
    ($($body:ident)*) => {$(
        impl Dated for $body {
            fn at(&self) -> Option<&Instant> {
                self.at.as_ref()
            }
        }
    )*};
}

dated! {
    AcceptIn AtBody CompleteIn CreditNoteIn DeliveryIn DisputeIn FailureIn HoldIn OfChannel
    PromiseIn RemittanceIn ReplyIn ResolutionIn ResultIn ReturnIn ReversalIn
}

/// Those that a line of an import may tell too.
pub(crate) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let mut kinds = of_debtors();
    kinds.extend(of_invoices());
    kinds.extend(of_effects());
    kinds
});

/// Those about a person's task: they are told by whoever does it.
pub(super) static OF_TASKS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    vec![
        kind("complete-task", DESK, |on: &ByTask, told: &CompleteIn| {
            Ok(Fact::TaskCompleted {
                task: task(on)?,
                outcome: told.outcome.clone(),
                by: None,
            })
        }),
        kind("approve-draft", DESK, |on: &ByTask, _: &AtBody| {
            Ok(Fact::DraftApproved {
                task: task(on)?,
                by: None,
            })
        }),
    ]
});

fn task(on: &ByTask) -> Result<TaskId, Problem> {
    let task = on.task.parse();
    task.map_err(|error| Problem::invalid(vec![Fault::at("/task", error)]))
}

/// What debtors say, and what is agreed with them: what may be told of a case, too.
fn of_debtors() -> Vec<Kind> {
    vec![
        kind(
            "reply",
            DESK,
            |_: &NoParams, told: &ReplyIn| Ok(told.fact()),
        ),
        kind("promise", DESK, |_: &NoParams, told: &PromiseIn| {
            told.fact()
        }),
        kind("dispute", DESK, |on: &ByInvoice, told: &DisputeIn| {
            told.fact(&on.invoice)
        }),
        kind(
            "resolve-dispute",
            DESK,
            |on: &ByInvoice, told: &ResolutionIn| Ok(told.fact(&on.invoice)),
        ),
        kind("opt-out", ANSWERS, |_: &NoParams, told: &OfChannel| {
            told.fact(false)
        }),
        kind("opt-in", ANSWERS, |_: &NoParams, told: &OfChannel| {
            told.fact(true)
        }),
        kind("hold", DESK, |_: &NoParams, told: &HoldIn| Ok(told.fact())),
        kind("lift-hold", DESK, |_: &NoParams, _: &AtBody| {
            Ok(Fact::HoldLifted)
        }),
    ]
}

fn of_invoices() -> Vec<Kind> {
    vec![
        kind("void", BILLING, |on: &ByInvoice, _: &AtBody| {
            Ok(Fact::InvoiceVoided {
                invoice: on.invoice.clone(),
            })
        }),
        kind(
            "credit-note",
            BILLING,
            |on: &ByInvoice, told: &CreditNoteIn| told.fact(&on.invoice),
        ),
        kind("delivery", BILLING, |on: &ByInvoice, told: &DeliveryIn| {
            Ok(told.fact(&on.invoice))
        }),
        kind(
            "payment-failure",
            BILLING,
            |on: &ByPayment, told: &FailureIn| Ok(told.fact(&on.payment)),
        ),
        kind(
            "payment-reversal",
            BILLING,
            |on: &ByPayment, told: &ReversalIn| Ok(told.fact(&on.payment)),
        ),
    ]
}

fn of_effects() -> Vec<Kind> {
    vec![
        kind("result", BILLING, |on: &ByEffect, told: &ResultIn| {
            told.fact(on.key()?)
        }),
        kind("accept-offer", ANSWERS, |on: &ByEffect, told: &AcceptIn| {
            Ok(answered(on.key()?, Some(told)))
        }),
        kind("decline-offer", ANSWERS, |on: &ByEffect, _: &AtBody| {
            Ok(answered(on.key()?, None))
        }),
        kind("remittance", DESK, |on: &ByEffect, told: &RemittanceIn| {
            told.fact(on.key()?)
        }),
        kind("return", DESK, |on: &ByEffect, told: &ReturnIn| {
            Ok(told.fact(on.key()?))
        }),
    ]
}
