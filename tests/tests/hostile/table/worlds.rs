//! Imports and exports of another world, and features of wasm that no stage needs.

use regua_test_kit::guest::{LEAVES, WIT, component, embed, guest, module, wit_with};

use super::Ends::{Leaves, Refused};
use super::{Row, row};

/// Ends that are the same for many.
const BEYOND: &str =
    "which is not in the contract; a stage may import regua:dunning/log@1.0.0 only";

pub const ROWS: &[&[Row]] = &[IMPORTS, EXPORTS, FEATURES];

const IMPORTS: &[Row] = &[
    row(
        "a file of WASI preview 1",
        || core_import("wasi_snapshot_preview1", "path_open"),
        Refused("contract", BEYOND),
    ),
    row(
        "the clock of WASI preview 2",
        || import("wasi:clocks/wall-clock@0.2.0"),
        Refused("contract", BEYOND),
    ),
    row(
        "sockets of WASI preview 2",
        || import("wasi:sockets/tcp@0.2.0"),
        Refused("contract", BEYOND),
    ),
    row(
        "a function of nobody",
        || core_import("env", "system"),
        Refused("contract", BEYOND),
    ),
    row(
        "a module of the host's",
        || wat(r#"(component (import "m" (core module)))"#),
        Refused("contract", BEYOND),
    ),
    row(
        "a component of the host's",
        || wat(r#"(component (import "c" (component)))"#),
        Refused("contract", BEYOND),
    ),
    row(
        "an interface that the contract lacks",
        || import("regua:dunning/secrets@1.0.0"),
        Refused("contract", BEYOND),
    ),
    row(
        "the contract of next year",
        || of_contract("1.1.0"),
        Refused(
            "contract",
            "built against contract 1.1.0, and this host speaks 1.0.0",
        ),
    ),
    row(
        "another major version of the contract",
        || of_contract("2.0.0"),
        Refused(
            "contract",
            "built against contract 2.0.0, and this host speaks 1.0.0",
        ),
    ),
    row(
        "the draft of the contract",
        || of_contract("0.9.0"),
        Refused("contract", "build it with the SDK 0.1"),
    ),
    row(
        "the contract's log under another version",
        || import("regua:dunning/log@3.0.0"),
        Refused("contract", "built against contract 3.0.0"),
    ),
    row(
        "the contract's log with another type",
        || wat(LOG_OF_NUMBERS),
        Refused("contract", ""),
    ),
    row(
        "the contract's function with another type",
        || {
            guest(
                LEAVES,
                r#"(import "regua:dunning/log@1.0.0" "write" (func (param f64)))"#,
            )
        },
        Refused("not-component", "type mismatch for function `write`"),
    ),
    row(
        "names that move a cursor",
        || core_import("\\1b[2J", "\\e2\\80\\ae"),
        Refused("contract", r"imports `\u{202e}` from `\u{1b}[2J`"),
    ),
    row(
        "5,000 imports",
        many_imports,
        Refused("contract", "and 4992 more"),
    ),
];

const LOG_OF_NUMBERS: &str = r#"(component (import "regua:dunning/log@1.0.0"
    (instance (export "write" (func (param "n" u64))))))"#;

const EXPORTS: &[Row] = &[
    row(
        "a module of a browser",
        || wat("(module (func (export \"run\")))"),
        Refused("not-component", "no custom section `component-type`"),
    ),
    row(
        "a component type that is garbage",
        garbage_type,
        Refused("not-component", ""),
    ),
    row(
        "a component type of another module",
        other_type,
        Refused("not-component", ""),
    ),
    row(
        "an empty component",
        || wat("(component)"),
        Refused("contract", "does not export `describe`"),
    ),
    row("a WIT package", wit_package, Refused("contract", "")),
    row(
        "a good component within another",
        wrapped,
        Refused("contract", "does not export `decide`"),
    ),
    row(
        "decide that takes no config",
        || {
            of_wit(
                "decide: func(situation: situation, config: string)",
                "decide: func(situation: situation)",
            )
        },
        Refused("contract", "it takes 1 parameter; build it"),
    ),
    row(
        "decide with a field of another type",
        || {
            of_wit(
                "days-overdue: s32,\n    original",
                "days-overdue: u32,\n    original",
            )
        },
        Refused(
            "contract",
            "field `balance.items[].days-overdue` is u32 where the contract has s32",
        ),
    ),
    row(
        "decide as an instance",
        || wat(r#"(component (instance $i) (export "decide" (instance $i)))"#),
        Refused("contract", "does not export `describe`"),
    ),
    row(
        "an export under a name that is none",
        || {
            wat_bytes(
                r#"(component (component $c) (export "a" (component $c)))"#,
                b"\x01a",
                b"\x01A\x80",
            )
        },
        Refused("invalid", ""),
    ),
    row(
        "no allocator",
        || without("cabi_realloc"),
        Refused("not-component", "cabi_realloc"),
    ),
    row(
        "no memory",
        || without("memory"),
        Refused("not-component", "memory"),
    ),
];

const FEATURES: &[Row] = &[
    row(
        "a memory of 64 bits",
        || wat("(module (memory i64 1))"),
        Refused("invalid", "memory64 must be enabled"),
    ),
    row(
        "threads",
        || wat("(module (memory 1 1 shared))"),
        Refused("invalid", "threads must be enabled"),
    ),
    row(
        "a wait for another thread",
        || {
            wat(
                "(module (memory 1) (func (drop (memory.atomic.notify (i32.const 0) (i32.const 0)))))",
            )
        },
        Refused("invalid", "threads support is not enabled"),
    ),
    row(
        "tail calls",
        || wat("(module (func return_call 0))"),
        Refused("invalid", "tail calls support is not enabled"),
    ),
    row(
        "garbage collection",
        || wat("(module (type (struct)))"),
        Refused("invalid", "gc"),
    ),
    row(
        "references to what the host has",
        || wat("(module (func (param externref)))"),
        Refused("invalid", "gc types are disallowed"),
    ),
    row(
        "function references",
        || wat("(module (type $t (func)) (func (param (ref $t))))"),
        Refused("invalid", "function references required"),
    ),
    row(
        "exceptions",
        || wat("(module (tag))"),
        Refused("invalid", "exceptions proposal not enabled"),
    ),
    row(
        "two memories",
        || guest(LEAVES, "(memory 1)"),
        Refused("invalid", "multiple memories"),
    ),
    row(
        "relaxed numbers",
        || {
            wat(
                "(module (func (param v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))",
            )
        },
        Refused("invalid", "relaxed SIMD support is not enabled"),
    ),
    row(
        "wide arithmetic",
        || {
            wat(
                "(module (func (param i64 i64 i64 i64) (result i64 i64) (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3))))",
            )
        },
        Refused("invalid", "wide arithmetic support is not enabled"),
    ),
    row(
        "pages of one byte",
        || wat("(module (memory 1 (pagesize 1)))"),
        Refused("invalid", "custom page sizes"),
    ),
    row(
        "a future",
        || wat("(component (type (future u8)))"),
        Refused("invalid", "async"),
    ),
    row(
        "a stream",
        || wat("(component (type (stream u8)))"),
        Refused("invalid", "async"),
    ),
    row(
        "vectors",
        || {
            guest(
                LEAVES,
                "(func (param v128) (result v128) (i8x16.swizzle (local.get 0) (local.get 0)))",
            )
        },
        Leaves,
    ),
];

fn wat(source: &str) -> Vec<u8> {
    wat::parse_str(source).unwrap()
}

/// A text's bytes, with some of them others.
fn wat_bytes(source: &str, from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = wat(source);
    let at = bytes.windows(from.len()).rposition(|found| found == from);
    let at = at.expect("the bytes are there");
    bytes.splice(at..at + from.len(), to.iter().copied());
    bytes
}

fn import(name: &str) -> Vec<u8> {
    wat(&format!(r#"(component (import "{name}" (instance)))"#))
}

fn core_import(from: &str, name: &str) -> Vec<u8> {
    guest(
        LEAVES,
        &format!(r#"(import "{from}" "{name}" (func (param i32) (result i32)))"#),
    )
}

fn many_imports() -> Vec<u8> {
    let imports: Vec<_> = (0..5_000)
        .map(|nth| format!(r#"(import "env" "f{nth}" (func))"#))
        .collect();
    let imports = imports.concat();
    guest(LEAVES, &imports)
}

fn of_contract(version: &str) -> Vec<u8> {
    of_wit("dunning@1.0.0", &format!("dunning@{version}"))
}

fn of_wit(from: &str, to: &str) -> Vec<u8> {
    embed(&module(LEAVES, ""), &wit_with(from, to))
}

/// A module that lacks one of its exports.
fn without(export: &str) -> Vec<u8> {
    let export = format!(r#"(export "{export}")"#);
    embed(&module(LEAVES, "").replace(&export, ""), WIT)
}

fn garbage_type() -> Vec<u8> {
    let mut bytes = wat(&module(LEAVES, ""));
    bytes.extend(b"\x00\x18\x10component-type:xgarbage");
    bytes
}

/// The type says `describe`, `check-config` and `decide`; the module runs.
fn other_type() -> Vec<u8> {
    embed(r#"(module (func (export "run")))"#, WIT)
}

fn wit_package() -> Vec<u8> {
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("stage.wit", WIT).unwrap();
    wit_component::encode(&resolve, package).unwrap()
}

fn wrapped() -> Vec<u8> {
    crate::bombs::within(&component(LEAVES, ""))
}
