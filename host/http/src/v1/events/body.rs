//! An event's body: one shape for each `event`. The shape is chosen by that word before
//! anything else is looked at, so that faults are told of what was meant, and not that none of
//! all shapes fits.

use std::marker::PhantomData;

use axum::body::Bytes;
use regua_domain::strict::Strict;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::kind::{Happened, Kind};
use super::kinds::{KINDS, OF_TASKS};
use crate::input::{Body, BodyFault};
use crate::problem::Fault;

/// What is told of something, by its kinds.
pub(crate) trait Subject: Send + 'static {
    const EXAMPLE: fn() -> Value;
    fn kinds() -> Vec<&'static Kind>;
}

/// What is told of a case: what its debtor said, and what was agreed with them.
pub(crate) struct OfCase;

impl Subject for OfCase {
    const EXAMPLE: fn() -> Value = || {
        json!({
            "event": "reply", "reason": "cash-flow",
            "text": "I can pay at the end of the month."
        })
    };

    fn kinds() -> Vec<&'static Kind> {
        const WORDS: [&str; 8] = [
            "reply",
            "promise",
            "dispute",
            "resolve-dispute",
            "opt-out",
            "opt-in",
            "hold",
            "lift-hold",
        ];
        let is_said = |kind: &&Kind| WORDS.contains(&kind.word);
        KINDS.iter().filter(is_said).collect()
    }
}

/// What is told of a customer: everything.
pub(crate) struct OfCustomer;

impl Subject for OfCustomer {
    const EXAMPLE: fn() -> Value = || json!({ "event": "opt-out", "channel": "sms" });

    fn kinds() -> Vec<&'static Kind> {
        KINDS.iter().chain(&*OF_TASKS).collect()
    }
}

/// What happened.
pub(crate) struct Event<S> {
    pub kind: &'static Kind,
    pub happened: Happened,
    of: PhantomData<fn() -> S>,
}

impl<S: Subject> Body for Event<S> {
    const MEDIA_TYPE: Option<&'static str> = Some("application/json");
    type Check = Vec<&'static Kind>;

    fn check() -> Self::Check {
        S::kinds()
    }

    fn read(kinds: &Self::Check, bytes: Bytes) -> Result<Self, BodyFault> {
        let Strict(value) = serde_json::from_slice(&bytes)
            .map_err(|error| BodyFault::Syntax(format!("the body is not JSON: {error}")))?;
        let fault = |pointer: &str, text: &str| BodyFault::Faults(vec![Fault::at(pointer, text)]);
        let Value::Object(mut members) = value else {
            return Err(fault("", "is not an object"));
        };
        let word = members.remove("event");
        let word = word.ok_or_else(|| fault("/event", "is missing"))?;
        let kind = kinds.iter().find(|kind| word == kind.word);
        let kind = kind.ok_or_else(|| {
            let words: Vec<_> = kinds.iter().map(|kind| kind.word).collect();
            fault("/event", &format!("is none of {}", words.join(", ")))
        })?;
        Ok(Self {
            kind,
            happened: (kind.read)(members).map_err(BodyFault::Faults)?,
            of: PhantomData,
        })
    }

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        let shapes: Vec<_> = S::kinds()
            .into_iter()
            .map(|kind| shape("event", kind.word, &(kind.schemas)(generator)))
            .collect();
        Some(schemars::json_schema!({
            "description": "What happened: `event` says which.",
            "oneOf": shapes,
            "examples": [(S::EXAMPLE)()],
        }))
    }
}

/// A shape that is put together of several, with the word that chooses it.
pub(crate) fn shape(tag: &str, word: &str, parts: &[Value]) -> Value {
    let mut whole = json!({
        "title": word, "type": "object", "additionalProperties": false,
        "properties": { tag: { "const": word } }, "required": [tag],
    });
    for part in parts {
        if let Some(about) = part.get("description") {
            whole["description"] = about.clone();
        }
        for (name, schema) in part["properties"].as_object().into_iter().flatten() {
            whole["properties"][name] = schema.clone();
        }
        if let (Some(all), Some(needed)) = (
            whole["required"].as_array_mut(),
            part.get("required").and_then(Value::as_array),
        ) {
            all.extend(needed.iter().cloned());
        }
    }
    whole
}
