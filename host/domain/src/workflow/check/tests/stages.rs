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
    assert_eq!(
        faults(&value),
        [
            "/name: `7` is a number, and has to be a string: write it in quotes, \"7\"",
            "/roll: `next` is none of `none`, `following`, `modified-following` and `preceding`",
            "/tolerance/BRL: `5.0` is a number, and has to be a string: write it in quotes, \"5.0\"",
            "/late_entry: `by-age` is none of `first` and `by_age`: did you mean `by_age`?",
            "/catch_up: `colapse` is none of `run`, `collapse` and `skip`: did you mean `collapse`?",
            "/stages/0/at/after_previous: `3 days` does not fit: A count of days, `5d`, or of business days, `5bd`.",
            "/stages/0/at/days_overdue: `1` is a string, and has to be a whole number",
            "/stages/0/on/done/end: `resolved` is none of `returned`, `written-off` and `closed`",
            "/stages/0/on/given-up: `7` is a number, and has to be a string or an object",
            "/stages/0/on_failure: fits none of the possible forms: it lacks `task`, or `stage`",
            "/stages/1/on/done: `end` is missing",
            "/stages/1/on_failure/tem: `tem` is not known here: did you mean `team`?",
            "/stages/2: `c` is a string, and has to be an object",
            "/send_widow: `send_widow` is not known here: did you mean `send_window`?",
        ]
    );
}

#[test]
fn names_are_names() {
    let mut value = with("/name", json!("Ladder 1"));
    value["stages"][0]["id"] = json!("first_day");
    assert_eq!(
        faults(&value),
        [
            "/name: `Ladder 1` is not a name: 1 to 64 characters of a-z, 0-9 and -",
            "/stages/0/id: `first_day` is not a name: 1 to 64 characters of a-z, 0-9 and -",
        ]
    );
}

#[test]
fn an_id_stands_for_one_stage() {
    let mut value = standard_value();
    let copy = value["stages"][4].clone();
    value["stages"].as_array_mut().unwrap().push(copy);
    assert_eq!(
        faults(&value),
        ["/stages/5/id: `by-hand` is the id of /stages/4 already",]
    );
}

#[test]
fn a_plugin_and_its_version_have_to_be_on_the_shelf() {
    assert_eq!(
        faults(&with("/stages/1/plugin", json!("escalatoin@1"))),
        ["/stages/1/plugin: there is no plugin `escalatoin`: did you mean `escalation`?",]
    );
    assert_eq!(
        faults(&with("/stages/1/plugin", json!("lawyer@1"))),
        ["/stages/1/plugin: there is no plugin `lawyer`",]
    );
    assert_eq!(
        faults(&with("/stages/2/plugin", json!("payment-plan-offer@2"))),
        [
            "/stages/2/plugin: there is no version 2 of `payment-plan-offer`: there is `1.2.0` and `1.10.0`",
        ]
    );
    assert_eq!(
        faults(&with(
            "/stages/2/plugin",
            json!("payment-plan-offer@latest")
        )),
        [
            "/stages/2/plugin: `payment-plan-offer@latest` is not a plugin's name and version: write name@1, name@1.2 or name@1.2.3",
        ]
    );
    assert_eq!(
        faults(&with("/stages/2/plugin", json!("payment-plan-offer"))),
        [
            "/stages/2/plugin: `payment-plan-offer` is not a plugin's name and version: write name@1, name@1.2 or name@1.2.3",
        ]
    );
}

#[test]
fn a_version_prefix_means_the_highest() {
    let value = with("/stages/2/plugin", json!("payment-plan-offer@1"));
    let workflow = check(&value, &FakeShelf::new(), &policy(), 1).unwrap();
    assert_eq!(
        workflow.stages[2].plugin.label(),
        "payment-plan-offer@1.10.0"
    );
}

#[test]
fn every_outcome_leads_somewhere_and_no_other_does() {
    assert_eq!(
        faults(&without("/stages/3/on", "not-eligible")),
        ["/stages/3/on: the outcome `not-eligible` of `agency-handoff@1.0.0` leads nowhere",]
    );
    assert_eq!(
        faults(&plus("/stages/3/on", "lost", json!("by-hand"))),
        [
            "/stages/3/on/lost: `lost` is no outcome of `agency-handoff@1.0.0`: it has `returned`, `remitted` and `not-eligible`",
        ]
    );
    assert_eq!(
        faults(&plus("/stages/3/on", "paid", json!("by-hand"))),
        [
            "/stages/3/on/paid: `paid` is the workflow's, not a stage's: name the stage that it leads to under /paid",
        ]
    );
    assert_eq!(
        faults(&plus("/stages/3/on", "skipped", json!("by-hand"))),
        ["/stages/3/on/skipped: `skipped` only happens under `catch_up: skip`",]
    );
}

#[test]
fn skipping_needs_to_lead_somewhere() {
    let mut value = with("/catch_up", json!("skip"));
    for place in [0, 1, 2, 4] {
        value["stages"][place]["on"]["skipped"] = json!({ "end": "closed" });
    }
    assert_eq!(
        faults(&value),
        ["/stages/3/on: the host's outcome `skipped` leads nowhere, and `catch_up: skip` needs it",]
    );
}

#[test]
fn a_plugin_does_not_declare_the_hosts_outcomes() {
    let mut shelf = FakeShelf::new();
    shelf.0[5].outcomes.push("paid".to_owned());
    assert_eq!(
        told(&standard_value(), &shelf, &policy()),
        ["/stages/4/plugin: `person@1.0.0` declares the outcome `paid`, which is the host's own",]
    );
}

#[test]
fn what_a_plugin_proposes_in_vain_is_told_and_no_fault() {
    let shelf = FakeShelf::new();
    let told = |policy: &Policy| {
        let workflow = check(&standard_value(), &shelf, policy, 1).unwrap();
        let found = ungranted(&workflow, policy);
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let mut policy = policy();
    assert_eq!(told(&policy), [""; 0]);
    policy.grants.remove(&ActionKind::PlaceWithAgency);
    let handoff = "/stages/3/plugin: `agency-handoff@1.0.0` may propose `place-with-agency`, \
                   which this tenant does not grant";
    assert_eq!(told(&policy), [handoff]);
    // Whoever is named is granted what stands there, and nobody else is.
    let all = ActionKind::ALL.into_iter().collect();
    policy.plugin_grants = [("agency-handoff".to_owned(), all)].into();
    assert_eq!(told(&policy), [""; 0]);
}

#[test]
fn a_target_is_a_stage_that_there_is() {
    let mut value = with("/stages/0/on/sent", json!("excalate"));
    value["stages"][1]["on_failure"]["stage"] = json!("by-foot");
    value["paid"] = json!("thanks");
    assert_eq!(
        faults(&value),
        [
            "/paid: there is no stage `thanks`",
            "/stages/0/on/sent: there is no stage `excalate`: did you mean `escalate`?",
            "/stages/1/on_failure/stage: there is no stage `by-foot`",
        ]
    );
}

#[test]
fn a_failure_ends_in_a_task_that_a_team_can_read() {
    let mut value = with(
        "/stages/0/on_failure",
        json!({ "hold": "0d", "task": " ", "team": "credits" }),
    );
    value["stages"][3]["on_failure"]["hold"] = json!("4000d");
    assert_eq!(
        faults(&value),
        [
            "/stages/0/on_failure/hold: `0d` is not at least 1d",
            "/stages/0/on_failure/task: a task's title is one line of 1 to 200 characters",
            "/stages/0/on_failure/team: there is no team `credits`: did you mean `credit`?",
            "/stages/3/on_failure/hold: `4000d` is not a span of days: write 5d, or 5bd for business days, at most 3650",
        ]
    );
}

#[test]
fn days_have_bounds() {
    let mut value = with("/stages/3/at/days_overdue", json!(5000));
    value["stages"][1]["at"]["after_previous"] = json!("9999d");
    assert_eq!(
        faults(&value),
        [
            "/stages/1/at/after_previous: `9999d` is not a span of days: write 5d, or 5bd for business days, at most 3650",
            "/stages/3/at/days_overdue: 5000 is not between -365 and 3650",
        ]
    );
}

fn told(value: &Value, shelf: &FakeShelf, policy: &Policy) -> Vec<String> {
    check(value, shelf, policy, 1)
        .unwrap_err()
        .iter()
        .map(Problem::to_string)
        .collect()
}
