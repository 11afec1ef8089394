//! Documents and schemas that are made to take long, or to be told of for ever.

use super::*;

/// What is wrong with the standard document where the plugin of its last stage has this
/// schema, and its config is this.
fn held_against(schema: &Value, config: Value) -> Vec<String> {
    let mut shelf = FakeShelf::new();
    shelf.0[5].config_schema = schema.to_string();
    let value = with("/stages/4/config", config);
    check(&value, &shelf, &policy(), 1)
        .err()
        .unwrap_or_default()
        .iter()
        .map(Problem::to_string)
        .collect()
}

#[test]
fn a_schema_of_thousands_of_branches_is_refused_before_it_is_compiled() {
    let branches: Vec<_> = (0..4_000).map(|_| json!({})).collect();
    let options: Vec<_> = (0..2_000).map(|n| format!("v{n}")).collect();
    let values: Vec<_> = (0..5_000).collect();
    let patterns: Vec<_> = (0..17)
        .map(|n| json!({ "pattern": format!("{n}") }))
        .collect();
    for (schema, told) in [
        (
            json!({ "anyOf": branches }),
            "4000 alternatives (`anyOf`, `oneOf`, `if`), at most 128",
        ),
        (
            json!({ "enum": options }),
            "2000 values in an `enum`, at most 512",
        ),
        (json!({ "default": values }), "5002 values, at most 4096"),
        (json!({ "allOf": patterns }), "17 patterns, at most 16"),
        (
            json!({ "pattern": "a".repeat(2_000) }),
            "2000 bytes in a pattern, at most 1024",
        ),
    ] {
        assert_eq!(
            held_against(&schema, json!({ "title": "x" })),
            [format!(
                "/stages/4/plugin: the config schema of `person@1.0.0` cannot be used: it has {told} are possible"
            )]
        );
    }
}

#[test]
fn a_pattern_that_compiles_to_megabytes_is_refused() {
    let faults = held_against(&json!({ "pattern": "\\p{L}{60}" }), json!({ "title": "x" }));
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(
        faults[0].ends_with("is matched in linear time and compiles to at most 1 MiB"),
        "{faults:#?}"
    );
}

#[test]
fn of_more_problems_than_anybody_reads_the_number_is_told() {
    let config: serde_json::Map<String, Value> =
        (0..800).map(|n| (format!("a{n}"), json!("x"))).collect();
    let options: Vec<_> = (0..500)
        .map(|n| format!("{}{n}", "v".repeat(100)))
        .collect();
    for schema in [
        json!({ "additionalProperties": { "enum": options } }),
        json!({ "properties": { "title": {} }, "additionalProperties": false }),
    ] {
        let faults = held_against(&schema, config.clone().into());
        assert_eq!(faults.len(), PROBLEMS_MAX + 1, "{}", faults[0]);
        assert_eq!(faults[PROBLEMS_MAX], "the document: and 700 more problems");
        assert!(
            faults.iter().all(|fault| fault.chars().count() < 1_000),
            "{}",
            faults[0]
        );
    }
    let faults = held_against(&json!({ "enum": options }), json!({}));
    assert!(faults[0].ends_with("` and 490 more"), "{}", faults[0]);
}

#[test]
fn a_name_of_kilobytes_is_cut_and_not_guessed_at() {
    let long = "a".repeat(100_000);
    let mut value = standard_value();
    value["stages"][0]["on"]["sent"] = json!(long);
    value["stages"][1]["id"] = json!(format!("{long}b"));
    let faults = faults(&value);
    let told = "/stages/0/on/sent: there is no stage `aaa";
    assert!(
        faults.iter().any(|fault| fault.starts_with(told)),
        "{faults:#?}"
    );
    assert!(
        faults.iter().all(|fault| fault.len() < 2_000),
        "{faults:#?}"
    );
}

#[test]
fn what_was_published_is_opened_without_being_checked_again() {
    let mut shelf = FakeShelf::new();
    // No schema at all: it was one when the workflow was published.
    shelf.0[5].config_schema = "{".to_owned();
    let workflow = reopen(&standard_value(), &shelf, 3).unwrap();
    assert_eq!(workflow.stages.len(), standard().stages.len());
    assert!(workflow.templates.contains_key("plan-offer"));
}
