//! Before the offer, and the offer itself.

use super::*;

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
