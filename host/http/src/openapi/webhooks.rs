//! What the host tells a tenant's systems, as the document's `webhooks`.

use regua_delivery::payload::event::{Event, Example, examples};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

const ABOUT: &str = "\
Posted by Standard Webhooks 1.0 to every endpoint that asks for the type. `webhook-id` is the same \
at each try and at each endpoint: whoever keeps the ids they have seen notices what comes twice. \
Events may come in any order; those of one customer happened in the order of `data.number`.";

/// One webhook a type of event.
pub(super) fn webhooks(generator: &mut SchemaGenerator) -> Map<String, Value> {
    let schema = generator.subschema_for::<Event>().to_value();
    examples()
        .into_iter()
        .map(|Example { kind, example }| {
            let mut schema = schema.clone();
            schema["properties"] = json!({ "type": { "const": kind.name() } });
            let media = json!({ "schema": schema, "example": example });
            let operation = json!({
                "operationId": format!("event {kind}"),
                "summary": kind.says(),
                "description": ABOUT,
                "tags": ["events"],
                "security": [],
                "requestBody": { "required": true, "content": { "application/json": media } },
                "responses": {
                    "2XX": { "description": "It was taken." },
                    "410": { "description": "The endpoint is disabled, and told nothing more." },
                    "default": { "description": "It is tried again, ten times in three days." },
                },
            });
            (kind.name().to_owned(), json!({ "post": operation }))
        })
        .collect()
}
