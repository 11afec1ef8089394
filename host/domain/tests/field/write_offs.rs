//! Giving up.

use regua_domain::contract::{Action, Proposal, Situation, Wake};
use regua_domain::fact::Fact;
use regua_domain::ledger::Disposition;

use crate::kit::*;

/// Two invoices late since 2 March; on the 3rd the older one is to be given up.
fn gives_up(facts: &[Fact]) -> World {
    let part = |situation: &Situation| match verdicts(situation) {
        [] => leave(vec![write_off(&[&situation.balance.items[0].key])], "done"),
        _ => leave(vec![], "done"),
    };
    let mut world = World::new(&single(), vec![plugin("only", part)]);
    world
        .tell("2026-03-01 08:00", invoice("A", "BRL 100.00", "2026-03-01"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-02"));
    for fact in facts {
        world.tell("2026-03-02 08:30", fact.clone());
    }
    world.until("2026-03-04");
    world
}

fn ruling(world: &World) -> String {
    let lines = world.lines(&["decided"]);
    let mut ruled = lines
        .iter()
        .filter_map(|line| line.split_once("write-off "));
    ruled.next().unwrap().1.to_owned()
}

#[test]
fn what_is_at_hand_may_be_given_up() {
    let world = gives_up(&[]);
    assert_eq!(ruling(&world), "allowed (allowed)");
    assert_eq!(world.dossier.items[0].outstanding, 0);
}

#[test]
fn nothing_is_given_up_of_which_a_part_is_disputed_or_promised() {
    for fact in [
        dispute("A", None),
        dispute("A", Some("BRL 10.00")),
        promise("BRL 20.00", "2026-03-20"),
    ] {
        let world = gives_up(std::slice::from_ref(&fact));
        assert_eq!(ruling(&world), "refused (cover)", "{fact:?}");
        assert_eq!(world.dossier.items[0].disposition, Disposition::Closed);
    }
}

#[test]
fn nothing_is_given_up_while_the_account_is_held() {
    let part = |situation: &Situation| match event(situation) {
        "hold.placed" => stay(
            vec![write_off(&[&situation.balance.items[0].key])],
            Wake::OnEvent,
        ),
        _ => wait(),
    };
    let mut world = World::new(
        &single(),
        vec![plugin("only", part).hears(&["hold.placed"])],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-04 08:00", hold("2026-03-20"));
    assert_eq!(ruling(&world), "refused (cover)");
    assert_eq!(world.dossier.items[0].outstanding, 10_000);
}

#[test]
fn what_an_agency_has_is_given_up_once_it_is_recalled() {
    let part = |situation: &Situation| {
        let item = situation.balance.items[0].key.clone();
        match situation.stage.calls_before {
            0 => stay(vec![place(situation)], Wake::AfterDays(1)),
            1 => match verdicts(situation) {
                [] => stay(vec![write_off(&[&item])], Wake::AfterDays(1)),
                _ => stay(vec![], Wake::AfterDays(1)),
            },
            _ => {
                let off = write_off(&[&item]);
                let recall = Action::RecallPlacement {
                    placement: "place".to_owned(),
                    items: vec![item],
                    reason: "given up".to_owned(),
                };
                leave(vec![proposal("recall", recall), off], "done")
            }
        }
    };
    let mut world = World::new(&single(), vec![plugin("only", part)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-06");
    assert_eq!(
        world.lines(&["decided"])[1..],
        [
            "03-04 decided only: stay: 1 days; write-off refused (placed)",
            "03-04 decided only: stay: 1 days; ",
            "03-05 decided only: leave: done; recall-placement allowed (allowed), write-off allowed (allowed)",
        ]
    );
}

#[test]
fn an_item_goes_one_way_in_a_decision() {
    type Proposes = fn(&Situation) -> Proposal;
    let gives_up = |situation: &Situation| write_off(&[&situation.balance.items[0].key]);
    let other = |situation: &Situation| {
        let mut other = place(situation);
        other.key = "other".to_owned();
        other
    };
    let ways: [(Proposes, Proposes, _); 3] = [
        (
            gives_up,
            place,
            "write-off allowed (allowed), place-with-agency refused (settled)",
        ),
        (
            place,
            gives_up,
            "place-with-agency allowed (allowed), write-off refused (placed)",
        ),
        (
            place,
            other,
            "place-with-agency allowed (allowed), place-with-agency refused (placed)",
        ),
    ];
    for (one, then, ruled) in ways {
        let part = move |situation: &Situation| match verdicts(situation) {
            [] => stay(vec![one(situation), then(situation)], Wake::OnEvent),
            _ => stay(vec![one(situation)], Wake::OnEvent),
        };
        let mut world = World::new(&single(), vec![plugin("only", part)]);
        world
            .tell("2026-03-01 08:00", invoice("A", "BRL 100.00", "2026-03-01"))
            .until("2026-03-02 12:00");
        let decided = &world.lines(&["decided"])[0];
        assert!(decided.ends_with(ruled), "{decided}");
    }
}
