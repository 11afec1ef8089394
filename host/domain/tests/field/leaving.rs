//! A leave that waits for its letter.

use regua_domain::contract::{EffectState, Situation, Trigger, Wake};

use crate::kit::*;

/// Owing since 2 March; the letter of the 3rd lies in the outbox.
fn letter_on_its_way(
    answers: impl Fn(&Situation) -> regua_domain::contract::Decision + Send + Sync + 'static,
) -> World {
    let mut world = World::new(
        &single(),
        vec![
            plugin("only", move |situation| match event(situation) {
                "replied" => answers(situation),
                _ => mails(situation),
            })
            .hears(&["replied"]),
        ],
    );
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(world.effect("mail").state, EffectState::Queued);
    world
}

#[test]
fn a_reply_answered_with_stay_takes_back_the_leave_that_was_armed() {
    let mut world = letter_on_its_way(|_| stay(vec![], Wake::AfterBusinessDays(3)));
    world.tell("2026-03-04 10:00", reply("cash-flow"));
    world.capture = true;
    world.until("2026-03-08");
    assert_eq!(world.effect("mail").state, EffectState::Done);
    assert!(world.case().is_open(), "{}", world.story());
    world.until("2026-03-10");
    let asked = world.asked("only");
    assert_eq!(asked.len(), 3);
    assert!(matches!(asked[2].trigger, Trigger::Woken { .. }));
    assert_eq!(asked[2].now.local_date.to_string(), "2026-03-09");
}

#[test]
fn a_letter_that_is_never_handed_over_does_not_let_its_case_be_forgotten() {
    let mut world = letter_on_its_way(mails);
    world.until("2026-05-10");
    let asked: Vec<_> = world
        .asked("only")
        .iter()
        .map(|seen| seen.now.local_date.to_string())
        .collect();
    assert_eq!(asked, ["2026-03-03", "2026-04-02", "2026-05-04"]);
    assert_eq!(world.lines(&["did send-message"]).len(), 1);
    assert!(world.case().is_open());
}

#[test]
fn a_leave_said_again_waits_for_the_letter_that_is_on_its_way() {
    let mut world = letter_on_its_way(mails);
    world.tell("2026-03-04 10:00", reply("cash-flow"));
    assert!(world.case().is_open(), "{}", world.story());
    world.capture = true;
    world.until("2026-03-05");
    assert_eq!(world.lines(&["ended"]), ["03-04 ended: closed"]);
}
