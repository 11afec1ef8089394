//! A stage that leaves its mark wherever it can, and looks for what others left.

use regua_test_kit::guest;

/// Bytes of a mark.
pub const MARK: usize = 8;

/// A guest with a mark of its own, who knows that of another tenant's.
///
/// On entry it traps where its memory, a global or a table is not as a new instance's is, and where
/// the other's mark stands in anything that the host gave it. Then it fills all three, writes its
/// mark to the log and into the memory of the case, and stays for a day. Where it finds its own
/// mark in what the host gave it, it writes a line `mine`.
pub fn marking(own: &str, other: &str) -> Vec<u8> {
    let number = |mark: &str| {
        let bytes: [u8; MARK] = mark.as_bytes().try_into().expect("eight bytes");
        i64::from_le_bytes(bytes)
    };
    let fields = format!(
        r#"(import "regua:dunning/log@1.0.0" "write" (func $log (param i32 i32 i32)))
        (global $global (mut i64) (i64.const 0))
        (table $table 64 1000 funcref)
        (elem declare func $decide)
        (data (i32.const 1100) "{own}")
        (data (i32.const 1200) "theirs")
        (data (i32.const 1210) "left")
        (data (i32.const 1220) "mine")
        {LOOK}"#
    );
    let decide = DECIDE
        .replace("$OWN", &number(own).to_string())
        .replace("$OTHER", &number(other).to_string());
    guest::guest(&decide, &fields)
}

/// What is looked for, and where.
const LOOK: &str = r"
    (func $says (param $at i32) (param $length i32)
        (call $log (i32.const 1) (local.get $at) (local.get $length)))
    (func $finds (param $mark i64) (result i32)
        (local $at i32)
        (local.set $at (i32.const 4096))
        (loop $next
            (if (i64.eq (i64.load (local.get $at)) (local.get $mark)) (then (return (i32.const 1))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $at) (i32.const 65528))))
        (i32.const 0))
    (func $is_new (result i32)
        (local $at i32)
        (if (i64.ne (global.get $global) (i64.const 0)) (then (return (i32.const 0))))
        (if (i32.ne (table.size $table) (i32.const 64)) (then (return (i32.const 0))))
        (if (i32.ne (memory.size) (i32.const 2)) (then (return (i32.const 0))))
        (drop (table.grow $table (ref.null func) (i32.const 100)))
        (drop (memory.grow (i32.const 38)))
        (loop $next
            (if (i32.eqz (ref.is_null (table.get $table (local.get $at))))
                (then (return (i32.const 0))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $at) (i32.const 164))))
        (local.set $at (i32.const 65536))
        (loop $next
            (if (i64.ne (i64.load (local.get $at)) (i64.const 0)) (then (return (i32.const 0))))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br_if $next (i32.lt_u (local.get $at) (i32.const 2621440))))
        (i32.const 1))";

const DECIDE: &str = r"
    (if (i32.eqz (call $is_new)) (then (call $says (i32.const 1210) (i32.const 4)) unreachable))
    (if (call $finds (i64.const $OTHER)) (then (call $says (i32.const 1200) (i32.const 6)) unreachable))
    (if (call $finds (i64.const $OWN)) (then (call $says (i32.const 1220) (i32.const 4))))
    (global.set $global (i64.const $OWN))
    (table.fill $table (i32.const 0) (ref.func $decide) (i32.const 164))
    (memory.fill (i32.const 65536) (i32.const 109) (i32.const 2555904))
    (call $says (i32.const 1100) (i32.const 8))
    (; stay, after a day; the mark as memory ;)
    (i32.store8 (i32.const 524) (i32.const 0))
    (i32.store (i32.const 528) (i32.const 1))
    (i32.store (i32.const 532) (i32.const 1))
    (i32.store8 (i32.const 536) (i32.const 1))
    (i32.store (i32.const 540) (i32.const 1100))
    (i32.store (i32.const 544) (i32.const 8))
    i32.const 512";
