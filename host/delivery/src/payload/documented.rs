//! Each payload's schema, with an example.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::{data, of, sample};

/// What is told of a kind of message.
#[derive(Debug, Clone, PartialEq)]
pub struct Documented {
    /// `effect.<kind>` or `message.<channel>`.
    pub kind: String,
    /// JSON Schema 2020-12.
    pub schema: Value,
    /// A message of that kind, made as any other is.
    pub example: Value,
}

/// All kinds of messages, in the contract's order; the other channels are as `message.letter`.
pub fn documented() -> Vec<Documented> {
    let sample = sample::sample();
    let examples = sample.dossier.effects.iter().filter_map(|effect| {
        let message = of(&sample.dossier, effect, sample.sender()).ok()?;
        let example = serde_json::from_slice(&message.body).ok()?;
        Some((message.kind, example))
    });
    examples
        .filter_map(|(kind, example)| {
            let schema = schema(&kind)?;
            Some(Documented {
                schema: with_type(schema, &kind),
                kind,
                example,
            })
        })
        .collect()
}

fn schema(kind: &str) -> Option<Schema> {
    Some(match kind {
        "effect.charge" => schema_of::<data::Charge>(),
        "effect.notify-team" => schema_of::<data::NotifyTeam>(),
        "effect.change-service" => schema_of::<data::ChangeService>(),
        "effect.place-with-agency" => schema_of::<data::PlaceWithAgency>(),
        "effect.recall-placement" => schema_of::<data::RecallPlacement>(),
        "effect.custom" => schema_of::<data::Custom>(),
        _ if kind.starts_with("message.") => schema_of::<data::Message>(),
        _ => return None,
    })
}

fn schema_of<T: JsonSchema>() -> Schema {
    // As it is written, not as it would be read: what may be absent is not required.
    let settings = || {
        SchemaSettings::draft2020_12()
            .for_serialize()
            .into_generator()
    };
    let mut schema = settings().into_root_schema_for::<data::Envelope<T>>();
    // What is said of the kind is lost where its fields are taken in among the others.
    if let Some(said) = settings().into_root_schema_for::<T>().get("description") {
        schema.insert("description".to_owned(), said.clone());
    }
    schema
}

fn with_type(schema: Schema, kind: &str) -> Value {
    let mut schema = schema.to_value();
    schema["title"] = json!(kind);
    schema["properties"]["type"]["const"] = json!(kind);
    schema
}
