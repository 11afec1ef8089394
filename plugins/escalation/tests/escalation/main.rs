//! Every branch of the stage, through the same path as its wasm export.

mod config;
mod contacts;
mod fees;
mod person;
mod replies;
mod templates;

use regua_plugin_escalation::Escalation;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{self, Answer, EventBuilder, SituationBuilder, Value, json};

/// Three contacts, at once, after three and after five business days, then a person.
fn config() -> Value {
    json!({
        "contacts": [
            { "template": "escalation-1", "after": 0, "purpose": "reminder" },
            { "template": "escalation-2", "after": 3 },
            { "template": "escalation-3", "after": 5, "purpose": "legal-notice" },
        ],
        "person": { "team": "collections", "template": "escalation-person" },
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut config = config();
    config[name] = value;
    config
}

fn ask(situation: SituationBuilder) -> Answer {
    ask_with(situation, &config())
}

fn ask_with(situation: SituationBuilder, config: &Value) -> Answer {
    testkit::ask::<Escalation>(&situation.build(), config).unwrap()
}

/// Wednesday; reachable by e-mail and SMS.
fn five_days_late() -> SituationBuilder {
    SituationBuilder::new()
        .invoice("inv_1", 12_000, 5)
        .reachable([Channel::Email, Channel::Sms])
}

fn today() -> Date {
    SituationBuilder::new().build().today()
}

fn now() -> Timestamp {
    SituationBuilder::new().build().now().at()
}

/// The situation after so many contacts, each handed over on its day and the stage woken
/// when it asked for it; on the day of the last of them.
fn after_contacts(count: usize, config: &Value) -> SituationBuilder {
    let mut situation = five_days_late();
    for number in 1..=count {
        let answer = ask_with(situation, config);
        assert!(
            answer
                .keys()
                .iter()
                .any(|key| key.starts_with(&format!("contact:0.{number}:"))),
            "{answer:#?}"
        );
        situation = answer.then(EffectState::Done, "").woken();
        if number < count {
            situation = in_business_days(situation, gap(config, number));
        }
    }
    situation
}

fn gap(config: &Value, made: usize) -> u64 {
    config["contacts"][made]["after"].as_u64().unwrap()
}

fn in_business_days(mut situation: SituationBuilder, days: u64) -> SituationBuilder {
    let count = |situation: &SituationBuilder| {
        let situation = situation.clone().build();
        u64::from(situation.stage().business_days())
    };
    let there = count(&situation) + days;
    while count(&situation) < there {
        situation = situation.days_later(1);
    }
    situation
}

/// All contacts made and the person's task opened, on that day.
fn with_a_person() -> SituationBuilder {
    let used_up = in_business_days(after_contacts(3, &config()), 3);
    ask(used_up).then(EffectState::Done, "").woken()
}

fn replied(reason: &str) -> EventBuilder {
    EventBuilder::new("replied").detail("reason", reason)
}

fn completed(key: &str, outcome: &str) -> EventBuilder {
    EventBuilder::new("task.completed")
        .subject(key)
        .detail("outcome", outcome)
}
