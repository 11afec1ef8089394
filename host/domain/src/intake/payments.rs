//! Payments: pending, received, failed, reversed.

use crate::carry;
use crate::contract::{CoverKind, Decline, ItemKind};
use crate::cover::{Cover, CoverState};
use crate::dossier::{Draft, Movement, NewIds};
use crate::fact::{FactError, PaymentFacts};
use crate::id::{ItemId, PaymentId};
use crate::ledger::{Disposition, EntryKind, Payment, PaymentState};
use crate::money::Currency;
use crate::policy::Policy;
use crate::time::{Date, plus_days};

use super::invoices::{find, positive, settle_charges};
use super::people::refuse_naming_debtor;
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
    draft.enqueue(Some(payment.currency), event);
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
    put(draft, payment);
    let mut event = draft.event(
        "payment.received",
        named.first().map(ToString::to_string),
        Some(amount),
    );
    event.on = paid_on;
    draft.enqueue(Some(currency), event);
    for item in named {
        allocate(policy, draft, *item, Some(id), paid_on);
    }
    allocate_rest(policy, draft, currency, Some(id), paid_on);
}

/// Matches unmatched credit, oldest due first.
pub(super) fn allocate_credit(policy: &Policy, draft: &mut Draft, currency: Currency) {
    let today = draft.today;
    allocate_rest(policy, draft, currency, None, today);
}

fn allocate_rest(
    policy: &Policy,
    draft: &mut Draft,
    currency: Currency,
    payment: Option<PaymentId>,
    on: Date,
) {
    if draft.dossier.credit(currency) == 0 {
        return;
    }
    let rank = |kind: ItemKind| {
        policy
            .allocation
            .iter()
            .position(|k| *k == kind)
            .unwrap_or(usize::MAX)
    };
    let mut open: Vec<_> = draft
        .dossier
        .items
        .iter()
        .filter(|item| {
            item.currency == currency
                && item.outstanding > 0
                && item.disposition != Disposition::WrittenOff
        })
        .map(|item| (item.due_on, rank(item.kind), item.id))
        .collect();
    open.sort_unstable();
    for (_, _, item) in open {
        allocate(policy, draft, item, payment, on);
    }
}

/// Matches as much credit to an item as it needs and there is.
fn allocate(policy: &Policy, draft: &mut Draft, id: ItemId, payment: Option<PaymentId>, on: Date) {
    let Some(item) = draft.dossier.item(id) else {
        return;
    };
    let (currency, outstanding, due_on, kind_of) =
        (item.currency, item.outstanding, item.due_on, item.kind);
    let part = outstanding.min(draft.dossier.credit(currency));
    if part <= 0 {
        return;
    }
    let kind = EntryKind::Allocation;
    draft.post(Movement {
        currency,
        item: None,
        kind,
        amount: part,
        payment,
        effective_on: on,
    });
    draft.post(Movement {
        currency,
        item: Some(id),
        kind,
        amount: -part,
        payment,
        effective_on: on,
    });
    if let Some(payment) =
        payment.and_then(|id| draft.dossier.payments.iter_mut().find(|p| p.id == id))
    {
        payment.allocated.push((id, part));
    }
    if part == outstanding && kind_of == ItemKind::Invoice {
        count_paid(draft, due_on, on);
        settle_charges(policy, draft, id);
    }
}

fn count_paid(draft: &mut Draft, due_on: Date, paid_on: Date) {
    let standing = &mut draft.dossier.standing;
    let late = crate::balance::days_between(due_on, paid_on).max(0);
    standing.invoices_paid = standing.invoices_paid.saturating_add(1);
    if late > 0 {
        standing.invoices_paid_late = standing.invoices_paid_late.saturating_add(1);
    }
    standing.days_late_sum = standing.days_late_sum.saturating_add(i64::from(late));
    standing.worst_days_late = standing.worst_days_late.max(late);
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
    draft.enqueue(Some(payment.currency), event);
    put(draft, payment);
    Ok(Taken::New)
}

/// Takes back what a payment paid. Items owe it again; what cannot be taken from credit,
/// because it was matched to something else since, is taken from there, newest first.
pub(super) fn reversed(
    policy: &Policy,
    draft: &mut Draft,
    reference: &str,
    code: &str,
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
    let (currency, id, on) = (payment.currency, Some(payment.id), draft.today);
    let kind = EntryKind::Reversal;
    let mut unmatched = payment.amount;
    for (item, part) in payment.allocated.drain(..) {
        unmatched -= part;
        draft.post(Movement {
            currency,
            item: Some(item),
            kind,
            amount: part,
            payment: id,
            effective_on: on,
        });
    }
    let from_credit = unmatched.min(draft.dossier.credit(currency));
    if from_credit > 0 {
        draft.post(Movement {
            currency,
            item: None,
            kind,
            amount: from_credit,
            payment: id,
            effective_on: on,
        });
    }
    take_back(draft, currency, unmatched - from_credit, id);
    payment.state = PaymentState::Reversed;
    let mut event = draft.event("payment.reversed", None, Some(payment.amount));
    event.details = vec![("code".to_owned(), code.to_owned())];
    draft.enqueue(Some(currency), event);
    put(draft, payment);
    // Other credit pays what is owed again.
    allocate_credit(policy, draft, currency);
    Ok(Taken::New)
}

fn take_back(draft: &mut Draft, currency: Currency, mut missing: i64, payment: Option<PaymentId>) {
    let on = draft.today;
    let items: Vec<_> = draft
        .dossier
        .items
        .iter()
        .rev()
        .filter(|item| item.currency == currency && item.outstanding < item.original)
        .map(|item| (item.id, item.original - item.outstanding))
        .collect();
    for (item, paid) in items {
        let part = missing.min(paid);
        if part > 0 {
            let kind = EntryKind::Reversal;
            draft.post(Movement {
                currency,
                item: Some(item),
                kind,
                amount: part,
                payment,
                effective_on: on,
            });
            missing -= part;
        }
    }
}
