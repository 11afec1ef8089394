//! Advance: a case's position after a decision, or after a move of the host's own.

mod ending;
mod failing;
mod planning;

use crate::carry::{self, Actor, Written};
use crate::case::{Armed, Case, CaseState, End, Visit, Waiting};
use crate::contract::{Action, ActionKind, Decision, EffectState, Next, Ruling};
use crate::dossier::Draft;
use crate::effect::{Effect, EffectKey};
use crate::guard::Judgement;
use crate::id::CaseId;
use crate::time::{MINUTE_MS, Timestamp, plus_days};
use crate::timeline::Happening;
use crate::workflow::{DeclaredEnd, Stage, Target, Workflow};

pub use ending::{cancel_where, end};
pub use failing::{fail, failure_reason, hold_with_task};
pub use planning::tell_next;
use planning::wake_at;
pub use planning::{note_anchor, note_earlier_anchor, replan, replan_and_tell};

/// A wake-up is at least so many minutes ahead.
pub const WAKE_MINUTES_MIN: u32 = 15;
/// How often a call is made again whose deadline passed, before it counts as a failure.
pub const RETRIES_MAX: u8 = 3;

/// Commits a decision with its verdicts: what is allowed or reduced happens.
pub fn decide(
    draft: &mut Draft,
    workflow: &Workflow,
    stage: &Stage,
    case: CaseId,
    decision: Decision,
    judgement: Judgement,
) {
    let Judgement {
        verdicts,
        mut letters,
        mut previews,
        mut terms,
        already_done,
    } = judgement;
    let deferred = verdicts
        .iter()
        .filter(|verdict| verdict.ruling == Ruling::Deferred)
        .filter_map(|verdict| verdict.not_before)
        .min();
    let all_allowed = verdicts
        .iter()
        .all(|v| matches!(v.ruling, Ruling::Allowed | Ruling::Reduced));
    let visit = draft
        .dossier
        .case(case)
        .map_or(0, |case| case.visits_of(&stage.id).saturating_sub(1));
    let actor = Actor {
        case,
        stage: &stage.id,
        visit,
    };
    let mut awaits = Vec::new();
    for (mut proposal, verdict) in decision.proposals.into_iter().zip(&verdicts) {
        if !matches!(verdict.ruling, Ruling::Allowed | Ruling::Reduced) {
            continue;
        }
        if already_done.contains(&proposal.key) {
            awaits.extend(queued_as(draft, actor, &proposal.key));
            continue;
        }
        if let Some(at_most) = verdict.at_most {
            reduce(&mut proposal.action, at_most);
        }
        let written = Written {
            letter: letters.remove(&proposal.key),
            preview: previews.remove(&proposal.key),
            terms: terms.remove(&proposal.key),
        };
        if proposal.action.kind() == ActionKind::OfferPlan {
            // One plan offer of a case stands at a time: the new one takes its place.
            cancel_where(draft, case, "superseded", Effect::is_open_plan_offer);
        }
        let key = carry::carry(draft, actor, &proposal, written);
        if proposal.action.kind().is_external() {
            awaits.push(key);
        }
    }
    let phase = draft.dossier.customer.phase();
    let (now, today, zone) = (draft.now, draft.today, draft.dossier.customer.time_zone);
    let Some(Case {
        state: CaseState::Visiting(visit),
        ..
    }) = draft.case_mut(case)
    else {
        return;
    };
    visit.calls += 1;
    visit.retry = None;
    if let Some(memory) = decision.memory {
        visit.memory = memory;
        visit.memory_version = stage.plugin.manifest.memory_version;
    }
    let silence = workflow.opening(
        plus_days(today, i64::from(workflow.max_silence)),
        now,
        zone,
        phase,
    );
    let planned = match &decision.next {
        Next::Stay(wake) => {
            let wake = wake_at(workflow, *wake, now, today, zone, phase);
            deferred
                .map_or(wake, |deferred| deferred.min(wake))
                .min(silence)
        }
        Next::Leave(_) if all_allowed => silence,
        Next::Leave(_) => deferred
            .unwrap_or_else(|| workflow.opening(plus_days(today, 1), now, zone, phase))
            .min(silence),
    };
    visit.planned = planned
        .max(visit.not_before)
        .min(silence)
        .max(now.plus_ms(i64::from(WAKE_MINUTES_MIN) * MINUTE_MS));
    // What an earlier decision armed is no longer what the stage wants.
    visit.armed = None;
    match decision.next {
        Next::Leave(outcome) if all_allowed && awaits.is_empty() => {
            leave(draft, workflow, stage, case, &outcome);
        }
        Next::Leave(outcome) if all_allowed => visit.armed = Some(Armed { outcome, awaits }),
        Next::Leave(_) | Next::Stay(_) => {}
    }
}

/// The effect of a proposal that was made before on this visit, while it is on its way:
/// a `leave` that names it again waits for it again.
fn queued_as(draft: &Draft, actor: Actor<'_>, proposal: &str) -> Option<EffectKey> {
    let effect = draft.dossier.effects.iter().find(|effect| {
        effect.key.case == actor.case
            && (effect.stage.as_str(), effect.visit) == (actor.stage, actor.visit)
            && effect.proposal == proposal
            && effect.state == EffectState::Queued
    });
    effect.map(|effect| effect.key)
}

fn reduce(action: &mut Action, at_most: i64) {
    match action {
        Action::AddFee { amount, .. }
        | Action::Charge {
            amount: Some(amount),
            ..
        } => *amount = at_most.min(*amount),
        _ => {}
    }
}

/// Takes the way out of a stage that an outcome names.
pub fn leave(draft: &mut Draft, workflow: &Workflow, stage: &Stage, case: CaseId, outcome: &str) {
    // Publishing refuses a workflow that leaves an outcome unmapped.
    let Some(target) = stage.on.get(outcome) else {
        fail(draft, workflow, stage, case);
        return;
    };
    left(draft, case, &stage.id, outcome);
    match target {
        Target::Stage(id) => wait_for(draft, workflow, case, id),
        Target::End { end } => {
            let end = match end {
                DeclaredEnd::Returned => End::Returned,
                DeclaredEnd::WrittenOff => End::WrittenOff,
                DeclaredEnd::Closed => End::Closed,
            };
            ending::end(draft, workflow, case, end);
        }
    }
}

/// Notes that a stage is left: what comes after it counts from here.
pub fn left(draft: &mut Draft, case: CaseId, stage: &str, outcome: &str) {
    let told = Happening::StageLeft {
        stage: stage.to_owned(),
        outcome: outcome.to_owned(),
    };
    draft.tell(Some(case), told);
    let now = draft.now;
    if let Some(case) = draft.case_mut(case) {
        case.left_previous = Some(now);
    }
}

/// Sets a stage as the next one.
pub fn wait_for(draft: &mut Draft, workflow: &Workflow, case: CaseId, stage: &str) {
    let now = draft.now;
    let waiting = Waiting {
        stage: stage.to_owned(),
        since: now,
        planned: Timestamp::NEVER,
    };
    if let Some(case) = draft.case_mut(case) {
        case.state = CaseState::Waiting(waiting);
    }
    replan(draft, workflow, case);
    tell_next(draft, case);
}

/// Enters the stage a case waits for.
pub fn enter(draft: &mut Draft, case: CaseId) {
    let now = draft.now;
    let Some(case) = draft.case_mut(case) else {
        return;
    };
    let CaseState::Waiting(waiting) = &case.state else {
        return;
    };
    let stage = waiting.stage.clone();
    let visit = Visit {
        stage: stage.clone(),
        entered: now,
        calls: 0,
        memory: Vec::new(),
        memory_version: 0,
        planned: now,
        not_before: waiting.planned,
        armed: None,
        retry: None,
    };
    match case.visits.iter_mut().find(|(id, _)| *id == stage) {
        Some((_, count)) => *count += 1,
        None => case.visits.push((stage.clone(), 1)),
    }
    let visits = case.visits_of(&stage);
    case.state = CaseState::Visiting(visit);
    let id = case.id;
    draft.tell(
        Some(id),
        Happening::StageEntered {
            stage,
            visit: visits - 1,
        },
    );
}
