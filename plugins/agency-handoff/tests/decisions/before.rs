//! Before the placement.

use super::*;

#[test]
fn final_notice_comes_first_and_leaves_time() {
    let answer = ask(late());
    answer
        .assert_stays(Wake::after_days(10))
        .assert_proposes(&["notice:letter"])
        .assert_because("final-notice");
    let message = answer.message("notice:letter").unwrap();
    assert_eq!(message.purpose, Purpose::LegalNotice);
    assert_eq!(message.template.as_deref(), Some("final-notice"));
    let variables = [("wait_days", "10"), ("day_kind", "calendar")];
    assert_eq!(
        message.variables,
        variables.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn workflows_order_of_channels_decides() {
    ask(late().reachable([Channel::Sms, Channel::Email])).assert_proposes(&["notice:email"]);
    let mut config = config();
    config["notice"]["channels"] = json!(["sms", "letter"]);
    testkit::ask::<AgencyHandoff>(&late().build(), &config)
        .unwrap()
        .assert_proposes(&["notice:sms"]);
}

#[test]
fn case_that_is_too_young_is_not_placed() {
    ask(case_of(&[("old", 90_000, 59)], chased))
        .assert_leaves("not-eligible")
        .assert_proposes(&[])
        .assert_because("too-young");
    ask(case_of(&[("old", 90_000, 60)], chased)).assert_because("final-notice");
}

#[test]
fn small_balance_is_not_placed() {
    // Together with the new item it would be enough.
    ask(case_of(&[("old", 9_999, 60)], chased))
        .assert_leaves("not-eligible")
        .assert_because("below-minimum");
    ask(case_of(&[("old", 10_000, 60)], chased)).assert_because("final-notice");
}

#[test]
fn what_is_covered_does_not_count() {
    for kind in [
        CoverKind::Dispute,
        CoverKind::Promise,
        CoverKind::Plan,
        CoverKind::Pending,
    ] {
        ask(late().cover("old-2", kind, 7_000, Some(day(30))))
            .assert_leaves("not-eligible")
            .assert_because("below-minimum");
    }
    let all = late()
        .cover("old-1", CoverKind::Promise, 8_000, Some(day(3)))
        .cover("old-2", CoverKind::Promise, 7_000, Some(day(3)));
    ask(all.invoice("small", 1, 80))
        .assert_leaves("not-eligible")
        .assert_because("below-minimum");
}

#[test]
fn item_disputed_in_part_stays_out_as_a_whole() {
    ask(late().cover("old-2", CoverKind::Dispute, 10, None)).assert_because("below-minimum");
    let only = case_of(&[("old", 90_000, 80)], chased).cover("old", CoverKind::Dispute, 10, None);
    ask(only)
        .assert_leaves("not-eligible")
        .assert_because("nothing-chaseable");
}

#[test]
fn hold_is_waited_for() {
    for situation in [late(), after_notice(late(), 10)] {
        let until = situation.clone().build().today().plus_days(5);
        ask(situation.cover("", CoverKind::Hold, 0, Some(until)).woken())
            .assert_stays(Wake::on(until.plus_days(1)))
            .assert_proposes(&[])
            .assert_because("held");
    }
}

#[test]
fn deferred_notice_is_proposed_unchanged_and_its_time_counts_from_when_it_goes() {
    let now = late().build().now().at();
    let deferred = VerdictBuilder::deferred("notice:letter", "send-window", now.plus_minutes(900));
    let answer = ask(late().answered([deferred]));
    answer.assert_proposes(&["notice:letter"]);
    // The host carried nothing out, but keeps what the second decision remembers.
    let memory = json!({
        "notice": { "on": day(0), "business_days": 0 },
        "refused": [], "term_ends": null, "placed": [], "came_back_open": false, "recalls": 0,
    });
    let next = ask(late().memory(&memory).days_later(1).woken());
    next.assert_proposes(&["notice:letter"]);
    ask(next.then(EffectState::Done, "").days_later(9).woken())
        .assert_stays(Wake::after_days(1))
        .assert_because("waiting");
}

#[test]
fn refused_channel_gives_way_to_the_next_until_none_is_left() {
    let refused =
        |channel: &str| VerdictBuilder::refused(&format!("notice:{channel}"), "template-failed");
    let answer = ask(late().answered([refused("letter")]));
    answer
        .assert_stays(Wake::after_minutes(15))
        .assert_proposes(&[]);
    let next = || answer.then(EffectState::Done, "");
    ask(next().woken()).assert_proposes(&["notice:email"]);
    ask(next().answered([refused("email")]))
        .assert_leaves("not-eligible")
        .assert_because("unreachable");
}

#[test]
fn notice_that_no_channel_could_carry_is_not_tried_elsewhere() {
    for rule in ["cover", "tolerance"] {
        ask(late().answered([VerdictBuilder::refused("notice:letter", rule)]))
            .assert_leaves("not-eligible")
            .assert_because("notice-refused");
    }
}

#[test]
fn customer_who_cannot_be_noticed_is_not_placed() {
    ask(late().reachable([Channel::Whatsapp]))
        .assert_leaves("not-eligible")
        .assert_because("unreachable");
}

#[test]
fn bounced_or_failed_notice_goes_over_the_next_channel_and_the_time_begins_anew() {
    let bounced = EventBuilder::new("message.bounced").subject("notice:letter");
    ask(after_notice(late(), 4).event(bounced))
        .assert_stays(Wake::after_days(10))
        .assert_proposes(&["notice:email"]);
    for (state, code) in [
        (EffectState::Failed, "no-route"),
        (EffectState::Confirmed, "bounced"),
    ] {
        let failed = late().effect(notice(Channel::Letter, state).code(code));
        ask(failed.memory(&noticed()).woken()).assert_proposes(&["notice:email"]);
    }
}

#[test]
fn cancelled_notice_is_given_again() {
    let cancelled = late().effect(notice(Channel::Letter, EffectState::Cancelled));
    ask(cancelled.memory(&noticed()).woken()).assert_proposes(&["notice:letter"]);
}

#[test]
fn notice_on_its_way_is_not_given_twice() {
    let queued = late().effect(notice(Channel::Letter, EffectState::Queued));
    ask(queued.memory(&noticed()).woken())
        .assert_stays(Wake::after_minutes(60))
        .assert_proposes(&[]);
}

#[test]
fn waiting_period_is_waited_for_whatever_happens() {
    let paid = EventBuilder::new("payment.received").subject("new");
    ask(after_notice(late(), 4).event(paid))
        .assert_stays(Wake::after_days(6))
        .assert_proposes(&[])
        .assert_because("waiting");
}

#[test]
fn business_days_are_counted_where_these_are_meant() {
    let mut config = config();
    config["notice"]["business_days"] = json!(true);
    let ask = |situation: SituationBuilder| {
        testkit::ask::<AgencyHandoff>(&situation.build(), &config).unwrap()
    };
    ask(late()).assert_stays(Wake::after_business_days(10));
    ask(after_notice(late(), 12).business_days_in_stage(8).woken())
        .assert_stays(Wake::after_business_days(2));
    ask(after_notice(late(), 14).business_days_in_stage(10).woken())
        .assert_proposes(&["placement"]);
}

#[test]
fn notice_of_unknown_day_counts_from_today() {
    let sent = late()
        .effect(notice(Channel::Letter, EffectState::Done))
        .days_later(30);
    let answer = ask(sent.woken());
    answer
        .assert_stays(Wake::after_days(10))
        .assert_proposes(&[]);
    ask(answer.then(EffectState::Done, "").days_later(10).woken()).assert_proposes(&["placement"]);
}

#[test]
fn after_the_waiting_period_old_items_are_placed_by_name() {
    let answer = ask(after_notice(late(), 10).woken());
    answer
        .assert_stays(Wake::on(day(100)))
        .assert_proposes(&["placement"])
        .assert_because("placed");
    let placement = answer.placement("placement").unwrap();
    assert_eq!(placement.agency, "fair-collect");
    assert_eq!(placement.items, ["old-1", "old-2"]);
    assert_eq!(placement.commission_bps, 1_800);
    assert_eq!(placement.term_days, 90);
}

#[test]
fn item_that_the_notice_could_not_name_is_not_placed() {
    // Old enough by now, but not yet overdue when the notice was written.
    let mut config = config();
    config["minimum_age_days"] = json!(5);
    let case = after_notice(late().invoice("later", 9_000, -3), 12).woken();
    let answer = testkit::ask::<AgencyHandoff>(&case.build(), &config).unwrap();
    let items = answer.placement("placement").unwrap().items;
    assert_eq!(items, ["old-1", "old-2", "new"]);
    let only_later = SituationBuilder::new().invoice("later", 90_000, -3);
    let case = after_notice(only_later, 12).woken();
    testkit::ask::<AgencyHandoff>(&case.build(), &config)
        .unwrap()
        .assert_leaves("not-eligible")
        .assert_because("below-minimum");
}

#[test]
fn balance_that_fell_while_waiting_is_not_placed() {
    let paid = EventBuilder::new("payment.received").subject("old-1");
    ask(after_notice(case_of(&[OLD[1]], chased), 4).event(paid))
        .assert_leaves("not-eligible")
        .assert_because("below-minimum");
    let disputed = late().cover("old-1", CoverKind::Dispute, 8_000, None);
    let opened = EventBuilder::new("dispute.opened").subject("old-1");
    ask(after_notice(disputed, 4).event(opened)).assert_leaves("not-eligible");
}

#[test]
fn refused_placement_is_none() {
    for rule in ["unknown-agency", "cover", "grant"] {
        let refused = VerdictBuilder::refused("placement", rule);
        ask(after_notice(late(), 10).answered([refused]))
            .assert_leaves("not-eligible")
            .assert_proposes(&[])
            .assert_because("placement-refused");
    }
}

#[test]
fn no_more_is_placed_than_can_be_remembered() {
    let mut case = SituationBuilder::new().reachable([Channel::Letter]);
    for number in 0..200 {
        case = case.invoice(&format!("item_{number:032x}"), 1_000, 95);
    }
    let answer = ask(after_notice(case, 10).woken());
    let placed = answer.placement("placement").unwrap().items.len();
    assert!((60..=100).contains(&placed), "{placed}");
}
