//! The same guests in a case: it is where `on_failure` says, and the timeline tells why.

use regua_domain::case::{Case, CaseState};
use regua_domain::contract::{Answer, Call, FailureKind, Situation};
use regua_domain::effect::TaskState;
use regua_domain::run::Ran;
use regua_domain::step::Stages;
use regua_domain::timeline::Happening;
use regua_domain::workflow::Stage;
use regua_runtime::Limits;
use regua_tests::{Debtor, Shelf, built, runtime};

use crate::Host;
use crate::crimes::CRIMES;

fn run(host: &Host, wanted: &str) -> Ran {
    Debtor::late_with(&host.shelf, &Debtor::ladder("hostile@1", wanted)).run()
}

fn told(ran: &Ran) -> Vec<&'static str> {
    let entries = ran.journal.timeline.iter();
    entries.map(|entry| entry.what.name()).collect()
}

fn the_case(ran: &Ran) -> &Case {
    let [case] = ran.dossier.cases.as_slice() else {
        panic!("{:?}", ran.dossier.cases)
    };
    case
}

/// Of the one failure on the timeline.
fn failure(ran: &Ran) -> (FailureKind, &str) {
    let mut failures = ran.journal.timeline.iter().filter_map(|entry| {
        let Happening::StageFailed { kind, detail, .. } = &entry.what else {
            return None;
        };
        Some((*kind, detail.as_str()))
    });
    let failure = failures.next().expect("a failure on the timeline");
    assert_eq!(failures.next(), None, "failed more than once");
    failure
}

/// Held for a week in the stage that failed, with one task for a person, and nothing done.
fn assert_held(ran: &Ran, why: &str) {
    let case = the_case(ran);
    let CaseState::Visiting(visit) = &case.state else {
        panic!("{:?}", case.state)
    };
    assert_eq!(visit.stage, "rung");
    assert_eq!(visit.armed, None);
    let [cover] = ran.dossier.covers.as_slice() else {
        panic!("{:?}", ran.dossier.covers)
    };
    assert_eq!(cover.until, Some("2026-03-17".parse().unwrap()));
    let [task] = ran.dossier.tasks.as_slice() else {
        panic!("{:?}", ran.dossier.tasks)
    };
    assert_eq!(
        (task.title.as_str(), task.team.as_str(), &task.state),
        ("Look at this case", "collections", &TaskState::Open)
    );
    assert_eq!(task.details, why);
    assert!(ran.dossier.effects.is_empty(), "{:?}", ran.dossier.effects);
    assert_eq!(ran.dossier.items[0].outstanding, 12_000);
}

#[test]
fn discover() {
    let host = Host::new();
    for wanted in ["trap", "refuse", "unknown-team", "hurry", "template-loop", "unknown-placeholder", "note", "unknown-item"] {
        let ran = run(&host, wanted);
        println!("{wanted}: {:?}", told(&ran));
        println!("   {:?}", ran.journal.timeline);
        println!("   {:?} {:?} {:?}", the_case(&ran).state, ran.dossier.tasks, ran.dossier.covers);
    }
    let ran = Debtor::late_with(&host.shelf, &Debtor::ladder_with_net("hostile@1", "trap")).run();
    println!("net: {:?} {:?}", told(&ran), the_case(&ran).state);
    for wanted in ["check-loop", "check-trap", "check-flood", "check-pointer"] {
        println!("{wanted} {:?}", Debtor::publish(&host.shelf, &Debtor::ladder("hostile@1", wanted)).map(drop));
        println!("{:?}", host.hostile.check_config(&format!("{{\"do\":\"{wanted}\"}}")));
    }
    let cache = tempfile::tempdir().unwrap();
    let limits = Limits { fuel_max: u64::MAX / 2, deadline_ms: 200, ..Limits::shipped() };
    let mut shelf = Shelf::new(runtime(cache.path(), limits));
    shelf.admit(built::guest("hostile")).unwrap();
    let ran = Debtor::late_with(&shelf, &Debtor::ladder("hostile@1", "loop")).run();
    println!("patience: {:?}\n {:?}", told(&ran), ran.journal.timeline);
}
