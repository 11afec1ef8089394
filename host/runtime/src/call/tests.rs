//! What each kind of misbehaving ends in.

use std::sync::Arc;

use regua_domain::contract::{Answer, Call, FailureKind, Next};
use regua_test_kit::guest::{self, LEAVES};

use crate::check::samples::situation;
use crate::limits::{Limits, PoolSize};
use crate::{Compiler, Runtime, RuntimeConfig};

fn decide_with(limits: Limits, upload: Vec<u8>) -> Call {
    let directory = tempfile::tempdir().unwrap();
    let config = RuntimeConfig {
        limits,
        cache_dir: directory.path().to_owned(),
        pool: PoolSize::for_workers(1),
        compiler: Compiler::Here,
    };
    let runtime = Arc::new(Runtime::new(config).unwrap());
    let admitted = runtime.admit(upload).unwrap();
    let stage = runtime
        .load(&admitted.digest, || Ok::<_, std::io::Error>(admitted.wasm))
        .unwrap();
    stage.decide(&situation(), "{}")
}

/// A guest whose `decide` has this body.
fn guest(decide: &str) -> Vec<u8> {
    guest::guest(decide, "")
}

fn decide(upload: Vec<u8>) -> Call {
    decide_with(Limits::shipped(), upload)
}

fn failure(call: &Call) -> (FailureKind, &str) {
    match &call.answer {
        Answer::Failure { kind, detail } => (*kind, detail),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_good_guest_decides_and_its_use_is_told() {
    let call = decide(guest(LEAVES));
    let Answer::Decision(decision) = &call.answer else {
        panic!("{:?}", call.answer)
    };
    assert_eq!(decision.next, Next::Leave("sent".to_owned()));
    assert_eq!(call.memory_peak, 2 << 16);
    assert!(call.fuel > 0 && call.fuel < 10_000, "{}", call.fuel);
    assert_eq!((call.logs.len(), call.logs_dropped), (0, 0));
}

#[test]
fn the_same_call_burns_the_same_fuel() {
    assert_eq!(decide(guest(LEAVES)).fuel, decide(guest(LEAVES)).fuel);
}

#[test]
fn a_loop_without_end_is_out_of_fuel() {
    let limits = Limits {
        fuel_max: 100_000,
        ..Limits::shipped()
    };
    let call = decide_with(limits, guest("(loop br 0) unreachable"));
    assert_eq!(failure(&call).0, FailureKind::OutOfFuel);
    assert_eq!(call.fuel, 100_000);
}

#[test]
fn a_passed_deadline_is_inconclusive() {
    let limits = Limits {
        fuel_max: u64::MAX / 2,
        deadline_ms: 20,
        ..Limits::shipped()
    };
    let call = decide_with(limits, guest("(loop br 0) unreachable"));
    assert_eq!(call.answer, Answer::Inconclusive);
}

#[test]
fn a_trap_is_a_trap() {
    let call = decide(guest("unreachable"));
    let (kind, detail) = failure(&call);
    assert_eq!(kind, FailureKind::Trap);
    assert!(detail.contains("unreachable"), "{detail}");
}

/// A guest names its functions as it likes, and a timeline is read on a terminal.
#[test]
fn a_backtrace_names_functions_without_what_moves_a_cursor() {
    let evil = r#"$"\1b[31mpwn\0a2026-03-05 The case ended""#;
    let fields = format!("(func {evil} unreachable)");
    let upload = guest::guest(&format!("(call {evil}) i32.const 512"), &fields);
    let call = decide(upload);
    let (_, detail) = failure(&call);
    let lines: Vec<_> = detail.lines().collect();
    assert_eq!(lines[1], "while executing at:");
    assert!(lines[2].starts_with("    0:   0x"), "{detail}");
    assert!(
        lines[2].ends_with(r" - \u{1b}[31mpwn\n2026-03-05 The case ended"),
        "{detail}"
    );
    assert!(!detail.contains('\u{1b}'));
}

#[test]
fn recursion_without_end_overflows_the_stack() {
    let call = decide(guest("(call $decide (local.get 0))"));
    assert_eq!(failure(&call).0, FailureKind::StackOverflow);
}

#[test]
fn a_guest_that_dies_of_a_denied_growth_is_out_of_memory() {
    let greedy = "(if (i32.eq (memory.grow (i32.const 2000)) (i32.const -1)) (then unreachable)) i32.const 512";
    let call = decide(guest(greedy));
    let (kind, detail) = failure(&call);
    assert_eq!(kind, FailureKind::OutOfMemory);
    assert_eq!(
        detail.lines().next(),
        Some("asked for 131203072 bytes of memory where 67108864 are allowed")
    );
    assert!(detail.contains("unreachable"), "{detail}");
    // One that gets along without it is fine.
    let modest = "(drop (memory.grow (i32.const 2000))) i32.const 512";
    assert!(matches!(decide(guest(modest)).answer, Answer::Decision(_)));
}

#[test]
fn more_memory_than_can_be_addressed_is_the_guests_own_fault() {
    let call = decide(guest("(drop (memory.grow (i32.const -1))) unreachable"));
    let (kind, detail) = failure(&call);
    assert_eq!(kind, FailureKind::OutOfMemory);
    assert_eq!(
        detail.lines().next(),
        Some("asked for 281474976776192 bytes of memory where 67108864 are allowed")
    );
}

/// A growth that was denied is not what a guest dies of that got along without it.
#[test]
fn what_a_guest_does_after_a_denied_growth_is_called_what_it_is() {
    let denied = "(drop (memory.grow (i32.const 2000)))";
    let zero = guest(&format!("{denied} (i32.div_u (i32.const 1) (i32.const 0))"));
    let bad = guest(&format!("{denied} i32.const 0x7ffffff0"));
    let other = guest(&format!(
        "{denied} (i32.store8 (i32.const 1024) (i32.const 98)) i32.const 512"
    ));
    let regained = guest(&format!(
        "{denied} (drop (memory.grow (i32.const 1))) unreachable"
    ));
    for (upload, kind) in [
        (zero, FailureKind::Trap),
        (bad, FailureKind::BadOutput),
        (other, FailureKind::BadOutput),
        (regained, FailureKind::Trap),
    ] {
        let call = decide(upload);
        assert_eq!(failure(&call).0, kind, "{:?}", call.answer);
    }
}

#[test]
fn the_peak_is_told_where_memory_grows() {
    let call = decide(guest("(drop (memory.grow (i32.const 3))) i32.const 512"));
    assert_eq!(call.memory_peak, 5 << 16);
}

#[test]
fn text_that_is_no_utf_8_is_bad_output() {
    let call = decide(guest(
        "(i32.store8 (i32.const 1024) (i32.const 255)) i32.const 512",
    ));
    assert_eq!(failure(&call).0, FailureKind::BadOutput);
}

#[test]
fn a_pointer_beyond_memory_is_bad_output() {
    assert_eq!(
        failure(&decide(guest("i32.const 0x7ffffff0"))).0,
        FailureKind::BadOutput
    );
    // A list of proposals that would have two thousand million of them.
    let many = "(i32.store (i32.const 520) (i32.const 0x7fffffff)) i32.const 512";
    assert_eq!(failure(&decide(guest(many))).0, FailureKind::BadOutput);
}

#[test]
fn more_output_than_the_host_takes_is_bad_output() {
    let limits = Limits {
        output_max_bytes: 1 << 10,
        ..Limits::shipped()
    };
    let long = "(i32.store (i32.const 532) (i32.const 100000)) i32.const 512";
    assert_eq!(
        failure(&decide_with(limits, guest(long))).0,
        FailureKind::BadOutput
    );
}

#[test]
fn an_outcome_that_the_manifest_lacks_is_bad_output() {
    let other = "(i32.store8 (i32.const 1024) (i32.const 98)) i32.const 512";
    let call = decide(guest(other));
    assert_eq!(
        failure(&call),
        (
            FailureKind::BadOutput,
            "next.leave: \"bent\" is not among the outcomes of its manifest"
        )
    );
}

#[test]
fn log_lines_are_cut_capped_and_counted() {
    let import = r#"(import "regua:dunning/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#;
    let chatty = "(local $n i32)
        (loop
            (call $log (i32.const 2) (i32.const 8192) (i32.const 2000))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.get $n) (i32.const 150))))
        i32.const 512";
    let call = decide(guest::guest(chatty, import));
    assert!(
        matches!(call.answer, Answer::Decision(_)),
        "{:?}",
        call.answer
    );
    assert_eq!((call.logs.len(), call.logs_dropped), (100, 50));
    assert_eq!(call.logs[0].level, "warn");
    assert_eq!(call.logs[0].text.len(), 1_024);
    // The host's work for a line is paid for in the guest's fuel.
    assert!(call.fuel > 150 * 2_000, "{}", call.fuel);
}

#[test]
fn an_instance_remembers_nothing_of_the_call_before() {
    let counting = "(i32.store8 (i32.const 1024) (i32.add (i32.load8_u (i32.const 1024)) (i32.const 1))) i32.const 512";
    let directory = tempfile::tempdir().unwrap();
    let config = RuntimeConfig {
        limits: Limits::shipped(),
        cache_dir: directory.path().to_owned(),
        pool: PoolSize::for_workers(1),
        compiler: Compiler::Here,
    };
    let runtime = Runtime::new(config).unwrap();
    let admitted = runtime.admit(guest(counting)).unwrap();
    let stage = runtime
        .load(&admitted.digest, || Ok::<_, std::io::Error>(admitted.wasm))
        .unwrap();
    let first = stage.decide(&situation(), "{}");
    for _ in 0..20 {
        assert_eq!(stage.decide(&situation(), "{}").answer, first.answer);
    }
    assert_eq!(
        failure(&first).1,
        "next.leave: \"tent\" is not among the outcomes of its manifest"
    );
}
