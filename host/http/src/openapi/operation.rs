//! One operation of the document.

use serde_json::{Map, Value, json};

use crate::endpoint::{Endpoint, Repeats, Shapes};

/// What it is listed under: the resource.
pub(super) fn tag(endpoint: &Endpoint) -> &'static str {
    endpoint
        .path
        .trim_start_matches("/v1")
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default()
}

/// The name of the response of a status.
pub(super) fn problem(status: u16) -> String {
    format!("problem-{status}")
}

pub(super) fn operation(
    endpoint: &Endpoint,
    shapes: Shapes,
    is_versioned: bool,
    schemas: &Map<String, Value>,
) -> Value {
    let mut parameters = parameters("path", &shapes.path.to_value());
    parameters.extend(self::parameters("query", &shapes.query.to_value()));
    let has_parameters = !parameters.is_empty();
    parameters.extend(headers(endpoint));
    let has_body = shapes.body.is_some();
    let mut operation = json!({
        "operationId": endpoint.id,
        "summary": endpoint.summary,
        "tags": [tag(endpoint)],
        "x-regua-roles": endpoint.roles,
        "responses": responses(endpoint, shapes.reply, is_versioned, has_parameters || has_body),
    });
    if !endpoint.details.is_empty() {
        operation["description"] = endpoint.details.into();
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some((media_type, schema)) = shapes.body {
        operation["requestBody"] = json!({
            "required": true,
            "content": { media_type: media(&schema.to_value(), schemas) },
        });
    }
    operation
}

/// A schema, with the example that it bears, or its component.
fn media(schema: &Value, schemas: &Map<String, Value>) -> Value {
    let example = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.rsplit('/').next())
        .and_then(|name| schemas.get(name))
        .unwrap_or(schema)
        .pointer("/examples/0")
        .cloned();
    let mut media = json!({ "schema": schema });
    if let Some(example) = example {
        media["example"] = example;
    }
    media
}

fn parameters(place: &str, schema: &Value) -> Vec<Value> {
    let required = |name: &str| {
        let names = schema.get("required").and_then(Value::as_array);
        place == "path" || names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let members = schema.get("properties").and_then(Value::as_object);
    members
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let about = schema.as_object_mut().and_then(|s| s.remove("description"));
            let mut parameter = json!({
                "name": name, "in": place, "required": required(name), "schema": schema,
            });
            if let Some(about) = about {
                parameter["description"] = about;
            }
            parameter
        })
        .collect()
}

fn headers(endpoint: &Endpoint) -> Vec<Value> {
    let mut headers = Vec::new();
    if endpoint.repeats != Repeats::Harmless {
        let about = match endpoint.repeats {
            Repeats::Fact => {
                "The same fact under the same key is one fact, for ever. A key that is a fact's \
                 id, `fact_` and 32 hex digits, is that id."
            }
            _ => "The same call under the same key is carried out once; for a day.",
        };
        headers.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false, "description": about,
            "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
        }));
    }
    if endpoint.matched {
        headers.push(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag of what is changed, as it was read; or `*`.",
            "schema": { "type": "string" },
        }));
    }
    headers
}

fn responses(
    endpoint: &Endpoint,
    reply: Option<(&'static str, schemars::Schema)>,
    is_versioned: bool,
    is_read: bool,
) -> Value {
    let mut responses = Map::new();
    let mut success = json!({ "description": "Done." });
    if let Some((media_type, schema)) = reply {
        success["content"] = json!({ media_type: { "schema": schema } });
    }
    if is_versioned {
        success["headers"] = json!({
            "ETag": {
                "description": "Its version: give it as `If-Match` to change it.",
                "schema": { "type": "string" },
            },
        });
    }
    if endpoint.repeats == Repeats::Fact {
        // Facts are known by their ids, and may be told ahead of their instant.
        for (status, about) in [
            ("200", "It was told before: nothing changed."),
            ("202", "It is of a later instant, and waits for it."),
        ] {
            let mut other = success.clone();
            other["description"] = about.into();
            responses.insert(status.to_owned(), other);
        }
    }
    responses.insert(endpoint.status.as_str().to_owned(), success);
    for status in problems(endpoint, is_read) {
        let name = format!("#/components/responses/{}", problem(status));
        responses.insert(status.to_string(), json!({ "$ref": name }));
    }
    responses.into()
}

/// The statuses of problems that a call may come to.
fn problems(endpoint: &Endpoint, is_read: bool) -> Vec<u16> {
    let writes = endpoint.repeats != Repeats::Harmless;
    let takes = endpoint.media_type.is_some();
    let named = endpoint.path.contains('{');
    [
        (400, true),
        (401, true),
        (403, true),
        (404, named || writes),
        (409, writes),
        (412, endpoint.matched),
        (413, takes),
        (415, takes),
        (422, is_read || writes || endpoint.matched),
        (428, endpoint.matched),
        (429, true),
        (500, true),
        (503, true),
    ]
    .into_iter()
    .filter_map(|(status, may)| may.then_some(status))
    .collect()
}
