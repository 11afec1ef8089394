#![doc = include_str!("../README.md")]

mod before;
mod config;
mod memory;
mod placed;

use std::borrow::Cow;

use regua_sdk::prelude::*;

pub use config::{Config, Notice};
pub use memory::{Memory, Noticed};

/// A final notice, its waiting period, a placement, and what comes back of it.
pub struct AgencyHandoff;

regua_sdk::outcomes! {
    /// How the stage is left.
    pub enum Outcome {
        /// The debt, or some of it, is back with the tenant, and open.
        Returned = "returned",
        /// Nothing that was placed is open any more.
        Remitted = "remitted",
        /// Nothing was placed.
        NotEligible = "not-eligible",
    }
}

/// The key of the one placement of a visit.
pub(crate) const PLACEMENT: &str = "placement";

impl Stage for AgencyHandoff {
    const NAME: &'static str = "agency-handoff";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &'static str =
        "Final notice, its waiting period, then a placement with an agency and its recall";
    const PROPOSES: &'static [ActionKind] = &[
        ActionKind::SendMessage,
        ActionKind::PlaceWithAgency,
        ActionKind::RecallPlacement,
    ];
    const LISTENS: &'static [&'static str] = &[
        "dispute.opened",
        "effect.cancelled",
        "effect.failed",
        "hold.ended",
        "hold.lifted",
        "item.credited",
        "item.voided",
        "message.bounced",
        "payment.received",
        "payment.reversed",
        "placement.remitted",
        "placement.returned",
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
        let placement = situation
            .effects_of_visit()
            .of_kind(ActionKind::PlaceWithAgency)
            .by_key(PLACEMENT)
            .latest();
        match placement {
            Some(placement) => Ok(placed::decide(situation, placement, memory)),
            None => before::decide(situation, config, memory),
        }
    }
}

regua_sdk::export_stage!(AgencyHandoff);

pub(crate) fn not_eligible(code: &str, text: impl Into<String>) -> Decision<AgencyHandoff> {
    Decision::leave(Outcome::NotEligible).because(code, text)
}
