//! Guests that are taken: what they do when they are asked.

use regua_domain::contract::FailureKind::{BadOutput, OutOfFuel, OutOfMemory, StackOverflow, Trap};
use regua_test_kit::guest::{LEAVES, WIT, embed, guest, module};

use super::Ends::{Checks, Decides, Leaves};
use super::{Row, row};
use crate::crimes::{TABLE_FULL, table_hog};

pub const ROWS: &[&[Row]] = &[ENDS, OUTPUTS, LOGS];

pub const UNREACHABLE: &str = "wasm trap: wasm `unreachable` instruction executed";
pub const FUEL: &str = "all fuel is burned";
const TOO_MUCH: &str = "too much data is being copied between the host and the guest";

/// No answer at all.
const ENDS: &[Row] = &[
    row(
        "check-config that traps",
        || checks("unreachable"),
        Checks(Trap, UNREACHABLE),
    ),
    row(
        "check-config that loops",
        || checks("(loop br 0) unreachable"),
        Checks(OutOfFuel, FUEL),
    ),
    row(
        "check-config with problems without end",
        || checks("(i32.store (i32.const 3076) (i32.const 0x7fffffff)) i32.const 3072"),
        Checks(BadOutput, ""),
    ),
    row(
        "decide that traps",
        || guest("unreachable", ""),
        Decides(Trap, UNREACHABLE),
    ),
    row(
        "decide that loops",
        || guest("(loop br 0) unreachable", ""),
        Decides(OutOfFuel, FUEL),
    ),
    row(
        "decide that calls itself",
        || guest("(call $decide (local.get 0))", ""),
        Decides(StackOverflow, "the call stack is full"),
    ),
    row(
        "decide that divides by zero",
        || guest("(i32.div_u (i32.const 1) (i32.const 0))", ""),
        Decides(Trap, "integer divide by zero"),
    ),
    row(
        "decide that makes a number of what is none",
        || guest("(i32.trunc_f64_s (f64.const nan))", ""),
        Decides(Trap, "invalid conversion to integer"),
    ),
    row(
        "decide that reads beyond its memory",
        || guest("(i32.load (i32.const 0x7ffffff0))", ""),
        Decides(Trap, "out of bounds memory access"),
    ),
    row(
        "decide that calls nothing",
        || {
            guest(
                "(call_indirect (type $t) (i32.const 0)) unreachable",
                "(type $t (func)) (table 1 funcref)",
            )
        },
        Decides(Trap, "uninitialized element"),
    ),
    row(
        "decide that calls what is of another type",
        || {
            guest(
                "(call_indirect (type $t) (i32.const 0)) unreachable",
                "(type $t (func)) (table 1 funcref) (elem (i32.const 0) $decide)",
            )
        },
        Decides(Trap, "indirect call type mismatch"),
    ),
    row(
        "decide that calls beyond its table",
        || {
            guest(
                "(call_indirect (type $t) (i32.const 7)) unreachable",
                "(type $t (func)) (table 1 funcref)",
            )
        },
        Decides(Trap, "undefined element"),
    ),
    row(
        "decide that takes all memory and dies of a no",
        || {
            guest(
                "(loop (br_if 0 (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) unreachable",
                "",
            )
        },
        Decides(OutOfMemory, "bytes of memory where 67108864 are allowed"),
    ),
    row(
        "decide that takes all memory and lives on",
        || {
            guest(
                "(loop (br_if 0 (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) i32.const 512",
                "",
            )
        },
        Leaves,
    ),
    row(
        "decide that fills its table and dies of a no",
        table_hog,
        Decides(OutOfMemory, TABLE_FULL),
    ),
    row(
        "decide that fills its memory again and again",
        || {
            guest(
                "(loop (memory.fill (i32.const 8192) (i32.const 7) (i32.const 8000)) (br 0)) unreachable",
                "",
            )
        },
        Decides(OutOfFuel, FUEL),
    ),
    row(
        "decide that traps when it cleans up",
        || post("unreachable"),
        Decides(Trap, UNREACHABLE),
    ),
    row(
        "decide that cleans up for ever",
        || post("(loop br 0)"),
        Decides(OutOfFuel, FUEL),
    ),
    row(
        "decide that writes to its log when it cleans up",
        || {
            embed(
                &module(
                    LEAVES,
                    &format!(
                        "{LOG} {}",
                        r#"(func (export "cabi_post_decide") (param i32) (call $log (i32.const 2) (i32.const 1024) (i32.const 4)))"#
                    ),
                ),
                WIT,
            )
        },
        Decides(Trap, "cannot leave component instance"),
    ),
];

/// Answers that are none, or too large.
const OUTPUTS: &[Row] = &[
    row(
        "10 MB of an outcome",
        || {
            answers(
                "(drop (memory.grow (i32.const 200))) (i32.store (i32.const 532) (i32.const 10000000))",
            )
        },
        Decides(BadOutput, TOO_MUCH),
    ),
    row(
        "2,000,000,000 proposals",
        || answers("(i32.store (i32.const 520) (i32.const 0x7fffffff))"),
        Decides(BadOutput, ""),
    ),
    row(
        "30,000 empty proposals",
        || {
            answers(
                "(drop (memory.grow (i32.const 200))) (i32.store (i32.const 516) (i32.const 131072)) (i32.store (i32.const 520) (i32.const 30000))",
            )
        },
        Decides(BadOutput, TOO_MUCH),
    ),
    row(
        "an answer beyond its memory",
        || guest("i32.const 0x7ffffff0", ""),
        Decides(BadOutput, "pointer out of bounds of memory"),
    ),
    row(
        "an answer between two words",
        || guest("i32.const 514", ""),
        Decides(BadOutput, "not aligned"),
    ),
    row(
        "an answer that is neither yes nor no",
        || answers("(i32.store8 (i32.const 512) (i32.const 7))"),
        Decides(BadOutput, "invalid expected discriminant"),
    ),
    row(
        "a next that is none",
        || answers("(i32.store8 (i32.const 524) (i32.const 99))"),
        Decides(BadOutput, "unexpected discriminant: 99"),
    ),
    row(
        "an outcome beyond its memory",
        || answers("(i32.store (i32.const 528) (i32.const 0x7ffffff0))"),
        Decides(BadOutput, "out of bounds"),
    ),
    row(
        "an outcome that is no UTF-8",
        || answers("(i32.store8 (i32.const 1025) (i32.const 255))"),
        Decides(BadOutput, "invalid utf-8"),
    ),
    row(
        "an outcome that the manifest lacks",
        || answers("(i32.store8 (i32.const 1024) (i32.const 98))"),
        Decides(BadOutput, r#""bent" is not among the outcomes"#),
    ),
    row(
        "no outcome's name",
        || answers("(i32.store (i32.const 532) (i32.const 0))"),
        Decides(BadOutput, r#""" is not among the outcomes"#),
    ),
    row(
        "memory of 4,097 bytes",
        || {
            answers(
                "(i32.store8 (i32.const 536) (i32.const 1)) (i32.store (i32.const 540) (i32.const 8192)) (i32.store (i32.const 544) (i32.const 4097))",
            )
        },
        Decides(BadOutput, "memory: 4097 bytes where 4096 are allowed"),
    ),
    row(
        "17 reasons",
        || {
            answers(
                "(i32.store (i32.const 548) (i32.const 8192)) (i32.store (i32.const 552) (i32.const 17))",
            )
        },
        Decides(BadOutput, "reasons: 17 where 16 are allowed"),
    ),
];

pub const LOG: &str =
    r#"(import "regua:dunning/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#;

const LOGS: &[Row] = &[
    row(
        "a log without end",
        || writes("(loop (call $log (i32.const 2) (i32.const 1024) (i32.const 4)) (br 0))"),
        Decides(OutOfFuel, FUEL),
    ),
    row(
        "a thousand lines",
        || {
            writes(
                "(local $n i32) (loop (call $log (i32.const 2) (i32.const 1024) (i32.const 4)) (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $n) (i32.const 1000))))",
            )
        },
        Leaves,
    ),
    row(
        "a line of 10 MB",
        || {
            writes(
                "(drop (memory.grow (i32.const 200))) (call $log (i32.const 2) (i32.const 0) (i32.const 10000000))",
            )
        },
        Decides(BadOutput, TOO_MUCH),
    ),
    row(
        "a line beyond its memory",
        || writes("(call $log (i32.const 2) (i32.const 0x7ffffff0) (i32.const 100))"),
        Decides(BadOutput, "out of bounds"),
    ),
    row(
        "a line that is no UTF-8",
        || {
            writes(
                "(i32.store8 (i32.const 8192) (i32.const 255)) (call $log (i32.const 2) (i32.const 8192) (i32.const 1))",
            )
        },
        Decides(BadOutput, "invalid utf-8"),
    ),
    row(
        "a line of a level that there is not",
        || writes("(call $log (i32.const 99) (i32.const 1024) (i32.const 4))"),
        Decides(BadOutput, "discriminant"),
    ),
];

fn checks(body: &str) -> Vec<u8> {
    let text = module(LEAVES, "").replace(
        "(result i32) i32.const 3072",
        &format!("(result i32) {body}"),
    );
    embed(&text, WIT)
}

/// What is done before the good answer is given.
fn answers(body: &str) -> Vec<u8> {
    guest(&format!("{body} i32.const 512"), "")
}

fn writes(body: &str) -> Vec<u8> {
    guest(&format!("{body} i32.const 512"), LOG)
}

fn post(body: &str) -> Vec<u8> {
    guest(
        LEAVES,
        &format!(r#"(func (export "cabi_post_decide") (param i32) {body})"#),
    )
}
