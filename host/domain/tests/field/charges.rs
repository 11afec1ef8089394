//! Charging a method on file.

use regua_domain::contract::{Decision, EffectState, PaymentMethod, Situation};
use regua_domain::fact::EffectResult;

use crate::kit::*;

/// Owing since 2 March, with a card on file; the stage is asked from the 3rd on.
fn with_card(part: impl Fn(&Situation) -> Decision + Send + Sync + 'static) -> World {
    let heard = [
        "effect.failed",
        "effect.confirmed",
        "effect.cancelled",
        "replied",
    ];
    let mut world = World::new(&single(), vec![plugin("only", part).hears(&heard)]);
    world.dossier.customer.methods = vec![PaymentMethod {
        key: "card-1".to_owned(),
        kind: "card".to_owned(),
        is_default: true,
        expires_on: None,
    }];
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 08:00");
    world
}

/// A charge under a new key at each call.
fn charges(situation: &Situation) -> Decision {
    let key = format!("charge-{}", situation.stage.calls_before);
    match verdicts(situation) {
        [] => stay(
            vec![charge(&key, Some(10_000))],
            regua_domain::contract::Wake::OnEvent,
        ),
        _ => wait(),
    }
}

fn charged(world: &World) -> Vec<(&str, EffectState)> {
    let effects = world.dossier.effects.iter();
    effects
        .map(|effect| (effect.proposal.as_str(), effect.state))
        .collect()
}

#[test]
fn a_charge_without_an_answer_is_unknown_and_not_tried_again_under_another_key() {
    let mut world = with_card(charges);
    world
        .until("2026-03-04")
        .tell("2026-03-04 10:00", reply("cash-flow"))
        .tell("2026-03-05 10:00", reply("cash-flow"));
    assert_eq!(charged(&world), [("charge-0", EffectState::Done)]);
    let asked_again =
        "decided only: stay: until something happens; charge refused (charge-pending)";
    assert_eq!(
        world.lines(&[asked_again]),
        [
            format!("03-04 {asked_again}"),
            format!("03-05 {asked_again}")
        ]
    );
}

#[test]
fn a_charge_still_in_the_outbox_is_not_made_again_under_another_key() {
    let mut world = with_card(charges);
    world.capture = false;
    world
        .until("2026-03-04")
        .tell("2026-03-04 10:00", reply("cash-flow"));
    assert_eq!(charged(&world), [("charge-0", EffectState::Queued)]);
}

#[test]
fn a_charge_that_was_answered_may_be_tried_again() {
    let mut world = with_card(charges);
    world.until("2026-03-04");
    let declined = world.key("charge-0");
    world.tell("2026-03-04 10:00", failed(declined));
    assert_eq!(
        charged(&world),
        [
            ("charge-0", EffectState::Failed),
            ("charge-1", EffectState::Done)
        ]
    );
    let code = "paid".to_owned();
    let made = world.key("charge-1");
    world.tell(
        "2026-03-05 10:00",
        result(made, EffectResult::Confirmed { code }),
    );
    assert_eq!(world.effect("charge-2").state, EffectState::Done);
}

#[test]
fn of_two_charges_in_one_decision_the_second_is_refused() {
    let mut world = with_card(|situation| match verdicts(situation) {
        [] => leave(vec![charge("a", Some(100)), charge("b", Some(100))], "done"),
        _ => leave(vec![charge("a", Some(100))], "done"),
    });
    world.until("2026-03-04");
    assert_eq!(
        world.lines(&["decided"])[0],
        "03-03 decided only: leave: done; charge allowed (allowed), charge refused (charge-pending)"
    );
}

#[test]
fn of_two_charges_in_one_decision_the_second_is_refused_though_the_first_is_reduced() {
    let mut world = with_card(|situation| match verdicts(situation) {
        [] => leave(vec![charge("a", Some(90_000)), charge("b", None)], "done"),
        _ => leave(vec![charge("a", Some(100))], "done"),
    });
    world.until("2026-03-04");
    assert_eq!(
        world.lines(&["decided"])[0],
        "03-03 decided only: leave: done; charge reduced (charge-chaseable), charge refused (charge-pending)"
    );
}

/// One charge lies in the outbox when something happens; then what lies there is handed over.
fn overtaken(amount: Option<i64>, fact: &regua_domain::fact::Fact) -> String {
    let mut world = with_card(move |situation| match situation.stage.calls_before {
        0 => leave(vec![charge("charge", amount)], "done"),
        _ => wait(),
    });
    world.capture = false;
    world.until("2026-03-03 12:00");
    world.hear(fact).unwrap();
    world.capture = true;
    world.until("2026-03-04");
    let effect = world.effect("charge");
    format!("{:?} {}", effect.state, effect.code).to_lowercase()
}

#[test]
fn a_charge_is_not_made_for_what_was_paid_or_held_meanwhile() {
    let all = Some(10_000);
    let cases = [
        (all, payment("p", "BRL 100.00"), "cancelled paid"),
        (all, payment("p", "BRL 30.00"), "cancelled amount-changed"),
        (None, payment("p", "BRL 100.00"), "cancelled paid"),
        (None, payment("p", "BRL 30.00"), "done "),
        (Some(7_000), payment("p", "BRL 30.00"), "done "),
        (all, hold("2026-03-20"), "cancelled hold"),
        (
            all,
            dispute("A", Some("BRL 50.00")),
            "cancelled amount-changed",
        ),
    ];
    for (amount, fact, becomes) in cases {
        assert_eq!(overtaken(amount, &fact), becomes, "{amount:?} {fact:?}");
    }
}

#[test]
fn a_charge_that_waits_when_its_case_ends_is_taken_back() {
    let mut world = with_card(|_| leave(vec![charge("charge", Some(10_000))], "done"));
    world.capture = false;
    world
        .until("2026-03-03 12:00")
        .tell("2026-03-03 12:00", payment("p", "BRL 100.00"));
    assert_eq!(world.lines(&["ended"]), ["03-03 ended: resolved"]);
    let effect = world.effect("charge");
    assert_eq!(
        (effect.state, effect.code.as_str()),
        (EffectState::Cancelled, "case-ended")
    );
}
