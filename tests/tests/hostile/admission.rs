//! Uploads that are refused, each in words for its author, and nothing of them is kept.

use std::path::Path;
use std::sync::Arc;

use regua_runtime::{Limits, Runtime};
use regua_tests::runtime;

use crate::bombs;
use crate::text::{LEAVES, WIT, component, embed, guest, module, wit_with};

/// A runtime that never admitted anything.
struct Gate {
    runtime: Arc<Runtime>,
    cache: tempfile::TempDir,
}

impl Gate {
    fn new() -> Self {
        let cache = tempfile::tempdir().unwrap();
        let limits = Limits {
            fuel_max: 1_000_000,
            deadline_ms: 600_000,
            ..Limits::shipped()
        };
        let runtime = runtime(cache.path(), limits);
        Self { runtime, cache }
    }

    fn refuses(&self, upload: Vec<u8>) -> String {
        let told = match self.runtime.admit(upload) {
            Ok(admitted) => panic!("admitted: {:?}", admitted.manifest),
            Err(error) => error.to_string(),
        };
        assert_eq!(files_in(self.cache.path()), 0, "something of it was kept");
        told
    }
}

fn files_in(folder: &Path) -> usize {
    let entries = folder.read_dir().unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            if entry.file_type().unwrap().is_dir() {
                files_in(&entry.path())
            } else {
                1
            }
        })
        .sum()
}

fn wat(source: &str) -> Vec<u8> {
    wat::parse_str(source).unwrap()
}

/// A guest whose `describe` has another body.
fn describes(body: &str) -> Vec<u8> {
    let module = module(LEAVES, "").replace(
        "(result i32) i32.const 256",
        &format!("(result i32) {body}"),
    );
    embed(&module, WIT)
}

#[test]
fn what_is_no_wasm_is_refused() {
    let gate = Gate::new();
    let cut = component(LEAVES, "");
    for (upload, why) in [
        (Vec::new(), "unexpected end-of-file (at offset 0x0)"),
        (b"\0asm".to_vec(), "unexpected end-of-file (at offset 0x4)"),
        (
            cut[..cut.len() / 2].to_vec(),
            "unexpected end-of-file (at offset 0xb)",
        ),
    ] {
        assert_eq!(
            gate.refuses(upload),
            format!("not valid WebAssembly: {why}")
        );
    }
    let garbage = gate.refuses(b"garbage".to_vec());
    assert!(
        garbage.starts_with("not valid WebAssembly: magic header not detected"),
        "{garbage}"
    );
    assert_eq!(
        gate.refuses(vec![0; (32 << 20) + 1]),
        "33554433 bytes are too many: a stage has at most 33554432"
    );
}

/// Where only custom sections are cut off, what is left is whole.
#[test]
fn a_component_cut_anywhere_is_refused_or_whole() {
    let gate = Gate::new();
    let whole = component(LEAVES, "");
    let manifest = gate.runtime.admit(whole.clone()).unwrap().manifest;
    let mut admitted = 0;
    for length in 0..whole.len() {
        if let Ok(cut) = gate.runtime.admit(whole[..length].to_vec()) {
            assert_eq!(cut.manifest, manifest, "cut to {length}");
            admitted += 1;
        }
    }
    assert!(admitted < 5, "{admitted} cuts were admitted");
}

#[test]
fn native_code_is_refused_even_of_this_very_host() {
    let gate = Gate::new();
    let own = Gate::new();
    let admitted = own.runtime.admit(component(LEAVES, "")).unwrap();
    let file = own
        .cache
        .path()
        .join(own.runtime.engine_hash())
        .join(format!("{}.native", admitted.digest));
    // Behind the checksum.
    let native = std::fs::read(file).unwrap()[32..].to_vec();
    assert_eq!(
        gate.refuses(native),
        "this is native code; upload the WebAssembly it was compiled from"
    );
}

#[test]
fn an_import_beyond_the_contract_is_named() {
    let gate = Gate::new();
    let may = "which is not in the contract; a stage may import regua:dunning/log@1.0.0 only";
    for name in [
        "wasi:clocks/wall-clock@0.2.0",
        "wasi:random/random@0.2.0",
        "wasi:http/outgoing-handler@0.2.0",
        "regua:dunning/secrets@1.0.0",
    ] {
        let upload = wat(&format!(r#"(component (import "{name}" (instance)))"#));
        assert_eq!(gate.refuses(upload), format!("imports `{name}`, {may}"));
    }
    assert_eq!(
        gate.refuses(wat(r#"(component (import "now" (func)))"#)),
        format!("imports `now`, {may}")
    );
    let module = guest(
        LEAVES,
        r#"(import "wasi_snapshot_preview1" "clock_time_get"
            (func (param i32 i64 i32) (result i32)))"#,
    );
    assert_eq!(
        gate.refuses(module),
        format!("imports `clock_time_get` from `wasi_snapshot_preview1`, {may}")
    );
}

#[test]
fn a_function_that_an_interface_lacks_is_named() {
    let gate = Gate::new();
    let read = r#"(import "regua:dunning/log@1.0.0" "read" (func (param i32)))"#;
    let told = gate.refuses(guest(LEAVES, read));
    assert!(
        told.contains(
            "import interface `regua:dunning/log@1.0.0` is missing function `read` that is required by the module"
        ),
        "{told}"
    );
    let write = r#"(import "regua:dunning/log@1.0.0" "write" (func (param i64)))"#;
    let told = gate.refuses(guest(LEAVES, write));
    assert!(
        told.contains(
            "type mismatch for function `write`: expected `[I32, I32, I32] -> []` but found `[I64] -> []`"
        ),
        "{told}"
    );
}

#[test]
fn a_version_of_the_contract_that_was_never_published_is_named() {
    let gate = Gate::new();
    for version in ["0.1.0", "2.0.0", "1.0.0-rc.1"] {
        let wit = wit_with("dunning@1.0.0", &format!("dunning@{version}"));
        assert_eq!(
            gate.refuses(embed(&module(LEAVES, ""), &wit)),
            format!(
                "imports `regua:dunning/types@{version}`, a version of the contract that is not supported; build the stage against 1.0.0"
            )
        );
    }
}

#[test]
fn a_missing_or_other_export_is_named() {
    let gate = Gate::new();
    let lacks = |name: &str| {
        format!("does not export `{name}`; a stage exports describe, check-config and decide")
    };
    assert_eq!(
        gate.refuses(wat("(component)")),
        ["describe", "check-config", "decide"].map(lacks).join("; ")
    );
    let decide = "  export decide: func(situation: situation, config: string) -> result<decision, refusal>;\n";
    let without = module(LEAVES, "").replace(r#"(export "decide")"#, "");
    assert_eq!(
        gate.refuses(embed(&without, &wit_with(decide, ""))),
        lacks("decide")
    );
    assert_eq!(
        gate.refuses(wat("(module)")),
        "a core module without what makes it a component: it has no custom section `component-type`; build it with the SDK, or upload a component"
    );
    let told = gate.refuses(embed(&without, WIT));
    assert!(
        told.contains("failed to find export of function `decide`"),
        "{told}"
    );
    let wit = wit_with(
        "days-overdue: s32,\n    original",
        "days-overdue: u32,\n    original",
    );
    assert_eq!(
        gate.refuses(embed(&module(LEAVES, ""), &wit)),
        "export `decide`: `situation.balance.items[].days-overdue` is u32 where the contract has s32"
    );
}

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
            "memory has a minimum byte size of 131072000 which exceeds the limit of 0x4000000 bytes",
        ),
        (
            guest(LEAVES, "(table 20001 funcref)"),
            "minimum element size of 20001 which exceeds the limit of 20000",
        ),
        (
            bombs::with_instances("(module (memory 1))", 3),
            "contains 4 Wasm linear memories, which exceeds the configured maximum of 2",
        ),
        (
            bombs::with_instances("(module (table 1 funcref))", 9),
            "contains 9 tables, which exceeds the configured maximum of 8",
        ),
        (
            bombs::with_instances("(module)", 64),
            "contains 65 core module instances, which exceeds the configured maximum of 64",
        ),
        // Each within the limit, all together over it.
        (
            bombs::with_instances("(module (memory 1023))", 1),
            "out-of-memory: asked for 67174400 bytes of memory where 67108864 are allowed",
        ),
        (
            bombs::with_instances("(module (table 15000 funcref))", 2),
            "out-of-memory: asked for 30000 table elements where 20000 are allowed",
        ),
    ] {
        let told = gate.refuses(upload);
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn a_start_or_a_describe_that_misbehaves_is_told() {
    let gate = Gate::new();
    let start = |body: &str| guest(LEAVES, &format!("(func $start {body}) (start $start)"));
    let grow = "(if (i32.eq (memory.grow (i32.const 5000)) (i32.const -1)) (then unreachable))";
    let unreachable = "trap: wasm trap: wasm `unreachable` instruction executed";
    let no_memory = "out-of-memory: asked for 327811072 bytes of memory where 67108864 are allowed";
    for (upload, why) in [
        (start("(loop br 0)"), "out-of-fuel: all fuel is burned"),
        (start("unreachable"), unreachable),
        (start(grow), no_memory),
        (
            bombs::with_instances("(module (func $s (loop br 0)) (start $s))", 1),
            "out-of-fuel: all fuel is burned",
        ),
        (
            describes("(loop br 0) unreachable"),
            "out-of-fuel: all fuel is burned",
        ),
        (describes("unreachable"), unreachable),
        (
            describes("i32.const 0x7ffffff0"),
            "bad-output: pointer out of bounds of memory",
        ),
        (
            describes("i32.const 257"),
            "bad-output: return pointer not aligned",
        ),
        (
            describes("(i32.store8 (i32.const 1024) (i32.const 255)) i32.const 256"),
            "bad-output: invalid utf-8 sequence of 1 bytes from index 0",
        ),
        (
            describes(
                "(i32.store (i32.const 296) (i32.const 1024))
                (i32.store (i32.const 300) (i32.const 1)) i32.const 256",
            ),
            "bad-output: unexpected discriminant: 115",
        ),
    ] {
        let told = gate.refuses(upload);
        let line = told.lines().next().unwrap_or_default();
        assert_eq!(line, format!("`describe` failed: {why}"));
    }
}

#[test]
fn a_manifest_that_lies_is_refused() {
    let gate = Gate::new();
    let paid = module(LEAVES, "").replace("sent1.0.0", "paid1.0.0");
    assert_eq!(
        gate.refuses(embed(&paid, WIT)),
        "`describe` gave a manifest out of bounds: outcomes[0]: `paid` is the host's own"
    );
    // A list of empty outcomes far beyond the bound: told once, and not each of them.
    let many = describes(
        "(i32.store (i32.const 288) (i32.const 8192))
        (i32.store (i32.const 292) (i32.const 10000)) i32.const 256",
    );
    let told = gate.refuses(many);
    assert!(
        told.contains("outcomes: 10000 where 1 to 32 are allowed"),
        "{told}"
    );
    assert!(!told.contains("outcomes[32]"), "{told}");
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
