#![doc = include_str!("../README.md")]

mod call;
mod config;
mod letter;
mod progress;
mod schedule;
mod terms;

use std::borrow::Cow;

use regua_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use call::Call;
pub use config::{Config, PlanConfig, Step, Templates};
use progress::Progress;
pub use terms::Offered;

/// One offer of payment plans, followed to its end.
pub struct PaymentPlanOffer;

regua_sdk::outcomes! {
    /// How the stage is left.
    pub enum Outcome {
        /// A plan was accepted, and paid to its end.
        Accepted = "accepted",
        /// The customer wants none of the plans.
        Declined = "declined",
        /// The deadline passed without an answer.
        Expired = "expired",
        /// A plan was accepted, and not kept.
        Broken = "broken",
        /// No plan could be offered.
        NotEligible = "not-eligible",
    }
}

/// What the stage remembers within a visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// What was offered.
    pub offered: Option<Offered>,
    /// Letters that the guard refused, by the key of their proposal.
    pub refused: Vec<String>,
    /// Whether the reminder was sent, or given up.
    pub reminded: bool,
}

impl Stage for PaymentPlanOffer {
    const NAME: &'static str = "payment-plan-offer";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &'static str =
        "Offers up to three payment plans for the overdue balance and follows the accepted one";
    const PROPOSES: &'static [ActionKind] = &[ActionKind::OfferPlan, ActionKind::SendMessage];
    const LISTENS: &'static [&'static str] = &[
        "offer.accepted",
        "offer.declined",
        "offer.expired",
        "plan.broken",
        "plan.completed",
        "message.bounced",
        "effect.cancelled",
        "effect.failed",
        "hold.ended",
        "hold.lifted",
    ];

    type Config = Config;
    type Memory = Memory;
    type Outcome = Outcome;

    fn schema() -> Cow<'static, str> {
        include_str!("../config.schema.json").into()
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn decide(
        situation: &Situation,
        config: &Config,
        memory: Memory,
    ) -> Result<Decision<Self>, Refusal> {
        let call = Call {
            situation,
            config,
            memory,
        };
        match Progress::of(situation) {
            Progress::NotMade => call.offer(),
            Progress::Open { until } => call.await_answer(until),
            Progress::Accepted { plan } => call.follow(plan),
            Progress::Declined => Ok(
                Decision::leave(Outcome::Declined).because("declined", "the offer was declined")
            ),
            Progress::Expired => Ok(Decision::leave(Outcome::Expired)
                .because("expired", "the deadline passed without an answer")),
            Progress::Broken => {
                Ok(Decision::leave(Outcome::Broken).because("broken", "the plan was not kept"))
            }
            Progress::Completed => Ok(Decision::leave(Outcome::Accepted)
                .because("completed", "the plan was paid to its end")),
        }
    }
}

regua_sdk::export_stage!(PaymentPlanOffer);
