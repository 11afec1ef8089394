//! Facts as sentences.

use std::fmt::Write as _;

use crate::contract::Event;
use crate::money::{Currency, Money};

/// What happened, in one sentence; `item` is the reference of the item it is about.
pub(super) fn sentence(event: &Event, item: Option<&str>, currency: Option<Currency>) -> String {
    let about = item.or(event.subject.as_deref()).unwrap_or("the account");
    let amount = |minor| match currency {
        Some(currency) => Money::new(minor, currency).to_string(),
        None => format!("{minor} minor units"),
    };
    let money = event.amount.map(amount).unwrap_or_default();
    let detail = |name| event.detail(name).unwrap_or("no reason given");
    let detailed = |name| {
        event
            .detail(name)
            .and_then(|text| text.parse().ok())
            .map(amount)
    };
    match event.kind.as_str() {
        "item.added" => format!("Invoice {about} over {money} was issued."),
        "item.voided" => format!("Invoice {about} was voided; {money} is no longer owed."),
        "item.credited" => format!("Invoice {about} was credited with {money}."),
        "invoice.bounced" => format!("Invoice {about} came back."),
        "invoice.opened" => format!("Invoice {about} was opened."),
        "invoice.delivered" => format!("Invoice {about} arrived."),
        "invoice.sent" => format!("Invoice {about} was sent."),
        "payment.received" => format!("A payment of {money} came in."),
        "payment.pending" => format!("A payment of {money} is on its way."),
        "payment.failed" => format!("A payment of {money} failed: {}.", detail("code")),
        "payment.reversed" => format!("A payment of {money} was taken back: {}.", detail("code")),
        "dispute.opened" => format!("{about} is disputed: {}.", detail("reason")),
        "dispute.resolved" => {
            let right = match event.detail("upheld") {
                Some("true") => "for the debtor",
                _ => "against the debtor",
            };
            format!("The dispute about {about} was decided {right}.")
        }
        "promise.made" => format!("The debtor promised {money} by {}.", detail("due-on")),
        "replied" => format!("The debtor replied: {}.", detail("reason")),
        "contact.opted-out" => format!("The debtor opted out of {}.", detail("channel")),
        "contact.opted-in" => format!("The debtor opted in to {}.", detail("channel")),
        "hold.placed" => "All of the customer's debts rest.".to_owned(),
        "hold.lifted" => "The customer's debts rest no longer.".to_owned(),
        "placement.remitted" => match detailed("commission") {
            Some(kept) => format!("The agency collected {money}, of which it kept {kept}."),
            None => format!("The agency collected {money}."),
        },
        "placement.returned" => {
            let left = detailed("left").unwrap_or_default();
            let reason = detail("reason");
            format!("The agency gave {money} back: {reason}. It still has {left}.")
        }
        "task.completed" => format!("A task was completed: {}.", detail("outcome")),
        other => generic(other, event, about, &money),
    }
}

/// What has no sentence of its own: the kind as words, and all that is known.
fn generic(kind: &str, event: &Event, about: &str, money: &str) -> String {
    let mut text = super::capital(&kind.replace(['.', '-'], " "));
    if event.subject.is_some() {
        text.push_str(": ");
        text.push_str(about);
    }
    if !money.is_empty() {
        text.push_str(", ");
        text.push_str(money);
    }
    for (name, value) in &event.details {
        let _ = write!(text, ", {name} {value}");
    }
    text.push('.');
    text
}
