//! Advance: a case's position after a decision, or after a move of the host's own.

use crate::balance::View;
use crate::carry::{self, Actor, Written};
use crate::case::{Armed, Case, CaseState, End, Visit, Waiting};
use crate::contract::{Action, Decision, EffectState, Next, Ruling, Wake};
use crate::dossier::Draft;
use crate::effect::{Effect, Task, TaskState};
use crate::guard::Judgement;
use crate::handover;
use crate::id::{CaseId, TaskId};
use crate::ledger::Disposition;
use crate::time::{MINUTE_MS, Timestamp, plus_days};
use crate::timeline::Happening;
use crate::workflow::{DeclaredEnd, OnFailure, Span, Stage, Target, Workflow};

/// A wake-up is at least so many minutes ahead.
pub const WAKE_MINUTES_MIN: u32 = 15;
/// Calls in a row whose deadline may pass before it counts as a failure.
pub const INCONCLUSIVE_MAX: u8 = 3;

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
        if !matches!(verdict.ruling, Ruling::Allowed | Ruling::Reduced)
            || already_done.contains(&proposal.key)
        {
            continue;
        }
        if let Some(at_most) = verdict.at_most {
            reduce(&mut proposal.action, at_most);
        }
        let written = Written {
            letter: letters.remove(&proposal.key),
            preview: previews.remove(&proposal.key),
        };
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
    visit.inconclusive = 0;
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
        Next::Leave(_) => match deferred {
            Some(deferred) => deferred.min(silence),
            None => workflow
                .opening(plus_days(today, 1), now, zone, phase)
                .min(silence),
        },
    };
    visit.planned = planned
        .max(visit.not_before)
        .min(silence)
        .max(now.plus_ms(i64::from(WAKE_MINUTES_MIN) * MINUTE_MS));
    match decision.next {
        Next::Leave(outcome) if all_allowed && awaits.is_empty() => {
            leave(draft, workflow, stage, case, &outcome);
        }
        Next::Leave(outcome) if all_allowed => visit.armed = Some(Armed { outcome, awaits }),
        Next::Leave(_) | Next::Stay(_) => {}
    }
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

fn wake_at(
    workflow: &Workflow,
    wake: Wake,
    now: Timestamp,
    today: crate::time::Date,
    zone: chrono_tz::Tz,
    phase: u64,
) -> Timestamp {
    let date = match wake {
        Wake::AfterMinutes(minutes) => {
            let at = now.plus_ms(i64::from(minutes.max(WAKE_MINUTES_MIN)) * MINUTE_MS);
            let calendar = &workflow.calendar;
            return workflow
                .window
                .next_wake(at, zone, calendar, workflow.roll, phase)
                .unwrap_or(Timestamp::NEVER);
        }
        Wake::AfterDays(days) => plus_days(today, i64::from(days)),
        Wake::AfterBusinessDays(days) => {
            workflow.calendar.add_business_days(today, i32::from(days))
        }
        Wake::OnDate(date) => date,
        Wake::OnEvent => return Timestamp::NEVER,
    };
    workflow.opening(date, now, zone, phase)
}

/// Takes the way out of a stage that an outcome names.
pub fn leave(draft: &mut Draft, workflow: &Workflow, stage: &Stage, case: CaseId, outcome: &str) {
    draft.tell(
        Some(case),
        Happening::StageLeft {
            stage: stage.id.clone(),
            outcome: outcome.to_owned(),
        },
    );
    let now = draft.now;
    if let Some(case) = draft.case_mut(case) {
        case.left_previous = Some(now);
    }
    match stage.on.get(outcome) {
        Some(Target::Stage(id)) => wait_for(draft, workflow, case, id),
        Some(Target::End { end }) => {
            let end = match end {
                DeclaredEnd::Returned => End::Returned,
                DeclaredEnd::WrittenOff => End::WrittenOff,
                DeclaredEnd::Closed => End::Closed,
            };
            self::end(draft, workflow, case, end);
        }
        // Publishing refuses a workflow that leaves an outcome unmapped.
        None => fail(draft, workflow, stage, case),
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
    replan_and_tell(draft, workflow, case);
}

/// [`replan`], and the timeline tells the day.
pub fn replan_and_tell(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    replan(draft, workflow, case);
    if let Some(CaseState::Waiting(waiting)) = draft.dossier.case(case).map(|case| &case.state) {
        let told = Happening::StageNext {
            stage: waiting.stage.clone(),
            planned: waiting.planned,
        };
        draft.tell(Some(case), told);
    }
}

/// The planned instant of a waiting case's call, from the balance as it is now; and the
/// anchor as of this transition.
pub fn replan(draft: &mut Draft, workflow: &Workflow, id: CaseId) {
    let Some(case) = draft.dossier.case(id) else {
        return;
    };
    let currency = case.currency;
    let view = View::of(
        &draft.dossier,
        currency,
        draft.today,
        workflow.tolerance(currency),
    );
    let anchor = view.anchor;
    let planned = match &case.state {
        CaseState::Waiting(waiting) => workflow
            .stage(&waiting.stage)
            .map(|stage| earliest(draft, workflow, stage, case, &view).max(waiting.since)),
        CaseState::Visiting(visit) if visit.not_before > draft.now => workflow
            .stage(&visit.stage)
            .map(|stage| earliest(draft, workflow, stage, case, &view)),
        _ => None,
    };
    if let Some(case) = draft.case_mut(id) {
        case.anchor = anchor;
        match (&mut case.state, planned) {
            (CaseState::Waiting(waiting), Some(planned)) => waiting.planned = planned,
            (CaseState::Visiting(visit), Some(planned)) => visit.not_before = planned,
            _ => {}
        }
    }
}

/// The earliest instant of a stage: all of its `at`, rolled into the send window.
fn earliest(
    draft: &Draft,
    workflow: &Workflow,
    stage: &Stage,
    case: &Case,
    view: &View<'_>,
) -> Timestamp {
    let zone = draft.dossier.customer.time_zone;
    let by_age = match stage.at.days_overdue {
        None => Some(draft.today),
        Some(day) if day <= view.days_overdue => Some(draft.today),
        Some(day) => view
            .anchor
            .or(view.coming)
            .map(|from| plus_days(from, i64::from(day))),
    };
    let phase = draft.dossier.customer.phase();
    let Some(by_age) = by_age else {
        // All that is late is covered, or it is fees: no day can be named, and it is not
        // forgotten for that.
        let since = match &case.state {
            CaseState::Waiting(waiting) => waiting.since,
            _ => draft.now,
        };
        let silent_until = plus_days(since.date_in(zone), i64::from(workflow.max_silence));
        return workflow.opening(silent_until.max(draft.today), draft.now, zone, phase);
    };
    let after_previous = match (stage.at.after_previous, case.left_previous) {
        (Some(Span { days, business }), Some(left)) => {
            let left = left.date_in(zone);
            if business {
                workflow.calendar.add_business_days(left, i32::from(days))
            } else {
                plus_days(left, i64::from(days))
            }
        }
        _ => draft.today,
    };
    workflow.opening(by_age.max(after_previous), draft.now, zone, phase)
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
        inconclusive: 0,
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

/// Where a refusal or a failure leads: a hold with a task, or another stage.
pub fn fail(draft: &mut Draft, workflow: &Workflow, stage: &Stage, case: CaseId) {
    match &stage.on_failure {
        OnFailure::Stage { stage } => wait_for(draft, workflow, case, stage),
        OnFailure::Hold(hold) => {
            hold_with_task(
                draft,
                workflow,
                case,
                hold.hold,
                &hold.task,
                &hold.team,
                &format!("{} failed", stage.id),
            );
        }
    }
}

/// Lets a case rest and gives it to a person. One open task of a title is enough.
pub fn hold_with_task(
    draft: &mut Draft,
    workflow: &Workflow,
    case: CaseId,
    span: Span,
    title: &str,
    team: &str,
    reason: &str,
) {
    let today = draft.today;
    let until = if span.business {
        workflow
            .calendar
            .add_business_days(today, i32::from(span.days))
    } else {
        plus_days(today, i64::from(span.days))
    };
    carry::hold(draft, case, reason, until);
    let open =
        |task: &Task| task.case == case && task.title == title && task.state == TaskState::Open;
    if !draft.dossier.tasks.iter().any(open) {
        let task = Task {
            id: TaskId(draft.next_id(case, "task")),
            case,
            effect: None,
            title: title.to_owned(),
            details: reason.to_owned(),
            due_on: until,
            team: team.to_owned(),
            priority: 5,
            draft: None,
            preview: None,
            opened_at: draft.now,
            state: TaskState::Open,
        };
        carry::open_task(draft, task);
    }
    let zone = draft.dossier.customer.time_zone;
    let phase = draft.dossier.customer.phase();
    let planned = workflow.opening(plus_days(until, 1), draft.now, zone, phase);
    if let Some(Case {
        state: CaseState::Visiting(visit),
        ..
    }) = draft.case_mut(case)
    {
        visit.planned = planned;
        visit.armed = None;
        visit.inconclusive = 0;
    }
}

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

/// Ends a case: its items get their disposition, its offers and tasks are dropped, what
/// waits in the outbox is cancelled.
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
        let queued_letter = effect.state == EffectState::Queued && effect.letter.is_some();
        queued_letter || effect.is_open_offer()
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
