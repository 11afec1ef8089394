//! Where a case goes whose anchor moved.
//!
//! A rung *holds* while its own day (`at.days_overdue`) has come for the debt as it is now;
//! a rung without one always does. When the anchor moves later, a case goes back to the last
//! rung it visited that still holds, as a new visit. Where it stands decides what that means:
//!
//! - In a stage that holds it stays; from one that does not it goes back.
//! - Before a stage it stands on the rung it left last. While that holds, there is nothing to
//!   go back to: the case waits on, for the day that the stage has by the new anchor.
//! - Where none that it visited holds, it waits for the first of them again; where it visited
//!   none, because it began further up, it begins where the new age puts it.

use crate::balance::View;
use crate::case::{Case, CaseState, Visit};
use crate::contract::{CoverKind, EffectState};
use crate::dossier::Dossier;
use crate::effect::{Effect, EffectKey};
use crate::placement;
use crate::workflow::{OnReanchor, Stage, Workflow};

/// Whether the case is at the stage that `paid` leads to.
pub(super) fn on_the_way_out(workflow: &Workflow, case: &Case) -> bool {
    is_way_out(workflow, case.stage())
}

fn is_way_out(workflow: &Workflow, stage: &str) -> bool {
    workflow.paid.as_deref() == Some(stage)
}

/// The stage where a case goes on whose debt came back: the one it was at, or on the way out
/// the last rung it visited. Nobody is thanked for a payment that was taken back.
pub(crate) fn last_rung(workflow: &Workflow, case: &Case) -> String {
    if !on_the_way_out(workflow, case) {
        return case.stage().to_owned();
    }
    let rungs = || {
        let stages = workflow.stages.iter();
        stages.filter(|stage| !is_way_out(workflow, &stage.id))
    };
    rungs()
        .rfind(|stage| case.visits_of(&stage.id) > 0)
        .or_else(|| rungs().next())
        .map_or_else(|| case.stage().to_owned(), |stage| stage.id.clone())
}

/// Where a case goes whose debt came back while it was on the way out.
pub(super) fn owed_again(workflow: &Workflow, case: &Case, view: &View<'_>) -> Option<String> {
    let is_back = case.anchor.is_none() && view.anchor.is_some();
    (is_back && on_the_way_out(workflow, case))
        .then(|| last_rung(workflow, case))
        .filter(|stage| stage != case.stage())
}

/// To which stage a case goes back, if it does.
pub(super) fn rewind_to(
    workflow: &Workflow,
    dossier: &Dossier,
    case: &Case,
    view: &View<'_>,
) -> Option<String> {
    // Where there was none, all was covered or to come: what comes up now may be younger
    // than what brought the case here.
    let is_later = view.anchor.is_some() && view.anchor > case.anchor;
    let at = workflow.place(case.stage())?;
    if workflow.on_reanchor == OnReanchor::Stay
        || !is_later
        || on_the_way_out(workflow, case)
        || holds(&workflow.stages[at], view)
        || is_busy(dossier, case)
    {
        return None;
    }
    let below = || {
        workflow.stages[..at]
            .iter()
            .filter(|stage| case.visits_of(&stage.id) > 0 && !is_way_out(workflow, &stage.id))
    };
    let Some(first) = below().next() else {
        let entry = workflow.entry(view.days_overdue)?;
        let is_below = workflow.place(&entry.id).is_some_and(|place| place < at);
        return is_below.then(|| entry.id.clone());
    };
    let waits = matches!(case.state, CaseState::Waiting(_));
    let stands_on = below().next_back().filter(|_| waits);
    if stands_on.is_some_and(|stage| holds(stage, view)) {
        return None;
    }
    let to = below().rfind(|stage| holds(stage, view)).unwrap_or(first);
    Some(to.id.clone())
}

/// Whether a stage's own day has come on this balance.
pub(super) fn holds(stage: &Stage, view: &View<'_>) -> bool {
    stage
        .at
        .days_overdue
        .is_none_or(|day| day <= view.days_overdue)
}

/// Whether the stage still looks after something that an older debt led to: what an agency
/// has, or a plan that was offered on this visit, of whose end no other stage would hear; or
/// is about to leave by itself.
pub(super) fn is_busy(dossier: &Dossier, case: &Case) -> bool {
    let visit_is = match &case.state {
        CaseState::Visiting(visit) => follows_plan(dossier, case, visit) || leaves(dossier, visit),
        CaseState::Waiting(_) | CaseState::Ended { .. } => false,
    };
    visit_is || placement::is_under_way(dossier, case.currency)
}

/// Whether a leave is armed that no letter holds up: one that waits, or was cancelled, was
/// about the older debt.
fn leaves(dossier: &Dossier, visit: &Visit) -> bool {
    let goes_on = |key: &EffectKey| {
        dossier.effect(*key).is_none_or(|effect| {
            effect.letter.is_none()
                || matches!(effect.state, EffectState::Done | EffectState::Confirmed)
        })
    };
    let armed = visit.armed.as_ref();
    armed.is_some_and(|armed| armed.awaits.iter().all(goes_on))
}

fn follows_plan(dossier: &Dossier, case: &Case, visit: &Visit) -> bool {
    let nth = case.visits_of(&visit.stage).saturating_sub(1);
    let is_accepted = |effect: &&Effect| {
        effect.key.case == case.id
            && (effect.stage.as_str(), effect.visit) == (visit.stage.as_str(), nth)
            && effect.state == EffectState::Confirmed
    };
    let mut offers = dossier.effects.iter().filter(is_accepted);
    offers.any(|offer| {
        dossier.covers.iter().any(|cover| {
            cover.kind == CoverKind::Plan
                && cover.is_active()
                && cover.currency == case.currency
                && cover.source == offer.proposal
                && cover.began_at >= offer.at
        })
    })
}
