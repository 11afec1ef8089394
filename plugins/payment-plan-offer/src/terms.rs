//! What was offered, small enough to remember: from it and the config the same plans can be
//! made again, to list them in a reminder or a confirmation.

use regua_sdk::Disposition;
use regua_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::{Config, PlanConfig};
use crate::schedule::Terms;

/// The sums that an offer's plans add up to, and its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The day of the offer.
    pub on: Date,
    /// All that could be chased of the items.
    pub total: Amount,
    /// The same without late fees and interest.
    pub principal: Amount,
}

impl Offered {
    /// What could be offered today of the items that were past due on a day.
    pub(crate) fn of(situation: &Situation, on: Date) -> Self {
        let principal = offered_items(situation, on)
            .filter(|item| !matches!(item.kind(), ItemKind::LateFee | ItemKind::Interest));
        Self {
            on,
            total: offered_items(situation, on).total_chaseable(),
            principal: principal.total_chaseable(),
        }
    }

    /// Whether nothing has changed since: only then can a plan still be accepted.
    pub(crate) fn still_holds(&self, situation: &Situation) -> bool {
        *self == Self::of(situation, self.on)
    }

    /// The last day of the offer.
    pub(crate) fn until(&self, config: &Config) -> Date {
        self.on.plus_days(config.valid_days.into())
    }

    /// The configured plans that the sums fit.
    pub(crate) fn plans(&self, config: &Config, smallest: Amount) -> Result<Vec<Plan>, Refusal> {
        let mut plans = Vec::new();
        for (index, plan) in config.plans.iter().enumerate() {
            let pointer = || ConfigProblem::new(format!("/plans/{index}"), "has no spacing");
            let terms = Terms {
                instalments: plan.instalments,
                spacing: plan
                    .spacing()
                    .ok_or_else(|| Refusal::BadConfig(vec![pointer()]))?,
                down_payment: plan.down_payment_bps,
                first: self.on.plus_days(config.first_due_days.into()),
                smallest,
            };
            let waives = self.waives(plan);
            let whole = if waives { self.principal } else { self.total };
            if let Some(instalments) = terms.instalments_of(whole) {
                let plan = Plan::new(instalments);
                plans.push(if waives { plan.waiving_fees() } else { plan });
            }
        }
        Ok(plans)
    }

    /// A plan does not promise to waive what nobody has charged.
    fn waives(&self, plan: &PlanConfig) -> bool {
        plan.waive_fees && self.principal < self.total
    }
}

/// The items of an offer of a day: all that was past due and may be chased.
pub(crate) fn offered_items(
    situation: &Situation,
    on: Date,
) -> impl Iterator<Item = Item<'_>> + Clone {
    past_due_items(situation, on).filter(|item| item.chaseable().is_positive())
}

/// All that was past due on a day, covered or not, and is with the tenant.
pub(crate) fn past_due_items(
    situation: &Situation,
    on: Date,
) -> impl Iterator<Item = Item<'_>> + Clone {
    // `ItemsExt::chaseable` cannot be cloned, and the items are gone through twice.
    situation
        .items()
        .filter(move |item| item.due_on() < on && item.disposition() == Disposition::Chased)
}
