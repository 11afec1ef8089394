//! A case goes on under another version of its workflow.

use super::cancel_letters;
use super::opening::tell_late_entry;
use crate::advance;
use crate::balance::View;
use crate::carry;
use crate::case::CaseState;
use crate::contract::CoverKind;
use crate::cover::CoverState;
use crate::dossier::Draft;
use crate::effect::TaskState;
use crate::id::CaseId;
use crate::rollout::{How, Running, StageMap};
use crate::tenant::Tenant;
use crate::timeline::Happening;
use crate::workflow::{Stage, Workflow};

/// Carries out [`Rule::Transfer`](crate::plan::Rule::Transfer).
pub(super) fn transfer(tenant: &Tenant, draft: &mut Draft, id: CaseId) {
    let bucket = draft.dossier.customer.bucket();
    let Some(case) = draft.dossier.case(id) else {
        return;
    };
    let Some(destination) = tenant.destination(case, || bucket) else {
        return;
    };
    let (from, left, pace) = (case.workflow.clone(), case.stage().to_owned(), case.pace);
    let workflow = destination.workflow;
    let (stage, how) = match destination.how {
        How::Strands => return,
        How::Migrates(stage) => (stage, Running::Migrate),
        How::Restarts => {
            let tolerance = workflow.tolerance(case.currency);
            let view = View::of(&draft.dossier, case.currency, draft.today, tolerance);
            match workflow.entry(view.days_overdue) {
                Some(stage) => (stage, Running::Restart),
                None => return,
            }
        }
    };
    let old = tenant.workflows.get(&from);
    let old = old.and_then(|old| old.stage(&left));
    draft.begin_transition(id);
    let told_left = left.clone();
    let told = Happening::Transferred {
        from,
        to: workflow.reference.clone(),
        left,
        stage: stage.id.clone(),
        how,
    };
    draft.tell(Some(id), told);
    if let Some(case) = draft.case_mut(id) {
        case.workflow.clone_from(&workflow.reference);
        // It is moved: that it moves too often by itself is another matter.
        case.pace = pace;
    }
    let was_held = lift_failure(draft, id, &told_left);
    if how == Running::Restart {
        restart(draft, workflow, id, stage);
    } else {
        let same = old.is_some_and(|old| old.plugin.manifest.name == stage.plugin.manifest.name);
        migrate(
            draft,
            workflow,
            id,
            stage,
            &destination.succession.stages,
            same,
        );
        if was_held {
            ask_now(draft, id);
        }
    }
}

/// A case that rests because its stage failed rests no longer: another version is asked now. Its
/// task is done with.
fn lift_failure(draft: &mut Draft, id: CaseId, stage: &str) -> bool {
    let Some(currency) = draft.dossier.case(id).map(|case| case.currency) else {
        return false;
    };
    let reason = advance::failure_reason(stage);
    let held = draft.dossier.covers.iter().filter(|cover| {
        let is_hold = cover.kind == CoverKind::Hold && cover.is_active();
        is_hold && cover.currency == currency && cover.source == reason
    });
    let held: Vec<_> = held.map(|cover| cover.id).collect();
    for cover in &held {
        carry::end_cover(draft, Some(id), *cover, CoverState::Lifted);
    }
    for task in &mut draft.dossier.tasks {
        if task.case == id && task.details == reason && task.state == TaskState::Open {
            task.state = TaskState::Dropped;
        }
    }
    !held.is_empty()
}

/// The visit that failed is asked at the next opening.
fn ask_now(draft: &mut Draft, id: CaseId) {
    let now = draft.now;
    if let Some(CaseState::Visiting(visit)) = draft.case_mut(id).map(|case| &mut case.state) {
        visit.planned = now.max(visit.not_before);
    }
}

/// As a case that is found now: what was said to the debtor stays on its timeline alone.
fn restart(draft: &mut Draft, workflow: &Workflow, id: CaseId, stage: &Stage) {
    cancel_letters(draft, id, "restarted");
    if let Some(case) = draft.case_mut(id) {
        case.left_previous = None;
    }
    tell_late_entry(draft, workflow, id, &stage.id);
    advance::note_anchor(draft, workflow, id);
    advance::wait_for(draft, workflow, id, &stage.id);
}

/// On where it stands: what is queued stands, and `after_previous` goes on counting.
fn migrate(
    draft: &mut Draft,
    workflow: &Workflow,
    id: CaseId,
    stage: &Stage,
    stages: &StageMap,
    same: bool,
) {
    let now = draft.now;
    let Some(case) = draft.case_mut(id) else {
        return;
    };
    let nth = case.visits_of(case.stage()).saturating_sub(1);
    let left = case.stage().to_owned();
    case.visits = renamed(std::mem::take(&mut case.visits), stages);
    let is_visit = match &mut case.state {
        CaseState::Waiting(waiting) => {
            waiting.stage.clone_from(&stage.id);
            false
        }
        CaseState::Visiting(visit) if same => {
            visit.stage.clone_from(&stage.id);
            // Its new version may not know the way out any more: it is asked again.
            if visit
                .armed
                .as_ref()
                .is_some_and(|armed| !stage.on.contains_key(&armed.outcome))
            {
                visit.armed = None;
                visit.planned = now;
            }
            true
        }
        // Another plugin knows nothing of this visit: it begins one of its own.
        CaseState::Visiting(_) => {
            advance::wait_for(draft, workflow, id, &stage.id);
            return;
        }
        CaseState::Ended { .. } => return,
    };
    if is_visit {
        carry_over(draft, id, (&left, nth), &stage.id);
    } else {
        advance::replan(draft, workflow, id);
        advance::tell_next(draft, id);
    }
}

/// Visits by the names that their stages have now.
fn renamed(visits: Vec<(String, u32)>, stages: &StageMap) -> Vec<(String, u32)> {
    let mut all: Vec<(String, u32)> = Vec::with_capacity(visits.len());
    for (stage, count) in visits {
        let stage = stages.get(&stage).cloned().unwrap_or(stage);
        match all.iter_mut().find(|(known, _)| *known == stage) {
            Some((_, sum)) => *sum += count,
            None => all.push((stage, count)),
        }
    }
    all
}

/// What this visit did is this visit's under the stage's new name, too: what was done stays done.
fn carry_over(draft: &mut Draft, id: CaseId, (left, nth): (&str, u32), stage: &str) {
    let Some(now) = draft.dossier.case(id).map(|case| case.visits_of(stage)) else {
        return;
    };
    let of_visit = draft.dossier.effects.iter_mut().filter(|effect| {
        effect.key.case == id && (effect.stage.as_str(), effect.visit) == (left, nth)
    });
    for effect in of_visit {
        stage.clone_into(&mut effect.stage);
        effect.visit = now.saturating_sub(1);
    }
}
