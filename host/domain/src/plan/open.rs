//! An open case: the host's own moves first, then facts, then the timer.

use super::holds::enter_late;
use super::opening::is_due;
use super::rewind::{holds, on_the_way_out, owed_again, rewind_to};
use super::transfer::transfer;
use super::{Cause, Move, Rule, TRANSITIONS_A_DAY, overrun_reason};
use crate::balance::View;
use crate::case::{Case, CaseState, Visit, Waiting};
use crate::contract::{EffectState, Event};
use crate::dossier::Dossier;
use crate::effect::EffectKey;
use crate::id::CaseId;
use crate::placement;
use crate::tenant::Tenant;
use crate::time::{DAY_MS, Date, Timestamp, plus_days};
use crate::workflow::{CatchUp, Stage, Workflow};

pub(super) fn open_case(
    tenant: &Tenant,
    dossier: &Dossier,
    case: &Case,
    now: Timestamp,
    today: Date,
) -> Move {
    if let Some(step) = transfer(tenant, dossier, case) {
        return step;
    }
    // A case whose stage is gone moves nowhere: it is for the operator, not for a loop.
    let workflow = tenant.workflows.get(&case.workflow);
    let Some((workflow, stage)) = workflow.and_then(|w| Some((w, w.stage(case.stage())?))) else {
        return Move::Rest {
            until: Timestamp::NEVER,
        };
    };
    let tomorrow = Timestamp::start_of(plus_days(today, 1), dossier.customer.time_zone);
    if case.pace.day == today && case.pace.count >= TRANSITIONS_A_DAY {
        // Covers and offers may have taken the count beyond the limit by themselves.
        let reason = overrun_reason();
        let is_held = dossier.covers.iter().any(|cover| {
            cover.is_active() && cover.currency == case.currency && cover.source == reason
        });
        return if is_held {
            Move::Rest { until: tomorrow }
        } else {
            Move::Host(Rule::Overrun { case: case.id })
        };
    }
    let view = View::of(
        dossier,
        case.currency,
        today,
        workflow.tolerance(case.currency),
    );
    let placed = placement::is_under_way(dossier, case.currency);
    let gone = view.past_due <= workflow.tolerance(case.currency) && !is_due(workflow, &view);
    if gone && !placed && !on_the_way_out(workflow, case) {
        return Move::Host(Rule::Resolve { case: case.id });
    }
    let back =
        rewind_to(workflow, dossier, case, &view).or_else(|| owed_again(workflow, case, &view));
    if let Some(to) = back {
        return Move::Host(Rule::Rewind { case: case.id, to });
    }
    if let CaseState::Visiting(visit) = &case.state {
        if let Some(retry) = visit.retry.as_ref().filter(|retry| retry.at > now) {
            // Asked again first about what it did not get to answer.
            return Move::Rest {
                until: retry.at.min(next_late(dossier, &view)),
            };
        }
        if let Some(step) = armed(dossier, case.id, visit) {
            return step;
        }
    }
    if let Some(to) = enter_late(workflow, dossier, case, &view) {
        return Move::Host(Rule::EnterLate { case: case.id, to });
    }
    if let CaseState::Waiting(waiting) = &case.state
        && view.anchor != case.anchor
        && (waiting.planned > now || !holds(stage, &view))
    {
        return Move::Host(Rule::Replan { case: case.id });
    }
    if let Some(fact) = dossier
        .inbox
        .iter()
        .find(|fact| fact.currency == Some(case.currency))
    {
        return if is_heard(workflow, case, fact.number, &fact.event) {
            let cause = Cause::Fact {
                number: fact.number,
                event: fact.event.clone(),
            };
            Move::Ask {
                case: case.id,
                cause,
            }
        } else {
            Move::Host(Rule::Absorb { fact: fact.number })
        };
    }
    if let Some(last) = view.held_until() {
        let after = Timestamp::start_of(plus_days(last, 1), dossier.customer.time_zone);
        return Move::Rest {
            until: after.max(now.plus_ms(1)).min(next_late(dossier, &view)),
        };
    }
    match &case.state {
        // What it waits for will not be answered any more: it fails now, not then. What it
        // decided before stands.
        CaseState::Visiting(visit) if visit.armed.is_none() && tenant.revoked(stage).is_some() => {
            Move::Ask {
                case: case.id,
                cause: Cause::Woken,
            }
        }
        _ => by_timer(workflow, dossier, case, &view, now),
    }
}

/// What the case's timer calls for.
fn by_timer(
    workflow: &Workflow,
    dossier: &Dossier,
    case: &Case,
    view: &View<'_>,
    now: Timestamp,
) -> Move {
    match &case.state {
        CaseState::Waiting(waiting) if waiting.planned <= now => {
            pass_over(workflow, case, waiting, view, now).unwrap_or(Move::Ask {
                case: case.id,
                cause: Cause::Entering,
            })
        }
        CaseState::Waiting(waiting) => Move::Rest {
            until: waiting.planned.min(next_late(dossier, view)),
        },
        CaseState::Visiting(visit) if visit.planned <= now => Move::Ask {
            case: case.id,
            cause: Cause::Woken,
        },
        CaseState::Visiting(visit) => Move::Rest {
            until: visit.planned.min(next_late(dossier, view)),
        },
        CaseState::Ended { .. } => Move::Rest {
            until: Timestamp::NEVER,
        },
    }
}

/// When the next item is late: without an anchor it may set one.
fn next_late(dossier: &Dossier, view: &View<'_>) -> Timestamp {
    view.items
        .iter()
        .map(|(item, _)| plus_days(item.due_on, 1))
        .find(|late_on| view.anchor.is_none() && *late_on > view.today)
        .map_or(Timestamp::NEVER, |late_on| {
            Timestamp::start_of(late_on, dossier.customer.time_zone)
        })
}

fn armed(dossier: &Dossier, case: CaseId, visit: &Visit) -> Option<Move> {
    let armed = visit.armed.as_ref()?;
    let state = |key: &EffectKey| dossier.effect(*key).map(|effect| effect.state);
    let handed_over = |key| {
        matches!(
            state(key),
            None | Some(EffectState::Done | EffectState::Confirmed)
        )
    };
    if armed.awaits.iter().all(handed_over) {
        return Some(Move::Host(Rule::Leave { case }));
    }
    let failed = armed.awaits.iter().find(|key| {
        matches!(
            state(key),
            Some(EffectState::Failed | EffectState::Cancelled)
        )
    })?;
    let effect = dossier.effect(*failed)?;
    let fact = dossier
        .inbox
        .iter()
        .find(|fact| fact.event.subject.as_deref() == Some(&effect.proposal))?;
    let cause = Cause::Fact {
        number: fact.number,
        event: fact.event.clone(),
    };
    Some(Move::Ask { case, cause })
}

/// Whether a stage is asked about a fact: the stage the case is in, if it listens; and
/// the one it waits for, if it listens and the fact is the debtor's own word. A call that
/// is made again is about the same fact, though the stage may not listen to it.
fn is_heard(workflow: &Workflow, case: &Case, number: u64, event: &Event) -> bool {
    let listens = |stage: &Stage| stage.plugin.manifest.listens.contains(&event.kind);
    match &case.state {
        CaseState::Visiting(visit) => {
            let retried = visit.retry.as_ref().and_then(|retry| retry.about);
            retried == Some(number) || workflow.stage(&visit.stage).is_some_and(listens)
        }
        CaseState::Waiting(waiting) => {
            matches!(event.kind.as_str(), "replied" | "dispute.opened")
                && workflow.stage(&waiting.stage).is_some_and(listens)
        }
        CaseState::Ended { .. } => false,
    }
}

fn pass_over(
    workflow: &Workflow,
    case: &Case,
    waiting: &Waiting,
    view: &View<'_>,
    now: Timestamp,
) -> Option<Move> {
    if now.0.saturating_sub(waiting.planned.0) < DAY_MS {
        return None;
    }
    let to = match workflow.catch_up {
        CatchUp::Run => return None,
        CatchUp::Skip => None,
        CatchUp::Collapse => {
            let place = workflow.place(&waiting.stage)?;
            let last = workflow.latest_by_age(place, view.days_overdue)?;
            if last.id == waiting.stage {
                return None;
            }
            Some(last.id.clone())
        }
    };
    Some(Move::Host(Rule::PassOver { case: case.id, to }))
}
