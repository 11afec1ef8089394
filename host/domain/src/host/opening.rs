//! A case begins, comes back, or passes stages over.

use crate::advance;
use crate::balance::View;
use crate::case::{Case, CaseState, End, Pace};
use crate::dossier::Draft;
use crate::id::{CaseId, derived};
use crate::money::Currency;
use crate::plan::last_rung;
use crate::tenant::Tenant;
use crate::timeline::Happening;
use crate::workflow::{LateEntry, Workflow};

/// A case begins.
pub(super) fn open(tenant: &Tenant, draft: &mut Draft, currency: Currency) {
    let Some(workflow) = tenant.assigned(&draft.dossier.customer, currency) else {
        return;
    };
    let view = View::of(
        &draft.dossier,
        currency,
        draft.today,
        workflow.tolerance(currency),
    );
    let days_overdue = view.days_overdue;
    let anchor = view.anchor;
    let Some(stage) = workflow.entry(days_overdue).map(|stage| stage.id.clone()) else {
        return;
    };
    // The customer's count of facts and entries tells this case from any other of theirs.
    let nth = draft.dossier.standing.timeline_entries;
    let id = CaseId(derived(
        CaseId(draft.dossier.customer.id.0),
        nth,
        currency.code(),
        0,
    ));
    draft.dossier.cases.push(Case {
        id,
        currency,
        workflow: workflow.reference.clone(),
        opened_at: draft.now,
        sequence: 0,
        anchor,
        state: CaseState::Ended {
            end: End::Closed,
            at: draft.now,
            stage: stage.clone(),
        },
        visits: Vec::new(),
        left_previous: None,
        pace: Pace {
            day: draft.today,
            count: 0,
        },
    });
    draft.begin_transition(id);
    draft.tell(
        Some(id),
        Happening::CaseOpened {
            workflow: workflow.reference.clone(),
            stage: stage.clone(),
            days_overdue,
        },
    );
    tell_late_entry(draft, workflow, id, &stage);
    advance::wait_for(draft, workflow, id, &stage);
}

/// What a case passes over that begins at a stage, where its age put it there.
pub(super) fn tell_late_entry(draft: &mut Draft, workflow: &Workflow, case: CaseId, stage: &str) {
    if workflow.late_entry == LateEntry::ByAge {
        tell_passed_over(draft, workflow, case, None, stage, BY_AGE);
    }
}

/// Why stages are passed over by a case that is late.
const BY_AGE: &str = "late entry by age";

/// A case goes on at a later stage than the one it waited for.
pub(super) fn enter_late(draft: &mut Draft, workflow: &Workflow, case: CaseId, to: &str) {
    let Some(waits_for) = draft.dossier.case(case).map(Case::stage) else {
        return;
    };
    let waits_for = workflow.place(waits_for);
    tell_passed_over(draft, workflow, case, waits_for, to, BY_AGE);
    advance::note_anchor(draft, workflow, case);
    advance::wait_for(draft, workflow, case, to);
}

/// Tells of the stages before one that a case would have come to by its age; and of the one that
/// it waited for, be it by a day or not.
fn tell_passed_over(
    draft: &mut Draft,
    workflow: &Workflow,
    case: CaseId,
    waited_for: Option<usize>,
    to: &str,
    because: &str,
) {
    let stages = workflow.stages.iter().enumerate();
    let passed = stages
        .skip(waited_for.unwrap_or(0))
        .take_while(|(_, stage)| stage.id != to)
        .filter(|(place, stage)| Some(*place) == waited_for || stage.at.days_overdue.is_some());
    for (_, stage) in passed {
        let told = Happening::StagePassedOver {
            stage: stage.id.clone(),
            because: because.to_owned(),
        };
        draft.tell(Some(case), told);
    }
}

/// A late timer passes stages over: to one of them, or out by `skipped`.
pub(super) fn pass_over(draft: &mut Draft, workflow: &Workflow, case: CaseId, to: Option<&str>) {
    let Some(from) = draft.dossier.case(case).map(|case| case.stage().to_owned()) else {
        return;
    };
    if let Some(to) = to {
        tell_passed_over(
            draft,
            workflow,
            case,
            workflow.place(&from),
            to,
            "the timer was late: collapsed",
        );
        advance::wait_for(draft, workflow, case, to);
    } else {
        let because = "the timer was late: skipped".to_owned();
        draft.tell(
            Some(case),
            Happening::StagePassedOver {
                stage: from.clone(),
                because,
            },
        );
        if let Some(stage) = workflow.stage(&from) {
            advance::leave(draft, workflow, stage, case, "skipped");
        }
    }
}

/// A case comes back at its last stage.
pub(super) fn reopen(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    let Some(stage) = draft
        .dossier
        .case(case)
        .map(|case| last_rung(workflow, case))
    else {
        return;
    };
    let told = Happening::CaseReopened {
        stage: stage.clone(),
    };
    draft.tell(Some(case), told);
    advance::note_anchor(draft, workflow, case);
    advance::wait_for(draft, workflow, case, &stage);
}
