//! While the offer stands, and its end without a plan.

use super::*;

#[test]
fn standing_offer_waits_for_the_reminder_and_then_for_the_deadline() {
    ask(offered(EffectState::Done, "").days_later(2).woken())
        .assert_stays(Wake::on(day(7)))
        .assert_proposes(&[]);
    let reminder = ask(offered(EffectState::Done, "").days_later(7).woken());
    reminder
        .assert_stays(Wake::on(day(11)))
        .assert_proposes(&["offer", "reminder:email"]);
    assert_eq!(
        reminder.plan_offer("offer"),
        ask(late()).plan_offer("offer"),
        "the reminder lists what was offered"
    );
    let letter = reminder.message("reminder:email").unwrap();
    assert_eq!(
        letter.variables,
        [("letter".to_owned(), "reminder".to_owned())]
    );
    ask(reminder.then(EffectState::Done, "").days_later(1).woken())
        .assert_stays(Wake::on(day(11)))
        .assert_proposes(&[]);
}

#[test]
fn no_reminder_without_config() {
    let mut config = config();
    config["reminder_before_deadline_days"] = json!(null);
    let situation = offered(EffectState::Done, "").days_later(8).woken().build();
    testkit::ask::<PaymentPlanOffer>(&situation, &config)
        .unwrap()
        .assert_stays(Wake::on(day(11)))
        .assert_proposes(&[]);
}

#[test]
fn reminder_that_may_not_be_sent_is_waited_for_or_given_up() {
    let at = || offered(EffectState::Done, "").days_later(7);
    let now = at().build().now().at();
    let deferred = VerdictBuilder::deferred("reminder:email", "hold", now.plus_minutes(90));
    ask(at().answered([deferred]))
        .assert_stays(Wake::after_minutes(90))
        .assert_proposes(&[]);
    let refused = VerdictBuilder::refused("reminder:email", "contact-cap");
    let given_up = ask(at().answered([refused]));
    given_up
        .assert_stays(Wake::on(day(11)))
        .assert_proposes(&[]);
    ask(given_up.then(EffectState::Done, "").woken()).assert_proposes(&[]);
    ask(at().reachable([]).woken()).assert_because("no-reminder");
}

#[test]
fn changed_balance_gets_no_reminder_and_waits_for_the_deadline() {
    let changed = offered(EffectState::Done, "")
        .cover("inv-1", CoverKind::Pending, 100, None)
        .days_later(7);
    ask(changed.woken())
        .assert_stays(Wake::on(day(11)))
        .assert_proposes(&[])
        .assert_because("balance-changed");
}

#[test]
fn bounced_letter_goes_over_the_next_channel() {
    let bounced = EventBuilder::new("message.bounced").subject("letter:email");
    let answer = ask(offered(EffectState::Done, "").event(bounced));
    answer.assert_proposes(&["offer", "letter:sms"]);
    assert_eq!(answer.plan_offer("offer"), ask(late()).plan_offer("offer"));
    ask(offered(EffectState::Confirmed, "bounced").woken())
        .assert_proposes(&["offer", "letter:sms"]);
}

#[test]
fn cancelled_letter_goes_out_again() {
    ask(offered(EffectState::Cancelled, "hold").woken())
        .assert_proposes(&["offer", "letter:email"]);
}

#[test]
fn offer_that_nobody_hears_of_is_given_up() {
    let failed = offered(EffectState::Failed, "bounced").reachable([Channel::Email]);
    ask(failed.woken())
        .assert_leaves("not-eligible")
        .assert_proposes(&[])
        .assert_because("unheard");
    let refused = VerdictBuilder::refused("letter:sms", "contact-cap");
    ask(offered(EffectState::Failed, "bounced").answered([refused]))
        .assert_leaves("not-eligible")
        .assert_because("unheard");
}

#[test]
fn second_letter_refused_tries_a_third_channel_later() {
    let channels = [Channel::Email, Channel::Sms, Channel::Whatsapp];
    let refused = VerdictBuilder::refused("letter:sms", "contact-cap");
    let at = offered(EffectState::Failed, "bounced").reachable(channels);
    let answer = ask(at.answered([refused]));
    answer.assert_stays(Wake::after_minutes(15));
    ask(answer.then(EffectState::Done, "").woken()).assert_proposes(&["offer", "letter:whatsapp"]);
}

#[test]
fn offer_without_memory_stands_until_its_deadline() {
    let offer = EffectBuilder::new("offer", ActionKind::OfferPlan, EffectState::Done);
    ask(late().effect(offer.clone().until(day(3))).woken())
        .assert_stays(Wake::on(day(4)))
        .assert_proposes(&[]);
    ask(late().effect(offer).woken()).assert_stays(Wake::on_event());
}

#[test]
fn refusal_and_expiry_leave() {
    ask(offered(EffectState::Done, "").event(offer_event("offer.declined")))
        .assert_leaves("declined");
    ask(offered(EffectState::Done, "").event(offer_event("offer.expired")))
        .assert_leaves("expired");
    ask(offered(EffectState::Done, "").days_later(11).woken()).assert_leaves("expired");
    let ended = |state, code| {
        let offer = EffectBuilder::new("offer", ActionKind::OfferPlan, state).code(code);
        ask(late().effect(offer).woken())
    };
    ended(EffectState::Confirmed, "declined").assert_leaves("declined");
    ended(EffectState::Failed, "expired").assert_leaves("expired");
    ended(EffectState::Cancelled, "").assert_proposes(&["offer", "letter:email"]);
}

#[test]
fn answer_to_another_offer_is_none() {
    let other = EventBuilder::new("offer.declined").subject("discount");
    ask(offered(EffectState::Done, "").event(other)).assert_because("offered");
}
