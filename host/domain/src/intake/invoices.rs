//! Invoices and what becomes of them.

use std::collections::BTreeSet;

use crate::contract::{DeliveryState, ItemKind};
use crate::dossier::{Draft, Movement, NewIds};
use crate::fact::{FactError, InvoiceFacts};
use crate::id::ItemId;
use crate::ledger::{Disposition, EntryKind, Item};
use crate::money::Money;
use crate::policy::{ChargesOnPaid, Policy};

use super::payments::allocate_credit;
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
        refuse_naming_debtor(draft, "contract", contract)?;
    }
    if facts.due_on < facts.issued_on {
        return Err(FactError::invalid("due_on", "lies before issued_on"));
    }
    if let Ok(known) = find(draft, &facts.reference) {
        return same(&known, facts);
    }
    let is_first = draft.dossier.standing.invoices == 0;
    draft.dossier.standing.invoices = draft.dossier.standing.invoices.saturating_add(1);
    let id = ids.item();
    draft.issue(Item {
        id,
        reference: facts.reference.clone(),
        currency: facts.amount.currency,
        kind: ItemKind::Invoice,
        parent: None,
        contract: facts.contract.clone(),
        issued_on: facts.issued_on,
        due_on: facts.due_on,
        original: facts.amount.minor,
        outstanding: facts.amount.minor,
        disposition: Disposition::Chased,
        delivery: DeliveryState::Unknown,
        is_first,
        marks: BTreeSet::new(),
        interest_until: None,
        settled_at: None,
    });
    let event = draft.event("item.added", Some(id.to_string()), Some(facts.amount.minor));
    draft.enqueue(Some(facts.amount.currency), event);
    allocate_credit(policy, draft, facts.amount.currency);
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

pub(super) fn voided(draft: &mut Draft, invoice: &str) -> Result<Taken, FactError> {
    let item = find(draft, invoice)?;
    if item.disposition == Disposition::Closed && item.outstanding == 0 {
        return Ok(Taken::Known);
    }
    let effective_on = draft.today;
    let charges = charges_of(draft, item.id);
    for (id, outstanding) in charges.into_iter().chain([(item.id, item.outstanding)]) {
        let kind = EntryKind::Void;
        let currency = item.currency;
        if outstanding > 0 {
            draft.post(Movement {
                currency,
                item: Some(id),
                kind,
                amount: -outstanding,
                payment: None,
                effective_on,
            });
        }
        set(draft, id, |item| item.disposition = Disposition::Closed);
    }
    let event = draft.event(
        "item.voided",
        Some(item.id.to_string()),
        Some(item.outstanding),
    );
    draft.enqueue(Some(item.currency), event);
    Ok(Taken::New)
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
    let effective_on = draft.today;
    draft.post(Movement {
        currency: item.currency,
        item: Some(item.id),
        kind: EntryKind::CreditNote,
        amount: -amount.minor,
        payment: None,
        effective_on,
    });
    settle_charges(policy, draft, item.id);
    let event = draft.event(
        "item.credited",
        Some(item.id.to_string()),
        Some(amount.minor),
    );
    draft.enqueue(Some(item.currency), event);
    Ok(Taken::New)
}

fn charges_of(draft: &Draft, parent: ItemId) -> Vec<(ItemId, i64)> {
    draft
        .dossier
        .items
        .iter()
        .filter(|item| item.parent == Some(parent) && item.outstanding > 0)
        .map(|item| (item.id, item.outstanding))
        .collect()
}

/// What becomes of unpaid charges on principal that was paid: the tenant's choice.
pub(super) fn settle_charges(policy: &Policy, draft: &mut Draft, principal: ItemId) {
    let paid = draft
        .dossier
        .item(principal)
        .is_some_and(|item| item.outstanding == 0);
    if !paid || policy.charges_on_paid_principal == ChargesOnPaid::Keep {
        return;
    }
    let effective_on = draft.today;
    for (id, outstanding) in charges_of(draft, principal) {
        let Some(currency) = draft.dossier.item(id).map(|item| item.currency) else {
            continue;
        };
        let kind = EntryKind::Waiver;
        draft.post(Movement {
            currency,
            item: Some(id),
            kind,
            amount: -outstanding,
            payment: None,
            effective_on,
        });
    }
}
