//! How far the offer has come: the event tells, or else what became of the proposal.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;

/// The key of the one offer of a visit.
pub(crate) const OFFER: &str = "offer";

/// How far the offer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// None was made on this visit.
    NotMade,
    /// It stands until the end of the day.
    Open {
        until: Option<Date>,
    },
    /// The plan of this number, from 1, was accepted.
    Accepted {
        plan: Option<usize>,
    },
    Declined,
    Expired,
    Broken,
    Completed,
}

impl Progress {
    pub(crate) fn of(situation: &Situation) -> Self {
        Self::told(situation).unwrap_or_else(|| Self::seen(situation))
    }

    fn told(situation: &Situation) -> Option<Self> {
        let event = situation.event()?;
        if event.subject() != Some(OFFER) {
            return None;
        }
        match event.kind() {
            "offer.accepted" => Some(Self::Accepted {
                plan: event.detail("plan").and_then(|plan| plan.parse().ok()),
            }),
            "offer.declined" => Some(Self::Declined),
            "offer.expired" => Some(Self::Expired),
            "plan.broken" => Some(Self::Broken),
            "plan.completed" => Some(Self::Completed),
            _ => None,
        }
    }

    fn seen(situation: &Situation) -> Self {
        let Some(offer) = situation
            .effects_of_visit()
            .of_kind(ActionKind::OfferPlan)
            .by_key(OFFER)
            .latest()
        else {
            return Self::NotMade;
        };
        let until = offer.until();
        match (offer.state(), offer.code().split_once(':')) {
            (EffectState::Confirmed, Some(("accepted", plan))) => Self::Accepted {
                plan: plan.parse().ok(),
            },
            (EffectState::Confirmed, _) if offer.code() == "declined" => Self::Declined,
            (EffectState::Failed, _) if offer.code() == "expired" => Self::Expired,
            (EffectState::Failed | EffectState::Cancelled, _) => Self::NotMade,
            _ if until.is_some_and(|until| until < situation.today()) => Self::Expired,
            _ => Self::Open { until },
        }
    }
}

/// Whether a plan covers some of the debt.
pub(crate) fn plan_runs(situation: &Situation) -> bool {
    situation
        .balance()
        .covers()
        .any(|cover| cover.kind() == CoverKind::Plan)
}
