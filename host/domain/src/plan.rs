//! Plan: what this instant calls for.
//!
//! One fact or one timer per transition; facts before timers, in commit order. The host's
//! own moves come before any stage is asked: a debt that is gone is not dunned.

use crate::balance::{View, paid_since};
use crate::case::{Case, CaseState, End, Visit, Waiting};
use crate::contract::{CoverKind, EffectState, Event};
use crate::cover::{Cover, CoverState};
use crate::dossier::Dossier;
use crate::effect::{EffectKey, TaskState};
use crate::id::{CaseId, CoverId, TaskId};
use crate::ledger::Disposition;
use crate::money::Currency;
use crate::tenant::Tenant;
use crate::time::{DAY_MS, Date, Timestamp, plus_days};
use crate::workflow::{CatchUp, OnReanchor, Stage, Workflow};

/// Transitions a case may make on one local day.
pub const TRANSITIONS_A_DAY: u16 = 24;

/// Why a case is held that met the limit.
pub fn overrun_reason() -> String {
    format!("{TRANSITIONS_A_DAY} transitions a day")
}

/// What an instant calls for.
#[derive(Debug, Clone, PartialEq)]
pub enum Move {
    /// A stage is asked.
    Ask {
        /// The case.
        case: CaseId,
        /// Why.
        cause: Cause,
    },
    /// The host moves by itself.
    Host(Rule),
    /// Nothing before an instant.
    Rest {
        /// The next timer; [`Timestamp::NEVER`] where only a fact can change anything.
        until: Timestamp,
    },
}

/// Why a stage is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// Its earliest instant has come.
    Entering,
    /// The wake-up it asked for.
    Woken,
    /// A fact it listens to, or that a failed effect of its own forces on it.
    Fact {
        /// Its number in the inbox.
        number: u64,
        /// What happened.
        event: Event,
    },
}

/// The host's own moves.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// A case begins.
    Open {
        /// In which currency.
        currency: Currency,
    },
    /// An item came back soon after its case's end.
    Reopen {
        /// The case.
        case: CaseId,
        /// The fact that brought it.
        fact: u64,
    },
    /// Nothing past due is left.
    Resolve {
        /// The case.
        case: CaseId,
    },
    /// The anchor moved later.
    Rewind {
        /// The case.
        case: CaseId,
        /// To which stage.
        to: String,
    },
    /// The anchor moved while a case waits: the day of the stage it waits for with it.
    Replan {
        /// The case.
        case: CaseId,
    },
    /// What was armed is taken.
    Leave {
        /// The case.
        case: CaseId,
    },
    /// A late timer passes stages over.
    PassOver {
        /// The case.
        case: CaseId,
        /// To which stage; none: left by `skipped`.
        to: Option<String>,
    },
    /// A cover ended by itself.
    SettleCover {
        /// Which.
        cover: CoverId,
        /// How.
        how: CoverState,
    },
    /// An offer ran out.
    ExpireOffer {
        /// Which.
        effect: EffectKey,
    },
    /// An approved draft may leave.
    SendDraft {
        /// Its task.
        task: TaskId,
    },
    /// A fact that no stage listens to.
    Absorb {
        /// Its number.
        fact: u64,
    },
    /// Too many transitions on one day.
    Overrun {
        /// The case.
        case: CaseId,
    },
}

/// Says what an instant calls for.
pub fn plan(tenant: &Tenant, dossier: &Dossier, now: Timestamp) -> Move {
    let today = now.date_in(dossier.customer.time_zone);
    let mut until = Timestamp::NEVER;
    for step in [
        covers(tenant, dossier, now, today),
        offers(dossier, now, today),
        drafts(dossier, now),
    ] {
        match step {
            Move::Rest { until: next } => until = until.min(next),
            found => return found,
        }
    }
    for fact in &dossier.inbox {
        if fact
            .currency
            .is_none_or(|currency| dossier.open_case(currency).is_none())
            && !reopens(tenant, dossier, fact.currency, &fact.event, now)
        {
            return Move::Host(Rule::Absorb { fact: fact.number });
        }
    }
    for currency in dossier.currencies() {
        let step = match dossier.open_case(currency) {
            Some(case) => open_case(tenant, dossier, case, now, today),
            None => no_case(tenant, dossier, currency, now, today),
        };
        match step {
            Move::Rest { until: next } => until = until.min(next),
            found => return found,
        }
    }
    Move::Rest { until }
}

fn covers(tenant: &Tenant, dossier: &Dossier, now: Timestamp, today: Date) -> Move {
    let mut until = Timestamp::NEVER;
    for cover in dossier.covers.iter().filter(|cover| cover.is_active()) {
        match settled(tenant, dossier, cover, today) {
            Ok(how) => {
                return Move::Host(Rule::SettleCover {
                    cover: cover.id,
                    how,
                });
            }
            Err(Some(date)) => {
                until = until
                    .min(Timestamp::start_of(date, dossier.customer.time_zone).max(now.plus_ms(1)));
            }
            Err(None) => {}
        }
    }
    Move::Rest { until }
}

/// How a cover ended by itself, or the day on which it is to be looked at again.
fn settled(
    tenant: &Tenant,
    dossier: &Dossier,
    cover: &Cover,
    today: Date,
) -> Result<CoverState, Option<Date>> {
    let grace = i64::from(tenant.policy.grace_days);
    match cover.kind {
        CoverKind::Promise | CoverKind::Plan => {
            let paid = paid_since(dossier, cover);
            if paid >= cover.scheduled() {
                return Ok(CoverState::Kept);
            }
            let missed = cover
                .schedule
                .iter()
                .find(|part| cover.due_by(part.due_on) > paid);
            match missed.map(|part| plus_days(part.due_on, grace + 1)) {
                Some(broken_on) if broken_on <= today => Ok(CoverState::Broken),
                next => Err(next),
            }
        }
        CoverKind::Pending | CoverKind::Hold | CoverKind::Dispute => match cover.until {
            Some(last) if last < today => Ok(CoverState::Lifted),
            Some(last) => Err(Some(plus_days(last, 1))),
            None => Err(None),
        },
    }
}

fn offers(dossier: &Dossier, now: Timestamp, today: Date) -> Move {
    let mut until = Timestamp::NEVER;
    for effect in dossier
        .effects
        .iter()
        .filter(|effect| effect.is_open_offer())
    {
        match effect.until {
            Some(last) if last < today => {
                return Move::Host(Rule::ExpireOffer { effect: effect.key });
            }
            Some(last) => {
                let next = Timestamp::start_of(plus_days(last, 1), dossier.customer.time_zone);
                until = until.min(next.max(now.plus_ms(1)));
            }
            None => {}
        }
    }
    Move::Rest { until }
}

fn drafts(dossier: &Dossier, now: Timestamp) -> Move {
    let mut until = Timestamp::NEVER;
    for task in &dossier.tasks {
        match task.state {
            TaskState::Approved { not_before } if not_before <= now => {
                return Move::Host(Rule::SendDraft { task: task.id });
            }
            TaskState::Approved { not_before } => until = until.min(not_before),
            _ => {}
        }
    }
    Move::Rest { until }
}

/// Whether a fact brings an item back soon after its case's end.
fn reopens(
    tenant: &Tenant,
    dossier: &Dossier,
    currency: Option<Currency>,
    event: &Event,
    now: Timestamp,
) -> bool {
    event.kind == "payment.reversed"
        && currency.is_some_and(|currency| last_ended(tenant, dossier, currency, now).is_some())
}

fn last_ended<'a>(
    tenant: &Tenant,
    dossier: &'a Dossier,
    currency: Currency,
    now: Timestamp,
) -> Option<&'a Case> {
    let oldest = now.plus_ms(-i64::from(tenant.policy.reopen_days) * DAY_MS);
    dossier
        .cases
        .iter()
        .filter(|case| case.currency == currency)
        .filter_map(|case| match case.state {
            CaseState::Ended {
                end: End::Resolved,
                at,
                ..
            } if at >= oldest => Some((at, case)),
            _ => None,
        })
        .max_by_key(|(at, _)| *at)
        .map(|(_, case)| case)
}

fn no_case(
    tenant: &Tenant,
    dossier: &Dossier,
    currency: Currency,
    now: Timestamp,
    today: Date,
) -> Move {
    let fact = dossier
        .inbox
        .iter()
        .find(|fact| fact.currency == Some(currency));
    let Some(workflow) = tenant.assigned(&dossier.customer, currency) else {
        return fact.map_or(
            Move::Rest {
                until: Timestamp::NEVER,
            },
            |fact| Move::Host(Rule::Absorb { fact: fact.number }),
        );
    };
    let view = View::of(dossier, currency, today, workflow.tolerance(currency));
    if let Some(fact) = fact {
        let case = last_ended(tenant, dossier, currency, now).filter(|_| view.anchor.is_some());
        return Move::Host(match case {
            Some(case) => Rule::Reopen {
                case: case.id,
                fact: fact.number,
            },
            None => Rule::Absorb { fact: fact.number },
        });
    }
    if is_due(workflow, &view) {
        return Move::Host(Rule::Open { currency });
    }
    // Before its due date, where the workflow begins there, and from the day it is late on.
    let offset = i64::from(workflow.first_day());
    let next = view
        .items
        .iter()
        .flat_map(|(item, _)| [offset, offset.max(1)].map(|days| plus_days(item.due_on, days)))
        .filter(|date| *date > today)
        .min();
    let until = next.map_or(Timestamp::NEVER, |date| {
        Timestamp::start_of(date, dossier.customer.time_zone)
    });
    Move::Rest { until }
}

/// Whether there is anything for a case to do.
fn is_due(workflow: &Workflow, view: &View<'_>) -> bool {
    let first = workflow.first_day();
    match view.anchor {
        Some(_) => view.days_overdue >= first,
        None => first < 0 && view.coming.is_some() && view.days_overdue >= first,
    }
}

fn open_case(tenant: &Tenant, dossier: &Dossier, case: &Case, now: Timestamp, today: Date) -> Move {
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
    let Some(workflow) = tenant.workflows.get(&case.workflow) else {
        return Move::Rest {
            until: Timestamp::NEVER,
        };
    };
    let view = View::of(
        dossier,
        case.currency,
        today,
        workflow.tolerance(case.currency),
    );
    let placed = dossier
        .items
        .iter()
        .any(|item| item.currency == case.currency && item.disposition == Disposition::Placed);
    let gone = view.past_due <= workflow.tolerance(case.currency) && !is_due(workflow, &view);
    if gone && !placed && !on_the_way_out(workflow, case) {
        return Move::Host(Rule::Resolve { case: case.id });
    }
    let back = rewind_to(workflow, case, &view).or_else(|| owed_again(workflow, case, &view));
    if let Some(to) = back {
        return Move::Host(Rule::Rewind { case: case.id, to });
    }
    if let CaseState::Visiting(visit) = &case.state {
        if visit.inconclusive > 0 && visit.planned > now {
            // Asked again first about what it did not get to answer.
            return Move::Rest {
                until: visit.planned,
            };
        }
        if let Some(step) = armed(dossier, case.id, visit) {
            return step;
        }
    }
    if let CaseState::Waiting(waiting) = &case.state
        && view.anchor != case.anchor
        && waiting.planned > now
    {
        return Move::Host(Rule::Replan { case: case.id });
    }
    if let Some(fact) = dossier
        .inbox
        .iter()
        .find(|fact| fact.currency == Some(case.currency))
    {
        return if is_heard(workflow, case, &fact.event) {
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
        return Move::Rest {
            until: Timestamp::start_of(plus_days(last, 1), dossier.customer.time_zone)
                .max(now.plus_ms(1)),
        };
    }
    match &case.state {
        CaseState::Waiting(waiting) if waiting.planned <= now => {
            pass_over(workflow, case, waiting, &view, now).unwrap_or(Move::Ask {
                case: case.id,
                cause: Cause::Entering,
            })
        }
        CaseState::Waiting(waiting) => Move::Rest {
            until: waiting.planned.min(next_late(dossier, &view)),
        },
        CaseState::Visiting(visit) if visit.armed.is_some() => Move::Rest {
            until: Timestamp::NEVER,
        },
        CaseState::Visiting(visit) if visit.planned <= now => Move::Ask {
            case: case.id,
            cause: Cause::Woken,
        },
        CaseState::Visiting(visit) => Move::Rest {
            until: visit.planned,
        },
        CaseState::Ended { .. } => Move::Rest {
            until: Timestamp::NEVER,
        },
    }
}

/// Whether the case is at the stage that `paid` leads to.
fn on_the_way_out(workflow: &Workflow, case: &Case) -> bool {
    workflow.paid.as_deref() == Some(case.stage())
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

/// Where a case goes whose debt came back while it was on the way out: nobody is thanked
/// for a payment that was taken back.
fn owed_again(workflow: &Workflow, case: &Case, view: &View<'_>) -> Option<String> {
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
/// the one it waits for, if it listens and the fact is the debtor's own word.
fn is_heard(workflow: &Workflow, case: &Case, event: &Event) -> bool {
    let listens = |stage: &Stage| stage.plugin.manifest.listens.contains(&event.kind);
    match &case.state {
        CaseState::Visiting(visit) => workflow.stage(&visit.stage).is_some_and(listens),
        CaseState::Waiting(waiting) => {
            matches!(event.kind.as_str(), "replied" | "dispute.opened")
                && workflow.stage(&waiting.stage).is_some_and(listens)
        }
        CaseState::Ended { .. } => false,
    }
}

/// Whether a stage's day holds on this balance.
fn holds(stage: &Stage, view: &View<'_>) -> bool {
    stage
        .at
        .days_overdue
        .is_none_or(|day| day <= view.days_overdue)
}

fn rewind_to(workflow: &Workflow, case: &Case, view: &View<'_>) -> Option<String> {
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
