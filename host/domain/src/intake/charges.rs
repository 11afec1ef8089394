//! What becomes of fees and interest when their principal changes.

use crate::dossier::Draft;
use crate::id::ItemId;
use crate::interest;
use crate::ledger::{EntryKind, Item};
use crate::policy::{ChargesOnPaid, Policy};
use crate::time::Date;

use super::allocation::allocate_credit;
use super::invoices::post;

/// After a change of principal: interest that it bears no longer is taken off, and what
/// that gives back is matched; if it was paid in full, unpaid charges go the tenant's way.
pub(super) fn settle_charges(policy: &Policy, draft: &mut Draft, principal: ItemId) {
    adjust_charges(policy, draft, principal);
    allocate_given_back(policy, draft);
}

/// [`settle_charges`], and what is given back stays credit.
pub(super) fn adjust_charges(policy: &Policy, draft: &mut Draft, principal: ItemId) {
    // Before anything is waived: what is waived was not paid, and is not given back.
    interest::adjust(draft, principal);
    let is_paid = draft
        .dossier
        .item(principal)
        .is_some_and(|item| item.outstanding == 0);
    if is_paid && policy.charges_on_paid_principal == ChargesOnPaid::Waive {
        waive(draft, |charge| charge.parent == Some(principal));
    }
}

/// Waives what is left of some items.
fn waive(draft: &mut Draft, which: impl Fn(&Item) -> bool) {
    let today = draft.today;
    let items = draft.dossier.items.iter();
    let waived: Vec<_> = items
        .filter(|item| item.outstanding > 0 && which(item))
        .cloned()
        .collect();
    for item in waived {
        post(draft, &item, EntryKind::Waiver, -item.outstanding, today);
    }
}

/// A hold from today on: terms may suspend interest on its days.
pub(super) fn suspend_interest(policy: &Policy, draft: &mut Draft, reason: &str, until: Date) {
    interest::suspend(draft, reason, until);
    allocate_given_back(policy, draft);
}

fn allocate_given_back(policy: &Policy, draft: &mut Draft) {
    let today = draft.today;
    for currency in draft.dossier.currencies() {
        allocate_credit(policy, draft, currency, today);
    }
}
