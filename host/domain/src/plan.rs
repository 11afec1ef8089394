//! Plan: what this instant calls for.
//!
//! One fact or one timer per transition; facts before timers, in commit order. The host's
//! own moves come before any stage is asked: a debt that is gone is not dunned.

mod holds;
mod open;
mod opening;
mod rewind;
mod timers;
mod transfer;

use crate::contract::Event;
use crate::cover::CoverState;
use crate::dossier::Dossier;
use crate::effect::EffectKey;
use crate::id::{CaseId, CoverId, TaskId};
use crate::money::Currency;
use crate::tenant::Tenant;
use crate::time::Timestamp;

pub(crate) use holds::is_about_hold;
pub(crate) use opening::last_ended;
pub(crate) use rewind::last_rung;
pub(crate) use timers::settled;

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
    /// Another version of its workflow succeeded the one that it is pinned to.
    Transfer {
        /// The case.
        case: CaseId,
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
    /// A hold ended on a case whose age is beyond the rung it waits for.
    EnterLate {
        /// The case.
        case: CaseId,
        /// At which stage it goes on.
        to: String,
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
        timers::covers(tenant, dossier, now, today),
        timers::offers(dossier, now, today),
        timers::drafts(dossier, now),
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
            && !opening::reopens(tenant, dossier, fact.currency, &fact.event, now)
        {
            return Move::Host(Rule::Absorb { fact: fact.number });
        }
    }
    for currency in dossier.currencies() {
        let step = match dossier.open_case(currency) {
            Some(case) => open::open_case(tenant, dossier, case, now, today),
            None => opening::no_case(tenant, dossier, currency, now, today),
        };
        match step {
            Move::Rest { until: next } => until = until.min(next),
            found => return found,
        }
    }
    Move::Rest { until }
}
