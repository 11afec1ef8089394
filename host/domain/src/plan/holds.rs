//! Where a waiting case goes on when its account is no longer held.
//!
//! A hold that ends is a late entry, however long it was: the case goes on at the rung it
//! waited for where no later one's day has come, else as the workflow says of who is late:
//! there all the same (`first`), or at the rung its age puts it at (`by_age`).

use crate::balance::View;
use crate::case::{Case, CaseState};
use crate::contract::Event;
use crate::dossier::Dossier;
use crate::workflow::{LateEntry, Workflow};

/// Whether a fact says that the account is held, or no longer.
pub(crate) fn is_about_hold(event: &Event) -> bool {
    matches!(
        event.kind.as_str(),
        "hold.placed" | "hold.lifted" | "hold.ended"
    )
}

/// The rung at which a case goes on whose hold has just ended, if it is a later one.
pub(super) fn enter_late(
    workflow: &Workflow,
    dossier: &Dossier,
    case: &Case,
    view: &View<'_>,
) -> Option<String> {
    let CaseState::Waiting(waiting) = &case.state else {
        return None;
    };
    let has_ended = view.held_until().is_none()
        && dossier
            .inbox
            .iter()
            .any(|fact| fact.currency == Some(case.currency) && is_about_hold(&fact.event));
    if !has_ended || workflow.late_entry == LateEntry::First {
        return None;
    }
    let place = workflow.place(&waiting.stage)?;
    let to = workflow.latest_by_age(place, view.days_overdue)?;
    (to.id != waiting.stage).then(|| to.id.clone())
}
