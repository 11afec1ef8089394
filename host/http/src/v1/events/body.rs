//! An event's body: one shape for each `event`. The shape is chosen by that word before
//! anything else is looked at, so that faults are told of what was meant, and not that none of
//! all shapes fits.

use axum::body::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::input::{Body, BodyFault, Checked};
use crate::problem::Fault;
use crate::shape::{Amount, Instant};
use crate::v1::acts::{DisputeIn, HoldIn, PromiseIn, ReplyIn, ResolutionIn};
use crate::v1::invoices::AtBody;

/// A dispute of a case's invoice.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisputeOf {
    /// The invoice, by reference.
    #[schemars(length(min = 1, max = 256))]
    pub invoice: String,
    /// The dispute's own key.
    #[schemars(length(min = 1, max = 128))]
    pub reference: String,
    /// The disputed part, above 0; all of the invoice, where it is left out.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// In a word: goods-or-service, not-received, … Stages see it.
    #[schemars(length(min = 1, max = 64))]
    pub reason: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl DisputeOf {
    pub(crate) fn of_invoice(&self) -> DisputeIn {
        DisputeIn {
            reference: self.reference.clone(),
            amount: self.amount.clone(),
            reason: self.reason.clone(),
            at: self.at.clone(),
        }
    }
}

/// How the dispute of a case's invoice was decided.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolutionOf {
    /// The invoice, by reference.
    #[schemars(length(min = 1, max = 256))]
    pub invoice: String,
    /// Whether the debtor was right: the disputed part is not owed then.
    pub upheld: bool,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl ResolutionOf {
    pub(crate) fn of_invoice(&self) -> ResolutionIn {
        ResolutionIn {
            upheld: self.upheld,
            at: self.at.clone(),
        }
    }
}

/// What a debtor said of a channel.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfChannel {
    /// email, sms, whatsapp, letter, phone, or another's name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,32}$"))]
    pub channel: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

/// Makes the enum of events with its checks and its schema, from one list of words and shapes.
macro_rules! events {
    ($($name:ident($shape:ty) = $word:literal as $field:ident;)*) => {
        /// What happened.
        pub(crate) enum Event {
            $($name($shape),)*
        }

        /// Every shape with its schema.
        pub(crate) struct Checks {
            $($field: Checked<$shape>,)*
        }

        const WORDS: &[&str] = &[$($word),*];

        impl Body for Event {
            const MEDIA_TYPE: Option<&'static str> = Some("application/json");
            type Check = Checks;

            fn check() -> Checks {
                Checks {
                    $($field: Checked::new(),)*
                }
            }

            fn read(checks: &Checks, bytes: Bytes) -> Result<Self, BodyFault> {
                let (word, rest) = opened(&bytes)?;
                match word.as_str() {
                    $($word => checks
                        .$field
                        .read(rest)
                        .map(Self::$name)
                        .map_err(BodyFault::Faults),)*
                    _ => Err(not_known()),
                }
            }

            fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
                let shapes = [$(shape::<$shape>(generator, $word)),*];
                schemars::json_schema!({
                    "description": "What happened: `event` says which.",
                    "oneOf": shapes,
                    "examples": [{
                        "event": "reply", "reason": "cash-flow",
                        "text": "I can pay at the end of the month."
                    }]
                })
                .into()
            }
        }
    };
}

events! {
    Reply(ReplyIn) = "reply" as reply;
    Promise(PromiseIn) = "promise" as promise;
    Dispute(DisputeOf) = "dispute" as dispute;
    ResolveDispute(ResolutionOf) = "resolve-dispute" as resolve_dispute;
    OptOut(OfChannel) = "opt-out" as opt_out;
    OptIn(OfChannel) = "opt-in" as opt_in;
    Hold(HoldIn) = "hold" as hold;
    LiftHold(AtBody) = "lift-hold" as lift_hold;
}

/// The word, and all but it.
fn opened(bytes: &Bytes) -> Result<(String, Value), BodyFault> {
    let value = serde_json::from_slice(bytes)
        .map_err(|error| BodyFault::Syntax(format!("the body is not JSON: {error}")))?;
    let fault = |pointer: &str, text: &str| BodyFault::Faults(vec![Fault::at(pointer, text)]);
    let Value::Object(mut members) = value else {
        return Err(fault("", "is not an object"));
    };
    match members.remove("event") {
        Some(Value::String(word)) => Ok((word, Value::Object(members))),
        Some(_) => Err(not_known()),
        None => Err(fault("/event", "is missing")),
    }
}

fn not_known() -> BodyFault {
    let text = format!("is none of {}", WORDS.join(", "));
    BodyFault::Faults(vec![Fault::at("/event", text)])
}

/// A shape's schema with the word that chooses it.
fn shape<T: JsonSchema + DeserializeOwned>(generator: &mut SchemaGenerator, word: &str) -> Value {
    let mut schema = T::json_schema(generator).to_value();
    schema["title"] = json!(word);
    schema["properties"]["event"] = json!({ "const": word });
    let needed = schema["required"].as_array_mut().map(std::mem::take);
    let mut needed = needed.unwrap_or_default();
    needed.insert(0, json!("event"));
    schema["required"] = needed.into();
    schema
}
