//! While items are with the agency.

use super::*;

/// The memory that the placement left.
fn memory(placed: &[&str]) -> Value {
    let mut memory = noticed();
    memory["placed"] = json!(placed);
    memory["term_ends"] = json!(day(90));
    memory
}

fn placement(state: EffectState) -> EffectBuilder {
    EffectBuilder::new("placement", ActionKind::PlaceWithAgency, state).until(day(90))
}

/// Both old items were placed; these are still open.
fn placed(open: &[(&str, i64, i32)]) -> SituationBuilder {
    case_of(open, ItemBuilder::placed)
        .effect(placement(EffectState::Done))
        .memory(&memory(&["old-1", "old-2"]))
        .days_later(20)
}

fn event(kind: &str, subject: &str) -> EventBuilder {
    EventBuilder::new(kind).subject(subject)
}

/// What was recalled under a key.
fn recalled(answer: &Answer, key: &str) -> Vec<String> {
    let recall = answer.recall(key).unwrap();
    assert_eq!(recall.placement, "placement");
    recall.items
}

#[test]
fn placed_items_are_waited_for_until_the_term_ends() {
    ask(placed(&OLD).woken())
        .assert_stays(Wake::on(day(90)))
        .assert_proposes(&[])
        .assert_because("placed");
}

#[test]
fn what_is_paid_is_recalled_once() {
    let answer = ask(placed(&OLD[1..]).event(event("payment.received", "old-1")));
    answer
        .assert_stays(Wake::on(day(90)))
        .assert_proposes(&["recall:1"]);
    assert_eq!(recalled(&answer, "recall:1"), ["old-1"]);
    ask(answer.then(EffectState::Done, "").woken())
        .assert_stays(Wake::on(day(90)))
        .assert_proposes(&[]);
}

#[test]
fn part_payment_stays_with_the_agency() {
    let half = [("old-1", 4_000, 95), OLD[1]];
    ask(placed(&half).event(event("payment.received", "old-1"))).assert_proposes(&[]);
    ask(placed(&half).event(event("placement.remitted", "placement")))
        .assert_stays(Wake::on(day(90)))
        .assert_proposes(&[]);
}

#[test]
fn voided_and_credited_items_are_recalled() {
    for kind in ["item.voided", "item.credited"] {
        let answer = ask(placed(&OLD[..1]).event(event(kind, "old-2")));
        assert_eq!(recalled(&answer, "recall:1"), ["old-2"]);
    }
    let nothing_left = ItemBuilder::invoice("old-2", 7_000)
        .overdue(70)
        .placed()
        .outstanding(0);
    let answer = ask(placed(&OLD[..1]).item(nothing_left).woken());
    assert_eq!(recalled(&answer, "recall:1"), ["old-2"]);
}

#[test]
fn disputed_item_is_recalled_and_the_rest_stays() {
    let disputed = placed(&OLD).cover("old-2", CoverKind::Dispute, 7_000, None);
    let answer = ask(disputed.event(event("dispute.opened", "old-2")));
    answer
        .assert_stays(Wake::on(day(90)))
        .assert_proposes(&["recall:1"]);
    assert_eq!(recalled(&answer, "recall:1"), ["old-2"]);
    assert_eq!(answer.recall("recall:1").unwrap().reason, "disputed");
}

#[test]
fn paid_and_disputed_items_are_recalled_apart() {
    let disputed = placed(&OLD[1..]).cover("old-2", CoverKind::Dispute, 7_000, None);
    let answer = ask(disputed.woken());
    answer
        .assert_leaves("returned")
        .assert_proposes(&["recall:1", "recall:2"]);
    assert_eq!(recalled(&answer, "recall:1"), ["old-1"]);
    assert_eq!(recalled(&answer, "recall:2"), ["old-2"]);
}

#[test]
fn all_paid_leaves_as_remitted() {
    for kind in ["payment.received", "placement.remitted"] {
        let answer = ask(placed(&[]).event(event(kind, "placement")));
        answer
            .assert_leaves("remitted")
            .assert_proposes(&["recall:1"]);
        assert_eq!(recalled(&answer, "recall:1"), ["old-1", "old-2"]);
    }
}

#[test]
fn rest_paid_after_a_dispute_leaves_as_returned() {
    let mut left = memory(&["old-1"]);
    left["came_back_open"] = json!(true);
    left["recalls"] = json!(1);
    let answer = ask(placed(&[]).memory(&left).woken());
    answer
        .assert_leaves("returned")
        .assert_proposes(&["recall:2"]);
}

#[test]
fn agency_that_gives_up_returns_what_is_left() {
    let answer = ask(placed(&OLD[..1]).event(event("placement.returned", "placement")));
    answer
        .assert_leaves("returned")
        .assert_proposes(&["recall:1", "recall:2"]);
    assert_eq!(recalled(&answer, "recall:1"), ["old-2"]);
    assert_eq!(recalled(&answer, "recall:2"), ["old-1"]);
    ask(placed(&OLD).event(event("placement.returned", "another"))).assert_proposes(&[]);
}

#[test]
fn end_of_the_term_returns_what_is_left() {
    ask(placed(&OLD).days_later(69).woken()).assert_stays(Wake::on(day(90)));
    let answer = ask(placed(&OLD).days_later(70).woken());
    answer
        .assert_leaves("returned")
        .assert_proposes(&["recall:1"]);
    assert_eq!(recalled(&answer, "recall:1"), ["old-1", "old-2"]);
}

#[test]
fn failed_recall_leaves_all_the_same() {
    // The items are chased again from the decision on; only the agency was not told.
    let mut left = memory(&[]);
    left["came_back_open"] = json!(true);
    left["recalls"] = json!(1);
    let recalled = case_of(&OLD, chased)
        .effect(placement(EffectState::Done))
        .memory(&left);
    ask(recalled.event(event("effect.failed", "recall:1")))
        .assert_leaves("returned")
        .assert_proposes(&[]);
}

#[test]
fn what_the_host_no_longer_has_as_placed_is_forgotten() {
    let refused = VerdictBuilder::refused("recall:1", "not-placed");
    let answer = ask(placed(&OLD[1..]).answered([refused]));
    answer.assert_stays(Wake::on(day(90))).assert_proposes(&[]);
    ask(answer.then(EffectState::Done, "").woken()).assert_proposes(&[]);
    // Taken back by the host itself.
    let back = case_of(&OLD, chased)
        .effect(placement(EffectState::Done))
        .memory(&memory(&["old-1", "old-2"]));
    ask(back.event(event("placement.returned", "placement")))
        .assert_leaves("returned")
        .assert_proposes(&[]);
}

#[test]
fn placement_that_never_reached_the_agency_is_taken_back() {
    for state in [EffectState::Failed, EffectState::Cancelled] {
        let failed = case_of(&OLD, ItemBuilder::placed)
            .effect(placement(state))
            .memory(&memory(&["old-1", "old-2"]));
        let answer = ask(failed.event(event("effect.failed", "placement")));
        answer
            .assert_leaves("not-eligible")
            .assert_proposes(&["recall:1"])
            .assert_because("placement-failed");
        assert_eq!(recalled(&answer, "recall:1"), ["old-1", "old-2"]);
    }
}

#[test]
fn memory_of_another_version_is_made_up_from_the_items() {
    let forgotten = case_of(&OLD, ItemBuilder::placed).effect(placement(EffectState::Done));
    let answer = ask(forgotten.clone().days_later(5).woken());
    answer.assert_stays(Wake::on(day(90))).assert_proposes(&[]);
    let over = ask(forgotten.days_later(90).woken());
    assert_eq!(recalled(&over, "recall:1"), ["old-1", "old-2"]);
}
