//! Placements: what an agency has, collects and gives back.

use regua_domain::contract::{EffectState, Wake};
use regua_domain::effect::EffectKey;
use regua_domain::fact::{Fact, FactError, RemittanceFacts};
use regua_domain::handover::objection;
use regua_domain::intake::Taken;
use regua_domain::ledger::Disposition;

use crate::kit::*;

/// Places what is overdue for ten days, once, and waits for what comes of it.
fn agency() -> Plugin {
    plugin("only", |situation| {
        if situation.effects.is_empty() {
            stay(vec![place_from("place", situation, 10)], Wake::OnEvent)
        } else {
            wait()
        }
    })
    .hears(&[
        "placement.remitted",
        "placement.returned",
        "effect.failed",
        "effect.cancelled",
    ])
}

/// A and B are with the agency since 16 March, C is not.
fn placed() -> World {
    let document = document(
        &[],
        &[stage("only", "only", "{ days_overdue: 14 }", CLOSED)],
    );
    let mut world = World::new(&document, vec![agency()]);
    world
        .tell("2026-03-01 08:00", invoice("C", "BRL 40.00", "2026-03-10"))
        .tell("2026-03-01 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-01 08:00", invoice("B", "BRL 50.00", "2026-03-04"))
        .until("2026-03-17");
    world
}

fn left(world: &World, reference: &str) -> (i64, Disposition) {
    let item = world
        .dossier
        .items
        .iter()
        .find(|item| item.reference == reference)
        .unwrap();
    (item.outstanding, item.disposition)
}

fn heard(world: &World) -> Vec<String> {
    let asked = world.asked("only").into_iter().skip(1);
    asked.map(event).map(str::to_owned).collect()
}

#[test]
fn an_agencys_money_pays_what_it_has_before_anything_else() {
    let mut world = placed();
    let key = world.key("place");
    // C would be the oldest but for the placement: it gets what is left over.
    world.tell("2026-03-20 08:00", invoice("D", "BRL 30.00", "2026-02-20"));
    world.tell("2026-04-01 08:00", remitted(key, "r-1", "BRL 170.00"));
    assert_eq!(left(&world, "A"), (0, Disposition::Placed));
    assert_eq!(left(&world, "B"), (0, Disposition::Placed));
    assert_eq!(left(&world, "D"), (1_000, Disposition::Chased));
    assert_eq!(left(&world, "C"), (4_000, Disposition::Chased));
    assert_eq!(
        world.lines(&["fact payment", "fact placement"]),
        [
            "04-01 fact payment.received",
            "04-01 fact placement.remitted"
        ]
    );
}

#[test]
fn a_remittance_is_gross_and_its_commission_is_noted() {
    let mut world = placed();
    let key = world.key("place");
    let facts = RemittanceFacts {
        commission: Some(money("BRL 18.00")),
        invoices: vec!["B".to_owned()],
        ..remittance(key, "r-1", "BRL 60.00")
    };
    world.tell("2026-04-01 08:00", Fact::PlacementRemitted(facts));
    assert_eq!(left(&world, "B"), (0, Disposition::Placed));
    assert_eq!(left(&world, "A"), (9_000, Disposition::Placed));
    let asked = world.asked("only");
    let regua_domain::contract::Trigger::Event(told) = &asked.last().unwrap().trigger else {
        panic!("it hears of it\n{}", world.story())
    };
    assert_eq!(told.kind, "placement.remitted");
    assert_eq!(told.subject.as_deref(), Some("place"));
    assert_eq!(told.amount, Some(6_000));
    assert_eq!(told.detail("commission"), Some("1800"));
}

#[test]
fn a_remittance_told_twice_is_received_once() {
    let mut world = placed();
    let fact = remitted(world.key("place"), "r-1", "BRL 60.00");
    world.tell("2026-04-01 08:00", fact.clone());
    let before = world.dossier.clone();
    assert_eq!(world.hear(&fact), Ok(Taken::Known));
    assert_eq!(world.dossier, before);
}

#[test]
fn money_that_an_agency_remits_late_still_pays_what_was_taken_back_from_it() {
    let mut world = placed();
    let key = world.key("place");
    world
        .tell("2026-04-01 08:00", returned(key, &[]))
        .tell("2026-04-02 08:00", remitted(key, "r-1", "BRL 100.00"));
    assert_eq!(left(&world, "A"), (0, Disposition::Chased));
    assert_eq!(left(&world, "C"), (4_000, Disposition::Chased));
}

#[test]
fn a_returned_placement_is_chased_again_and_its_stage_hears_of_it() {
    let mut world = placed();
    assert_eq!(world.asked("only").len(), 1);
    let key = world.key("place");
    world.tell("2026-04-01 08:00", returned(key, &[]));
    assert_eq!(left(&world, "A"), (10_000, Disposition::Chased));
    assert_eq!(left(&world, "B"), (5_000, Disposition::Chased));
    assert_eq!(heard(&world), ["placement.returned"]);
    let asked = world.asked("only");
    assert_eq!(asked[1].balance.chaseable, 19_000);
    assert_eq!(world.effect("place").state, EffectState::Confirmed);
    assert_eq!(world.effect("place").code, "returned");
    assert_eq!(world.hear(&returned(key, &[])), Ok(Taken::Known));
}

#[test]
fn an_agency_may_give_single_items_back() {
    let mut world = placed();
    let key = world.key("place");
    world.tell("2026-04-01 08:00", returned(key, &["B"]));
    assert_eq!(left(&world, "A"), (10_000, Disposition::Placed));
    assert_eq!(left(&world, "B"), (5_000, Disposition::Chased));
    let left_over = |world: &World| match &world.asked("only").last().unwrap().trigger {
        regua_domain::contract::Trigger::Event(told) => told.detail("left").map(str::to_owned),
        _ => None,
    };
    assert_eq!(left_over(&world).as_deref(), Some("1"));
    assert_eq!(world.effect("place").state, EffectState::Done);
    world.tell("2026-04-02 08:00", returned(key, &["A"]));
    assert_eq!(left_over(&world).as_deref(), Some("0"));
    assert_eq!(world.effect("place").code, "returned");
}

#[test]
fn what_a_later_placement_gave_away_does_not_come_back_with_an_earlier_one() {
    let again = plugin("only", |situation| match event(situation) {
        "placement.returned" if situation.effects.len() == 1 => {
            stay(vec![place_from("again", situation, 10)], Wake::OnEvent)
        }
        _ if situation.effects.is_empty() => {
            stay(vec![place_from("place", situation, 10)], Wake::OnEvent)
        }
        _ => wait(),
    })
    .hears(&["placement.returned"]);
    let mut world = World::new(&single(), vec![again]);
    world
        .tell("2026-03-01 08:00", invoice("A", "BRL 100.00", "2026-01-02"))
        .until("2026-03-03");
    let first = world.key("place");
    world.tell("2026-03-10 08:00", returned(first, &[]));
    assert_eq!(left(&world, "A"), (10_000, Disposition::Placed));
    assert_eq!(world.hear(&returned(first, &[])), Ok(Taken::Known));
    assert_eq!(left(&world, "A"), (10_000, Disposition::Placed));
}

#[test]
fn what_the_agency_was_never_told_of_is_chased_again() {
    let mut world = placed();
    let key = world.key("place");
    world.tell("2026-03-18 08:00", failed(key));
    assert_eq!(left(&world, "A"), (10_000, Disposition::Chased));
    assert_eq!(heard(&world), ["effect.failed"]);
    assert_eq!(world.asked("only")[1].balance.chaseable, 19_000);
    assert_eq!(
        world.hear(&returned(key, &[])),
        Err(FactError::NotAPlacement(key))
    );
    assert_eq!(
        world.hear(&remitted(key, "r-1", "BRL 10.00")),
        Err(FactError::NotAPlacement(key))
    );
}

#[test]
fn a_placement_on_its_way_is_stopped_by_a_payment_or_a_hold() {
    let document = single();
    let mut world = World::new(&document, vec![agency()]);
    world.capture = false;
    world
        .tell("2026-03-01 08:00", invoice("A", "BRL 100.00", "2026-01-02"))
        .until("2026-03-03");
    let against = |world: &World| {
        objection(
            &world.tenant,
            &world.dossier,
            world.effect("place"),
            world.today(),
        )
    };
    assert_eq!(against(&world), None);
    let mut held = world.clone();
    held.hear(&hold("2026-03-10")).unwrap();
    assert_eq!(against(&held), Some("hold"));
    world.hear(&payment("p", "BRL 100.00")).unwrap();
    assert_eq!(against(&world), Some("paid"));
    // The sandbox's own hand-over cancels it: nothing stays with an agency that has nothing.
    world.capture = true;
    world.run(world.now);
    assert_eq!(world.effect("place").state, EffectState::Cancelled);
    assert_eq!(left(&world, "A"), (0, Disposition::Chased));
    assert_eq!(world.lines(&["ended"]), ["03-03 ended: resolved"]);
}

#[test]
fn what_cannot_be_of_a_placement_is_refused() {
    let mut world = placed();
    let key = world.key("place");
    let nothing = EffectKey { index: 99, ..key };
    let told = |world: &mut World, facts| world.hear(&Fact::PlacementRemitted(facts)).unwrap_err();
    let good = remittance(key, "r-1", "BRL 60.00");
    let cases = [
        (
            remittance(nothing, "r-1", "BRL 60.00"),
            format!("effect `{nothing}` is not known, or belongs to a case that ended long ago"),
        ),
        (
            remittance(key, "r-1", "JPY 6000"),
            "amount: is not in the placement's BRL".to_owned(),
        ),
        (
            RemittanceFacts {
                commission: Some(money("BRL 60.01")),
                ..good.clone()
            },
            "commission: is more than the amount".to_owned(),
        ),
        (
            RemittanceFacts {
                invoices: vec!["C".to_owned()],
                ..good.clone()
            },
            "invoices: `C` is none of the placement's items".to_owned(),
        ),
        (
            RemittanceFacts {
                invoices: vec!["Z".to_owned()],
                ..good
            },
            "invoice `Z` is not known".to_owned(),
        ),
    ];
    for (facts, text) in cases {
        assert_eq!(told(&mut world, facts).to_string(), text);
    }
}
