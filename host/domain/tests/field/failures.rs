//! Three kinds of not-working that never mix.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use regua_domain::contract::{Answer, FailureKind, Reason, Refusal, Trigger, Wake};
use regua_domain::time::MINUTE_MS;

use crate::kit::*;

fn refuses(_: &regua_domain::contract::Situation) -> Answer {
    Answer::Refusal(Refusal::Other(Reason {
        code: "no".to_owned(),
        text: "not mine".to_owned(),
    }))
}

fn owing(plugins: Vec<Plugin>, document: &str) -> World {
    let mut world = World::new(document, plugins);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    world
}

#[test]
fn a_refusal_holds_the_case_with_a_task_for_a_person() {
    let mut world = owing(vec![answering("only", refuses)], &single());
    assert_eq!(
        world.lines(&["refused", "cover began", "task"]),
        [
            "03-03 refused only: no: not mine",
            "03-03 cover began: Hold",
            "03-03 task: Look at this case",
        ]
    );
    world.until("2026-03-20");
    assert_eq!(world.open_tasks().len(), 1, "one open task is enough");
    assert_eq!(
        world.lines(&["refused"]),
        [
            "03-03 refused only: no: not mine",
            "03-11 refused only: no: not mine",
            "03-19 refused only: no: not mine"
        ]
    );
}

#[test]
fn a_failure_leads_to_the_stage_that_the_workflow_names() {
    let document = document(
        &[],
        &[
            failing_to(
                "first",
                "first",
                "{ days_overdue: 1 }",
                CLOSED,
                "{ stage: second }",
            ),
            stage("second", "second", "{}", CLOSED),
        ],
    );
    let world = owing(
        vec![
            answering("first", |_| failure(FailureKind::Trap)),
            plugin("second", mails),
        ],
        &document,
    );
    assert_eq!(
        world.lines(&["failed", "entered", "ended"]),
        [
            "03-03 entered first, visit 0",
            "03-03 failed first: trap",
            "03-03 entered second, visit 0",
            "03-03 ended: closed",
        ]
    );
}

#[test]
fn the_stage_after_a_failure_counts_its_days_from_the_failure() {
    let document = document(
        &[],
        &[
            stage("first", "first", "{ days_overdue: 1 }", "second"),
            failing_to(
                "second",
                "second",
                "{ days_overdue: 15 }",
                CLOSED,
                "{ stage: third }",
            ),
            stage("third", "third", "{ after_previous: 10d }", CLOSED),
        ],
    );
    let mut world = owing(
        vec![
            plugin("first", mails),
            answering("second", |_| failure(FailureKind::Trap)),
            plugin("third", mails),
        ],
        &document,
    );
    world.until("2026-04-01");
    assert_eq!(
        world.lines(&["left", "entered"]),
        [
            "03-03 entered first, visit 0",
            "03-03 left first: sent",
            "03-17 entered second, visit 0",
            "03-17 left second: failed",
            "03-27 entered third, visit 0",
            "03-27 left third: sent",
        ]
    );
}

#[test]
fn every_kind_of_failure_is_named_on_the_timeline() {
    for kind in [
        FailureKind::OutOfFuel,
        FailureKind::OutOfMemory,
        FailureKind::StackOverflow,
        FailureKind::Trap,
        FailureKind::BadOutput,
        FailureKind::ContractMismatch,
    ] {
        let world = owing(vec![answering("only", move |_| failure(kind))], &single());
        assert_eq!(
            world.lines(&["failed"]),
            [format!("03-03 failed only: {}", kind.name())]
        );
        assert_eq!(world.open_tasks().len(), 1);
    }
}

/// Passes the deadline so many times, then decides.
fn slow(times: u32) -> (Plugin, Arc<AtomicU32>) {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let plugin = answering("only", move |situation| {
        if counted.fetch_add(1, Ordering::SeqCst) < times {
            Answer::Inconclusive
        } else {
            Answer::Decision(mails(situation))
        }
    });
    (plugin, calls)
}

#[test]
fn a_passed_deadline_is_retried_three_times_before_it_is_a_failure() {
    let (plugin, calls) = slow(3);
    let world = owing(vec![plugin], &single());
    assert_eq!(calls.load(Ordering::SeqCst), 4);
    assert_eq!(world.lines(&["inconclusive"]).len(), 3);
    assert_eq!(world.letters().len(), 1);
    let (plugin, calls) = slow(100);
    let world = owing(vec![plugin], &single());
    assert_eq!(calls.load(Ordering::SeqCst), 4);
    assert_eq!(world.lines(&["failed"]).len(), 1);
    assert_eq!(world.open_tasks().len(), 1);
}

#[test]
fn a_stage_tried_again_is_asked_the_same() {
    let (plugin, _) = slow(1);
    let world = owing(vec![plugin], &single());
    let asked = world.asked("only");
    assert_eq!(asked[0].trigger, Trigger::Entered);
    assert_eq!(asked[1].trigger, Trigger::Entered, "{}", world.story());
}

#[test]
fn a_stage_tried_again_is_told_when_it_was_to_be_woken_and_how_late_it_is_by_now() {
    let calls = AtomicU32::new(0);
    let plugin = answering("only", move |_| {
        match calls.fetch_add(1, Ordering::SeqCst) {
            1 => Answer::Inconclusive,
            _ => Answer::Decision(stay(vec![], Wake::AfterDays(1))),
        }
    });
    let mut world = owing(vec![plugin], &single());
    world.until("2026-03-05");
    let asked = world.asked("only");
    let told = |nth: usize| match asked[nth].trigger {
        Trigger::Woken {
            planned,
            late_by_ms,
        } => (planned, late_by_ms),
        _ => panic!("{:?}", asked[nth].trigger),
    };
    let ((planned, late_by_ms), again) = (told(1), told(2));
    assert_eq!(late_by_ms, 0);
    assert_eq!(again, (planned, asked[2].now.at.0 - planned.0));
    assert!(again.1 >= MINUTE_MS);
}

#[test]
fn a_failed_effect_is_not_forgotten_by_a_passed_deadline() {
    let calls = AtomicU32::new(0);
    let plugin = answering("only", move |situation| {
        match calls.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::Decision(mails(situation)),
            1 => Answer::Inconclusive,
            _ => Answer::Decision(wait()),
        }
    });
    let mut world = World::new(&single(), vec![plugin]);
    world.capture = false;
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04 10:00");
    let letter = world.key("mail");
    world
        .tell("2026-03-04 10:00", failed(letter))
        .until("2026-03-05");
    let asked = world.asked("only");
    assert_eq!(asked.len(), 3);
    assert_eq!([1, 2].map(|nth| event(asked[nth])), ["effect.failed"; 2]);
}

#[test]
fn a_fact_is_not_lost_to_a_passed_deadline() {
    let calls = AtomicU32::new(0);
    let plugin = answering("only", move |situation| {
        match calls.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::Decision(wait()),
            1 => Answer::Inconclusive,
            _ => Answer::Decision(mails(situation)),
        }
    })
    .hears(&["replied"]);
    let mut world = owing(vec![plugin], &single());
    world
        .tell("2026-03-04 10:00", reply("cash-flow"))
        .until("2026-03-05");
    let asked = world.asked("only");
    assert_eq!(event(asked[1]), "replied");
    assert_eq!(event(asked[2]), "replied", "{}", world.story());
    assert!(asked[2].now.at > asked[1].now.at);
    assert!(world.dossier.inbox.is_empty());
}

#[test]
fn a_host_fault_changes_nothing() {
    let broken = answering("only", |_| Answer::HostFault {
        detail: "no disk".to_owned(),
    });
    let mut world = World::new(&single(), vec![broken]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 08:00");
    let before = world.dossier.clone();
    let noon = world.instant("2026-03-03 12:00");
    let fault = world.try_run(noon).unwrap_err();
    assert_eq!(fault.stage, "only");
    assert_eq!(world.dossier, before);
    // Put right, it goes on as if nothing had been.
    world
        .cast
        .0
        .insert("only".to_owned(), plugin("only", mails));
    world.until("2026-03-04");
    assert_eq!(world.letters().len(), 1);
    assert!(world.open_tasks().is_empty());
}
