//! More of something than one stage may have, than a compiler should see, or than the host's own
//! stack holds.

use regua_test_kit::guest::{LEAVES, WIT, component, embed, guest, module};

use super::Ends::{Leaves, Refused};
use super::{Row, row};
use crate::bombs;

pub const ROWS: &[&[Row]] = &[POOL, COUNTS, NESTING];

/// What would take all of the pool of instances, or more.
const POOL: &[Row] = &[
    row(
        "125 MiB of memory at the start",
        huge_memory,
        Refused(
            "resources",
            "needs 131072000 bytes of memory at the start where 67108864 are allowed",
        ),
    ),
    row(
        "4 GiB of memory at the start",
        || {
            embed(
                &module(LEAVES, "").replace(r#""memory") 2)"#, r#""memory") 65536)"#),
                WIT,
            )
        },
        Refused("resources", "needs 4294967296 bytes of memory"),
    ),
    row(
        "more memory than there is",
        || guest_text(r"(memory 70000)"),
        Refused("invalid", "memory size must be at most"),
    ),
    row(
        "a table of 4,000,000,000",
        || guest(LEAVES, "(table 4000000000 funcref)"),
        Refused("resources", "needs 4000000000 table elements"),
    ),
    row(
        "four memories",
        || bombs::with_instances("(module (memory 1))", 3),
        Refused("resources", "needs 4 memories where 3 are allowed"),
    ),
    row(
        "nine tables",
        || bombs::with_instances("(module (table 1 funcref))", 9),
        Refused("resources", "needs 9 tables where 8 are allowed"),
    ),
    row(
        "900 instances",
        || bombs::with_instances("(module)", 900),
        Refused("resources", "needs 901 core instances where 64 are allowed"),
    ),
    row(
        "10,000 instances",
        || bombs::with_instances("(module)", 10_000),
        Refused("invalid", "instances count exceeds limit of 1000"),
    ),
    row(
        "900 instances in a component within",
        || bombs::with_hidden_instances("(module)", 900),
        Refused("compile", ""),
    ),
    row(
        "memories in a component within",
        || bombs::with_hidden_instances("(module (memory 1))", 3),
        Refused("compile", ""),
    ),
    row("nearly all that there may be", nearly_all, Leaves),
    row(
        "data beyond the memory",
        || guest(LEAVES, r#"(data (i32.const 131072) "x")"#),
        Refused("describe", "out of bounds memory access"),
    ),
    row(
        "elements beyond the table",
        || guest(LEAVES, "(table 1 funcref) (elem (i32.const 1) $decide)"),
        Refused("describe", "out of bounds table access"),
    ),
    row(
        "20 MiB of data for two pages",
        huge_data,
        Refused("describe", "out-of-fuel"),
    ),
];

const COUNTS: &[Row] = &[
    row(
        "5,000 functions",
        || guest(LEAVES, &"(func)".repeat(5_000)),
        Leaves,
    ),
    row(
        "1,000,001 functions",
        too_many_functions,
        Refused("invalid", "functions count exceeds limit of 1000000"),
    ),
    row(
        "10,000 globals",
        || guest(LEAVES, &"(global (mut i64) (i64.const 7))".repeat(10_000)),
        Leaves,
    ),
    row(
        "100,000 globals",
        || guest(LEAVES, &"(global (mut i64) (i64.const 7))".repeat(100_000)),
        Refused("compile", ""),
    ),
    row(
        "10,000 types",
        || {
            guest(
                LEAVES,
                &"(type (func (param i32 i64 f32) (result f64)))".repeat(10_000),
            )
        },
        Leaves,
    ),
    row(
        "a function of 1,001 parameters",
        || guest(LEAVES, &format!("(func (param {}))", "i32 ".repeat(1_001))),
        Refused("invalid", "function params size is out of bounds"),
    ),
    row(
        "50,001 locals",
        || guest(LEAVES, &format!("(func (local {}))", "i32 ".repeat(50_001))),
        Refused("invalid", "too many locals"),
    ),
    row(
        "20,000 locals and sums of them",
        || bombs::live_locals(20_000, 1_000),
        Refused("resources", "has 20000 values at once"),
    ),
    row(
        "1,000 locals at 20,000 joins",
        || bombs::joins(1_000, 20_000),
        Refused("resources", "has 1000 values at once"),
    ),
    row(
        "a function of a mebibyte",
        || bombs::long_function(1 << 20),
        Refused("resources", "where a function has at most 1048576"),
    ),
    row(
        "3,000 data segments",
        || guest(LEAVES, &r#"(data (i32.const 70000) "x")"#.repeat(3_000)),
        Leaves,
    ),
    row("3,000 exports", many_exports, Leaves),
    row(
        "a name of 100,001 bytes",
        || {
            guest(
                LEAVES,
                &format!(r#"(func (export "{}"))"#, "x".repeat(100_001)),
            )
        },
        Refused("invalid", "string size out of bounds"),
    ),
    row("1,000 custom sections", many_customs, Leaves),
];

const NESTING: &[Row] = &[
    row(
        "20,000 components in one another",
        || bombs::nested_components(20_000),
        Refused("contract", "does not export `describe`"),
    ),
    row(
        "5,000 lists in one another",
        || bombs::nested_types(5_000),
        Refused("invalid", "type nesting is too deep"),
    ),
    row(
        "pairs of pairs of pairs",
        pairs,
        Refused("invalid", "effective type size exceeds the limit"),
    ),
    row(
        "30,000 blocks in one another",
        || bombs::nested_blocks(30_000),
        Leaves,
    ),
    row(
        "an instance of what is not there yet",
        before_it_is_there,
        Refused("invalid", "unknown component 0"),
    ),
    row(
        "a type of itself",
        || b"\0asm\x0d\0\x01\0\x07\x03\x01\x70\x00".to_vec(),
        Refused("invalid", "unknown type 0"),
    ),
    row(
        "aliases of aliases",
        aliases,
        Refused("contract", "does not export `describe`"),
    ),
];

fn wat(source: &str) -> Vec<u8> {
    wat::parse_str(source).unwrap()
}

/// A core module that is no guest.
fn guest_text(fields: &str) -> Vec<u8> {
    wat(&format!("(module {fields})"))
}

fn huge_memory() -> Vec<u8> {
    embed(
        &module(LEAVES, "").replace(r#""memory") 2)"#, r#""memory") 2000)"#),
        WIT,
    )
}

/// 63 MiB, 20,000 elements.
fn nearly_all() -> Vec<u8> {
    let text = module(LEAVES, "(table 20000 funcref)");
    embed(&text.replace(r#""memory") 2)"#, r#""memory") 1008)"#), WIT)
}

/// More than its two pages, in one segment.
fn huge_data() -> Vec<u8> {
    guest(
        LEAVES,
        &format!(r#"(data (i32.const 0) "{}")"#, "x".repeat(20 << 20)),
    )
}

/// A type, and 1,000,001 functions of it.
fn too_many_functions() -> Vec<u8> {
    let (types, count) = (b"\x01\x04\x01\x60\0\0", b"\x03\xc4\x84\x3d\xc1\x84\x3d");
    [b"\0asm\x01\0\0\0", &types[..], count, &vec![0; 1_000_001]].concat()
}

fn many_exports() -> Vec<u8> {
    let exports: Vec<_> = (0..3_000)
        .map(|nth| format!(r#"(global (export "g{nth}") i32 (i32.const 7))"#))
        .collect();
    let exports = exports.concat();
    guest(LEAVES, &exports)
}

fn many_customs() -> Vec<u8> {
    [component(LEAVES, ""), b"\x00\x05\x04note".repeat(1_000)].concat()
}

/// A tuple of two of the one before, forty times.
fn pairs() -> Vec<u8> {
    let pairs: Vec<_> = (1..=40)
        .map(|nth| format!("(type $t{nth} (tuple $t{0} $t{0}))", nth - 1))
        .collect();
    let pairs = pairs.concat();
    wat(&format!("(component (type $t0 (tuple u8 u8)) {pairs})"))
}

/// A component's instance before the component.
fn before_it_is_there() -> Vec<u8> {
    b"\0asm\x0d\0\x01\0\x05\x04\x01\x00\x00\x00".to_vec()
}

fn aliases() -> Vec<u8> {
    let aliases: Vec<_> = (1..=2_000)
        .map(|nth| format!("(alias outer 0 $t{} (type $t{nth}))", nth - 1))
        .collect();
    let aliases = aliases.concat();
    wat(&format!("(component (type $t0 u8) {aliases})"))
}
