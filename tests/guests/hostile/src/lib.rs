//! A stage that misbehaves.
//!
//! Its config says how: `{"do":"loop"}`. It is bound to the contract by hand, without the
//! SDK, for the SDK keeps its users from most of this. What Rust cannot do at all (tables
//! that grow, imports beyond the contract, a start function that loops) the suite writes as
//! WebAssembly text.
#![cfg(target_arch = "wasm32")]

mod answers;
mod crimes;
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
    export!(Hostile);

    use crate::Hostile;
}

use bindings::Guest;
use bindings::regua::dunning::types::{
    ActionKind, ConfigProblem, Decision, Manifest, Refusal, Situation,
};

/// Any text as `do`: what it knows nothing of, it refuses.
const SCHEMA: &str = r#"{"type":"object","properties":{"do":{"type":"string"}},"required":["do"],"additionalProperties":false}"#;

struct Hostile;

impl Guest for Hostile {
    fn describe() -> Manifest {
        Manifest {
            name: "hostile".to_owned(),
            version: "1.0.0".to_owned(),
            summary: "Misbehaves as its config says".to_owned(),
            config_schema: SCHEMA.to_owned(),
            outcomes: vec!["done".to_owned()],
            // All but `place-with-agency`, so that one is undeclared.
            proposes: vec![
                ActionKind::SendMessage,
                ActionKind::Charge,
                ActionKind::AddFee,
                ActionKind::OfferPlan,
                ActionKind::NotifyTeam,
                ActionKind::WriteOff,
                ActionKind::AddNote,
                ActionKind::Custom,
            ],
            listens: Vec::new(),
            memory_version: 0,
        }
    }

    fn check_config(config: String) -> Vec<ConfigProblem> {
        match wanted(&config) {
            "check-loop" => crimes::spin(),
            "check-trap" => crimes::trap(),
            "check-flood" => vec![answers::problem("/do", "wrong"); 101],
            "check-pointer" => vec![answers::problem("do", "wrong")],
            _ => Vec::new(),
        }
    }

    fn decide(situation: Situation, config: String) -> Result<Decision, Refusal> {
        let wanted = wanted(&config);
        crimes::commit(wanted);
        match answers::answer(wanted, &situation) {
            Some(answer) => answer,
            None => match proposals::decision(wanted, &situation) {
                Some(decision) => Ok(decision),
                None => Err(Refusal::Unsupported(wanted.to_owned())),
            },
        }
    }
}

/// The config is canonical JSON of one member.
fn wanted(config: &str) -> &str {
    config
        .strip_prefix(r#"{"do":""#)
        .and_then(|rest| rest.strip_suffix(r#""}"#))
        .unwrap_or("no-such-config")
}
