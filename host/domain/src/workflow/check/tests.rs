mod bombs;
mod config;
mod ladder;
mod reading;
mod stages;

use serde_json::{Value, json};

use super::*;
use crate::policy::Policy;
use crate::workflow::sample::{FakeShelf, STANDARD, faults, policy, standard, standard_value};

/// The standard document with one part replaced.
fn with(pointer: &str, part: Value) -> Value {
    let mut value = standard_value();
    *value.pointer_mut(pointer).unwrap() = part;
    value
}

/// The standard document with one member more.
fn plus(pointer: &str, name: &str, part: Value) -> Value {
    let mut value = standard_value();
    value.pointer_mut(pointer).unwrap()[name] = part;
    value
}

/// The standard document with one member less.
fn without(pointer: &str, name: &str) -> Value {
    let mut value = standard_value();
    value
        .pointer_mut(pointer)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(name);
    value
}

#[test]
fn the_standard_workflow_has_no_fault() {
    let workflow = standard();
    assert_eq!(workflow.reference.to_string(), "standard@3");
    let stages: Vec<_> = workflow
        .stages
        .iter()
        .map(|stage| format!("{} {}", stage.id, stage.plugin.label()))
        .collect();
    assert_eq!(
        stages,
        [
            "first-day-late first-day-late-email@1.0.0",
            "escalate escalation@1.0.0",
            "offer-plan payment-plan-offer@1.2.0",
            "hand-over agency-handoff@1.0.0",
            "by-hand person@1.0.0",
        ]
    );
    assert_eq!(
        &*workflow.stages[0].config,
        r#"{"channels":["email","sms"],"template":"first-day-late"}"#
    );
    assert_eq!(
        workflow.stages[0].config_digest,
        "c02b0f6efdc858d8a6a68993b48e77ee8337adce08887bbd063579905b912016"
    );
    assert_eq!(
        workflow.tolerance.values().copied().collect::<Vec<_>>(),
        [500, 500, 100]
    );
    assert_eq!(
        workflow.templates.keys().collect::<Vec<_>>(),
        [
            "final-demand",
            "first-day-late",
            "placement-notice",
            "plan-offer",
            "second-reminder"
        ]
    );
}

#[test]
fn a_document_with_ten_faults_has_ten_problems_in_its_order() {
    let text = STANDARD
        .replace("name: standard", "name: Standard")
        .replace("calendar: BR", "calendar: XX")
        .replace("BRL: \"5.00\"", "BRL: \"5.001\"")
        .replace("late_entry: by_age", "late_entry: by_aeg")
        .replace("first-day-late-email@1", "first-day-late-mail@1")
        .replace("template: second-reminder", "template: second-remainder")
        .replace("exhausted: offer-plan", "exhausted: ofer-plan")
        .replace("declined: hand-over\n", "decline: hand-over\n")
        .replace("agency: acme", "agency: acne")
        .replace("hold: 14d", "hold: 14");
    let problems = check_text(&text, Form::Yaml, &FakeShelf::new(), &policy(), 1).unwrap_err();
    let told: Vec<_> = problems.iter().map(Problem::to_string).collect();
    assert_eq!(
        told,
        [
            "line 1, column 1, /name: `Standard` is not a name: 1 to 64 characters of a-z, 0-9 and -",
            "line 3, column 1, /calendar: there is no calendar `XX`: there are `BR`, `BR-banks`, `DE`, `GB`, `US` and `weekends`",
            "line 5, column 14, /tolerance/BRL: `5.001` has more digits than BRL knows (2)",
            "line 6, column 1, /late_entry: `by_aeg` is none of `first` and `by_age`: did you mean `by_age`?",
            "line 12, column 5, /stages/0/plugin: there is no plugin `first-day-late-mail`: did you mean `first-day-late-email`?",
            "line 23, column 28, /stages/1/config/steps/0/template: there is no template `second-remainder`: did you mean `second-reminder`?",
            "line 26, column 11, /stages/1/on/exhausted: there is no stage `ofer-plan`: did you mean `offer-plan`?",
            "line 35, column 7, /stages/2/on/decline: `decline` is no outcome of `payment-plan-offer@1.2.0`: did you mean `declined`?",
            "line 44, column 15, /stages/3/config/agency: there is no agency `acne`: did you mean `acme`?",
            "line 55, column 19, /stages/4/on_failure/hold: `14` is a number, and has to be a string: write it in quotes, \"14\"",
        ]
    );
}

#[test]
fn the_schema_of_documents_compiles() {
    assert_eq!(document_schema()["properties"]["name"]["type"], "string");
}
