#![doc = include_str!("../README.md")]

mod channel;
mod check;
mod config;
mod contact;
mod fee;
mod ladder;
mod memory;
mod person;
mod rest;
mod word;

use std::borrow::Cow;

use regua_sdk::prelude::*;

pub use config::{Config, Contact, HoldDays, LateFee, Person, Resend, Sales, Teams};
pub use memory::Memory;
use word::Word;

/// Contacts of growing firmness, then a person.
pub struct Escalation;

regua_sdk::outcomes! {
    /// How the stage is left.
    pub enum Outcome {
        /// The contacts and the person's time are used up.
        Exhausted = "exhausted",
        /// The customer's money is short for now.
        WantsPlan = "wants-plan",
        /// Something is wrong with what was bought.
        Disputed = "disputed",
    }
}

impl Stage for Escalation {
    const NAME: &'static str = "escalation";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &'static str =
        "Contacts of growing firmness over changing channels, then a task with a draft";
    const PROPOSES: &'static [ActionKind] = &[
        ActionKind::SendMessage,
        ActionKind::AddFee,
        ActionKind::OpenTask,
        ActionKind::NotifyTeam,
        ActionKind::Hold,
    ];
    /// Words of the debtor, results of what was proposed, and what can make a debt chaseable
    /// on a day that no calendar tells.
    const LISTENS: &'static [&'static str] = &[
        "replied",
        "dispute.opened",
        "task.completed",
        "message.bounced",
        "effect.failed",
        "effect.cancelled",
        "dispute.resolved",
        "dispute.lapsed",
        "hold.ended",
        "hold.lifted",
        "item.added",
        "payment.failed",
        "payment.lapsed",
        "payment.reversed",
        "plan.broken",
        "promise.broken",
    ];

    type Config = Config;
    type Memory = Memory;
    type Outcome = Outcome;

    fn schema() -> Cow<'static, str> {
        include_str!("../config.schema.json").into()
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        check::check(config)
    }

    fn decide(
        situation: &Situation,
        config: &Config,
        mut memory: Memory,
    ) -> Result<Decision<Self>, Refusal> {
        if let Some(word) = Word::heard(situation) {
            let decision = word::route(word, situation, config, &mut memory);
            return Ok(decision.remember(memory));
        }
        if let Some(outcome) = person::names_outcome(situation) {
            return Ok(Decision::leave(outcome)
                .because("person-decided", "a person named this way out in a task"));
        }
        if let Some(decision) = word::leaves_still(situation) {
            return Ok(decision);
        }
        // A reply may have led here before the stage's day; a call that is no event is proof
        // that it has come.
        if situation.event().is_none() {
            memory
                .clock
                .get_or_insert(situation.stage().business_days());
        }
        word::resent(situation, &mut memory);
        let decision = ladder::climb(situation, config, &mut memory)?;
        Ok(decision.remember(memory))
    }
}

regua_sdk::export_stage!(Escalation);
