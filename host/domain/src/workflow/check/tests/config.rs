use super::*;
use crate::workflow::check::references::references;

#[test]
fn a_config_fits_its_plugins_schema() {
    let mut value = with("/stages/1/config", json!({ "steps": [{ "after_days": -1 }], "late_fees": {} }));
    value["stages"][0]["config"] = json!({ "template": 7, "channels": ["email", "fax"] });
    assert_eq!(faults(&value), ["CONFIG"]);
}

#[test]
fn a_config_that_is_missing_is_empty() {
    assert_eq!(faults(&without("/stages/4", "config")), ["MISSING"]);
}

#[test]
fn what_a_config_names_has_to_be_there() {
    let config = json!({
        "steps": [
            { "after_days": 0, "template": "second-reminder", "notify": "credits" },
            { "after_days": 7, "template": "final-demands" }
        ],
        "late_fee": { "terms": "usury" },
        "except": ["retail", "whole-sale"],
        "closing": "good-bye"
    });
    let mut value = with("/stages/1/config", config);
    value["stages"][3]["config"]["agency"] = json!("acne");
    assert_eq!(faults(&value), ["NAMED"]);
}

#[test]
fn a_default_is_a_reference_too() {
    let value = without("/stages/2/config", "template");
    let workflow = check(&value, &FakeShelf::new(), &policy(), 1).unwrap();
    assert!(workflow.templates.contains_key("plan-offer"));
}

#[test]
fn only_the_branch_that_is_meant_counts() {
    let schema = json!({
        "oneOf": [
            { "type": "object", "properties": { "kind": { "const": "a" }, "x": { "format": "regua-template" } }, "required": ["kind"] },
            { "type": "object", "properties": { "kind": { "const": "b" }, "x": { "$ref": "#/$defs/team" } }, "required": ["kind"] }
        ],
        "if": { "required": ["y"] },
        "then": { "properties": { "y": { "format": "regua-terms" } } },
        "patternProperties": { "^z-": { "format": "regua-agency" } },
        "additionalProperties": { "format": "regua-segment" },
        "$defs": { "team": { "format": "regua-team" } }
    });
    let instance = json!({ "kind": "b", "x": "1", "y": "2", "z-/": "3", "w": ["4"] });
    let found = references(&schema, &instance, "/c");
    let found: Vec<_> = found.iter().map(|found| format!("{:?} {} {}", found.kind, found.name, found.pointer)).collect();
    assert_eq!(found, ["BRANCH"]);
}

#[test]
fn a_schema_that_goes_round_is_walked_once() {
    let schema = json!({ "anyOf": [{ "$ref": "#" }, { "$ref": "#" }], "allOf": [{ "$ref": "#" }], "format": "regua-team" });
    assert_eq!(references(&schema, &json!("x"), "").len(), 1);
}

#[test]
fn a_schema_that_is_none_is_the_plugins_fault() {
    for (schema, text) in [("{", "X1"), (r#"{"type": "strin"}"#, "X2"), (r#"{"$ref": "https://example.com/x"}"#, "X3"), (r#"{"pattern": "(?=x)"}"#, "X4")] {
        let mut shelf = FakeShelf::new();
        shelf.0[5].config_schema = schema.to_owned();
        let problems = check(&standard_value(), &shelf, &policy(), 1).unwrap_err();
        assert_eq!(problems.iter().map(Problem::to_string).collect::<Vec<_>>(), [text]);
    }
}

#[test]
fn the_plugin_has_a_say_in_its_config() {
    assert_eq!(faults(&with("/stages/4/config/title", json!("rude"))), ["RUDE"]);
    assert_eq!(faults(&with("/stages/4/config/title", json!("trap"))), ["TRAP"]);
}

#[test]
fn a_config_has_at_most_16_kib() {
    let long = "x".repeat(CONFIG_BYTES_MAX);
    assert_eq!(faults(&with("/stages/4/config/title", json!(long))), ["LONG"]);
}

#[test]
fn canonical_json_is_sorted_and_tight() {
    let value = json!({ "b": [1, 2.50, { "z": null, "a\"": "ü\n" }], "a": {} });
    assert_eq!(canonical(&value), r#"{"a":{},"b":[1,2.5,{"a\"":"ü\n","z":null}]}"#);
}
