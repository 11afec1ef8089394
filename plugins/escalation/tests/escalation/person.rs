//! The person who takes over, and the ways out.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{EffectBuilder, EventBuilder, VerdictBuilder, json};

use super::*;

fn used_up() -> SituationBuilder {
    in_business_days(after_contacts(3, &config()), 3)
}

#[test]
fn person_gets_a_task_with_a_draft_when_the_contacts_are_used_up() {
    let answer = ask(used_up());
    answer
        .assert_proposes(&["person:0"])
        .assert_because("contacts-used-up");
    let task = answer.task("person:0").unwrap();
    assert_eq!(task.team, "collections");
    assert_eq!(task.priority, 5);
    let draft = task.draft.unwrap();
    assert_eq!(draft.template.as_deref(), Some("escalation-person"));
    assert_eq!(draft.purpose, Purpose::Demand);
    assert!(
        task.details.contains("Contact 3: escalation-3 over sms."),
        "{}",
        task.details
    );
    assert!(
        task.details.contains("120.00 BRL overdue for 20 days"),
        "{}",
        task.details
    );
}

#[test]
fn person_is_due_on_no_weekend_and_waited_for_until_the_grace_is_over() {
    let answer = ask(used_up());
    let due = answer.task("person:0").unwrap().due_on;
    // Thursday 2025-06-26 and five days: a Tuesday; two days would be the Saturday.
    assert_eq!(due.to_string(), "2025-07-01");
    answer.assert_stays(Wake::on(due.plus_days(6)));
    let mut short = config();
    short["person"]["due_after"] = json!(2);
    for (days, config) in [(2, &short), (3, &short)] {
        let mut config = config.clone();
        config["person"]["due_after"] = json!(days);
        let task = ask_with(used_up(), &config).task("person:0").unwrap();
        assert_eq!(task.due_on.to_string(), "2025-06-30");
    }
}

#[test]
fn priority_follows_balance_and_age() {
    let priority = |person: Value| {
        let mut config = config();
        for (name, value) in person.as_object().unwrap() {
            config["person"][name] = value.clone();
        }
        ask_with(used_up(), &config)
            .task("person:0")
            .unwrap()
            .priority
    };
    assert_eq!(priority(json!({ "high_from": { "BRL": "120.00" } })), 8);
    assert_eq!(priority(json!({ "high_from": { "BRL": "120.01" } })), 5);
    assert_eq!(priority(json!({ "high_from": { "USD": "1.00" } })), 5);
    assert_eq!(priority(json!({ "high_after": 20 })), 8);
    let both = json!({ "high_after": 20, "high_from": { "BRL": "1" } });
    assert_eq!(priority(both), 9);
}

#[test]
fn draft_that_fails_is_left_out_and_a_task_that_cannot_be_is_proposed_again() {
    let refused = VerdictBuilder::refused("person:0", "template-failed");
    let answer = ask(used_up().answered([refused]));
    assert_eq!(answer.task("person:0").unwrap().draft, None);
    let mut without = config();
    without["person"]
        .as_object_mut()
        .unwrap()
        .remove("template");
    assert_eq!(
        ask_with(used_up(), &without)
            .task("person:0")
            .unwrap()
            .draft,
        None
    );
}

#[test]
fn case_stays_with_the_person_until_the_task_is_overdue() {
    let open = with_a_person();
    ask(open.clone())
        .assert_proposes(&[])
        .assert_stays(Wake::on("2025-07-07".parse().unwrap()))
        .assert_because("with-a-person");
    ask(open.clone().days_later(10)).assert_because("with-a-person");
    ask(open.days_later(11))
        .assert_leaves("exhausted")
        .assert_because("person-overdue");
}

#[test]
fn completed_task_is_given_its_time_to_be_answered() {
    let done = ask(with_a_person().event(completed("person:0", "called")));
    done.assert_stays(Wake::after_business_days(5))
        .assert_because("person-done");
    let later = done.then(EffectState::Done, "").woken();
    ask(in_business_days(later.clone(), 4)).assert_stays(Wake::after_business_days(1));
    ask(in_business_days(later, 5))
        .assert_leaves("exhausted")
        .assert_because("person-unanswered");
    let confirmed = EffectBuilder::new("person:0", ActionKind::OpenTask, EffectState::Confirmed);
    ask(with_a_person().effect(confirmed)).assert_because("person-done");
    let mut at_once = config();
    at_once["person"]["wait"] = json!(0);
    let done = with_a_person().event(completed("person:0", "called"));
    ask_with(done, &at_once).assert_leaves("exhausted");
}

#[test]
fn approved_draft_counts_as_the_persons_work() {
    let draft = |state| EffectBuilder::message("draft:task_1", Channel::Email, state);
    ask(with_a_person()
        .days_later(11)
        .effect(draft(EffectState::Done)))
    .assert_because("person-done");
    ask(with_a_person().effect(draft(EffectState::Failed))).assert_because("with-a-person");
}

#[test]
fn person_may_name_the_way_out() {
    for outcome in ["wants-plan", "disputed", "exhausted"] {
        ask(with_a_person().event(completed("person:0", outcome)))
            .assert_leaves(outcome)
            .assert_because("person-decided");
    }
    // A task of another stage or visit is none of ours.
    ask(with_a_person().event(completed("call", "disputed"))).assert_because("with-a-person");
}

#[test]
fn promise_made_to_the_person_keeps_the_case() {
    let until = "2025-07-20".parse().unwrap();
    let promised = with_a_person().cover("inv_1", CoverKind::Promise, 12_000, Some(until));
    ask(promised.days_later(11))
        .assert_proposes(&[])
        .assert_stays(Wake::on(until.plus_days(1)));
}

#[test]
fn task_that_was_dropped_is_opened_again() {
    let dropped = EffectBuilder::new("person:0", ActionKind::OpenTask, EffectState::Cancelled);
    ask(with_a_person().effect(dropped)).assert_proposes(&["person:0"]);
}

#[test]
fn bounce_of_the_last_contact_is_made_good_before_the_person() {
    let event = EventBuilder::new("message.bounced").subject("contact:0.3:sms");
    ask(after_contacts(3, &config()).event(event)).assert_proposes(&["contact:0.3:email"]);
}
