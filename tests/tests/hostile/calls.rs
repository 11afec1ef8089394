//! The typed outcome of every kind of misbehaving, and what the call is said to have used.

use regua_domain::contract::{Action, Answer, Call, FailureKind, Next, Reason, Refusal};
use regua_runtime::Ending;
use regua_test_kit::guest;

use crate::crimes::{CRIMES, TABLE_FULL, assert_told, table_hog};
use crate::{Host, decision, failure};

#[test]
fn every_crime_ends_in_its_own_failure_and_its_use_is_told() {
    let host = Host::new();
    let limits = host.shelf.runtime().limits().clone();
    for (wanted, kind, _) in CRIMES {
        let call = host.decide(wanted);
        assert_told(wanted, failure(&call));
        assert!(
            call.memory_peak >= 128 << 10,
            "{wanted}: {}",
            call.memory_peak
        );
        assert!(
            call.memory_peak <= limits.memory_max_bytes as u64,
            "{wanted}"
        );
        match kind {
            FailureKind::OutOfFuel => assert_eq!(call.fuel, limits.fuel_max, "{wanted}"),
            _ => assert!(
                (1..limits.fuel_max).contains(&call.fuel),
                "{wanted}: {}",
                call.fuel
            ),
        }
    }
}

#[test]
fn a_hog_gets_nearly_all_it_may_have() {
    let host = Host::new();
    let peak = host.decide("memory").memory_peak;
    assert!((60 << 20..=64 << 20).contains(&peak), "{peak}");
}

#[test]
fn a_guest_that_gets_along_with_a_no_is_heard() {
    let host = Host::new();
    let call = host.decide("memory-and-live");
    assert_eq!(decision(&call).next, Next::Leave("done".to_owned()));
}

#[test]
fn the_same_call_gives_the_same_bytes() {
    let host = Host::new();
    let bytes = |wanted: &str| {
        let call = Call {
            wall_us: 0,
            ..host.decide(wanted)
        };
        serde_json::to_vec(&call).unwrap()
    };
    let survivors = [
        "nothing",
        "note",
        "refuse",
        "remember",
        "log-flood",
        "memory-and-live",
    ];
    for wanted in CRIMES.iter().map(|(wanted, ..)| *wanted).chain(survivors) {
        assert_eq!(bytes(wanted), bytes(wanted), "{wanted}");
    }
}

#[test]
fn an_instance_never_answers_twice() {
    let host = Host::new();
    for _ in 0..10 {
        let call = host.decide("remember");
        let Action::AddNote(note) = &decision(&call).proposals[0].action else {
            panic!("{:?}", call.answer)
        };
        assert_eq!(note, "call 1 of this instance");
    }
}

#[test]
fn a_refusal_is_no_failure() {
    let host = Host::new();
    let reason = Reason {
        code: "not-today".to_owned(),
        text: "it does not want to".to_owned(),
    };
    assert_eq!(
        host.decide("refuse").answer,
        Answer::Refusal(Refusal::Other(reason))
    );
}

#[test]
fn a_check_of_a_config_is_held_to_the_same_bounds() {
    let host = Host::new();
    let checked = |wanted: &str| {
        let ran = host
            .hostile
            .check_config(&format!(r#"{{"do":"{wanted}"}}"#));
        match ran.result {
            Err(Ending::Failure { kind, detail }) => {
                let line = detail.lines().next().unwrap_or_default();
                (kind, line.to_owned())
            }
            other => panic!("{wanted}: {other:?}"),
        }
    };
    let ends = |kind, detail: &str| (kind, detail.to_owned());
    assert_eq!(
        checked("check-loop"),
        ends(FailureKind::OutOfFuel, "all fuel is burned")
    );
    assert_eq!(
        checked("check-trap"),
        ends(
            FailureKind::Trap,
            "wasm trap: wasm `unreachable` instruction executed"
        )
    );
    assert_eq!(
        checked("check-flood"),
        ends(
            FailureKind::BadOutput,
            "problems: 101 where 100 are allowed"
        )
    );
    assert_eq!(
        checked("check-pointer"),
        ends(
            FailureKind::BadOutput,
            r#"problems[0].pointer: "do" is not a JSON pointer"#
        )
    );
}

#[test]
fn a_table_hog_is_out_of_memory() {
    let mut host = Host::new();
    let stage = host.shelf.admit(table_hog()).unwrap();
    let call = host.ask(&stage, "grow");
    let (kind, detail) = failure(&call);
    assert_eq!(kind, FailureKind::OutOfMemory);
    assert_eq!(detail.lines().next(), Some(TABLE_FULL));
}

#[test]
fn a_division_by_zero_is_a_trap() {
    let mut host = Host::new();
    let divide = "(i32.div_u (i32.const 1) (i32.const 0))";
    let stage = host.shelf.admit(guest::guest(divide, "")).unwrap();
    let call = host.ask(&stage, "divide");
    let (kind, detail) = failure(&call);
    assert_eq!(kind, FailureKind::Trap);
    assert!(
        detail.starts_with("wasm trap: integer divide by zero\n"),
        "{detail}"
    );
}

#[test]
fn a_list_longer_than_memory_is_bad_output() {
    let mut host = Host::new();
    let many = "(i32.store (i32.const 520) (i32.const 0x7fffffff)) i32.const 512";
    let stage = host.shelf.admit(guest::guest(many, "")).unwrap();
    let call = host.ask(&stage, "many");
    let (kind, detail) = failure(&call);
    assert_eq!(kind, FailureKind::BadOutput, "{detail}");
}
