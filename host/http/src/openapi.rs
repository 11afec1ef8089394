//! The OpenAPI document, made from the endpoints: what is not said of one cannot be in it, and
//! what is served cannot be left out of it.

mod operation;
mod webhooks;

use std::collections::BTreeSet;

use axum::http::Method;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::endpoint::Endpoint;
use crate::problem::{Kind, ProblemBody};

/// What holds for all of it.
const ABOUT: &str = "\
Each call bears a key: `Authorization: Bearer regua_…`. A key is of one tenant and has one role; \
`x-regua-roles` says which roles may make a call. Another tenant's object is one that does not \
exist.

**Writes** take an `Idempotency-Key`: the same call under the same key is carried out once. \
**Lists** come in pages: give `next` of one as `after` of the next. What two people could edit \
has an `ETag`, and is changed with `If-Match`. **Problems** are RFC 9457 documents that tell \
every fault of a request at once, each with where it is. Money is a decimal in text with its \
currency, instants are RFC 3339, days are ISO 8601.";

/// The OpenAPI 3.1 document of these endpoints.
pub(crate) fn document(endpoints: &[Endpoint]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut operations: Vec<_> = endpoints
        .iter()
        .map(|endpoint| (endpoint, (endpoint.shapes)(&mut generator)))
        .collect();
    operations.sort_by_key(|(endpoint, _)| (endpoint.path, endpoint.method.to_string()));
    let webhooks = webhooks::webhooks(&mut generator);
    let problem = generator.subschema_for::<ProblemBody>().to_value();
    let schemas = definitions(&mut generator);
    let mut paths = Map::new();
    let mut tags = BTreeSet::from(["events"]);
    for (endpoint, shapes) in operations {
        tags.insert(operation::tag(endpoint));
        let is_versioned = endpoint.method != Method::DELETE
            && endpoints
                .iter()
                .any(|other| other.matched && other.path == endpoint.path);
        let operation = operation::operation(endpoint, shapes, is_versioned, &schemas);
        let methods = paths
            .entry(endpoint.path)
            .or_insert_with(|| Value::Object(Map::new()));
        methods[endpoint.method.as_str().to_ascii_lowercase()] = operation;
    }
    let tags: Vec<_> = tags
        .into_iter()
        .map(|name| json!({ "name": name }))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Régua admin API",
            "version": "1",
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "security": [{ "key": [] }],
        "tags": tags,
        "paths": paths,
        "webhooks": webhooks,
        "components": {
            "schemas": schemas,
            "responses": problems(&problem),
            "securitySchemes": {
                "key": {
                    "type": "http", "scheme": "bearer",
                    "description": "A key of a tenant, or of the operator.",
                },
            },
        },
    })
}

fn definitions(generator: &mut SchemaGenerator) -> Map<String, Value> {
    generator.take_definitions(true)
}

/// A response for each status that problems have.
fn problems(schema: &Value) -> Map<String, Value> {
    let mut responses = Map::new();
    let statuses: BTreeSet<u16> = Kind::ALL
        .iter()
        .map(|kind| kind.facts().1.as_u16())
        .collect();
    for status in statuses {
        let of_status = Kind::ALL.iter().map(|kind| kind.facts());
        let lines: Vec<_> = of_status
            .filter(|(_, of, _)| of.as_u16() == status)
            .map(|(name, _, title)| format!("`urn:regua:problem:{name}`: {title}."))
            .collect();
        let response = json!({
            "description": lines.join(" "),
            "content": { "application/problem+json": { "schema": schema } },
        });
        responses.insert(operation::problem(status), response);
    }
    responses
}
