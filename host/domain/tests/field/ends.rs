//! Ends, and what comes back after them.

use regua_domain::case::{CaseState, End};
use regua_domain::contract::Purpose;
use regua_domain::fact::{Fact, PaymentFacts};
use regua_domain::ledger::Disposition;

use crate::kit::*;

/// A case of A (100.00) of which 40.00 were paid, ended on 5 March by the rung it was on.
fn ended(end: &str) -> World {
    let document = document(
        &[],
        &[stage(
            "only",
            "only",
            "{ days_overdue: 1 }",
            &format!("{{ end: {end} }}"),
        )],
    );
    let only = plugin("only", |situation| {
        if situation.stage.visits_before == 0 && event(situation) != "replied" {
            wait()
        } else {
            leave(vec![], "done")
        }
    })
    .hears(&["replied"]);
    let mut world = World::new(&document, vec![only]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 70.00", "2026-03-02"))
        .tell("2026-03-04 08:00", of("A", payment("p", "BRL 40.00")))
        .tell("2026-03-05 08:00", reply("cash-flow"));
    assert!(!world.case().is_open(), "{}", world.story());
    world
}

fn of(invoice: &str, fact: Fact) -> Fact {
    match fact {
        Fact::Payment(facts) => Fact::Payment(PaymentFacts {
            invoices: vec![invoice.to_owned()],
            ..facts
        }),
        other => other,
    }
}

fn items(world: &World) -> Vec<(&str, i64, Disposition)> {
    let items = world.dossier.items.iter();
    let mut items: Vec<_> = items
        .map(|item| (item.reference.as_str(), item.outstanding, item.disposition))
        .collect();
    items.sort_by_key(|(reference, ..)| *reference);
    items
}

#[test]
fn a_charge_back_on_a_closed_debt_reopens_its_case_with_all_that_is_owed_of_the_item() {
    for end in ["closed", "returned"] {
        let mut world = ended(end);
        let before = [
            ("A", 6_000, Disposition::Closed),
            ("B", 7_000, Disposition::Closed),
        ];
        assert_eq!(items(&world), before);
        world.tell("2026-03-20 08:00", reversed("p"));
        assert_eq!(world.dossier.cases.len(), 1);
        assert_eq!(world.lines(&["reopened"]), ["03-20 reopened at only"]);
        let after = [
            ("A", 10_000, Disposition::Chased),
            ("B", 7_000, Disposition::Closed),
        ];
        assert_eq!(items(&world), after, "what was not reopened stays closed");
    }
}

#[test]
fn a_charge_back_on_a_written_off_debt_is_chased_and_what_was_given_up_is_not() {
    let mut world = ended("written-off");
    let before = [
        ("A", 0, Disposition::WrittenOff),
        ("B", 0, Disposition::WrittenOff),
    ];
    assert_eq!(items(&world), before);
    world.tell("2026-03-20 08:00", reversed("p"));
    assert_eq!(world.lines(&["reopened"]), ["03-20 reopened at only"]);
    let after = [
        ("A", 4_000, Disposition::Chased),
        ("B", 0, Disposition::WrittenOff),
    ];
    assert_eq!(items(&world), after);
    // The rung gives it up again: 60.00 and 70.00 before, 40.00 now.
    world.until("2026-03-21");
    assert_eq!(items(&world), before);
    assert!(matches!(
        world.case().state,
        CaseState::Ended {
            end: End::WrittenOff,
            ..
        }
    ));
    let ledger = world.journal.ledger.iter();
    assert_eq!(ledger.map(|entry| entry.amount).sum::<i64>(), 0);
}

#[test]
fn a_charge_back_below_the_tolerance_reopens_nothing() {
    let mut world = ended("written-off");
    world
        .tell("2026-03-06 08:00", invoice("C", "BRL 4.00", "2026-03-06"))
        .tell("2026-03-06 09:00", of("C", payment("q", "BRL 4.00")))
        .tell("2026-03-20 08:00", reversed("q"));
    assert!(world.lines(&["reopened"]).is_empty());
    assert!(!world.case().is_open());
}

#[test]
fn a_charge_back_long_after_the_end_chases_only_what_nobody_gave_up() {
    let mut closed = ended("closed");
    closed.tell("2026-07-20 08:00", reversed("p"));
    assert_eq!(items(&closed)[0], ("A", 10_000, Disposition::Closed));
    assert_eq!(closed.dossier.cases.len(), 1);
    let mut written_off = ended("written-off");
    written_off.tell("2026-07-20 08:00", reversed("p"));
    assert_eq!(items(&written_off)[0], ("A", 4_000, Disposition::Chased));
    assert!(written_off.lines(&["reopened"]).is_empty());
    assert_eq!(written_off.dossier.cases.len(), 2);
}

#[test]
fn a_case_that_ended_with_thanks_is_reopened_at_its_last_rung() {
    let thanks = plugin("thanks", |_| {
        leave(vec![mail("thanks", Purpose::Confirmation)], "sent")
    });
    let document = format!(
        "{}{}",
        rungs(&[("paid", "thanks")]),
        stage("thanks", "thanks", "{}", CLOSED)
    );
    let mut world = World::new(
        &document,
        vec![
            plugin("first", mails),
            plugin("second", mails),
            plugin("third", mails),
            thanks,
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-10 08:00", payment("p", "BRL 100.00"))
        .tell("2026-03-20 08:00", reversed("p"))
        .until("2026-03-31");
    assert_eq!(
        world.lines(&["reopened", "entered", "ended"]),
        [
            "03-03 entered first, visit 0",
            "03-09 entered second, visit 0",
            "03-10 entered thanks, visit 0",
            "03-10 ended: closed",
            "03-20 reopened at second",
            "03-20 entered second, visit 1",
            "03-23 entered third, visit 0",
            "03-23 ended: closed",
        ],
        "{}",
        world.story()
    );
}
