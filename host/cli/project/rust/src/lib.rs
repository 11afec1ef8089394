//! A friendly note: one e-mail as soon as a case enters the stage; then the case goes on.

use regua_sdk::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

/// One friendly e-mail.
pub struct FriendlyNote;

/// What a workflow's author sets. The JSON Schema in the manifest is made of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The template of the note.
    pub template: TemplateRef,
}

regua_sdk::outcomes! {
    /// How the stage is left: a workflow's `on` says where each leads.
    pub enum Outcome {
        /// The note was handed over.
        Sent = "sent",
        /// No e-mail leads to the customer.
        Unreachable = "unreachable",
    }
}

/// The name of the note; the proposal's key is `note:email`.
const NOTE: &str = "note";

impl Stage for FriendlyNote {
    const NAME: &'static str = "@name@";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &'static str = "One friendly e-mail, then on";
    const PROPOSES: &'static [ActionKind] = &[ActionKind::SendMessage];

    type Config = Config;
    type Memory = ();
    type Outcome = Outcome;

    fn decide(situation: &Situation, config: &Config, (): ()) -> Result<Decision<Self>, Refusal> {
        let note = situation.letters(NOTE);
        let channel = Channel::Email;
        // Closed where no address is known, or the host refused the note just now.
        if !note.is_open(&channel) {
            return Ok(Decision::leave(Outcome::Unreachable)
                .because("no-email", "no e-mail leads to the customer"));
        }
        let balance = situation.balance();
        let open = balance.display(balance.chaseable());
        let key = note.key(&channel);
        Ok(Decision::leave(Outcome::Sent)
            .propose(key, Message::reminder(channel).template(&config.template))
            .because("entered", format!("a note about {open}")))
    }
}

regua_sdk::export_stage!(FriendlyNote);
