//! Every branch of the stage, through the same path as its wasm export.

use regua_plugin_first_day_late_email::FirstDayLate;
use regua_sdk::CoverKind;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{
    self, Answer, EffectBuilder, EventBuilder, SituationBuilder, Value, VerdictBuilder, json,
};

fn config() -> Value {
    json!({ "template": "first-day-late", "minimum": { "BRL": "20.00" } })
}

fn ask(situation: SituationBuilder) -> Answer {
    testkit::ask::<FirstDayLate>(&situation.build(), &config()).unwrap()
}

fn one_day_late() -> SituationBuilder {
    SituationBuilder::new()
        .invoice("inv-1", 12_000, 1)
        .reachable([Channel::Email, Channel::Sms])
}

fn today() -> Date {
    SituationBuilder::new().build().today()
}

#[test]
fn manifest_is_sound() {
    testkit::assert_manifest_is_sound::<FirstDayLate>();
}

#[test]
fn config_schema_is_current_and_makes_the_template_a_reference() {
    testkit::assert_schema_is_current::<FirstDayLate>();
    let schema = testkit::config_schema::<FirstDayLate>();
    assert_eq!(schema["properties"]["template"]["format"], "regua-template");
    assert_eq!(schema["required"], json!(["template"]));
    assert_eq!(schema["additionalProperties"], json!(false));
}

#[test]
fn late_customer_gets_one_demand_for_the_whole_balance() {
    let answer = ask(one_day_late()
        .invoice("inv-2", 3_000, 1)
        .invoice("inv-3", 9_900, -5));
    answer
        .assert_leaves("sent")
        .assert_proposes(&["demand:email"])
        .assert_because("late");
    let message = answer.message("demand:email").unwrap();
    assert_eq!(message.purpose, Purpose::Demand);
    assert_eq!(message.channel, Channel::Email);
    assert_eq!(message.template.as_deref(), Some("first-day-late"));
}

#[test]
fn customers_preferred_channel_comes_first() {
    ask(one_day_late().reachable([Channel::Whatsapp, Channel::Email]))
        .assert_leaves("sent")
        .assert_proposes(&["demand:whatsapp"]);
}

#[test]
fn channel_that_the_tenant_does_not_allow_is_passed_over() {
    let situation = one_day_late().reachable([Channel::Letter, Channel::Sms, Channel::Email]);
    ask(situation.clone()).assert_proposes(&["demand:sms"]);
    let only_email = json!({ "template": "first-day-late", "channels": ["email"] });
    testkit::ask::<FirstDayLate>(&situation.build(), &only_email)
        .unwrap()
        .assert_proposes(&["demand:email"]);
}

#[test]
fn customer_without_a_channel_is_unreachable() {
    ask(one_day_late().reachable([]))
        .assert_leaves("unreachable")
        .assert_proposes(&[]);
}

#[test]
fn balance_below_the_minimum_waits_for_the_next_item_to_be_late() {
    ask(SituationBuilder::new()
        .invoice("inv-1", 1_999, 1)
        .invoice("inv-2", 5_000, -4))
    .assert_stays(Wake::on(today().plus_days(5)))
    .assert_proposes(&[])
    .assert_because("below-minimum");
}

#[test]
fn balance_at_the_minimum_is_worth_a_letter() {
    ask(SituationBuilder::new().invoice("inv-1", 2_000, 1)).assert_leaves("sent");
}

#[test]
fn minimum_of_another_currency_does_not_count() {
    ask(SituationBuilder::new()
        .currency("JPY", 0)
        .invoice("inv-1", 1, 1))
    .assert_leaves("sent");
}

#[test]
fn covered_balance_waits_for_the_cover_to_end() {
    let until = today().plus_days(7);
    let promised = one_day_late().cover("inv-1", CoverKind::Promise, 12_000, Some(until));
    ask(promised)
        .assert_stays(Wake::on(until.plus_days(1)))
        .assert_proposes(&[]);
}

#[test]
fn disputed_balance_waits_for_an_event() {
    let disputed = one_day_late().cover("inv-1", CoverKind::Dispute, 12_000, None);
    ask(disputed)
        .assert_stays(Wake::on_event())
        .assert_proposes(&[]);
}

#[test]
fn resolved_dispute_brings_the_letter() {
    ask(one_day_late().event(EventBuilder::new("dispute.resolved").subject("inv-1")))
        .assert_leaves("sent")
        .assert_proposes(&["demand:email"]);
}

#[test]
fn deferred_demand_is_proposed_unchanged() {
    let first = ask(one_day_late());
    let morning = one_day_late().build().now().at().plus_minutes(600);
    let verdict = VerdictBuilder::deferred("demand:email", "quiet-hours", morning);
    let second = ask(one_day_late().answered([verdict]));
    second.assert_leaves("sent");
    assert_eq!(
        second.message("demand:email"),
        first.message("demand:email")
    );
}

#[test]
fn woken_after_a_deferral_the_demand_goes_out() {
    ask(one_day_late().days_later(1).woken())
        .assert_leaves("sent")
        .assert_proposes(&["demand:email"]);
}

#[test]
fn paid_while_deferred_no_letter_goes_out() {
    ask(SituationBuilder::new().woken())
        .assert_stays(Wake::on_event())
        .assert_proposes(&[]);
}

#[test]
fn refused_channel_gives_way_to_the_next() {
    let refused = VerdictBuilder::refused("demand:email", "grant");
    ask(one_day_late().answered([refused]))
        .assert_leaves("sent")
        .assert_proposes(&["demand:sms"]);
}

#[test]
fn last_channel_refused_is_unreachable() {
    let refused = VerdictBuilder::refused("demand:email", "grant");
    ask(one_day_late()
        .reachable([Channel::Email])
        .answered([refused]))
    .assert_leaves("unreachable")
    .assert_proposes(&[]);
}

#[test]
fn failed_channel_gives_way_to_the_next() {
    let failed = ask(one_day_late()).then(EffectState::Failed, "bounced");
    ask(failed.woken())
        .assert_leaves("sent")
        .assert_proposes(&["demand:sms"]);
}

#[test]
fn all_channels_failed_is_unreachable() {
    let first = ask(one_day_late()).then(EffectState::Failed, "bounced");
    let second = ask(first.woken()).then(EffectState::Failed, "no-route");
    ask(second.woken())
        .assert_leaves("unreachable")
        .assert_proposes(&[]);
}

#[test]
fn bounce_before_leaving_gives_way_to_the_next() {
    let bounced = EventBuilder::new("message.bounced").subject("demand:email");
    for state in [EffectState::Queued, EffectState::Done, EffectState::Failed] {
        let situation = ask(one_day_late()).then(state, "").event(bounced.clone());
        ask(situation)
            .assert_leaves("sent")
            .assert_proposes(&["demand:sms"]);
    }
    let confirmed = ask(one_day_late()).then(EffectState::Confirmed, "bounced");
    ask(confirmed.woken()).assert_proposes(&["demand:sms"]);
}

#[test]
fn cancelled_demand_is_made_again_over_the_same_channel() {
    let cancelled = ask(one_day_late()).then(EffectState::Cancelled, "amount-changed");
    ask(cancelled.woken())
        .assert_leaves("sent")
        .assert_proposes(&["demand:email"]);
}

#[test]
fn second_demand_refused_gives_way_to_the_next_channel() {
    let refused = VerdictBuilder::refused("demand:email", "contact-cap");
    let cancelled = ask(one_day_late()).then(EffectState::Cancelled, "amount-changed");
    ask(cancelled.answered([refused])).assert_proposes(&["demand:sms"]);
}

#[test]
fn demand_on_its_way_is_not_made_twice() {
    let queued = ask(one_day_late()).then(EffectState::Queued, "");
    ask(queued.event(EventBuilder::new("item.added").subject("inv-2")))
        .assert_stays(Wake::after_minutes(60))
        .assert_proposes(&[]);
}

#[test]
fn demand_handed_over_leaves_without_another() {
    let done = ask(one_day_late()).then(EffectState::Done, "");
    ask(done.woken()).assert_leaves("sent").assert_proposes(&[]);
}

#[test]
fn demand_of_an_earlier_visit_or_another_stage_does_not_count() {
    let email = |state| EffectBuilder::message("demand:email", Channel::Email, state);
    let earlier = one_day_late().build().now().at().plus_minutes(-60);
    let situation = one_day_late()
        .visits_before(1)
        .effect(email(EffectState::Done).at(earlier))
        .effect(email(EffectState::Failed).of_stage("escalate"));
    ask(situation)
        .assert_leaves("sent")
        .assert_proposes(&["demand:email"]);
}

#[test]
fn config_that_cannot_work_is_told_with_its_pointer() {
    let pointers = |config| testkit::problem_pointers::<FirstDayLate>(&config);
    assert_eq!(pointers(config()), Vec::<&str>::new());
    assert_eq!(pointers(json!({})), [""]);
    assert_eq!(pointers(json!({ "template": 7 })), ["/template"]);
    assert_eq!(
        pointers(json!({ "template": "a", "channels": [] })),
        ["/channels"]
    );
    assert_eq!(
        pointers(json!({ "template": "a", "channels": ["sms", "e mail"] })),
        ["/channels/1"]
    );
    assert_eq!(
        pointers(json!({ "template": "a", "minimum": { "BRL": "5,00" } })),
        ["/minimum/BRL"]
    );
    assert_eq!(
        pointers(json!({ "template": "a", "minimun": {} })),
        ["/minimun"]
    );
}

#[test]
fn minimum_finer_than_the_currency_is_refused() {
    let config = json!({ "template": "a", "minimum": { "BRL": "5.005" } });
    let refusal = testkit::ask::<FirstDayLate>(&one_day_late().build(), &config).unwrap_err();
    assert!(matches!(refusal, Refusal::BadConfig(_)), "{refusal}");
}

#[test]
fn the_letter_says_the_same_in_both_languages_and_has_a_way_to_pay() {
    let sources = [
        include_str!("../templates/first-day-late.en.yaml"),
        include_str!("../templates/first-day-late.pt-BR.yaml"),
    ];
    testkit::assert_letters("first-day-late", &sources, &["links.pay"]);
}
