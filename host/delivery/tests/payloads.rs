//! Payloads are as they are documented, and tell no more than their receiver needs.

use regua_delivery::payload::{Documented, documented};
use serde_json::Value;

fn all() -> Vec<Documented> {
    documented()
}

fn example(kind: &str) -> Value {
    let found = all().into_iter().find(|one| one.kind == kind);
    found.unwrap_or_else(|| panic!("no {kind}")).example
}

#[test]
fn each_external_kind_and_channel_is_documented_once() {
    let kinds: Vec<_> = all().into_iter().map(|one| one.kind).collect();
    insta::assert_debug_snapshot!(kinds);
}

#[test]
fn each_example_is_as_its_schema_says() {
    for Documented {
        kind,
        schema,
        example,
    } in all()
    {
        let validator = jsonschema::validator_for(&schema).unwrap();
        let faults: Vec<_> = validator
            .iter_errors(&example)
            .map(|e| e.to_string())
            .collect();
        assert!(faults.is_empty(), "{kind}: {faults:?}");
        let mut other = example.clone();
        other["type"] = "effect.other".into();
        assert!(!validator.is_valid(&other), "{kind} takes another type");
        let mut keyless = example.clone();
        keyless["data"].as_object_mut().unwrap().remove("key");
        assert!(!validator.is_valid(&keyless), "{kind} needs no key");
    }
}

#[test]
fn payloads_stay_as_receivers_know_them() {
    for Documented { kind, example, .. } in all() {
        insta::assert_json_snapshot!(kind, example);
    }
}

#[test]
fn schemas_stay_as_receivers_know_them() {
    for Documented { kind, schema, .. } in all() {
        if kind.starts_with("effect.") || kind == "message.letter" {
            insta::assert_json_snapshot!(format!("schema_{kind}"), schema);
        }
    }
}

#[test]
fn who_need_not_know_the_debtor_does_not() {
    for Documented { kind, example, .. } in all() {
        let text = example.to_string();
        let may_know = kind.starts_with("message.") || kind == "effect.place-with-agency";
        assert_eq!(text.contains("Maria"), may_know, "{kind}");
        assert_eq!(
            text.contains("529.982"),
            kind == "effect.place-with-agency",
            "{kind}"
        );
    }
}

#[test]
fn a_charge_without_an_amount_is_of_all_that_may_be_chased() {
    let charge = example("effect.charge");
    // The two that are chased; what an agency has is not charged.
    assert_eq!(charge["data"]["amount"]["amount"], "1333.50");
    assert_eq!(charge["data"]["amount"]["currency"], "BRL");
    assert_eq!(charge["data"]["items"].as_array().unwrap().len(), 2);
    assert_eq!(charge["data"]["method"]["key"], "pm_visa");
}

#[test]
fn a_recall_names_what_the_agency_knows() {
    let (placed, recall) = (
        example("effect.place-with-agency"),
        example("effect.recall-placement"),
    );
    assert_eq!(recall["data"]["placement"], placed["data"]["key"]);
    assert_eq!(recall["data"]["agency"], "acme");
    assert_eq!(
        recall["data"]["items"][0]["id"],
        placed["data"]["items"][0]["id"]
    );
}
