//! What ends by itself beside the cases: covers, offers, and the wait of approved drafts.

use super::{Move, Rule};
use crate::balance::paid_since;
use crate::contract::CoverKind;
use crate::cover::{Cover, CoverState};
use crate::dossier::Dossier;
use crate::effect::TaskState;
use crate::policy::Policy;
use crate::tenant::Tenant;
use crate::time::{Date, Timestamp, plus_days};

pub(super) fn covers(tenant: &Tenant, dossier: &Dossier, now: Timestamp, today: Date) -> Move {
    let mut until = Timestamp::NEVER;
    for cover in dossier.covers.iter().filter(|cover| cover.is_active()) {
        match settled(&tenant.policy, dossier, cover, today) {
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
pub(crate) fn settled(
    policy: &Policy,
    dossier: &Dossier,
    cover: &Cover,
    today: Date,
) -> Result<CoverState, Option<Date>> {
    let grace = i64::from(policy.grace_days);
    match cover.kind {
        CoverKind::Promise | CoverKind::Plan => {
            // All that it asked for was taken off: there is nothing left to keep.
            if cover.schedule.is_empty() {
                return Ok(CoverState::Lifted);
            }
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

pub(super) fn offers(dossier: &Dossier, now: Timestamp, today: Date) -> Move {
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

pub(super) fn drafts(dossier: &Dossier, now: Timestamp) -> Move {
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
