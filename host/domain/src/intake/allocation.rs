//! Money is matched to what is owed.

use crate::contract::ItemKind;
use crate::dossier::{Draft, Movement};
use crate::id::{ItemId, PaymentId};
use crate::ledger::{Disposition, EntryKind, Item, Matched};
use crate::money::Currency;
use crate::policy::Policy;
use crate::time::Date;

use super::charges::adjust_charges;

/// Money to be matched.
#[derive(Debug, Clone, Copy)]
struct Source {
    /// Whose it is; none: credit that came of a void or of interest given back.
    payment: Option<PaymentId>,
    /// Minor units, above 0.
    amount: i64,
    /// The day it counts from: a payment's own, however late it is matched.
    on: Date,
}

/// Matches all credit to what is owed, the oldest due first. Credit of no payment counts
/// from `on`.
pub(super) fn allocate_credit(policy: &Policy, draft: &mut Draft, currency: Currency, on: Date) {
    while let Some(source) = source(draft, currency, on)
        && let Some(item) = oldest(policy, draft, currency)
    {
        allocate(policy, draft, item, source);
    }
}

/// Matches what is left of a payment to an item that it names.
pub(super) fn allocate_payment(policy: &Policy, draft: &mut Draft, item: ItemId, id: PaymentId) {
    let payment = draft.dossier.payments.iter().find(|known| known.id == id);
    let source = payment.map(|payment| Source {
        payment: Some(id),
        amount: payment.unmatched(),
        on: payment.paid_on,
    });
    let owed = draft.dossier.item(item).map_or(0, |item| item.outstanding);
    if let Some(source) = source.filter(|source| source.amount > 0 && owed > 0) {
        allocate(policy, draft, item, source);
    }
}

/// The credit that is matched next: of payments in the order of their days, then the rest.
fn source(draft: &Draft, currency: Currency, on: Date) -> Option<Source> {
    let credit = draft.dossier.credit(currency);
    let unmatched = draft
        .dossier
        .payments
        .iter()
        .filter(|payment| payment.currency == currency && payment.unmatched() > 0)
        .min_by_key(|payment| (payment.paid_on, payment.id))
        .map(|payment| Source {
            payment: Some(payment.id),
            amount: payment.unmatched().min(credit),
            on: payment.paid_on,
        });
    let rest = Source {
        payment: None,
        amount: credit,
        on,
    };
    (credit > 0).then(|| unmatched.unwrap_or(rest))
}

fn oldest(policy: &Policy, draft: &Draft, currency: Currency) -> Option<ItemId> {
    let rank = |kind: ItemKind| {
        let place = policy.allocation.iter().position(|known| *known == kind);
        place.unwrap_or(usize::MAX)
    };
    let is_owed = |item: &&Item| {
        item.currency == currency
            && item.outstanding > 0
            && item.disposition != Disposition::WrittenOff
    };
    draft
        .dossier
        .items
        .iter()
        .filter(is_owed)
        .min_by_key(|item| (item.due_on, rank(item.kind), item.id))
        .map(|item| item.id)
}

/// Matches as much of the money to an item as it needs: something is owed of it.
fn allocate(policy: &Policy, draft: &mut Draft, id: ItemId, source: Source) {
    let Some(item) = draft.dossier.item(id) else {
        return;
    };
    let currency = item.currency;
    let part = item.outstanding.min(source.amount);
    for (item, amount) in [(None, part), (Some(id), -part)] {
        draft.post(Movement {
            currency,
            item,
            kind: EntryKind::Allocation,
            amount,
            payment: source.payment,
            effective_on: source.on,
        });
    }
    let payments = &mut draft.dossier.payments;
    let payment = payments
        .iter_mut()
        .find(|payment| Some(payment.id) == source.payment);
    if let Some(payment) = payment {
        payment.allocated.push(Matched {
            item: id,
            amount: part,
            at: draft.now,
        });
    }
    adjust_charges(policy, draft, id);
}
