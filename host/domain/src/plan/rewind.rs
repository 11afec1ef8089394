//! Where a case goes whose anchor moved.

use crate::balance::View;
use crate::case::Case;
use crate::workflow::{OnReanchor, Stage, Workflow};

/// Whether the case is at the stage that `paid` leads to.
pub(super) fn on_the_way_out(workflow: &Workflow, case: &Case) -> bool {
    workflow.paid.as_deref() == Some(case.stage())
}

/// Where a case goes whose debt came back while it was on the way out: nobody is thanked
/// for a payment that was taken back.
pub(super) fn owed_again(workflow: &Workflow, case: &Case, view: &View<'_>) -> Option<String> {
    if !on_the_way_out(workflow, case) || case.anchor.is_some() || view.anchor.is_none() {
        return None;
    }
    let others = || {
        workflow
            .stages
            .iter()
            .filter(|stage| stage.id != case.stage())
    };
    others()
        .rfind(|stage| case.visits_of(&stage.id) > 0)
        .or_else(|| others().next())
        .map(|stage| stage.id.clone())
}

pub(super) fn rewind_to(workflow: &Workflow, case: &Case, view: &View<'_>) -> Option<String> {
    let moved_later = case
        .anchor
        .is_some_and(|was| view.anchor.is_some_and(|is| is > was));
    if workflow.on_reanchor == OnReanchor::Stay || !moved_later {
        return None;
    }
    if workflow
        .stage(case.stage())
        .is_none_or(|stage| holds(stage, view))
    {
        return None;
    }
    let visited = || {
        workflow
            .stages
            .iter()
            .filter(|stage| case.visits_of(&stage.id) > 0)
    };
    let back = visited().rfind(|stage| stage.id != case.stage() && holds(stage, view));
    let to = back
        .or_else(|| visited().next())
        .or_else(|| workflow.first())?;
    (to.id != case.stage()).then(|| to.id.clone())
}

/// Whether a stage's day holds on this balance.
fn holds(stage: &Stage, view: &View<'_>) -> bool {
    stage
        .at
        .days_overdue
        .is_none_or(|day| day <= view.days_overdue)
}
