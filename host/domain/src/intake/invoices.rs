//! Invoices and what becomes of them.

use crate::balance::outstanding_of;
use crate::contract::DeliveryState;
use crate::dossier::{Draft, Movement, NewIds};
use crate::fact::{FactError, InvoiceFacts};
use crate::id::ItemId;
use crate::ledger::{Disposition, EntryKind, Item};
use crate::money::{Money, SUM_MAX};
use crate::policy::Policy;
use crate::time::Date;

use super::allocation::allocate_credit;
use super::charges::settle_charges;
use super::people::refuse_naming_debtor;
use super::{Taken, line};

/// The item of a reference.
pub(super) fn find(draft: &Draft, reference: &str) -> Result<Item, FactError> {
    draft
        .dossier
        .items
        .iter()
        .find(|item| item.reference == reference)
        .cloned()
        .ok_or_else(|| FactError::UnknownInvoice(reference.to_owned()))
}

/// An amount of a fact lies above 0.
pub(super) fn positive(field: &'static str, amount: Money) -> Result<(), FactError> {
    if amount.minor <= 0 {
        return Err(FactError::invalid(field, "is not above 0"));
    }
    Ok(())
}

pub(super) fn issued(
    policy: &Policy,
    draft: &mut Draft,
    facts: &InvoiceFacts,
    ids: NewIds,
) -> Result<Taken, FactError> {
    line("reference", &facts.reference, 128)?;
    positive("amount", facts.amount)?;
    if let Some(contract) = &facts.contract {
        line("contract", contract, 128)?;
        refuse_naming_debtor(draft, "contract", contract)?;
    }
    if facts.due_on < facts.issued_on {
        return Err(FactError::invalid("due_on", "lies before issued_on"));
    }
    if let Ok(known) = find(draft, &facts.reference) {
        return same(&known, facts);
    }
    let owed = outstanding_of(&draft.dossier.items, facts.amount.currency, &[]);
    if owed.saturating_add(facts.amount.minor) > SUM_MAX {
        let most = Money::new(SUM_MAX, facts.amount.currency);
        let text = format!("would bring what the customer owes above {most}");
        return Err(FactError::invalid("amount", text));
    }
    let is_first = draft.dossier.standing.invoices == 0;
    draft.dossier.standing.invoices = draft.dossier.standing.invoices.saturating_add(1);
    let id = ids.item();
    draft.issue(Item {
        contract: facts.contract.clone(),
        issued_on: facts.issued_on,
        is_first,
        ..Item::new(id, facts.reference.clone(), facts.amount, facts.due_on)
    });
    let event = draft.event("item.added", Some(id.to_string()), Some(facts.amount.minor));
    draft.enqueue(Some(facts.amount.currency), event);
    let today = draft.today;
    allocate_credit(policy, draft, facts.amount.currency, today);
    Ok(Taken::New)
}

fn same(known: &Item, facts: &InvoiceFacts) -> Result<Taken, FactError> {
    let differs = |field| {
        Err(FactError::InvoiceDiffers {
            reference: facts.reference.clone(),
            field,
        })
    };
    if known.currency != facts.amount.currency {
        return differs("currency");
    }
    if known.original != facts.amount.minor {
        return differs("amount");
    }
    if known.due_on != facts.due_on {
        return differs("due date");
    }
    Ok(Taken::Known)
}

pub(super) fn delivery(
    draft: &mut Draft,
    invoice: &str,
    state: DeliveryState,
) -> Result<Taken, FactError> {
    let item = find(draft, invoice)?;
    if item.delivery == state {
        return Ok(Taken::Known);
    }
    set(draft, item.id, |item| item.delivery = state);
    let kind = match state {
        DeliveryState::Bounced => "invoice.bounced",
        DeliveryState::Opened => "invoice.opened",
        DeliveryState::Delivered => "invoice.delivered",
        DeliveryState::Sent | DeliveryState::Unknown => "invoice.sent",
    };
    let event = draft.event(kind, Some(item.id.to_string()), None);
    draft.enqueue(Some(item.currency), event);
    Ok(Taken::New)
}

fn set(draft: &mut Draft, id: ItemId, change: impl FnOnce(&mut Item)) {
    if let Some(item) = draft.dossier.items.iter_mut().find(|item| item.id == id) {
        change(item);
    }
}

/// What was never owed: nothing of it is left, nor of the charges on it, and what was paid
/// of them becomes credit, from the days it was paid on.
pub(super) fn voided(
    policy: &Policy,
    draft: &mut Draft,
    invoice: &str,
) -> Result<Taken, FactError> {
    let item = find(draft, invoice)?;
    if item.marks.contains(VOIDED) {
        return Ok(Taken::Known);
    }
    let mut released = void(draft, &item);
    let charges: Vec<_> = draft
        .dossier
        .items
        .iter()
        .filter(|charge| charge.parent == Some(item.id))
        .cloned()
        .collect();
    for charge in charges {
        released.extend(void(draft, &charge));
    }
    let event = draft.event(
        "item.voided",
        Some(item.id.to_string()),
        Some(item.outstanding),
    );
    draft.enqueue(Some(item.currency), event);
    released.sort_unstable();
    for (on, amount) in released {
        draft.post(Movement {
            currency: item.currency,
            item: None,
            kind: EntryKind::Reversal,
            amount: -amount,
            payment: None,
            effective_on: on,
        });
        allocate_credit(policy, draft, item.currency, on);
    }
    Ok(Taken::New)
}

/// The mark of a voided item.
const VOIDED: &str = "voided";

/// Voids one item; returns what was paid of it, by day.
fn void(draft: &mut Draft, item: &Item) -> Vec<(Date, i64)> {
    let paid = item.paid_by_day();
    let today = draft.today;
    for (on, amount) in &paid {
        post(draft, item, EntryKind::Reversal, *amount, *on);
    }
    let all = item.outstanding + item.paid();
    if all > 0 {
        post(draft, item, EntryKind::Void, -all, today);
    }
    set(draft, item.id, |item| {
        item.disposition = Disposition::Closed;
        item.marks.insert(VOIDED.to_owned());
    });
    paid
}

/// A movement of an item without a payment of its own.
pub(super) fn post(draft: &mut Draft, item: &Item, kind: EntryKind, amount: i64, on: Date) {
    draft.post(Movement {
        currency: item.currency,
        item: Some(item.id),
        kind,
        amount,
        payment: None,
        effective_on: on,
    });
}

pub(super) fn credit_note(
    policy: &Policy,
    draft: &mut Draft,
    invoice: &str,
    reference: &str,
    amount: Money,
) -> Result<Taken, FactError> {
    line("reference", reference, 128)?;
    positive("amount", amount)?;
    let item = find(draft, invoice)?;
    if item.currency != amount.currency {
        return Err(FactError::invalid(
            "amount",
            format!("is not in the invoice's {}", item.currency),
        ));
    }
    let name = format!("credit-note/{reference}");
    if item.marks.contains(&name) {
        return Ok(Taken::Known);
    }
    if amount.minor > item.outstanding {
        return Err(FactError::invalid(
            "amount",
            "is more than what is outstanding",
        ));
    }
    set(draft, item.id, |item| {
        item.marks.insert(name);
    });
    // What is credited was never owed: no day of it bears interest.
    let on = item.issued_on;
    post(draft, &item, EntryKind::CreditNote, -amount.minor, on);
    settle_charges(policy, draft, item.id);
    let event = draft.event(
        "item.credited",
        Some(item.id.to_string()),
        Some(amount.minor),
    );
    draft.enqueue(Some(item.currency), event);
    Ok(Taken::New)
}
