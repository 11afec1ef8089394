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
    value.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
    value
}

#[test]
fn the_standard_workflow_has_no_fault() {
    let workflow = standard();
    assert_eq!(workflow.reference.to_string(), "standard@3");
    let stages: Vec<_> = workflow.stages.iter().map(|stage| format!("{} {}", stage.id, stage.plugin.label())).collect();
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
    assert_eq!(&*workflow.stages[0].config, r#"{"channels":["email","sms"],"template":"first-day-late"}"#);
    assert_eq!(
        workflow.stages[0].config_digest,
        "DIGEST"
    );
    assert_eq!(workflow.tolerance.values().copied().collect::<Vec<_>>(), [500, 500, 100]);
    assert_eq!(
        workflow.templates.keys().collect::<Vec<_>>(),
        ["final-demand", "first-day-late", "placement-notice", "plan-offer", "second-reminder"]
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
    assert_eq!(told, ["TEN"]);
}

#[test]
fn the_schema_of_documents_compiles() {
    assert_eq!(document_schema()["properties"]["name"]["type"], "string");
}
