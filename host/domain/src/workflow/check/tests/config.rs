use super::*;
use crate::workflow::check::references::references;

#[test]
fn a_config_fits_its_plugins_schema() {
    let mut value = with("/stages/1/config", json!({ "steps": [{ "after_days": -1 }], "late_fees": {} }));
    value["stages"][0]["config"] = json!({ "template": 7, "channels": ["email", "fax"] });
    assert_eq!(faults(&value), [
            "/stages/0/config/channels/1: `fax` is none of `email`, `sms` and `letter`",
            "/stages/0/config/template: `7` is a number, and has to be a string: write it in quotes, \"7\"",
            "/stages/1/config/late_fees: `late_fees` is not known here: did you mean `late_fee`?",
            "/stages/1/config/steps/0: `template` is missing",
            "/stages/1/config/steps/0/after_days: -1 is less than the minimum of 0",
        ]);
}

#[test]
fn a_config_that_is_missing_is_empty() {
    assert_eq!(faults(&without("/stages/4", "config")), [
            "/stages/4/config: `title` is missing",
        ]);
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
    assert_eq!(faults(&value), [
            "/stages/1/config/closing: there is no template `good-bye`",
            "/stages/1/config/except/1: there is no segment `whole-sale`: did you mean `wholesale`?",
            "/stages/1/config/late_fee/terms: there are no interest terms `usury`",
            "/stages/1/config/steps/0/notify: there is no team `credits`: did you mean `credit`?",
            "/stages/1/config/steps/1/template: there is no template `final-demands`: did you mean `final-demand`?",
            "/stages/3/config/agency: there is no agency `acne`: did you mean `acme`?",
        ]);
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
    assert_eq!(found, [
            "Team 1 /c/x",
            "Terms 2 /c/y",
            "Segment b /c/kind",
            "Segment 1 /c/x",
            "Segment 2 /c/y",
            "Agency 3 /c/z-~1",
        ]);
}

#[test]
fn a_schema_that_goes_round_is_walked_once() {
    let schema = json!({ "anyOf": [{ "$ref": "#" }, { "$ref": "#" }], "allOf": [{ "$ref": "#" }], "format": "regua-team" });
    assert_eq!(references(&schema, &json!("x"), "").len(), 1);
}

#[test]
fn a_schema_that_is_none_is_the_plugins_fault() {
    for (schema, text) in [("{", "/stages/4/plugin: the config schema of `person@1.0.0` cannot be used: EOF while parsing an object at line 1 column 1"), (r#"{"type": "strin"}"#, "/stages/4/plugin: the config schema of `person@1.0.0` cannot be used: \"strin\" is not valid under any of the schemas listed in the 'anyOf' keyword"), (r#"{"$ref": "https://example.com/x"}"#, "/stages/4/plugin: the config schema of `person@1.0.0` cannot be used: Resource 'https://example.com/x' is not present in a registry and retrieving it failed: Retrieval is disabled, cannot fetch https://example.com/x"), (r#"{"pattern": "(?=x)"}"#, "/stages/4/plugin: the config schema of `person@1.0.0` cannot be used: \"(?=x)\" is not a \"regex\"")] {
        let mut shelf = FakeShelf::new();
        shelf.0[5].config_schema = schema.to_owned();
        let problems = check(&standard_value(), &shelf, &policy(), 1).unwrap_err();
        assert_eq!(problems.iter().map(Problem::to_string).collect::<Vec<_>>(), [text]);
    }
}

#[test]
fn the_plugin_has_a_say_in_its_config() {
    assert_eq!(faults(&with("/stages/4/config/title", json!("rude"))), [
            "/stages/4/config: not a pointer",
            "/stages/4/config/title: person minds its words",
        ]);
    assert_eq!(faults(&with("/stages/4/config/title", json!("trap"))), [
            "/stages/4/config: `person@1.0.0` could not check its config: it trapped: unreachable",
        ]);
}

#[test]
fn a_config_has_at_most_16_kib() {
    let long = "x".repeat(CONFIG_BYTES_MAX);
    assert_eq!(faults(&with("/stages/4/config/title", json!(long))), [
            "/stages/4/config: the config has 16417 bytes as JSON, at most 16384 are possible",
        ]);
}

#[test]
fn canonical_json_is_sorted_and_tight() {
    let value = json!({ "b": [1, 2.50, { "z": null, "a\"": "ü\n" }], "a": {} });
    assert_eq!(canonical(&value), r#"{"a":{},"b":[1,2.5,{"a\"":"ü\n","z":null}]}"#);
}
