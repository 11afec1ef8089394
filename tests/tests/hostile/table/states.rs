//! Allocators that lie to the host, and what a stage hides from one call to the next.

use regua_domain::contract::FailureKind::{BadOutput, OutOfFuel, Trap};
use regua_test_kit::guest::{LEAVES, WIT, embed, guest, module};

use super::Ends::{Checks, Decides, Leaves};
use super::guests::{FUEL, LOG, UNREACHABLE};
use super::{Row, row};

pub const ROWS: &[&[Row]] = &[ALLOCATORS, STATES];

/// Allocators that lie to the host.
const ALLOCATORS: &[Row] = &[
    row(
        "an allocator that points nowhere",
        || allocates("i32.const 0x7ffffff0"),
        Checks(BadOutput, "realloc return: beyond end of memory"),
    ),
    row(
        "an allocator that points beyond by a byte",
        || allocates("(i32.sub (i32.const 131073) (local.get 3))"),
        Checks(BadOutput, "realloc return: beyond end of memory"),
    ),
    row(
        "an allocator that points between words",
        || allocates("i32.const 4097"),
        Decides(BadOutput, "not aligned"),
    ),
    row(
        "an allocator that gives the same again and again",
        || allocates("i32.const 4096"),
        Leaves,
    ),
    row(
        "an allocator that gives its own code's data",
        || allocates("i32.const 8192"),
        Leaves,
    ),
    row(
        "an allocator that traps",
        || allocates("unreachable"),
        Checks(Trap, UNREACHABLE),
    ),
    row(
        "an allocator that loops",
        || allocates("(loop br 0) unreachable"),
        Checks(OutOfFuel, FUEL),
    ),
    row(
        "an allocator that takes all memory",
        || allocates("(drop (memory.grow (i32.const 1000))) (local.get $at)"),
        Leaves,
    ),
    row(
        "an allocator that writes to the log",
        || {
            embed(
                &realloc(
                    &module(LEAVES, LOG),
                    "(call $log (i32.const 2) (i32.const 1024) (i32.const 4)) (local.get $at)",
                ),
                WIT,
            )
        },
        Checks(Trap, "cannot leave component instance"),
    ),
];

/// Hidden state: each would answer otherwise when it is asked again, were anything left of the
/// call before. All leave by `sent` at first, and by what the manifest lacks from then on.
const STATES: &[Row] = &[
    row(
        "a count in memory",
        || {
            unless(
                "(i32.load (i32.const 8192))",
                "(i32.store (i32.const 8192) (i32.const 1))",
                "",
            )
        },
        Leaves,
    ),
    row(
        "a mark in the last byte of memory",
        || {
            unless(
                "(i32.load8_u (i32.const 131071))",
                "(i32.store8 (i32.const 131071) (i32.const 1))",
                "",
            )
        },
        Leaves,
    ),
    row(
        "a count in a global",
        || {
            unless(
                "(global.get $n)",
                "(global.set $n (i32.const 1))",
                "(global $n (mut i32) (i32.const 0))",
            )
        },
        Leaves,
    ),
    row(
        "a mark in a table",
        || {
            unless(
                "(i32.eqz (ref.is_null (table.get $t (i32.const 3))))",
                "(table.set $t (i32.const 3) (ref.func $decide))",
                "(table $t 4 funcref) (elem declare func $decide)",
            )
        },
        Leaves,
    ),
    row(
        "a table that grew",
        || {
            unless(
                "(i32.ne (table.size $t) (i32.const 4))",
                "(drop (table.grow $t (ref.null func) (i32.const 9)))",
                "(table $t 4 funcref)",
            )
        },
        Leaves,
    ),
    row(
        "a memory that grew",
        || {
            unless(
                "(i32.ne (memory.size) (i32.const 2))",
                "(drop (memory.grow (i32.const 9)))",
                "",
            )
        },
        Leaves,
    ),
    row(
        "a mark where memory grew to",
        || {
            unless(
                "(block (result i32) (drop (memory.grow (i32.const 9))) (i32.load (i32.const 200000)))",
                "(i32.store (i32.const 200000) (i32.const 1))",
                "",
            )
        },
        Leaves,
    ),
    row(
        "data that was dropped",
        || {
            guest(
                "(memory.init $d (i32.const 8192) (i32.const 0) (i32.const 4)) (data.drop $d) i32.const 512",
                r#"(data $d "data")"#,
            )
        },
        Leaves,
    ),
    row(
        "elements that were dropped",
        || {
            guest(
                "(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e) i32.const 512",
                "(table $t 4 funcref) (elem $e func $decide)",
            )
        },
        Leaves,
    ),
    row(
        "a mark of the start",
        || {
            unless(
                "(i32.ne (i32.load (i32.const 8192)) (i32.const 1))",
                "(i32.store (i32.const 8192) (i32.const 7))",
                "(func $s (i32.store (i32.const 8192) (i32.add (i32.load (i32.const 8192)) (i32.const 1)))) (start $s)",
            )
        },
        Leaves,
    ),
    row(
        "bits of a number that is none",
        || {
            unless(
                "(i64.ne (i64.reinterpret_f64 (f64.div (local.get $z) (local.get $z))) (i64.const 0x7ff8000000000000))",
                "",
                "",
            )
        },
        Leaves,
    ),
    row(
        "bits of a smaller number that is none",
        || {
            unless(
                "(i32.ne (i32.reinterpret_f32 (f32.sqrt (f32.const -1))) (i32.const 0x7fc00000))",
                "",
                "",
            )
        },
        Leaves,
    ),
];

fn allocates(body: &str) -> Vec<u8> {
    embed(&realloc(&module(LEAVES, ""), body), WIT)
}

/// A module's text whose allocator ends with this.
fn realloc(text: &str, body: &str) -> String {
    let end = "(local.get $at))\n";
    assert_eq!(text.matches(end).count(), 1);
    text.replace(end, &format!("{body})\n"))
}

/// Leaves by `sent` unless there is something of an earlier call; leaves something itself.
fn unless(found: &str, leaves: &str, fields: &str) -> Vec<u8> {
    let body = format!(
        "(local $z f64) (if {found} (then (i32.store8 (i32.const 1024) (i32.const 98)))) {leaves} i32.const 512"
    );
    guest(&body, fields)
}
