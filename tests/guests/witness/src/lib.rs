//! A stage that writes into its log all that it is told, field by field, so that a suite can
//! look there for what should never have come this far.
//!
//! It is bound to the contract by hand, for the SDK's shapes show less than what crosses.
//! It listens to everything, and proposes what brings answers: a letter that can bounce, a
//! task that a person completes, an offer that is accepted.
#![cfg(target_arch = "wasm32")]

mod proposals;

#[allow(
    clippy::all,
    clippy::pedantic,
    unsafe_code,
    unused_qualifications,
    reason = "generated code"
)]
mod bindings {
    wit_bindgen::generate!({ path: "../../../wit/v1", world: "stage" });
    export!(Witness);

    use crate::Witness;
}

use bindings::Guest;
use bindings::regua::dunning::log::{Level, write};
use bindings::regua::dunning::types::{
    ActionKind, ConfigProblem, Decision, Manifest, Next, Refusal, Situation, Wake,
};

/// Any config.
const SCHEMA: &str = r#"{"type":"object"}"#;
/// The host keeps 1 KiB of a line.
const LINE_BYTES: usize = 1_000;

/// Every kind that the contract's register names and a debtor, a channel or a person causes.
const LISTENS: &[&str] = &[
    "item.added",
    "item.voided",
    "item.credited",
    "dispute.opened",
    "dispute.resolved",
    "payment.received",
    "payment.pending",
    "payment.failed",
    "payment.reversed",
    "message.delivered",
    "message.bounced",
    "effect.confirmed",
    "effect.failed",
    "effect.cancelled",
    "offer.accepted",
    "offer.declined",
    "plan.broken",
    "plan.completed",
    "task.completed",
    "promise.made",
    "promise.broken",
    "hold.placed",
    "replied",
    "contact.opted-out",
];

struct Witness;

impl Guest for Witness {
    fn describe() -> Manifest {
        Manifest {
            name: "witness".to_owned(),
            version: "1.0.0".to_owned(),
            summary: "Writes down all that it is told".to_owned(),
            config_schema: SCHEMA.to_owned(),
            outcomes: vec!["done".to_owned()],
            proposes: vec![
                ActionKind::SendMessage,
                ActionKind::OpenTask,
                ActionKind::OfferPlan,
            ],
            listens: LISTENS.iter().map(|&kind| kind.to_owned()).collect(),
            memory_version: 0,
        }
    }

    fn check_config(config: String) -> Vec<ConfigProblem> {
        tell(&config);
        Vec::new()
    }

    fn decide(situation: Situation, config: String) -> Result<Decision, Refusal> {
        tell(&format!("{situation:?} config: {config}"));
        Ok(Decision {
            proposals: proposals::on(&situation),
            next: Next::Stay(Wake::AfterDays(7)),
            memory: None,
            reasons: Vec::new(),
        })
    }
}

/// Writes a text in lines that the host keeps whole.
fn tell(text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(rest.floor_char_boundary(LINE_BYTES));
        write(Level::Info, line);
        rest = behind;
    }
}
