//! The OpenAPI document, and the reference made from it.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::kit::Host;
use crate::operations::{Operation, operations};

/// The specification's own schema, of `spec.openapis.org/oas/3.1/schema/2022-10-07`
/// (Apache-2.0).
const SCHEMA: &str = include_str!("data/openapi-3.1.schema.json");

#[tokio::test]
async fn the_document_is_served_to_anybody_and_is_the_one_that_is_kept() {
    let host = Host::start().await;
    let answer = host.stranger().get("/openapi.json").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let document = answer.expect(200);
    assert_eq!(document, regua_http::openapi());
    let text = serde_json::to_string_pretty(&document).unwrap();
    insta::assert_snapshot!("openapi.json", text);
}

#[test]
fn the_document_fits_the_specifications_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = regua_http::openapi();
    let faults: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn visit(value: &Value, document: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref") {
                    let pointer = reference.strip_prefix('#').expect(reference);
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                }
                members.values().for_each(|value| visit(value, document));
            }
            Value::Array(items) => items.iter().for_each(|value| visit(value, document)),
            _ => {}
        }
    }
    let document = regua_http::openapi();
    visit(&document, &document);
}

#[test]
fn no_two_shapes_share_a_name() {
    // The generator numbers the second of a name.
    let document = regua_http::openapi();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let numbered: Vec<_> = schemas
        .keys()
        .filter(|name| name.ends_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert_eq!(numbered, Vec::<&String>::new());
}

#[test]
fn every_operation_says_what_a_client_has_to_know() {
    let mut ids = BTreeSet::new();
    for operation in operations() {
        let Operation { id, path, .. } = &operation;
        assert!(ids.insert(id.clone()), "{id} is there twice");
        assert!(
            !operation.value["summary"].as_str().unwrap().is_empty(),
            "{id}"
        );
        assert!(!operation.roles.is_empty(), "{id} is nobody's");
        let declared: BTreeSet<_> = operation
            .parameters("path")
            .into_iter()
            .map(|p| p.0)
            .collect();
        let named: BTreeSet<_> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(str::to_owned)
            .collect();
        assert_eq!(declared, named, "{id}");
        let tells = |status: &str| operation.value["responses"].get(status).is_some();
        assert!(tells("401") && tells("403"), "{id}");
        assert_eq!(tells("412"), tells("428"), "{id}");
    }
}

#[test]
fn every_document_that_is_taken_has_an_example_that_would_be_taken() {
    let document = regua_http::openapi();
    for operation in operations() {
        let Some((media_type, media)) = operation.body() else {
            continue;
        };
        if media_type != "application/json" {
            continue;
        }
        let example = media
            .get("example")
            .unwrap_or_else(|| panic!("{} has none", operation.id));
        let schema = json!({
            "allOf": [media["schema"]], "components": document["components"],
        });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<_> = validator
            .iter_errors(example)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(faults, Vec::<String>::new(), "{}", operation.id);
    }
}

#[tokio::test]
async fn the_reference_is_served_whole_and_loads_nothing_from_elsewhere() {
    let host = Host::start().await;
    let anybody = host.stranger();
    for path in ["/docs", "/docs/"] {
        assert_eq!(anybody.get(path).await.status, 308);
    }
    let page = anybody.get("/docs/index.html").await;
    assert_eq!(page.headers["content-type"], "text/html");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("http"),
        "{policy}"
    );
    assert!(!page.text.contains("//"), "{}", page.text);
    let linked = page.text.split(['"', '\'']).filter(|part| {
        [".js", ".css", ".png"]
            .iter()
            .any(|end| part.ends_with(end))
    });
    let mut count = 0;
    for file in linked {
        let path = format!("/docs/{}", file.trim_start_matches("./"));
        let answer = anybody.call_bytes(Method::GET, &path).await;
        assert_eq!(answer.0, 200, "{path}");
        assert!(!answer.1.is_empty());
        count += 1;
    }
    assert!(count >= 4, "{}", page.text);
    let start = anybody.get("/docs/swagger-initializer.js").await;
    assert!(start.text.contains("/openapi.json"), "{}", start.text);
    anybody.get("/docs/nothing.js").await.expect(404);
}
