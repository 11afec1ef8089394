//! Every branch of the stage, through the same path as its wasm export.

use regua_plugin_payment_plan_offer::PaymentPlanOffer;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{
    self, Answer, EffectBuilder, EventBuilder, ItemBuilder, SentOffer, SituationBuilder, Value,
    VerdictBuilder, json,
};
use regua_sdk::{CoverKind, ItemKind};

mod config;
mod plan;
mod templates;

fn config() -> Value {
    json!({
        "plans": [
            { "instalments": 2, "every": "month", "waive_fees": true },
            { "instalments": 4, "every_days": 14, "down_payment_bps": 4000 },
        ],
        "smallest_instalment": { "BRL": "20.00" },
        "minimum": { "BRL": "100.00" },
        "maximum": { "BRL": "5000.00" },
        "valid_days": 10,
        "first_due_days": 12,
        "reminder_before_deadline_days": 3,
        "templates": { "offer": "plan-offer", "accepted": "plan-accepted" },
    })
}

fn ask(situation: SituationBuilder) -> Answer {
    testkit::ask::<PaymentPlanOffer>(&situation.build(), &config()).unwrap()
}

/// 120.01 on an invoice, 5.00 of fee on it, and something that is not late yet.
fn late() -> SituationBuilder {
    SituationBuilder::new()
        .invoice("inv-1", 12_001, 20)
        .item(
            ItemBuilder::invoice("fee-1", 500)
                .overdue(20)
                .charged_on("inv-1", ItemKind::LateFee),
        )
        .invoice("inv-2", 9_900, -5)
        .reachable([Channel::Email, Channel::Sms])
}

fn day(days: i32) -> Date {
    SituationBuilder::new().build().today().plus_days(days)
}

/// The offer was made, and so it and its letter have come so far.
fn offered(letter: EffectState, code: &str) -> SituationBuilder {
    let answer = ask(late());
    let memory = answer.then(EffectState::Done, "");
    memory
        .effect(
            EffectBuilder::new("offer", ActionKind::OfferPlan, EffectState::Done).until(day(10)),
        )
        .effect(EffectBuilder::message("letter:email", Channel::Email, letter).code(code))
}

fn instalments(offer: &SentOffer, plan: usize) -> Vec<(String, i64)> {
    let instalments = offer.plans[plan].instalments.iter();
    instalments
        .map(|(day, amount)| (day.to_string(), amount.minor()))
        .collect()
}

fn offer_event(kind: &str) -> EventBuilder {
    EventBuilder::new(kind).subject("offer")
}

#[test]
fn offer_goes_out_with_its_letter_and_plans_that_add_up() {
    let answer = ask(late());
    answer
        .assert_stays(Wake::on(day(7)))
        .assert_proposes(&["offer", "letter:email"])
        .assert_because("offered");
    let offer = answer.plan_offer("offer").unwrap();
    assert_eq!(offer.items, ["fee-1", "inv-1"]);
    assert_eq!(offer.valid_until, day(10));
    assert!(offer.plans[0].waives_fees && !offer.plans[1].waives_fees);
    assert_eq!(offer.plans[0].total(), Amount::from_minor(12_001));
    assert_eq!(offer.plans[1].total(), Amount::from_minor(12_501));
    let expected = [("2025-06-23", 6_001), ("2025-07-23", 6_000)];
    assert_eq!(
        instalments(&offer, 0),
        expected.map(|(day, minor)| (day.to_owned(), minor))
    );
    assert_eq!(instalments(&offer, 1)[0], ("2025-06-23".to_owned(), 5_000));
    assert_eq!(instalments(&offer, 1)[1], ("2025-07-07".to_owned(), 2_501));
    let letter = answer.message("letter:email").unwrap();
    assert_eq!(letter.purpose, Purpose::Offer);
    assert_eq!(letter.template.as_deref(), Some("plan-offer"));
    assert_eq!(
        letter.variables,
        [("letter".to_owned(), "offer".to_owned())]
    );
}

#[test]
fn plan_waives_nothing_where_there_are_no_fees() {
    let offer = ask(SituationBuilder::new().invoice("inv-1", 12_001, 20))
        .plan_offer("offer")
        .unwrap();
    assert!(!offer.plans[0].waives_fees);
    assert_eq!(offer.plans[0].total(), Amount::from_minor(12_001));
}

#[test]
fn covered_part_is_not_in_the_plans() {
    let offer = ask(late().cover("inv-1", CoverKind::Pending, 2_000, None))
        .plan_offer("offer")
        .unwrap();
    assert_eq!(offer.plans[1].total(), Amount::from_minor(10_501));
}

#[test]
fn plan_with_too_small_an_instalment_is_left_out() {
    let offer = ask(SituationBuilder::new().invoice("inv-1", 10_000, 20));
    let plans = offer.plan_offer("offer").unwrap().plans;
    assert_eq!(plans.len(), 2);
    let mut config = config();
    config["smallest_instalment"] = json!({ "BRL": "30.00" });
    let situation = SituationBuilder::new().invoice("inv-1", 10_000, 20).build();
    let answer = testkit::ask::<PaymentPlanOffer>(&situation, &config).unwrap();
    let plans = answer.plan_offer("offer").unwrap().plans;
    assert_eq!(plans.len(), 1);
    assert_eq!(plans[0].instalments.len(), 2);
    config["smallest_instalment"] = json!({ "BRL": "60.00" });
    testkit::ask::<PaymentPlanOffer>(&situation, &config)
        .unwrap()
        .assert_leaves("not-eligible")
        .assert_because("no-plan-fits");
}

#[test]
fn balance_out_of_bounds_gets_no_offer() {
    for minor in [9_999, 500_001] {
        ask(SituationBuilder::new().invoice("inv-1", minor, 20))
            .assert_leaves("not-eligible")
            .assert_proposes(&[])
            .assert_because("out-of-bounds");
    }
    for minor in [10_000, 500_000] {
        let answer = ask(SituationBuilder::new().invoice("inv-1", minor, 20));
        assert_eq!(answer.outcome(), None);
    }
}

#[test]
fn who_broke_a_plan_before_gets_no_other() {
    ask(late().plans(3, 1))
        .assert_leaves("not-eligible")
        .assert_because("plans-broken");
    let mut config = config();
    config["max_broken_plans"] = json!(2);
    let answer = testkit::ask::<PaymentPlanOffer>(&late().plans(0, 1).build(), &config).unwrap();
    answer.assert_because("offered");
}

#[test]
fn nothing_to_chase_gets_no_offer() {
    ask(SituationBuilder::new().invoice("inv-1", 20_000, -3))
        .assert_leaves("not-eligible")
        .assert_because("nothing-chaseable");
    let disputed = SituationBuilder::new().invoice("inv-1", 20_000, 3).cover(
        "inv-1",
        CoverKind::Dispute,
        20_000,
        None,
    );
    ask(disputed).assert_because("nothing-chaseable");
    let placed = ItemBuilder::invoice("inv-1", 20_000).overdue(30).placed();
    ask(SituationBuilder::new().item(placed)).assert_because("nothing-chaseable");
}

#[test]
fn running_plan_of_another_stage_gets_no_offer() {
    let running = late().cover("inv-1", CoverKind::Plan, 2_000, Some(day(60)));
    ask(running)
        .assert_leaves("not-eligible")
        .assert_because("plan-running");
}

#[test]
fn hold_is_waited_for() {
    ask(late().cover("", CoverKind::Hold, 0, Some(day(4))))
        .assert_stays(Wake::on(day(5)))
        .assert_proposes(&[])
        .assert_because("held");
}

#[test]
fn customer_without_a_channel_gets_no_offer() {
    ask(late().reachable([Channel::Letter]))
        .assert_leaves("not-eligible")
        .assert_proposes(&[])
        .assert_because("unreachable");
}

#[test]
fn deferred_letter_takes_the_offer_with_it() {
    let now = late().build().now().at();
    let deferred = VerdictBuilder::deferred("letter:email", "quiet-hours", now.plus_minutes(600));
    let verdicts = [VerdictBuilder::allowed("offer"), deferred];
    ask(late().answered(verdicts))
        .assert_stays(Wake::after_minutes(600))
        .assert_proposes(&[])
        .assert_because("deferred");
    ask(late().days_later(1).woken()).assert_proposes(&["offer", "letter:email"]);
}

#[test]
fn refused_channel_gives_way_to_the_next_in_a_decision_of_its_own() {
    let verdicts = [
        VerdictBuilder::allowed("offer"),
        VerdictBuilder::refused("letter:email", "contact-cap"),
    ];
    let answer = ask(late().answered(verdicts));
    answer
        .assert_stays(Wake::after_minutes(15))
        .assert_proposes(&[]);
    let next = answer.then(EffectState::Done, "").woken();
    let second = ask(next);
    second.assert_proposes(&["offer", "letter:sms"]);
    let refused = VerdictBuilder::refused("letter:sms", "template-failed");
    ask(answer.then(EffectState::Done, "").answered([refused]))
        .assert_leaves("not-eligible")
        .assert_because("unreachable");
}

#[test]
fn refused_offer_is_none() {
    for rule in ["offer-open", "cover", "plan-total"] {
        ask(late().answered([VerdictBuilder::refused("offer", rule)]))
            .assert_leaves("not-eligible")
            .assert_proposes(&[])
            .assert_because("offer-refused");
    }
}

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
