//! A case's end, and what is taken back with it.

use crate::balance::View;
use crate::carry;
use crate::case::{CaseState, End};
use crate::contract::EffectState;
use crate::dossier::Draft;
use crate::effect::{Effect, TaskState};
use crate::handover;
use crate::id::CaseId;
use crate::ledger::Disposition;
use crate::time::plus_days;
use crate::timeline::Happening;
use crate::workflow::Workflow;

/// Takes back effects of a case that are not handed over.
pub fn cancel_where(
    draft: &mut Draft,
    case: CaseId,
    because: &str,
    which: impl Fn(&Effect) -> bool,
) {
    let keys: Vec<_> = draft
        .dossier
        .effects
        .iter()
        .filter(|effect| effect.key.case == case && which(effect))
        .map(|effect| effect.key)
        .collect();
    for key in keys {
        handover::set(draft, key, EffectState::Cancelled, because);
    }
}

/// Ends a case: its items get their disposition, its offers and tasks are dropped, and what
/// waits in the outbox for the sake of its debt is cancelled.
pub fn end(draft: &mut Draft, workflow: &Workflow, id: CaseId, end: End) {
    let (now, today) = (draft.now, draft.today);
    let Some(case) = draft.case_mut(id) else {
        return;
    };
    let stage = case.stage().to_owned();
    let currency = case.currency;
    case.state = CaseState::Ended {
        end,
        at: now,
        stage,
    };
    let disposition = match end {
        End::Resolved => None,
        End::Returned | End::Closed => Some(Disposition::Closed),
        End::WrittenOff => Some(Disposition::WrittenOff),
    };
    if let Some(disposition) = disposition {
        // A case that ends while nothing is overdue was about what is coming due: left
        // chased, that would open the next case at once, and so on.
        let tolerance = workflow.tolerance(currency);
        let last_due = match View::of(&draft.dossier, currency, today, tolerance).coming {
            Some(_) => plus_days(today, i64::from(workflow.first_day().min(0)).abs()),
            None => plus_days(today, -1),
        };
        let items: Vec<_> = draft
            .dossier
            .items
            .iter_mut()
            .filter(|item| item.currency == currency && item.is_open() && item.due_on <= last_due)
            .map(|item| {
                item.disposition = disposition;
                item.id
            })
            .collect();
        if end == End::WrittenOff {
            for item in items {
                carry::write_off(draft, item);
            }
        }
    }
    // What an agency was paid for is no longer with it: it does not hold up a later case.
    for item in &mut draft.dossier.items {
        if item.currency == currency && item.disposition == Disposition::Placed {
            item.disposition = Disposition::Chased;
        }
    }
    cancel_where(draft, id, "case-ended", |effect| {
        let is_queued = effect.state == EffectState::Queued;
        is_queued && effect.is_for_the_debt() || effect.is_open_offer()
    });
    for task in draft
        .dossier
        .tasks
        .iter_mut()
        .filter(|task| task.case == id)
    {
        if !matches!(task.state, TaskState::Completed { .. }) {
            task.state = TaskState::Dropped;
        }
    }
    draft.tell(Some(id), Happening::CaseEnded { end });
}
