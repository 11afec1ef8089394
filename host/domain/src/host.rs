//! The host's own moves: no plugin is asked.

mod drafts;
mod opening;
mod timers;
mod transfer;

use crate::advance;
use crate::case::{Case, CaseState, End};
use crate::contract::EffectState;
use crate::dossier::Draft;
use crate::id::CaseId;
use crate::plan::{Rule, is_about_hold, overrun_reason};
use crate::tenant::Tenant;
use crate::timeline::Happening;
use crate::workflow::{Span, Workflow};

pub(crate) use drafts::finish;

/// Makes a move of the host's own.
pub fn act(tenant: &Tenant, draft: &mut Draft, rule: &Rule) {
    match rule {
        Rule::Open { currency } => opening::open(tenant, draft, *currency),
        Rule::Absorb { fact } => absorb(tenant, draft, *fact),
        Rule::SettleCover { cover, how } => timers::settle(tenant, draft, *cover, *how),
        Rule::ExpireOffer { effect } => timers::expire(tenant, draft, *effect),
        Rule::SendDraft { task } => drafts::send(tenant, draft, *task),
        Rule::Reopen { case, fact } => {
            draft
                .dossier
                .inbox
                .retain(|waiting| waiting.number != *fact);
            in_case(tenant, draft, *case, opening::reopen);
        }
        Rule::Transfer { case } => transfer::transfer(tenant, draft, *case),
        Rule::Resolve { case } => in_case(tenant, draft, *case, resolve),
        Rule::Rewind { case, to } => in_case(tenant, draft, *case, |draft, workflow, case| {
            rewind(draft, workflow, case, to);
        }),
        Rule::Replan { case } => in_case(tenant, draft, *case, advance::replan_and_tell),
        Rule::Leave { case } => in_case(tenant, draft, *case, leave_armed),
        Rule::PassOver { case, to } => in_case(tenant, draft, *case, |draft, workflow, case| {
            opening::pass_over(draft, workflow, case, to.as_deref());
        }),
        Rule::EnterLate { case, to } => in_case(tenant, draft, *case, |draft, workflow, case| {
            opening::enter_late(draft, workflow, case, to);
        }),
        Rule::Overrun { case } => in_case(tenant, draft, *case, overrun),
    }
}

/// Runs a transition of a case. Where it does not note the anchor itself, a move of it is
/// still to be looked at.
fn in_case(
    tenant: &Tenant,
    draft: &mut Draft,
    case: CaseId,
    act: impl FnOnce(&mut Draft, &Workflow, CaseId),
) {
    let Some(reference) = draft.dossier.case(case).map(|case| case.workflow.clone()) else {
        return;
    };
    let Some(workflow) = tenant.workflows.get(&reference) else {
        return;
    };
    draft.begin_transition(case);
    act(draft, workflow, case);
    advance::replan(draft, workflow, case);
}

fn rewind(draft: &mut Draft, workflow: &Workflow, case: CaseId, to: &str) {
    let Some(from) = draft.dossier.case(case).map(|case| case.stage().to_owned()) else {
        return;
    };
    cancel_letters(draft, case, "rewound");
    advance::note_anchor(draft, workflow, case);
    advance::wait_for(draft, workflow, case, to);
    let told = Happening::Rewound {
        from,
        to: to.to_owned(),
        anchor: draft.dossier.case(case).and_then(|case| case.anchor),
    };
    draft.tell(Some(case), told);
}

fn overrun(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    let limit = overrun_reason();
    draft.tell(
        Some(case),
        Happening::LimitMet {
            limit: limit.clone(),
        },
    );
    let title = "This case moves too often: look at its workflow";
    let span = Span::days(7);
    advance::hold_with_task(draft, workflow, case, span, title, "collections", &limit);
}

fn resolve(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    let thanks = workflow.paid.as_deref().filter(|thanks| {
        draft
            .dossier
            .case(case)
            .is_some_and(|case| case.stage() != *thanks)
    });
    match thanks {
        Some(stage) => {
            cancel_letters(draft, case, "paid");
            let from = draft
                .dossier
                .case(case)
                .map(|case| case.stage().to_owned())
                .unwrap_or_default();
            draft.tell(
                Some(case),
                Happening::StageLeft {
                    stage: from,
                    outcome: "paid".to_owned(),
                },
            );
            advance::note_anchor(draft, workflow, case);
            advance::wait_for(draft, workflow, case, stage);
        }
        None => advance::end(draft, workflow, case, End::Resolved),
    }
}

fn leave_armed(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    let Some(Case {
        state: CaseState::Visiting(visit),
        ..
    }) = draft.case_mut(case)
    else {
        return;
    };
    let Some(armed) = visit.armed.take() else {
        return;
    };
    let stage = visit.stage.clone();
    if let Some(stage) = workflow.stage(&stage) {
        advance::leave(draft, workflow, stage, case, &armed.outcome);
    }
}

/// Takes back what waits in the outbox for a debtor.
fn cancel_letters(draft: &mut Draft, case: CaseId, because: &str) {
    advance::cancel_where(draft, case, because, |effect| {
        effect.state == EffectState::Queued && effect.letter.is_some()
    });
}

fn absorb(tenant: &Tenant, draft: &mut Draft, fact: u64) {
    let absorbed = draft
        .dossier
        .inbox
        .iter()
        .position(|waiting| waiting.number == fact)
        .and_then(|at| draft.dossier.inbox.remove(at));
    // Another coming invoice may be the next that is due; and a timer that a hold keeps back
    // is not late for that.
    let waiting = absorbed
        .and_then(|fact| {
            let case = draft.dossier.open_case(fact.currency?)?;
            let is_moved = is_about_hold(&fact.event);
            let CaseState::Waiting(waiting) = &case.state else {
                return None;
            };
            (is_moved || waiting.planned > draft.now).then_some(case)
        })
        .map(|case| (case.id, case.workflow.clone()));
    if let Some((case, reference)) = waiting
        && let Some(workflow) = tenant.workflows.get(&reference)
    {
        advance::replan(draft, workflow, case);
    }
}
