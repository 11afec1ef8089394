//! What the debtor lets us know.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{EffectBuilder, EventBuilder, VerdictBuilder, json};

use super::*;

#[test]
fn cash_flow_leads_to_a_plan() {
    ask(five_days_late().event(replied("cash-flow")))
        .assert_leaves("wants-plan")
        .assert_proposes(&[])
        .assert_because("cash-flow");
    ask(with_a_person().event(replied("cash-flow"))).assert_leaves("wants-plan");
}

#[test]
fn fault_of_goods_or_service_rests_is_told_and_leaves() {
    let answer = ask(five_days_late().event(replied("goods-or-service")));
    answer.assert_leaves("disputed").assert_proposes(&[
        "reply:goods-or-service:hold",
        "reply:goods-or-service:notice",
    ]);
    assert_eq!(
        answer.hold("reply:goods-or-service:hold"),
        Some(today().plus_days(30))
    );
    let (team, _) = answer.notice("reply:goods-or-service:notice").unwrap();
    assert_eq!(team, "collections");
    let teams = with("teams", json!({ "dispute": "quality" }));
    let answer = ask_with(five_days_late().event(replied("goods-or-service")), &teams);
    assert_eq!(
        answer.notice("reply:goods-or-service:notice").unwrap().0,
        "quality"
    );
}

#[test]
fn notice_that_fails_does_not_keep_a_dispute_in_the_stage() {
    let answer = ask(five_days_late().event(replied("goods-or-service")));
    let event = EventBuilder::new("effect.failed").subject("reply:goods-or-service:notice");
    ask(answer.then(EffectState::Done, "").event(event.clone())).assert_leaves("disputed");
    ask(five_days_late().event(event))
        .assert_leaves("disputed")
        .assert_proposes(&["reply:goods-or-service:hold"]);
}

#[test]
fn refused_part_of_an_answer_is_left_out_and_the_rest_stands() {
    let verdicts = [
        VerdictBuilder::allowed("reply:goods-or-service:hold"),
        VerdictBuilder::refused("reply:goods-or-service:notice", "unknown-team"),
    ];
    let told = |reason| five_days_late().event(replied(reason));
    ask(told("goods-or-service").answered(verdicts))
        .assert_leaves("disputed")
        .assert_proposes(&["reply:goods-or-service:hold"]);
    let verdicts = [
        VerdictBuilder::refused("reply:hardship:hold", "grant"),
        VerdictBuilder::allowed("reply:hardship:task"),
    ];
    ask(told("hardship").answered(verdicts)).assert_proposes(&["reply:hardship:task"]);
}

#[test]
fn hardship_rests_with_a_task() {
    let config = with("teams", json!({ "hardship": "care" }));
    let answer = ask_with(five_days_late().event(replied("hardship")), &config);
    answer
        .assert_proposes(&["reply:hardship:hold", "reply:hardship:task"])
        .assert_stays(Wake::on(today().plus_days(31)));
    assert_eq!(
        answer.hold("reply:hardship:hold"),
        Some(today().plus_days(30))
    );
    assert_eq!(answer.task("reply:hardship:task").unwrap().team, "care");
    let task = "reply:hardship:task";
    let open = || answer.then(EffectState::Done, "");
    ask(open().event(completed(task, "wants-plan"))).assert_leaves("wants-plan");
    let until = Some(today().plus_days(30));
    let held = open().cover("", CoverKind::Hold, 0, until);
    ask(held.event(completed(task, "talked"))).assert_stays(Wake::on(today().plus_days(31)));
    // When the rest is over, the contacts go on.
    ask(open().days_later(31).woken()).assert_proposes(&["contact:0.1:email"]);
}

#[test]
fn hardship_told_twice_rests_once_and_opens_one_task() {
    let answer = ask(five_days_late().event(replied("hardship")));
    let open = answer.then(EffectState::Done, "");
    let held = open
        .clone()
        .cover("", CoverKind::Hold, 0, Some(today().plus_days(30)));
    ask(held.event(replied("hardship")))
        .assert_proposes(&[])
        .assert_stays(Wake::on(today().plus_days(31)));
    let done = EffectBuilder::new(
        "reply:hardship:task",
        ActionKind::OpenTask,
        EffectState::Confirmed,
    );
    let task_done = five_days_late()
        .effect(EffectBuilder::new(
            "reply:hardship:hold",
            ActionKind::Hold,
            EffectState::Done,
        ))
        .effect(done);
    ask(task_done.event(replied("hardship")))
        .assert_proposes(&["reply:hardship:task:2"])
        .assert_stays(Wake::after_minutes(60));
}

#[test]
fn unknown_reason_is_read_by_a_person_while_the_case_rests() {
    for event in [
        replied("the-moon"),
        replied("dispute-opened"),
        EventBuilder::new("replied"),
    ] {
        let answer = ask(five_days_late().event(event));
        answer
            .assert_proposes(&["reply:other:hold", "reply:other:task"])
            .assert_stays(Wake::on(today().plus_days(6)))
            .assert_because("other");
        let task = answer.task("reply:other:task").unwrap();
        assert_eq!(task.due_on, today().plus_days(5));
    }
}

#[test]
fn invoice_not_received_is_sent_again_and_the_contacts_start_anew() {
    let config = with("teams", json!({ "resend": "billing" }));
    let answer = ask(after_contacts(2, &config).event(replied("not-received")));
    answer
        .assert_proposes(&["reply:not-received:task"])
        .assert_stays(Wake::after_business_days(5));
    let asked = five_days_late().event(replied("not-received"));
    let task = ask_with(asked, &config)
        .task("reply:not-received:task")
        .unwrap();
    assert_eq!(
        (task.team.as_str(), task.due_on),
        ("billing", today().plus_days(2))
    );

    let open = answer.then(EffectState::Done, "").woken();
    ask(in_business_days(open.clone(), 4)).assert_stays(Wake::after_business_days(1));
    ask(in_business_days(open.clone(), 5))
        .assert_proposes(&["contact:1.1:email"])
        .assert_stays(Wake::after_business_days(3));
    // Sent again two business days later: the clock runs from there.
    let sent = in_business_days(open, 2).event(completed("reply:not-received:task", "done"));
    let resent = ask(sent);
    resent.assert_stays(Wake::after_business_days(5));
    let later = resent.then(EffectState::Done, "").woken();
    ask(in_business_days(later.clone(), 4)).assert_proposes(&[]);
    ask(in_business_days(later, 5)).assert_proposes(&["contact:1.1:email"]);
}

#[test]
fn contacts_start_anew_no_more_often_than_is_set() {
    let first = ask(five_days_late().event(replied("not-received")));
    let open = first.then(EffectState::Done, "");
    let second = ask(open.event(replied("not-received")));
    second
        .assert_proposes(&[])
        .assert_stays(Wake::after_minutes(60));
    let never = with("resend", json!({ "restarts": 0 }));
    let answer = ask_with(five_days_late().event(replied("not-received")), &never);
    answer
        .assert_proposes(&["reply:not-received:task"])
        .assert_stays(Wake::after_minutes(60));
    let at_once = with("resend", json!({ "wait": 0 }));
    let answer = ask_with(five_days_late().event(replied("not-received")), &at_once);
    answer.assert_stays(Wake::after_minutes(60));
    ask_with(answer.then(EffectState::Done, "").woken(), &at_once)
        .assert_proposes(&["contact:1.1:email"]);
}

#[test]
fn new_round_has_a_person_of_its_own() {
    let answer = ask(with_a_person().event(replied("not-received")));
    answer.assert_proposes(&["reply:not-received:task"]);
    let mut situation = in_business_days(answer.then(EffectState::Done, "").woken(), 5);
    for number in 1..=3 {
        let answer = ask(situation);
        assert!(
            answer.keys()[0].starts_with(&format!("contact:1.{number}:")),
            "{answer:#?}"
        );
        situation = in_business_days(answer.then(EffectState::Done, "").woken(), 5);
    }
    ask(situation).assert_proposes(&["person:1"]);
}

#[test]
fn reply_before_the_stages_day_is_routed_and_nothing_is_sent() {
    let early = || SituationBuilder::new().invoice("inv_1", 12_000, 1);
    let answer = ask(early().event(EventBuilder::new("dispute.opened").subject("inv_9")));
    answer.assert_proposes(&["reply:dispute-opened:notice"]);
    let after = answer.then(EffectState::Done, "");
    ask(after.clone().event(EventBuilder::new("item.added")))
        .assert_proposes(&[])
        .assert_because("stage-not-due");
    // The first call that is no event: the day has come, and the clock begins.
    ask(after.days_later(4).woken()).assert_proposes(&["contact:0.1:email"]);
    ask(early().event(replied("hardship")))
        .assert_proposes(&["reply:hardship:hold", "reply:hardship:task"]);
}

#[test]
fn dispute_is_told_and_what_is_left_is_chased() {
    let disputed = |event: EventBuilder| {
        after_contacts(1, &config())
            .invoice("inv_2", 4_000, 2)
            .cover("inv_2", CoverKind::Dispute, 4_000, None)
            .event(event)
    };
    let event = || {
        EventBuilder::new("dispute.opened")
            .subject("inv_2")
            .amount(4_000)
    };
    let answer = ask(disputed(event()));
    answer
        .assert_proposes(&["reply:dispute-opened:notice"])
        .assert_stays(Wake::after_minutes(60));
    let told = answer.then(EffectState::Done, "");
    ask(told.clone().event(event())).assert_proposes(&["reply:dispute-opened:notice:2"]);
    ask(told.days_later(5).woken()).assert_proposes(&["contact:0.2:email"]);
    let refused = VerdictBuilder::refused("reply:dispute-opened:notice", "unknown-team");
    ask(disputed(event()).answered([refused])).assert_proposes(&[]);
    let failed = EventBuilder::new("effect.failed").subject("reply:dispute-opened:notice");
    ask(answer.then(EffectState::Failed, "").event(failed)).assert_proposes(&[]);
}

#[test]
fn letter_that_the_hold_cancels_does_not_keep_a_dispute_in_the_stage() {
    let queued = ask(five_days_late()).then(EffectState::Queued, "");
    let answer = ask(queued.event(replied("goods-or-service")));
    let held = answer.then(EffectState::Done, "").cover(
        "",
        CoverKind::Hold,
        0,
        Some(today().plus_days(30)),
    );
    let event = EventBuilder::new("effect.cancelled").subject("contact:0.1:email");
    ask(held.event(event))
        .assert_leaves("disputed")
        .assert_proposes(&[]);
}
