use super::*;
use crate::workflow::check::references::{Reference, references};
use crate::workflow::check::schema::Schema;

fn found(schema: Value, instance: &Value, base: &str) -> Vec<Reference> {
    references(&Schema::new(schema).unwrap(), instance, base)
}

#[test]
fn a_config_fits_its_plugins_schema() {
    let mut value = with(
        "/stages/1/config",
        json!({ "steps": [{ "after_days": -1 }], "late_fees": {} }),
    );
    value["stages"][0]["config"] = json!({ "template": 7, "channels": ["email", "fax"] });
    assert_eq!(
        faults(&value),
        [
            "/stages/0/config/channels/1: `fax` is none of `email`, `sms` and `letter`",
            "/stages/0/config/template: `7` is a number, and has to be a string: write it in quotes, \"7\"",
            "/stages/1/config/late_fees: `late_fees` is not known here: did you mean `late_fee`?",
            "/stages/1/config/steps/0: `template` is missing",
            "/stages/1/config/steps/0/after_days: -1 is less than the minimum of 0",
        ]
    );
}

#[test]
fn a_config_that_is_missing_is_empty() {
    assert_eq!(
        faults(&without("/stages/4", "config")),
        ["/stages/4/config: `title` is missing",]
    );
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
    assert_eq!(
        faults(&value),
        [
            "/stages/1/config/closing: there is no template `good-bye`",
            "/stages/1/config/except/1: there is no segment `whole-sale`: did you mean `wholesale`?",
            "/stages/1/config/late_fee/terms: there are no interest terms `usury`",
            "/stages/1/config/steps/0/notify: there is no team `credits`: did you mean `credit`?",
            "/stages/1/config/steps/1/template: there is no template `final-demands`: did you mean `final-demand`?",
            "/stages/3/config/agency: there is no agency `acne`: did you mean `acme`?",
        ]
    );
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
    let found = found(schema, &instance, "/c");
    let found: Vec<_> = found
        .iter()
        .map(|found| format!("{:?} {} {}", found.kind, found.name, found.pointer))
        .collect();
    assert_eq!(
        found,
        [
            "Team 1 /c/x",
            "Terms 2 /c/y",
            "Segment b /c/kind",
            "Segment 1 /c/x",
            "Segment 2 /c/y",
            "Agency 3 /c/z-~1",
        ]
    );
}

#[test]
fn a_schema_that_goes_round_is_walked_once() {
    let schema = json!({ "anyOf": [{ "$ref": "#" }, { "$ref": "#" }], "allOf": [{ "$ref": "#" }], "format": "regua-team" });
    assert_eq!(found(schema, &json!("x"), "").len(), 1);
}

#[test]
fn a_branch_may_refer_to_the_whole() {
    let schema = json!({
        "$id": "https://example.com/config",
        "properties": { "template": { "type": "string", "format": "regua-template" }, "else": { "anyOf": [{ "$ref": "#" }, { "$ref": "#/properties/template" }] } }
    });
    let found = found(schema, &json!({ "else": { "else": "a" } }), "");
    assert_eq!(
        found
            .iter()
            .map(|found| found.pointer.as_str())
            .collect::<Vec<_>>(),
        ["/else/else"]
    );
}

#[test]
fn a_schema_that_goes_round_or_takes_too_long_is_refused() {
    let round = [
        r##"{"$ref":"#"}"##,
        r##"{"allOf":[{"$ref":"#"}]}"##,
        r##"{"$ref":"#name","$defs":{"a":{"$anchor":"name"}}}"##,
        r##"{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}"##,
        r##"{"$defs":{"a":{"not":{"$ref":"#/$defs/a"}}},"properties":{"title":{"$ref":"#/$defs/a"}}}"##,
    ];
    let mut doubling = json!({ "$ref": "#/$defs/0", "$defs": { "40": {} } });
    for level in 0..40 {
        let next = json!({ "$ref": format!("#/$defs/{}", level + 1) });
        doubling["$defs"][level.to_string()] = json!({ "allOf": [next, next] });
    }
    for schema in round
        .map(str::to_owned)
        .into_iter()
        .chain([doubling.to_string()])
    {
        let mut shelf = FakeShelf::new();
        shelf.0[5].config_schema = schema;
        let problems = check(&standard_value(), &shelf, &policy(), 1).unwrap_err();
        assert_eq!(
            problems.iter().map(Problem::to_string).collect::<Vec<_>>(),
            [
                "/stages/4/plugin: the config schema of `person@1.0.0` goes round, takes too long, or refers other than by `#/…`"
            ]
        );
    }
}

#[test]
fn a_schema_may_refer_to_itself_for_what_is_inside() {
    let schema =
        json!({ "properties": { "inner": { "$ref": "#" }, "team": { "format": "regua-team" } } });
    let instance = json!({ "inner": { "inner": { "team": "a" } } });
    assert!(effort::is_bounded(&schema, &instance));
    assert_eq!(found(schema, &instance, "")[0].pointer, "/inner/inner/team");
}
