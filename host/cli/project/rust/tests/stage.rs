//! The stage, without WebAssembly and without a host, through the path that its component takes.

use regua_sdk::prelude::*;
use regua_sdk::testkit::{self, Answer, SituationBuilder, Value, VerdictBuilder, json};
use stage::FriendlyNote;

fn config() -> Value {
    json!({ "template": "friendly-note" })
}

fn ask(situation: SituationBuilder) -> Answer {
    testkit::ask::<FriendlyNote>(&situation.build(), &config()).unwrap()
}

fn one_day_late() -> SituationBuilder {
    SituationBuilder::new().invoice("inv-1", 12_000, 1)
}

#[test]
fn manifest_is_sound() {
    testkit::assert_manifest_is_sound::<FriendlyNote>();
}

#[test]
fn a_customer_with_an_e_mail_gets_one_note() {
    ask(one_day_late())
        .assert_leaves("sent")
        .assert_proposes(&["note:email"])
        .assert_because("entered");
}

#[test]
fn a_customer_without_an_e_mail_is_unreachable() {
    ask(one_day_late().reachable([Channel::Sms]))
        .assert_leaves("unreachable")
        .assert_proposes(&[]);
}

#[test]
fn a_note_that_the_host_refuses_is_not_proposed_again() {
    let refused = VerdictBuilder::refused("note:email", "grant");
    ask(one_day_late().answered([refused]))
        .assert_leaves("unreachable")
        .assert_proposes(&[]);
}

#[test]
fn a_config_without_a_template_is_told() {
    assert_eq!(testkit::problem_pointers::<FriendlyNote>(&json!({})), [""]);
}
