//! More than one stage may have, and more than the host's own stack holds.

use regua_test_kit::guest::{LEAVES, WIT, embed, guest, module};

use super::wat;
use crate::Gate;
use crate::bombs;

#[test]
fn wasm_beyond_what_guests_need_is_refused() {
    let gate = Gate::new();
    for (upload, why) in [
        (wat("(module (memory i64 1))"), "memory64 must be enabled"),
        (
            wat("(module (memory 1 1 shared))"),
            "threads must be enabled",
        ),
        (
            wat("(module (func return_call 0))"),
            "tail calls support is not enabled",
        ),
        (wat("(module (type (struct)))"), "without the gc feature"),
        (wat("(module (tag))"), "exceptions proposal not enabled"),
        (
            wat("(module (func (param v128) (result v128)
                (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))"),
            "relaxed SIMD support is not enabled",
        ),
        (guest(LEAVES, "(memory 1)"), "multiple memories"),
    ] {
        let told = gate.refuses(upload);
        assert!(told.starts_with("not valid WebAssembly: "), "{told}");
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn more_than_one_stage_may_have_is_refused() {
    let gate = Gate::new();
    let large = module(LEAVES, "").replace(r#""memory") 2)"#, r#""memory") 2000)"#);
    for (upload, why) in [
        (
            embed(&large, WIT),
            "needs 131072000 bytes of memory at the start where 67108864 are allowed",
        ),
        (
            guest(LEAVES, "(table 20001 funcref)"),
            "needs 20001 table elements at the start where 20000 are allowed",
        ),
        (
            bombs::with_instances("(module (memory 1))", 3),
            "needs 4 memories where 3 are allowed",
        ),
        (
            bombs::with_instances("(module (table 1 funcref))", 9),
            "needs 9 tables where 8 are allowed",
        ),
        (
            bombs::with_instances("(module)", 64),
            "needs 65 core instances where 64 are allowed",
        ),
        // Each within the limit, all together over it.
        (
            bombs::with_instances("(module (memory 1023))", 1),
            "needs 67174400 bytes of memory at the start where 67108864 are allowed",
        ),
        (
            bombs::with_instances("(module (table 15000 funcref))", 2),
            "needs 30000 table elements at the start where 20000 are allowed",
        ),
    ] {
        let told = gate.refuses(upload);
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn nesting_does_not_fill_the_hosts_own_stack() {
    let gate = Gate::new();
    for depth in [100, 20_000] {
        let told = gate.refuses(bombs::nested_components(depth));
        assert!(told.starts_with("does not export `describe`"), "{told}");
    }
    for depth in [100, 5_000] {
        let told = gate.refuses(bombs::nested_types(depth));
        assert!(told.contains("type nesting is too deep"), "{told}");
    }
    assert!(gate.runtime.admit(bombs::nested_blocks(30_000)).is_ok());
}

#[test]
fn a_function_that_is_dear_to_compile_is_refused_before_a_compiler_sees_it() {
    let gate = Gate::new();
    for (upload, why) in [
        (
            bombs::joins(1_000, 20_000),
            "has 1000 values at once (locals and operands) in ",
        ),
        (
            bombs::live_locals(20_000, 1_000),
            "has 20000 values at once (locals and operands) in ",
        ),
        (
            bombs::operands(3_000, 3_000),
            "values at once (locals and operands) in ",
        ),
        (
            bombs::long_function(1 << 20),
            "bytes of code, where a function has at most 1048576",
        ),
        (
            bombs::many_joins(80, 1_000, 1_200),
            "values times bytes of code, where a stage has at most 805306368",
        ),
    ] {
        let told = gate.refuses(upload);
        assert!(told.starts_with("function "), "{told}");
        assert!(told.contains(" of core module 0 "), "{told}");
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn a_function_as_large_as_toolchains_make_them_is_admitted() {
    let gate = Gate::new();
    assert!(gate.runtime.admit(bombs::joins(120, 4_000)).is_ok());
    assert!(gate.runtime.admit(bombs::live_locals(500, 2_000)).is_ok());
}
