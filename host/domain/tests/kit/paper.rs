//! Workflow documents, and facts.

use regua_domain::effect::EffectKey;
use regua_domain::fact::{EffectResult, Fact, InvoiceFacts, PaymentFacts, RemittanceFacts};
use regua_domain::interest::Terms;
use regua_domain::money::Money;

use super::currency;

/// A document with the given lines above its stages (over the defaults) and stages.
pub fn document(head: &[(&str, &str)], stages: &[String]) -> String {
    let mut lines = vec![
        ("send_window", "\"0 * 9-16 * * MON-FRI\""),
        ("calendar", "weekends"),
        ("tolerance", "{ BRL: \"5.00\", JPY: \"500\" }"),
        ("late_entry", "first"),
        ("catch_up", "run"),
    ];
    for (name, value) in head {
        lines.retain(|(known, _)| known != name);
        lines.push((name, value));
    }
    let lines: Vec<String> = lines
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect();
    let lines = lines.concat();
    format!("name: ladder\n{lines}stages:\n{}", stages.concat())
}

/// A stage of the plugin of this name; both outcomes, and a late timer's, lead to `to`.
pub fn stage(id: &str, plugin: &str, at: &str, to: &str) -> String {
    let hold = "{ hold: 7d, task: \"Look at this case\" }";
    failing_to(id, plugin, at, to, hold)
}

pub fn failing_to(id: &str, plugin: &str, at: &str, to: &str, on_failure: &str) -> String {
    format!(
        "  - id: {id}\n    plugin: {plugin}@1\n    at: {at}\n    on: {{ sent: {to}, done: {to} }}\n    on_failure: {on_failure}\n"
    )
}

/// As [`stage`], where a late timer's `skipped` leads on too.
pub fn skippable(id: &str, plugin: &str, at: &str, to: &str) -> String {
    stage(id, plugin, at, to).replace("done:", &format!("skipped: {to}, done:"))
}

pub const CLOSED: &str = "{ end: closed }";

/// first (day 1) → second (day 5, 3 days later) → third (day 20, 3 days later) → closed.
pub fn rungs(head: &[(&str, &str)]) -> String {
    document(
        head,
        &[
            stage("first", "first", "{ days_overdue: 1 }", "second"),
            stage(
                "second",
                "second",
                "{ days_overdue: 5, after_previous: 3d }",
                "third",
            ),
            stage(
                "third",
                "third",
                "{ days_overdue: 20, after_previous: 3d }",
                CLOSED,
            ),
        ],
    )
}

/// Locks a template in a stage of [`stage`]'s making, whose plugin's schema asks for one.
pub fn with_template(stage: &str, name: &str) -> String {
    stage.replace(
        "    on:",
        &format!("    config: {{ template: {name} }}\n    on:"),
    )
}

/// One stage, from the first late day on.
pub fn single() -> String {
    document(&[], &[stage("only", "only", "{ days_overdue: 1 }", CLOSED)])
}

pub fn money(text: &str) -> Money {
    let (code, amount) = text.split_once(' ').unwrap();
    Money::parse(amount, currency(code)).unwrap()
}

/// `invoice("A", "BRL 100.00", "2026-03-10")`, issued on 1 January.
pub fn invoice(reference: &str, amount: &str, due_on: &str) -> Fact {
    Fact::InvoiceIssued(InvoiceFacts {
        reference: reference.to_owned(),
        amount: money(amount),
        issued_on: "2025-12-01".parse().unwrap(),
        due_on: due_on.parse().unwrap(),
        contract: None,
    })
}

/// An invoice of a contract.
pub fn contracted(reference: &str, amount: &str, due_on: &str, contract: &str) -> Fact {
    match invoice(reference, amount, due_on) {
        Fact::InvoiceIssued(facts) => Fact::InvoiceIssued(InvoiceFacts {
            contract: Some(contract.to_owned()),
            ..facts
        }),
        other => other,
    }
}

pub fn payment(reference: &str, amount: &str) -> Fact {
    Fact::Payment(PaymentFacts {
        reference: reference.to_owned(),
        amount: money(amount),
        paid_on: "2026-03-01".parse().unwrap(),
        invoices: Vec::new(),
        pending: false,
    })
}

/// A payment made on a day, however late it is told.
pub fn paid(reference: &str, amount: &str, on: &str) -> Fact {
    match payment(reference, amount) {
        Fact::Payment(facts) => Fact::Payment(PaymentFacts {
            paid_on: on.parse().unwrap(),
            ..facts
        }),
        other => other,
    }
}

pub fn voided(invoice: &str) -> Fact {
    Fact::InvoiceVoided {
        invoice: invoice.to_owned(),
    }
}

pub fn credit_note(invoice: &str, reference: &str, amount: &str) -> Fact {
    Fact::CreditNote {
        invoice: invoice.to_owned(),
        reference: reference.to_owned(),
        amount: money(amount),
    }
}

/// Terms of 1% a month, each day a thirtieth of it, with some fields given anew.
pub fn terms(more: &serde_json::Value) -> Terms {
    let mut terms = serde_json::json!({
        "rates": [{ "percent": "1" }],
        "per": "month",
        "day_count": "act/360",
        "rounding": "half-up",
    });
    for (name, value) in more.as_object().unwrap() {
        terms[name] = value.clone();
    }
    serde_json::from_value(terms).unwrap()
}

pub fn pending(reference: &str, amount: &str) -> Fact {
    match payment(reference, amount) {
        Fact::Payment(facts) => Fact::Payment(PaymentFacts {
            pending: true,
            ..facts
        }),
        other => other,
    }
}

pub fn reversed(payment: &str) -> Fact {
    Fact::PaymentReversed {
        payment: payment.to_owned(),
        code: "charge-back".to_owned(),
    }
}

pub fn dispute(invoice: &str, amount: Option<&str>) -> Fact {
    Fact::DisputeOpened {
        invoice: invoice.to_owned(),
        reference: format!("dispute of {invoice}"),
        amount: amount.map(money),
        reason: "goods-or-service".to_owned(),
    }
}

pub fn resolved(invoice: &str, upheld: bool) -> Fact {
    Fact::DisputeResolved {
        invoice: invoice.to_owned(),
        upheld,
    }
}

pub fn promise(amount: &str, due_on: &str) -> Fact {
    Fact::PromiseMade {
        amount: money(amount),
        due_on: due_on.parse().unwrap(),
    }
}

pub fn hold(until: &str) -> Fact {
    Fact::HoldPlaced {
        reason: "asked for".to_owned(),
        until: until.parse().unwrap(),
    }
}

pub fn reply(reason: &str) -> Fact {
    Fact::Replied {
        reason: reason.to_owned(),
        text: "I, Maria Canary, write from maria@canary.example".to_owned(),
    }
}

pub fn result(effect: EffectKey, result: EffectResult) -> Fact {
    Fact::EffectResult { effect, result }
}

pub fn failed(effect: EffectKey) -> Fact {
    let code = "rejected".to_owned();
    result(effect, EffectResult::Failed { code })
}

pub fn answered(offer: EffectKey, accepted: Option<usize>) -> Fact {
    Fact::OfferAnswered {
        effect: offer,
        accepted,
    }
}

pub fn remittance(placement: EffectKey, reference: &str, amount: &str) -> RemittanceFacts {
    RemittanceFacts {
        placement,
        reference: reference.to_owned(),
        amount: money(amount),
        paid_on: "2026-03-01".parse().unwrap(),
        invoices: Vec::new(),
        commission: None,
    }
}

pub fn remitted(placement: EffectKey, reference: &str, amount: &str) -> Fact {
    Fact::PlacementRemitted(remittance(placement, reference, amount))
}

/// Given back by the agency: these invoices, or all where none is named.
pub fn returned(placement: EffectKey, invoices: &[&str]) -> Fact {
    Fact::PlacementReturned {
        placement,
        invoices: invoices.iter().map(|known| (*known).to_owned()).collect(),
        reason: "untraceable".to_owned(),
    }
}
