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
use crate::crimes::{CRIMES, assert_told};

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
fn assert_held(ran: &Ran, title: &str, why: &str) {
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
        (title, "collections", &TaskState::Open)
    );
    assert_eq!(task.details, why);
    assert!(ran.dossier.effects.is_empty(), "{:?}", ran.dossier.effects);
    assert_eq!(ran.dossier.items[0].outstanding, 12_000);
}

#[test]
fn every_crime_leaves_the_case_held_with_a_task_and_the_timeline_tells_why() {
    let host = Host::new();
    for (wanted, ..) in CRIMES {
        let ran = run(&host, wanted);
        assert_eq!(
            told(&ran),
            [
                "case-opened",
                "stage-next",
                "stage-entered",
                "stage-failed",
                "cover-began",
                "task-opened"
            ],
            "{wanted}"
        );
        assert_told(wanted, failure(&ran));
        assert_held(&ran, "Look at this case", "rung failed");
        // The record of the call says the same, and what it used.
        let [record] = ran.journal.decisions.as_slice() else {
            panic!("{wanted}: asked {} times", ran.journal.decisions.len())
        };
        assert_told(wanted, crate::failure(&record.call));
        assert!(record.call.fuel > 0 && record.call.memory_peak > 0);
    }
}

#[test]
fn every_crime_leads_to_the_stage_that_on_failure_names() {
    let host = Host::new();
    for (wanted, ..) in CRIMES {
        let ladder = Debtor::ladder_with_net("hostile@1", wanted);
        let ran = Debtor::late_with(&host.shelf, &ladder).run();
        assert_eq!(
            told(&ran),
            [
                "case-opened",
                "stage-next",
                "stage-entered",
                "stage-failed",
                "stage-left",
                "stage-next",
                "stage-entered",
                "decided"
            ],
            "{wanted}"
        );
        assert_told(wanted, failure(&ran));
        assert_eq!(the_case(&ran).stage(), "net");
        assert!(ran.dossier.tasks.is_empty() && ran.dossier.covers.is_empty());
        assert!(ran.dossier.effects.is_empty());
    }
}

#[test]
fn a_refusal_goes_the_same_way_under_its_own_name() {
    let host = Host::new();
    let ran = run(&host, "refuse");
    let refused = ran
        .journal
        .timeline
        .iter()
        .find_map(|entry| match &entry.what {
            Happening::StageRefused {
                plugin, because, ..
            } => Some((plugin.as_str(), because.as_str())),
            _ => None,
        });
    assert_eq!(
        refused,
        Some(("hostile@1.0.0", "not-today: it does not want to"))
    );
    assert_held(&ran, "Look at this case", "rung failed");
}

/// Proposals within the contract that the host does not allow: the stage is asked once
/// more, proposes the same, and then it is enough.
#[test]
fn a_stubborn_stage_is_asked_twice_and_no_more() {
    let host = Host::new();
    for (wanted, rule) in [
        ("unknown-team", "unknown-team"),
        ("unknown-placeholder", "template-failed"),
        ("template-loop", "template-failed"),
    ] {
        let ran = run(&host, wanted);
        let rules: Vec<_> = ran
            .journal
            .timeline
            .iter()
            .filter_map(|entry| match &entry.what {
                Happening::Decided { rulings, .. } => Some(rulings[0].verdict.rule.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(rules, [rule, rule], "{wanted}");
        assert_held(&ran, "Look at this case", "rung failed");
    }
}

#[test]
fn a_restless_stage_meets_the_limit_of_a_day() {
    let host = Host::new();
    let ran = run(&host, "hurry");
    let limit = ran.journal.timeline.iter().any(|entry| {
        matches!(&entry.what, Happening::LimitMet { limit } if limit == "24 transitions a day")
    });
    assert!(limit, "{:?}", told(&ran));
    let title = "This case moves too often: look at its workflow";
    assert_held(&ran, title, "24 transitions a day");
}

#[test]
fn a_passed_deadline_is_retried_three_times_and_then_it_is_a_failure() {
    let cache = tempfile::tempdir().unwrap();
    // Long enough for `describe` on a busy machine; the loop has fuel for years.
    let limits = Limits {
        fuel_max: u64::MAX / 2,
        deadline_ms: 300,
        ..Limits::shipped()
    };
    let mut shelf = Shelf::new(runtime(cache.path(), limits));
    shelf.admit(built::guest("hostile")).unwrap();
    let ran = Debtor::late_with(&shelf, &Debtor::ladder("hostile@1", "loop")).run();
    assert_eq!(
        told(&ran),
        [
            "case-opened",
            "stage-next",
            "stage-entered",
            "stage-inconclusive",
            "stage-inconclusive",
            "stage-inconclusive",
            "stage-failed",
            "cover-began",
            "task-opened"
        ]
    );
    for record in &ran.journal.decisions {
        assert_eq!(record.call.answer, Answer::Inconclusive);
    }
    assert_eq!(ran.journal.decisions.len(), 4);
    assert_eq!(failure(&ran).1, "the deadline passed 4 times");
    assert_held(&ran, "Look at this case", "rung failed");
}

/// Stages that no host could load.
struct Unloaded;

impl Stages for Unloaded {
    fn decide(&self, _: &Stage, _: &Situation) -> Call {
        Call {
            answer: Answer::HostFault {
                detail: "the disk is full".to_owned(),
            },
            fuel: 0,
            memory_peak: 0,
            wall_us: 0,
            logs: Vec::new(),
            logs_dropped: 0,
        }
    }

    fn engine(&self) -> &'static str {
        "none"
    }
}

#[test]
fn a_fault_of_the_host_is_never_blamed_on_the_stage() {
    let host = Host::new();
    let ladder = Debtor::ladder("hostile@1", "nothing");
    let tenant = Debtor::publish(&host.shelf, &ladder).unwrap();
    let fault = Debtor::late(tenant, Box::new(Unloaded)).try_run();
    assert_eq!(
        fault.unwrap_err().to_string(),
        "the host could not ask stage rung: the disk is full"
    );
}

#[test]
fn publishing_survives_a_hostile_check_and_says_so() {
    let host = Host::new();
    for (wanted, why) in [
        ("check-loop", "out-of-fuel: all fuel is burned"),
        (
            "check-trap",
            "trap: wasm trap: wasm `unreachable` instruction executed",
        ),
        (
            "check-flood",
            "bad-output: problems: 101 where 100 are allowed",
        ),
    ] {
        let ladder = Debtor::ladder("hostile@1", wanted);
        let problems = Debtor::publish(&host.shelf, &ladder).unwrap_err();
        let [problem] = problems.as_slice() else {
            panic!("{wanted}: {problems:?}")
        };
        assert_eq!(problem.pointer, "/stages/0/config");
        assert!(problem.text.contains(why), "{wanted}: {}", problem.text);
    }
}
