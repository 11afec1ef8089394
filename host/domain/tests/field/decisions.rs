//! Decisions are atomic.

use regua_domain::contract::{Purpose, Trigger, Wake};

use crate::kit::*;

/// Asks for a fee and a letter; takes what the guard lets it.
#[test]
fn a_decision_that_is_refused_in_part_is_asked_about_once_and_nothing_of_it_happened() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |situation| {
            let note = proposal(
                "note",
                regua_domain::contract::Action::AddNote("a note".to_owned()),
            );
            match verdicts(situation) {
                [] => leave(vec![note, fee("none", "1", 100)], "done"),
                _ => leave(vec![demand()], "done"),
            }
        })],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(
        world.lines(&["decided", "did", "note"]),
        [
            "03-03 decided only: leave: done; add-note allowed (allowed), add-fee refused (unknown-item)",
            "03-03 decided only: leave: done; send-message allowed (allowed)",
            "03-03 did send-message: mail",
        ]
    );
    let [first, second] = world.asked("only")[..] else {
        panic!("it is asked twice")
    };
    assert_eq!(first.now, second.now);
    assert!(matches!(second.trigger, Trigger::Answered { .. }));
}

#[test]
fn a_deferral_keeps_the_stage_until_it_ends_and_then_asks_it() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 08:00");
    let other = regua_domain::effect::EffectKey {
        case: world.case().id,
        sequence: 999,
        index: 0,
    };
    assert!(world.dossier.effect(other).is_none());
    world.tenant.policy.contact.quiet_hours = regua_domain::policy::QuietHours {
        from: 0,
        to: 12 * 60,
    };
    world.until("2026-03-04");
    assert_eq!(
        world.lines(&["decided", "left"]),
        [
            "03-03 decided only: leave: sent; send-message deferred (quiet-hours)",
            "03-03 decided only: leave: sent; send-message deferred (quiet-hours)",
            "03-03 decided only: leave: sent; send-message allowed (allowed)",
            "03-03 left only: sent",
        ]
    );
    assert_eq!(world.asked("only")[2].now.local_minute_of_day, 12 * 60);
}

#[test]
fn what_is_allowed_in_the_second_answer_happens_though_the_rest_is_deferred() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |situation| {
            leave(vec![fee(first_item(situation), "1", 100), demand()], "sent")
        })],
    )
    .with_policy(|policy| {
        policy.contact.quiet_hours = regua_domain::policy::QuietHours {
            from: 0,
            to: 12 * 60,
        };
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(
        world.lines(&["did", "left"]),
        [
            "03-03 did add-fee: fee-1",
            "03-03 did send-message: mail",
            "03-03 left only: sent",
        ],
        "{}",
        world.story()
    );
    assert_eq!(world.letters(), ["2026-03-03 only: BRL 101.00"]);
}

#[test]
fn a_decision_refused_whole_goes_to_on_failure() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |_| {
            leave(vec![fee("none", "1", 100)], "done")
        })],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(world.asked("only").len(), 2);
    assert_eq!(
        world.lines(&["cover began", "task"]),
        ["03-03 cover began: Hold", "03-03 task: Look at this case"]
    );
    assert!(world.case().is_open());
}

#[test]
fn a_proposal_done_before_on_this_visit_is_not_done_again() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |_| {
            stay(vec![mail("same", Purpose::Demand)], Wake::AfterDays(1))
        })],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-10");
    assert!(world.asked("only").len() > 3);
    assert_eq!(world.letters().len(), 1);
}
