//! Payments: pending, received, failed, reversed.

use crate::carry;
use crate::contract::{CoverKind, Decline, ItemKind};
use crate::cover::{Cover, CoverState};
use crate::dossier::{Draft, Movement, NewIds};
use crate::fact::{FactError, PaymentFacts};
use crate::id::ItemId;
use crate::ledger::{EntryKind, Item, Matched, Payment, PaymentState};
use crate::money::Money;
use crate::policy::Policy;
use crate::time::{Date, plus_days};

use super::allocation::{allocate_credit, allocate_payment};
use super::invoices::{find, positive};
use super::people::refuse_naming_debtor;
use super::reopening::chase_again;
use super::{Taken, line};

pub(super) fn payment(
    policy: &Policy,
    draft: &mut Draft,
    facts: &PaymentFacts,
    ids: NewIds,
) -> Result<Taken, FactError> {
    line("reference", &facts.reference, 128)?;
    positive("amount", facts.amount)?;
    let named = facts
        .invoices
        .iter()
        .map(|reference| find(draft, reference).map(|item| item.id))
        .collect::<Result<Vec<_>, _>>()?;
    let known = draft
        .dossier
        .payments
        .iter()
        .find(|payment| payment.reference == facts.reference)
        .cloned();
    let payment = match known {
        Some(known) => match again(&known, facts)? {
            Some(taken) => return Ok(taken),
            None => known,
        },
        None => Payment {
            id: ids.payment(),
            reference: facts.reference.clone(),
            currency: facts.amount.currency,
            amount: facts.amount.minor,
            state: PaymentState::Pending,
            paid_on: facts.paid_on,
            allocated: Vec::new(),
        },
    };
    if facts.pending {
        pend(policy, draft, payment, named, ids);
    } else {
        receive(policy, draft, payment, &named, facts.paid_on);
    }
    Ok(Taken::New)
}

/// What a payment that is known already means: none where it now succeeds.
fn again(known: &Payment, facts: &PaymentFacts) -> Result<Option<Taken>, FactError> {
    let reference = || facts.reference.clone();
    if known.currency != facts.amount.currency {
        return Err(FactError::PaymentDiffers {
            reference: reference(),
            field: "currency",
        });
    }
    if known.amount != facts.amount.minor {
        return Err(FactError::PaymentDiffers {
            reference: reference(),
            field: "amount",
        });
    }
    match (known.state, facts.pending) {
        (PaymentState::Pending, false) => Ok(None),
        (PaymentState::Pending, true) | (PaymentState::Succeeded, false) => Ok(Some(Taken::Known)),
        (state, _) => Err(FactError::PaymentState {
            reference: reference(),
            state: state_name(state),
        }),
    }
}

const fn state_name(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Pending => "pending",
        PaymentState::Succeeded => "received already",
        PaymentState::Failed => "known to have failed",
        PaymentState::Reversed => "known to be reversed",
    }
}

fn put(draft: &mut Draft, payment: Payment) {
    match draft
        .dossier
        .payments
        .iter_mut()
        .find(|known| known.id == payment.id)
    {
        Some(known) => *known = payment,
        None => draft.dossier.payments.push(payment),
    }
}

fn pend(policy: &Policy, draft: &mut Draft, payment: Payment, items: Vec<ItemId>, ids: NewIds) {
    let cover = Cover {
        id: ids.cover(),
        kind: CoverKind::Pending,
        currency: payment.currency,
        source: payment.reference.clone(),
        items,
        amount: Some(payment.amount),
        until: Some(plus_days(draft.today, i64::from(policy.pending_days))),
        schedule: Vec::new(),
        baseline: 0,
        began_at: draft.now,
        state: CoverState::Active,
    };
    let case = draft
        .dossier
        .open_case(payment.currency)
        .map(|case| case.id);
    carry::begin_cover(draft, case, cover);
    let event = draft.event("payment.pending", None, Some(payment.amount));
    draft.enqueue_payment(&payment.reference, payment.currency, event);
    put(draft, payment);
}

fn receive(
    policy: &Policy,
    draft: &mut Draft,
    mut payment: Payment,
    named: &[ItemId],
    paid_on: Date,
) {
    let (id, currency, amount) = (payment.id, payment.currency, payment.amount);
    lift_pending(draft, &payment.reference, CoverState::Kept);
    payment.state = PaymentState::Succeeded;
    payment.paid_on = paid_on;
    let kind = EntryKind::Receipt;
    draft.post(Movement {
        currency,
        item: None,
        kind,
        amount: -amount,
        payment: Some(id),
        effective_on: paid_on,
    });
    draft.dossier.standing.last_payment = Some(draft.now);
    let reference = payment.reference.clone();
    put(draft, payment);
    let mut event = draft.event(
        "payment.received",
        named.first().map(ToString::to_string),
        Some(amount),
    );
    event.on = paid_on;
    draft.enqueue_payment(&reference, currency, event);
    for item in named {
        allocate_payment(policy, draft, *item, id);
    }
    let today = draft.today;
    allocate_credit(policy, draft, currency, today);
}

fn lift_pending(draft: &mut Draft, reference: &str, how: CoverState) {
    for cover in &mut draft.dossier.covers {
        if cover.kind == CoverKind::Pending && cover.is_active() && cover.source == reference {
            cover.state = how;
        }
    }
}

fn known(draft: &Draft, reference: &str) -> Result<Payment, FactError> {
    draft
        .dossier
        .payments
        .iter()
        .find(|payment| payment.reference == reference)
        .cloned()
        .ok_or_else(|| FactError::UnknownPayment(reference.to_owned()))
}

pub(super) fn failed(
    draft: &mut Draft,
    reference: &str,
    code: &str,
    is_hard: bool,
) -> Result<Taken, FactError> {
    line("code", code, 64)?;
    refuse_naming_debtor(draft, "code", code)?;
    let mut payment = known(draft, reference)?;
    match payment.state {
        PaymentState::Pending => {}
        PaymentState::Failed => return Ok(Taken::Known),
        state => {
            return Err(FactError::PaymentState {
                reference: reference.to_owned(),
                state: state_name(state),
            });
        }
    }
    payment.state = PaymentState::Failed;
    lift_pending(draft, reference, CoverState::Broken);
    draft.dossier.standing.last_decline = Some(Decline {
        code: code.to_owned(),
        is_hard,
        at: draft.now,
    });
    let mut event = draft.event("payment.failed", None, Some(payment.amount));
    event.details = vec![
        ("code".to_owned(), code.to_owned()),
        ("hard".to_owned(), is_hard.to_string()),
    ];
    draft.enqueue_payment(reference, payment.currency, event);
    put(draft, payment);
    Ok(Taken::New)
}

/// Takes back what a payment paid: the same items owe the same again.
pub(super) fn reversed(
    policy: &Policy,
    draft: &mut Draft,
    reference: &str,
    code: &str,
    ids: NewIds,
) -> Result<Taken, FactError> {
    line("code", code, 64)?;
    refuse_naming_debtor(draft, "code", code)?;
    let mut payment = known(draft, reference)?;
    match payment.state {
        PaymentState::Succeeded => {}
        PaymentState::Reversed => return Ok(Taken::Known),
        state => {
            return Err(FactError::PaymentState {
                reference: reference.to_owned(),
                state: state_name(state),
            });
        }
    }
    let currency = payment.currency;
    let paid: Vec<ItemId> = payment.allocated.iter().map(|part| part.item).collect();
    let missing = take_back(draft, &mut payment);
    chase_again(policy, draft, &paid);
    if missing > 0 {
        owe_again(draft, &payment, missing, ids);
    }
    payment.state = PaymentState::Reversed;
    let mut event = draft.event("payment.reversed", None, Some(payment.amount));
    event.details = vec![("code".to_owned(), code.to_owned())];
    draft.enqueue_payment(reference, currency, event);
    put(draft, payment);
    // Other credit pays what is owed again.
    let today = draft.today;
    allocate_credit(policy, draft, currency, today);
    Ok(Taken::New)
}

/// Takes a payment's money back from where it went: the items it paid, then credit. Returns
/// what is left to be taken back, minor units.
fn take_back(draft: &mut Draft, payment: &mut Payment) -> i64 {
    let mut left = payment.amount;
    let mut from_credit = payment.unmatched();
    let mut post = |draft: &mut Draft, item, amount| {
        if amount > 0 {
            left -= amount;
            draft.post(Movement {
                currency: payment.currency,
                item,
                kind: EntryKind::Reversal,
                amount,
                payment: Some(payment.id),
                effective_on: draft.today,
            });
        }
    };
    for Matched { item, amount, at } in std::mem::take(&mut payment.allocated) {
        // An item that was voided since gave its money to the credit of no payment.
        let paid = draft.dossier.item(item).map_or(0, Item::paid);
        let back = amount.min(paid);
        draft.owe_as_before(item, back, at);
        post(draft, Some(item), back);
        from_credit += amount - back;
    }
    let others: i64 = draft
        .dossier
        .payments
        .iter()
        .filter(|other| other.currency == payment.currency && other.id != payment.id)
        .map(Payment::unmatched)
        .sum();
    let credit = draft.dossier.credit(payment.currency) - others;
    post(draft, None, from_credit.min(credit));
    left
}

/// What was taken back and is nowhere to be found, because a voided item gave it to credit
/// that was spent since, is owed as an item of its own.
fn owe_again(draft: &mut Draft, payment: &Payment, amount: i64, ids: NewIds) {
    draft.issue(Item {
        kind: ItemKind::OtherCharge,
        ..Item::new(
            ids.item(),
            format!("{}:reversed", payment.reference),
            Money::new(amount, payment.currency),
            draft.today,
        )
    });
}
