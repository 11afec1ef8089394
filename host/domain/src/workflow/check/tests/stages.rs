use super::*;
use crate::contract::ActionKind;

#[test]
fn schema_faults_are_told_in_words() {
    let value = json!({
        "name": 7,
        "send_widow": "0 * 9-16 * * MON-FRI",
        "calendar": "BR",
        "tolerance": { "BRL": 5.0 },
        "late_entry": "by-age",
        "catch_up": "colapse",
        "roll": "next",
        "stages": [
            { "id": "a", "plugin": "person@1", "config": { "title": "x" }, "at": { "after_previous": "3 days", "days_overdue": "1" },
              "on": { "done": { "end": "resolved" }, "given-up": 7 }, "on_failure": { "hold": "7d" } },
            { "id": "b", "plugin": "person@1", "config": { "title": "x" }, "at": { "days_overdue": 1 },
              "on": { "done": {}, "given-up": "a" }, "on_failure": { "hold": "7d", "task": "x", "tem": "y" } },
            "c"
        ]
    });
    assert_eq!(faults(&value), ["SCHEMA"]);
}

#[test]
fn names_are_names() {
    let mut value = with("/name", json!("Ladder 1"));
    value["stages"][0]["id"] = json!("first_day");
    assert_eq!(faults(&value), ["NAMES"]);
}

#[test]
fn an_id_stands_for_one_stage() {
    assert_eq!(faults(&with("/stages/3/id", json!("escalate"))), ["TWICE"]);
}

#[test]
fn a_plugin_and_its_version_have_to_be_on_the_shelf() {
    assert_eq!(faults(&with("/stages/1/plugin", json!("escalatoin@1"))), ["P1"]);
    assert_eq!(faults(&with("/stages/1/plugin", json!("lawyer@1"))), ["P2"]);
    assert_eq!(faults(&with("/stages/2/plugin", json!("payment-plan-offer@2"))), ["P3"]);
    assert_eq!(faults(&with("/stages/2/plugin", json!("payment-plan-offer@latest"))), ["P4"]);
    assert_eq!(faults(&with("/stages/2/plugin", json!("payment-plan-offer"))), ["P5"]);
}

#[test]
fn a_version_prefix_means_the_highest() {
    let value = with("/stages/2/plugin", json!("payment-plan-offer@1"));
    let workflow = check(&value, &FakeShelf::new(), &policy(), 1).unwrap();
    assert_eq!(workflow.stages[2].plugin.label(), "payment-plan-offer@1.10.0");
}

#[test]
fn every_outcome_leads_somewhere_and_no_other_does() {
    assert_eq!(faults(&without("/stages/3/on", "not-eligible")), ["O1"]);
    assert_eq!(faults(&plus("/stages/3/on", "lost", json!("by-hand"))), ["O2"]);
    assert_eq!(faults(&plus("/stages/3/on", "paid", json!("by-hand"))), ["O3"]);
    assert_eq!(faults(&plus("/stages/3/on", "skipped", json!("by-hand"))), ["O4"]);
}

#[test]
fn skipping_needs_to_lead_somewhere() {
    let mut value = with("/catch_up", json!("skip"));
    for place in [0, 1, 2, 4] {
        value["stages"][place]["on"]["skipped"] = json!({ "end": "closed" });
    }
    assert_eq!(faults(&value), ["SKIP"]);
}

#[test]
fn a_plugin_does_not_declare_the_hosts_outcomes() {
    let mut shelf = FakeShelf::new();
    shelf.0[5].outcomes.push("paid".to_owned());
    assert_eq!(told(&standard_value(), &shelf, &policy()), ["HOSTS"]);
}

#[test]
fn what_a_plugin_may_propose_has_to_be_granted() {
    let mut policy = policy();
    policy.grants.remove(&ActionKind::PlaceWithAgency);
    assert_eq!(told(&standard_value(), &FakeShelf::new(), &policy), ["GRANT"]);
}

#[test]
fn a_target_is_a_stage_that_there_is() {
    let mut value = with("/stages/0/on/sent", json!("excalate"));
    value["stages"][1]["on_failure"]["stage"] = json!("by-foot");
    value["paid"] = json!("thanks");
    assert_eq!(faults(&value), ["TARGET"]);
}

#[test]
fn a_failure_ends_in_a_task_that_a_team_can_read() {
    let mut value = with("/stages/0/on_failure", json!({ "hold": "0d", "task": " ", "team": "credits" }));
    value["stages"][3]["on_failure"]["hold"] = json!("4000d");
    assert_eq!(faults(&value), ["FAILURE"]);
}

#[test]
fn days_have_bounds() {
    let mut value = with("/stages/3/at/days_overdue", json!(5000));
    value["stages"][1]["at"]["after_previous"] = json!("9999d");
    assert_eq!(faults(&value), ["DAYS"]);
}

fn told(value: &Value, shelf: &FakeShelf, policy: &Policy) -> Vec<String> {
    check(value, shelf, policy, 1).unwrap_err().iter().map(Problem::to_string).collect()
}
