//! Contacts: their days, their channels, and what stops them.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{EventBuilder, VerdictBuilder, json};

use super::*;

#[test]
fn first_contact_goes_out_at_once_and_waits_for_the_second() {
    let answer = ask(five_days_late());
    answer
        .assert_proposes(&["contact:0.1:email"])
        .assert_stays(Wake::after_business_days(3))
        .assert_because("contact-due");
    let message = answer.message("contact:0.1:email").unwrap();
    assert_eq!(message.purpose, Purpose::Reminder);
    assert_eq!(message.template.as_deref(), Some("escalation-1"));
}

#[test]
fn contacts_grow_firmer_at_their_business_day_gaps() {
    let made = after_contacts(1, &config());
    ask(made.clone())
        .assert_proposes(&[])
        .assert_stays(Wake::after_business_days(3))
        .assert_because("not-yet");
    // Wednesday to Friday: two business days.
    ask(made.clone().days_later(2)).assert_stays(Wake::after_business_days(1));
    ask(made.clone().days_later(4)).assert_stays(Wake::after_business_days(1));
    let second = ask(made.days_later(5));
    second
        .assert_proposes(&["contact:0.2:email"])
        .assert_stays(Wake::after_business_days(5));
    let second = second.message("contact:0.2:email").unwrap();
    assert_eq!(second.purpose, Purpose::Demand);
    let third = ask(in_business_days(after_contacts(2, &config()), 5));
    let third = third.message("contact:0.3:sms").unwrap();
    assert_eq!(third.purpose, Purpose::LegalNotice);
    assert_eq!(third.template.as_deref(), Some("escalation-3"));
}

#[test]
fn gap_before_the_first_contact_counts_from_entering() {
    let mut config = config();
    config["contacts"][0]["after"] = json!(2);
    let entered = ask_with(five_days_late(), &config);
    entered
        .assert_proposes(&[])
        .assert_stays(Wake::after_business_days(2));
    let woken = entered.then(EffectState::Done, "").days_later(2).woken();
    ask_with(woken, &config).assert_proposes(&["contact:0.1:email"]);
}

#[test]
fn channel_that_stays_unanswered_gives_way() {
    // Both contacts by e-mail, eight business days without an answer.
    let silent = in_business_days(after_contacts(2, &config()), 5);
    ask(silent.clone()).assert_proposes(&["contact:0.3:sms"]);
    let start = now();
    let later = start.plus_minutes(10 * 24 * 60);
    ask(silent.clone().last_reply(later)).assert_proposes(&["contact:0.3:email"]);
    ask(silent.clone().last_payment(later)).assert_proposes(&["contact:0.3:email"]);
    ask(silent.clone().last_reply(start.plus_minutes(-60))).assert_proposes(&["contact:0.3:sms"]);
    let patient = with("unanswered_after", json!(9));
    ask_with(silent.clone(), &patient).assert_proposes(&["contact:0.3:email"]);
    ask(silent.reachable([Channel::Email])).assert_proposes(&["contact:0.3:email"]);
}

#[test]
fn customers_preferred_channel_comes_first_among_the_allowed() {
    let situation = five_days_late().reachable([Channel::Letter, Channel::Whatsapp]);
    ask(situation.clone()).assert_proposes(&["contact:0.1:whatsapp"]);
    let letters = with("channels", json!(["letter"]));
    ask_with(situation, &letters).assert_proposes(&["contact:0.1:letter"]);
}

#[test]
fn channel_that_bounces_gives_way_at_once() {
    let made = after_contacts(1, &config());
    let event = EventBuilder::new("message.bounced").subject("contact:0.1:email");
    ask(made.event(event)).assert_proposes(&["contact:0.1:sms"]);
    let first = ask(five_days_late());
    for (state, code) in [
        (EffectState::Failed, "bounced"),
        (EffectState::Failed, "smtp-550"),
        (EffectState::Confirmed, "bounced"),
    ] {
        ask(first.then(state, code).woken())
            .assert_proposes(&["contact:0.1:sms"])
            .assert_stays(Wake::after_business_days(3));
    }
}

#[test]
fn channel_that_failed_is_not_used_for_later_contacts() {
    let bounced = ask(five_days_late()).then(EffectState::Failed, "bounced");
    let moved = ask(bounced.woken()).then(EffectState::Done, "");
    let later = in_business_days(moved.woken(), 8);
    ask(later).assert_proposes(&["contact:0.2:sms"]);
}

#[test]
fn late_bounce_of_a_contact_that_others_followed_is_no_matter() {
    let made = after_contacts(2, &config());
    let event = EventBuilder::new("message.bounced").subject("contact:0.1:email");
    ask(made.event(event)).assert_proposes(&[]);
}

#[test]
fn cancelled_contact_is_made_again_with_what_is_then_owed() {
    let cancelled = ask(five_days_late()).then(EffectState::Cancelled, "amount-changed");
    let event = EventBuilder::new("effect.cancelled").subject("contact:0.1:email");
    ask(cancelled.event(event)).assert_proposes(&["contact:0.1:email"]);
}

#[test]
fn contact_on_its_way_is_waited_for() {
    let queued = ask(five_days_late()).then(EffectState::Queued, "");
    ask(queued.event(EventBuilder::new("item.added")))
        .assert_proposes(&[])
        .assert_stays(Wake::after_minutes(60))
        .assert_because("in-flight");
}

#[test]
fn deferred_contact_is_proposed_again_over_the_same_channel() {
    let tomorrow = now().plus_minutes(24 * 60);
    let deferred = VerdictBuilder::deferred("contact:0.1:email", "quiet-hours", tomorrow);
    let second = ask(five_days_late().answered([deferred]));
    second.assert_proposes(&["contact:0.1:email"]);
    // The gap counts from the day on which it went, not from the one on which it could not.
    let there = five_days_late().memory(&json!({
        "round": 0, "clock": 0, "proposed": [0], "person_until": null, "person_done": null,
    }));
    let sent = ask(there.days_later(1).woken()).then(EffectState::Done, "");
    ask(sent.woken()).assert_stays(Wake::after_business_days(3));
}

#[test]
fn refused_channel_gives_way_and_a_covered_debt_rests() {
    let opted_out = VerdictBuilder::refused("contact:0.1:email", "opt-out");
    ask(five_days_late().answered([opted_out])).assert_proposes(&["contact:0.1:sms"]);
    for rule in ["cover", "tolerance"] {
        let refused = VerdictBuilder::refused("contact:0.1:email", rule);
        ask(five_days_late().answered([refused]))
            .assert_proposes(&[])
            .assert_stays(Wake::on_event());
    }
}

#[test]
fn customer_without_a_channel_goes_to_a_person_without_a_draft() {
    let answer = ask(five_days_late().reachable([Channel::Letter]));
    answer
        .assert_proposes(&["person:0"])
        .assert_because("unreachable");
    let task = answer.task("person:0").unwrap();
    assert_eq!(task.draft, None);
    assert!(task.details.contains("No automatic contact"), "{task:?}");
}

#[test]
fn covered_debt_rests_until_the_calendar_changes_that() {
    let until = today().plus_days(4);
    let promised = |until| five_days_late().cover("inv_1", CoverKind::Promise, 12_000, until);
    ask(promised(Some(until)))
        .assert_proposes(&[])
        .assert_stays(Wake::on(until.plus_days(1)))
        .assert_because("nothing-chaseable");
    ask(promised(None)).assert_stays(Wake::on_event());
    ask(promised(None).invoice("inv_2", 1_000, 2)).assert_proposes(&["contact:0.1:email"]);
}

#[test]
fn held_case_rests_until_the_hold_has_ended() {
    let until = today().plus_days(9);
    ask(five_days_late().cover("", CoverKind::Hold, 0, Some(until)))
        .assert_proposes(&[])
        .assert_stays(Wake::on(until.plus_days(1)))
        .assert_because("held");
    ask(five_days_late().cover("", CoverKind::Hold, 0, None)).assert_stays(Wake::on_event());
}

#[test]
fn broken_promise_lets_the_contact_that_is_due_go_out() {
    let made = in_business_days(after_contacts(1, &config()), 4);
    ask(made.event(EventBuilder::new("promise.broken"))).assert_proposes(&["contact:0.2:email"]);
}

#[test]
fn contacts_of_an_earlier_visit_do_not_count() {
    let earlier = now().plus_minutes(-60);
    let old =
        testkit::EffectBuilder::message("contact:0.1:email", Channel::Email, EffectState::Failed);
    ask(five_days_late().visits_before(1).effect(old.at(earlier)))
        .assert_proposes(&["contact:0.1:email"]);
}

#[test]
fn lost_memory_starts_the_gap_anew_rather_than_never_ending_it() {
    let lost = after_contacts(1, &config()).memory(&json!({
        "round": 0, "clock": null, "proposed": [], "person_until": null, "person_done": null,
    }));
    let answer = ask(lost.days_later(5).woken());
    answer.assert_stays(Wake::after_business_days(3));
    let later = answer.then(EffectState::Done, "").days_later(5).woken();
    ask(later).assert_proposes(&["contact:0.2:email"]);
}

#[test]
fn sales_hear_once_of_customers_in_their_segments() {
    let config = with(
        "sales",
        json!({ "segments": ["key-account"], "team": "sales" }),
    );
    ask_with(five_days_late(), &config).assert_proposes(&["contact:0.1:email"]);
    let key_account = || five_days_late().segment("key-account").segment("north");
    let first = ask_with(key_account(), &config);
    first.assert_proposes(&["contact:0.1:email", "sales"]);
    let (team, text) = first.notice("sales").unwrap();
    assert_eq!(team, "sales");
    assert!(
        text.contains("key-account is 5 days overdue with 120.00 BRL"),
        "{text}"
    );
    let second = first.then(EffectState::Done, "").days_later(5).woken();
    ask_with(second, &config).assert_proposes(&["contact:0.2:email"]);
    let failed = first.then(EffectState::Failed, "").woken();
    ask_with(failed, &config).assert_proposes(&["contact:0.1:sms", "sales"]);
    let unknown = [
        VerdictBuilder::allowed("contact:0.1:email"),
        VerdictBuilder::refused("sales", "unknown-team"),
    ];
    ask_with(key_account().answered(unknown), &config).assert_proposes(&["contact:0.1:email"]);
    let deferred = VerdictBuilder::deferred("contact:0.1:email", "contact-cap", now());
    ask_with(key_account().answered([deferred]), &config).assert_proposes(&["contact:0.1:email"]);
}

#[test]
fn sales_may_be_told_with_a_later_contact() {
    let sales = json!({ "segments": ["key-account"], "team": "sales", "with_contact": 2 });
    let config = with("sales", sales);
    let first = ask_with(five_days_late().segment("key-account"), &config);
    first.assert_proposes(&["contact:0.1:email"]);
    let second = first.then(EffectState::Done, "").days_later(5).woken();
    ask_with(second, &config).assert_proposes(&["contact:0.2:email", "sales"]);
}
