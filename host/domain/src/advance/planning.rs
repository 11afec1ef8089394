//! When a stage is asked: the instants of waits and of wake-ups.

use super::WAKE_MINUTES_MIN;
use crate::balance::View;
use crate::case::{Case, CaseState};
use crate::contract::Wake;
use crate::dossier::Draft;
use crate::id::CaseId;
use crate::time::{Date, MINUTE_MS, Timestamp, plus_days};
use crate::timeline::Happening;
use crate::workflow::{Span, Stage, Workflow};

/// [`replan`], by an anchor that is noted; the timeline tells the day.
pub fn replan_and_tell(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    note_anchor(draft, workflow, case);
    replan(draft, workflow, case);
    tell_next(draft, case);
}

/// The timeline tells when the next stage is to be asked.
pub fn tell_next(draft: &mut Draft, case: CaseId) {
    if let Some(CaseState::Waiting(waiting)) = draft.dossier.case(case).map(|case| &case.state) {
        let told = Happening::StageNext {
            stage: waiting.stage.clone(),
            planned: waiting.planned,
        };
        draft.tell(Some(case), told);
    }
}

/// Notes the anchor that a case's place on the ladder goes by: where it takes that place.
pub fn note_anchor(draft: &mut Draft, workflow: &Workflow, id: CaseId) {
    let is = anchor(draft, workflow, id);
    if let Some(case) = draft.case_mut(id) {
        case.anchor = is;
    }
}

/// Notes an anchor that moved earlier: the case stays where it is. One that moved later is
/// left for the plan to see, however long it has to wait for the stage to be done.
pub fn note_earlier_anchor(draft: &mut Draft, workflow: &Workflow, id: CaseId) {
    let is = anchor(draft, workflow, id);
    if let Some(case) = draft.case_mut(id)
        && is.is_some()
        && is < case.anchor
    {
        case.anchor = is;
    }
}

fn anchor(draft: &Draft, workflow: &Workflow, case: CaseId) -> Option<Date> {
    let currency = draft.dossier.case(case)?.currency;
    let tolerance = workflow.tolerance(currency);
    View::of(&draft.dossier, currency, draft.today, tolerance).anchor
}

/// Plans the instant of a waiting case's call from the balance as it is now. The anchor is
/// not noted: whether it moved is for the plan to see.
pub fn replan(draft: &mut Draft, workflow: &Workflow, id: CaseId) {
    let Some(case) = draft.dossier.case(id) else {
        return;
    };
    let (stage, not_before) = match &case.state {
        CaseState::Waiting(waiting) => (&waiting.stage, waiting.since),
        CaseState::Visiting(visit) if visit.not_before > draft.now => (&visit.stage, draft.now),
        _ => return,
    };
    let Some(stage) = workflow.stage(stage) else {
        return;
    };
    let tolerance = workflow.tolerance(case.currency);
    let view = View::of(&draft.dossier, case.currency, draft.today, tolerance);
    let planned = earliest(draft, workflow, stage, case, &view).max(not_before);
    match draft.case_mut(id).map(|case| &mut case.state) {
        Some(CaseState::Waiting(waiting)) => waiting.planned = planned,
        Some(CaseState::Visiting(visit)) => visit.not_before = planned,
        _ => {}
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
    // A held account rests: no stage is asked before the day after.
    let after_hold = view.held_until().map(|last| plus_days(last, 1));
    let by_age = by_age.max(after_hold);
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

/// When a stage that asked for a wake-up is asked again.
pub(super) fn wake_at(
    workflow: &Workflow,
    wake: Wake,
    now: Timestamp,
    today: Date,
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
