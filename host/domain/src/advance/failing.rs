//! Where a refusal or a failure leads.

use super::{left, wait_for};
use crate::carry;
use crate::case::{Case, CaseState};
use crate::dossier::Draft;
use crate::effect::{Task, TaskState};
use crate::id::{CaseId, TaskId};
use crate::time::plus_days;
use crate::workflow::{OnFailure, Span, Stage, Workflow};

/// Where a refusal or a failure leads: a hold with a task, or another stage.
pub fn fail(draft: &mut Draft, workflow: &Workflow, stage: &Stage, case: CaseId) {
    match &stage.on_failure {
        OnFailure::Stage { stage: to } => {
            left(draft, case, &stage.id, "failed");
            wait_for(draft, workflow, case, to);
        }
        OnFailure::Hold(hold) => {
            hold_with_task(
                draft,
                workflow,
                case,
                hold.hold,
                &hold.task,
                &hold.team,
                &failure_reason(&stage.id),
            );
        }
    }
}

/// Why a case rests whose stage failed.
pub fn failure_reason(stage: &str) -> String {
    format!("{stage} failed")
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
            claimed_by: None,
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
        visit.retry = None;
    }
}
