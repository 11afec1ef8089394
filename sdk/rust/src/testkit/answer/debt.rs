//! Offers, placements and recalls in an answer.

use super::Answer;
use crate::bindings as wit;
use crate::{Amount, Date};

/// An offer of plans in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentOffer {
    /// The keys of its items.
    pub items: Vec<String>,
    /// In the order of their numbers.
    pub plans: Vec<SentPlan>,
    /// Its last day.
    pub valid_until: Date,
}

/// A plan of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentPlan {
    /// By date.
    pub instalments: Vec<(Date, Amount)>,
    /// Whether fees are waived.
    pub waives_fees: bool,
}

/// A placement in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentPlacement {
    /// The agency's name.
    pub agency: String,
    /// The keys of its items.
    pub items: Vec<String>,
    /// In hundredths of a percent.
    pub commission_bps: u32,
    /// How long the agency has.
    pub term_days: u16,
}

/// A recall in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRecall {
    /// The key of the placement.
    pub placement: String,
    /// The keys of its items.
    pub items: Vec<String>,
    /// Why.
    pub reason: String,
}

impl SentPlan {
    /// What its instalments add up to.
    pub fn total(&self) -> Amount {
        self.instalments.iter().map(|&(_, amount)| amount).sum()
    }
}

impl Answer {
    /// The offer of plans proposed under a key.
    pub fn plan_offer(&self, key: &str) -> Option<SentOffer> {
        let wit::Action::OfferPlan(offer) = self.action(key)? else {
            return None;
        };
        let plan = |plan: &wit::Plan| SentPlan {
            instalments: plan
                .instalments
                .iter()
                .map(|one| (Date::from_days(one.due_on), Amount::from_minor(one.amount)))
                .collect(),
            waives_fees: plan.waive_fees,
        };
        Some(SentOffer {
            items: offer.items.clone(),
            plans: offer.plans.iter().map(plan).collect(),
            valid_until: Date::from_days(offer.valid_until),
        })
    }

    /// The placement proposed under a key.
    pub fn placement(&self, key: &str) -> Option<SentPlacement> {
        let wit::Action::PlaceWithAgency(placement) = self.action(key)? else {
            return None;
        };
        Some(SentPlacement {
            agency: placement.agency.clone(),
            items: placement.items.clone(),
            commission_bps: placement.commission_bps,
            term_days: placement.term_days,
        })
    }

    /// The recall proposed under a key.
    pub fn recall(&self, key: &str) -> Option<SentRecall> {
        let wit::Action::RecallPlacement(recall) = self.action(key)? else {
            return None;
        };
        Some(SentRecall {
            placement: recall.placement.clone(),
            items: recall.items.clone(),
            reason: recall.reason.clone(),
        })
    }
}
