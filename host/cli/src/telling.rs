//! Facts as the API takes them: one by its own endpoint, many as lines of an import.

use anyhow::Context as _;
use regua_domain::contract::PaymentMethod;
use regua_domain::customer::ContactPoint;
use regua_domain::fact::{CustomerFacts, EffectResult, Fact};
use regua_domain::id::FactId;
use regua_domain::money::Money;
use regua_domain::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{Call, Calls, segment};
use crate::ids;
use crate::out::say;

/// One fact as it is typed.
pub(crate) struct Single {
    /// About whom, by reference.
    pub customer: String,
    /// Under which id; none: a new one.
    pub id: Option<FactId>,
    /// When; none: now.
    pub at: Option<Timestamp>,
    /// What.
    pub fact: Fact,
}

/// What became of it.
#[derive(Deserialize)]
struct Told {
    fact: String,
    outcome: Outcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Taken,
    Known,
    Waiting,
}

impl Calls<'_> {
    /// Tells one fact, and says on standard output what became of it.
    pub(crate) async fn tell(&self, single: Single) -> anyhow::Result<()> {
        let Single {
            customer,
            id,
            at,
            fact,
        } = single;
        let id = id.unwrap_or_else(|| FactId(ids::fresh()));
        let call = call(&customer, at, &fact).once(id.to_string());
        let told = self.send(call).await;
        let told: Told = told
            .with_context(|| format!("not taken, about customer `{customer}`"))?
            .json()?;
        match told.outcome {
            Outcome::Known => say!("{}: known already, nothing changed", told.fact),
            Outcome::Taken => say!("{}: taken", told.fact),
            Outcome::Waiting => {
                let at = at.map(Timestamp::to_rfc3339).unwrap_or_default();
                say!("{}: told ahead, for {at}", told.fact);
            }
        }
        Ok(())
    }
}

fn call(customer: &str, at: Option<Timestamp>, fact: &Fact) -> Call {
    let (word, mut document) = document(fact);
    if let Some(at) = at {
        document["at"] = instant(at).into();
    }
    let of_customer = format!("/v1/customers/{}", segment(customer));
    match fact {
        Fact::Customer(_) => Call::put(&of_customer, &document),
        Fact::InvoiceIssued(_) | Fact::Payment(_) => {
            document["customer"] = customer.into();
            Call::post(&format!("/v1/{word}s"), &document)
        }
        _ => {
            document["event"] = word.into();
            Call::post(&format!("{of_customer}/events"), &document)
        }
    }
}

/// A fact as a line of an import.
pub(crate) fn line(customer: &str, id: FactId, group: u64, at: Timestamp, fact: &Fact) -> Value {
    let (word, mut document) = document(fact);
    document["customer"] = customer.into();
    document["type"] = word.into();
    document["id"] = id.to_string().into();
    document["group"] = group.into();
    document["at"] = instant(at).into();
    document
}

/// To the millisecond.
fn instant(at: Timestamp) -> String {
    let at = at.in_zone(chrono_tz::Tz::UTC);
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn amount(money: Money) -> Value {
    json!({ "amount": money.to_decimal().to_string(), "currency": money.currency.code() })
}

/// A fact's word and its members, but for whose it is and when it happened.
#[allow(clippy::too_many_lines, reason = "one document for each fact there is")]
fn document(fact: &Fact) -> (&'static str, Value) {
    match fact {
        Fact::Customer(person) => ("customer", self::person(person)),
        Fact::InvoiceIssued(invoice) => (
            "invoice",
            json!({
                "reference": invoice.reference, "amount": amount(invoice.amount),
                "issued_on": invoice.issued_on, "due_on": invoice.due_on,
                "contract": invoice.contract,
            }),
        ),
        Fact::InvoiceDelivery { invoice, state } => {
            ("delivery", json!({ "invoice": invoice, "state": state }))
        }
        Fact::InvoiceVoided { invoice } => ("void", json!({ "invoice": invoice })),
        Fact::CreditNote {
            invoice,
            reference,
            amount: of,
        } => (
            "credit-note",
            json!({ "invoice": invoice, "reference": reference, "amount": amount(*of) }),
        ),
        Fact::Payment(payment) => (
            "payment",
            json!({
                "reference": payment.reference, "amount": amount(payment.amount),
                "paid_on": payment.paid_on, "invoices": payment.invoices,
                "pending": payment.pending,
            }),
        ),
        Fact::PaymentFailed {
            payment,
            code,
            is_hard,
        } => (
            "payment-failure",
            json!({ "payment": payment, "code": code, "is_hard": is_hard }),
        ),
        Fact::PaymentReversed { payment, code } => (
            "payment-reversal",
            json!({ "payment": payment, "code": code }),
        ),
        Fact::DisputeOpened {
            invoice,
            reference,
            amount: of,
            reason,
        } => (
            "dispute",
            json!({
                "invoice": invoice, "reference": reference, "amount": of.map(amount),
                "reason": reason,
            }),
        ),
        Fact::DisputeResolved { invoice, upheld } => (
            "resolve-dispute",
            json!({ "invoice": invoice, "upheld": upheld }),
        ),
        Fact::PromiseMade { amount: of, due_on } => (
            "promise",
            json!({ "amount": amount(*of), "due_on": due_on }),
        ),
        Fact::Replied { reason, text } => ("reply", json!({ "reason": reason, "text": text })),
        Fact::OptedOut { channel } => ("opt-out", json!({ "channel": channel })),
        Fact::OptedIn { channel } => ("opt-in", json!({ "channel": channel })),
        Fact::EffectResult { effect, result } => {
            let (result, code) = became(result);
            let key = effect.to_string();
            (
                "result",
                json!({ "key": key, "result": result, "code": code }),
            )
        }
        Fact::OfferAnswered { effect, accepted } => match accepted {
            Some(plan) => (
                "accept-offer",
                json!({ "key": effect.to_string(), "plan": plan }),
            ),
            None => ("decline-offer", json!({ "key": effect.to_string() })),
        },
        Fact::PlacementRemitted(told) => (
            "remittance",
            json!({
                "key": told.placement.to_string(), "reference": told.reference,
                "amount": amount(told.amount), "paid_on": told.paid_on,
                "invoices": told.invoices, "commission": told.commission.map(amount),
            }),
        ),
        Fact::PlacementReturned {
            placement,
            invoices,
            reason,
        } => (
            "return",
            json!({ "key": placement.to_string(), "invoices": invoices, "reason": reason }),
        ),
        Fact::TaskClaimed { task, .. } => ("claim-task", json!({ "task": task })),
        Fact::TaskReleased { task, .. } => ("release-task", json!({ "task": task })),
        Fact::DraftApproved { task, .. } => ("approve-draft", json!({ "task": task })),
        Fact::TaskCompleted { task, outcome, .. } => {
            ("complete-task", json!({ "task": task, "outcome": outcome }))
        }
        Fact::HoldPlaced { reason, until } => ("hold", json!({ "reason": reason, "until": until })),
        Fact::HoldLifted => ("lift-hold", json!({})),
    }
}

const fn became(result: &EffectResult) -> (&'static str, Option<&String>) {
    match result {
        EffectResult::Delivered => ("delivered", None),
        EffectResult::Opened => ("opened", None),
        EffectResult::Bounced { code } => ("bounced", Some(code)),
        EffectResult::Failed { code } => ("failed", Some(code)),
        EffectResult::Confirmed { code } => ("confirmed", Some(code)),
    }
}

fn person(facts: &CustomerFacts) -> Value {
    let method = |method: &PaymentMethod| {
        json!({
            "key": method.key, "kind": method.kind, "is_default": method.is_default,
            "expires_on": method.expires_on,
        })
    };
    let contact = |point: &ContactPoint| {
        json!({
            "channel": point.channel, "address": point.address, "consent": point.consent,
            "bounced": point.bounced,
        })
    };
    json!({
        "name": facts.name, "tax_number": facts.tax_number, "kind": facts.kind,
        "locale": facts.locale, "jurisdiction": facts.jurisdiction,
        "time_zone": facts.time_zone.name(), "segments": facts.segments,
        "attributes": facts.attributes, "since": facts.since,
        "methods": facts.methods.iter().map(method).collect::<Vec<_>>(),
        "contacts": facts.contacts.iter().map(contact).collect::<Vec<_>>(),
    })
}
