//! What ended by itself: covers and offers.

use crate::advance;
use crate::carry;
use crate::contract::{CoverKind, EffectState};
use crate::cover::CoverState;
use crate::dossier::Draft;
use crate::effect::EffectKey;
use crate::handover;
use crate::id::CoverId;
use crate::tenant::Tenant;

/// A cover ended by itself; the inbox hears how.
pub(super) fn settle(tenant: &Tenant, draft: &mut Draft, id: CoverId, how: CoverState) {
    let Some(cover) = draft.dossier.covers.iter().find(|cover| cover.id == id) else {
        return;
    };
    let (kind, currency, amount) = (cover.kind, cover.currency, cover.amount);
    let payment = (kind == CoverKind::Pending).then(|| cover.source.clone());
    // What else a cover is called by, a payment's reference or a hold's reason, is the
    // tenant's own word and may name somebody.
    let subject = match (kind, cover.items.as_slice()) {
        (CoverKind::Plan, _) => Some(cover.source.clone()),
        (CoverKind::Dispute, [item]) => Some(item.to_string()),
        _ => None,
    };
    let standing = &mut draft.dossier.standing;
    let fact = match (kind, how) {
        (CoverKind::Promise, CoverState::Kept) => {
            standing.promises_kept = standing.promises_kept.saturating_add(1);
            "promise.kept"
        }
        // Nothing is left of it to be paid: whoever waits for its end goes on, but no money
        // kept it, and the debtor's past does not say so.
        (CoverKind::Promise, CoverState::Lifted) => "promise.kept",
        (CoverKind::Plan, CoverState::Lifted) => "plan.completed",
        (CoverKind::Promise, _) => {
            standing.promises_broken = standing.promises_broken.saturating_add(1);
            "promise.broken"
        }
        (CoverKind::Plan, CoverState::Kept) => {
            standing.plans_completed = standing.plans_completed.saturating_add(1);
            "plan.completed"
        }
        (CoverKind::Plan, _) => {
            standing.plans_broken = standing.plans_broken.saturating_add(1);
            "plan.broken"
        }
        (CoverKind::Hold, _) => "hold.ended",
        (CoverKind::Pending, _) => "payment.lapsed",
        (CoverKind::Dispute, _) => "dispute.lapsed",
    };
    let case = draft
        .dossier
        .open_case(currency)
        .map(|case| (case.id, case.workflow.clone()));
    if let Some((case, _)) = case {
        draft.begin_transition(case);
    }
    carry::end_cover(draft, case.as_ref().map(|(case, _)| *case), id, how);
    let event = draft.event(fact, subject, amount);
    match payment {
        Some(payment) => draft.enqueue_payment(&payment, currency, event),
        None => draft.enqueue(Some(currency), event),
    }
    if let Some((case, reference)) = case
        && let Some(workflow) = tenant.workflows.get(&reference)
    {
        advance::replan(draft, workflow, case);
    }
}

/// An offer ran out; the inbox hears of it.
pub(super) fn expire(tenant: &Tenant, draft: &mut Draft, key: EffectKey) {
    let Some(case) = draft.dossier.case(key.case) else {
        return;
    };
    let (currency, reference) = (case.currency, case.workflow.clone());
    draft.begin_transition(key.case);
    let proposal = handover::set(draft, key, EffectState::Failed, "expired");
    let event = draft.event("offer.expired", proposal, None);
    draft.enqueue(Some(currency), event);
    if let Some(workflow) = tenant.workflows.get(&reference) {
        advance::replan(draft, workflow, key.case);
    }
}
