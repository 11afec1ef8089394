//! Offers to the debtor.

use super::action::{builders, keys};
use crate::bindings as wit;
use crate::situation::Item;
use crate::{Amount, BasisPoints, Date};

builders! {
    /// Something off, when paid in time.
    Discount(wit::Discount) = OfferDiscount;
    /// Up to three payment plans to choose from.
    PlanOffer(wit::PlanOffer) = OfferPlan;
}

impl Discount {
    /// A share off the items when they are paid by the day.
    pub fn new<'a>(
        share: BasisPoints,
        items: impl IntoIterator<Item = Item<'a>>,
        valid_until: Date,
    ) -> Self {
        Self(wit::Discount {
            items: keys(items),
            basis_points: share.get(),
            valid_until: valid_until.days(),
        })
    }
}

impl PlanOffer {
    /// An offer over items that stands until the day; add 1 to 3 plans.
    pub fn new<'a>(items: impl IntoIterator<Item = Item<'a>>, valid_until: Date) -> Self {
        Self(wit::PlanOffer {
            items: keys(items),
            plans: Vec::new(),
            valid_until: valid_until.days(),
        })
    }

    /// Adds a plan.
    pub fn plan(mut self, plan: Plan) -> Self {
        self.0.plans.push(plan.0);
        self
    }
}

/// 1 to 60 instalments by date, each above 0. They add up to the chaseable amount of the
/// offer's items, less their fees where these are waived: see [`Amount::split`].
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Plan(wit::Plan);

impl Plan {
    /// A plan of these instalments.
    ///
    /// ```
    /// use regua_sdk::{Amount, Date, decision::Plan};
    /// let first: Date = "2025-07-01".parse().unwrap();
    /// let parts = Amount::from_minor(10_000).split(3.try_into().unwrap());
    /// Plan::new((0..).step_by(30).map(|days| first.plus_days(days)).zip(parts));
    /// ```
    pub fn new(instalments: impl IntoIterator<Item = (Date, Amount)>) -> Self {
        let instalments = instalments
            .into_iter()
            .map(|(due_on, amount)| wit::Instalment {
                due_on: due_on.days(),
                amount: amount.minor(),
            });
        Self(wit::Plan {
            instalments: instalments.collect(),
            waive_fees: false,
        })
    }

    /// Waives the items' fees for who keeps it.
    pub fn waiving_fees(mut self) -> Self {
        self.0.waive_fees = true;
        self
    }
}
