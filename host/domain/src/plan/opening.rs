//! A currency without an open case: whether one begins, or comes back.

use super::{Move, Rule};
use crate::balance::View;
use crate::case::{Case, CaseState};
use crate::contract::Event;
use crate::dossier::Dossier;
use crate::money::Currency;
use crate::policy::Policy;
use crate::tenant::Tenant;
use crate::time::{DAY_MS, Date, Timestamp, plus_days};
use crate::workflow::Workflow;

/// Whether a fact brings an item back soon after its case's end.
pub(super) fn reopens(
    tenant: &Tenant,
    dossier: &Dossier,
    currency: Option<Currency>,
    event: &Event,
    now: Timestamp,
) -> bool {
    event.kind == "payment.reversed"
        && currency
            .is_some_and(|currency| last_ended(&tenant.policy, dossier, currency, now).is_some())
}

/// The case that ended last, however it did, unless that is too long ago for an item to
/// reopen it.
pub(crate) fn last_ended<'a>(
    policy: &Policy,
    dossier: &'a Dossier,
    currency: Currency,
    now: Timestamp,
) -> Option<&'a Case> {
    let oldest = now.plus_ms(-i64::from(policy.reopen_days) * DAY_MS);
    dossier
        .cases
        .iter()
        .filter(|case| case.currency == currency)
        .filter_map(|case| match case.state {
            CaseState::Ended { at, .. } if at >= oldest => Some((at, case)),
            _ => None,
        })
        .max_by_key(|(at, _)| *at)
        .map(|(_, case)| case)
}

pub(super) fn no_case(
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
        return match fact {
            Some(fact) => Move::Host(Rule::Absorb { fact: fact.number }),
            None => unassigned(dossier, currency, today),
        };
    };
    let view = View::of(dossier, currency, today, workflow.tolerance(currency));
    if let Some(fact) = fact {
        let case =
            last_ended(&tenant.policy, dossier, currency, now).filter(|_| view.anchor.is_some());
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

/// The tenant may publish a workflow, or assign another, at any time: what is owed until then is
/// looked at again each day.
fn unassigned(dossier: &Dossier, currency: Currency, today: Date) -> Move {
    let is_owed = dossier
        .items
        .iter()
        .any(|item| item.currency == currency && item.outstanding > 0);
    let tomorrow = || Timestamp::start_of(plus_days(today, 1), dossier.customer.time_zone);
    Move::Rest {
        until: if is_owed {
            tomorrow()
        } else {
            Timestamp::NEVER
        },
    }
}

/// Whether there is anything for a case to do.
pub(super) fn is_due(workflow: &Workflow, view: &View<'_>) -> bool {
    let first = workflow.first_day();
    match view.anchor {
        Some(_) => view.days_overdue >= first,
        None => first < 0 && view.coming.is_some() && view.days_overdue >= first,
    }
}
