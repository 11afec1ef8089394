//! Uploads that are refused, each in words for its author, and nothing of them is kept.

use std::path::Path;

use regua_runtime::{Limits, Runtime};
use regua_tests::runtime;

use crate::bombs;
use crate::text::{LEAVES, WIT, embed, guest, module, wit_with};

/// A runtime that never admitted anything.
struct Gate {
    runtime: std::sync::Arc<Runtime>,
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
        .map(|entry| match entry.file_type().unwrap().is_dir() {
            true => files_in(&entry.path()),
            false => 1,
        })
        .sum()
}

fn wat(source: &str) -> Vec<u8> {
    wat::parse_str(source).unwrap()
}

#[test]
fn discover() {
    let gate = Gate::new();
    let say = |name: &str, upload: Vec<u8>| println!("{name}: {}", match gate.runtime.admit(upload) { Ok(a) => format!("ADMITTED {}", a.manifest.name), Err(e) => format!("{e:?}\n      {e}") });
    say("empty", vec![]);
    say("garbage", b"garbage".to_vec());
    say("magic", b"\0asm".to_vec());
    let good = guest(LEAVES, "");
    let component = crate::text::component(LEAVES, "");
    let mut worst = String::new();
    for n in 0..component.len() { if let Ok(_) = gate.runtime.admit(component[..n].to_vec()) { worst += &format!("{n} ") } }
    println!("cut components admitted at: {worst}");
    worst.clear();
    for n in 0..good.len() { if let Ok(_) = gate.runtime.admit(good[..n].to_vec()) { worst += &format!("{n} ") } }
    println!("cut modules admitted at: {worst} of {}", good.len());
    say("cut", component[..component.len()/2].to_vec());
    say("core", wat("(module)"));
    say("wasi", wat(r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#));
    say("wasi random func", wat(r#"(component (import "wasi:random/random@0.2.0" (instance (export "get-random-u64" (func (result u64))))))"#));
    say("wasi1", guest(LEAVES, r#"(import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))"#));
    say("log other func", guest(LEAVES, r#"(import "regua:dunning/log@1.0.0" "read" (func (param i32)))"#));
    say("log wrong type", guest(LEAVES, r#"(import "regua:dunning/log@1.0.0" "write" (func (param i64)))"#));
    say("root func import", wat(r#"(component (import "evil" (func)))"#));
    say("log in component, other func", wat(r#"(component (import "regua:dunning/log@1.0.0" (instance (export "read" (func)))))"#));
    for v in ["0.1.0", "2.0.0", "1.0.0-rc.1"] { say(v, embed(&module(LEAVES, ""), &wit_with("dunning@1.0.0", &format!("dunning@{v}")))); }
    say("1.1.0", embed(&module(LEAVES, ""), &wit_with("dunning@1.0.0", "dunning@1.1.0")));
    say("no exports", wat("(component)"));
    say("no decide", embed(&module(LEAVES, "").replace(r#"(export "decide")"#, ""), &wit_with("  export decide: func(situation: situation, config: string) -> result<decision, refusal>;\n", "")));
    say("no decide in module", embed(&module(LEAVES, "").replace(r#"(export "decide")"#, ""), WIT));
    say("wrong sig in module", embed(&module(LEAVES, "").replace(r#"(export "decide") (param i32)"#, r#"(export "decide") (param i64)"#), WIT));
    say("wrong wit", embed(&module(LEAVES, ""), &wit_with("days-overdue: s32,\n    original", "days-overdue: u32,\n    original")));
    say("start loop", guest(LEAVES, "(func $s (loop br 0)) (start $s)"));
    say("start trap", guest(LEAVES, "(func $s unreachable) (start $s)"));
    say("start grows memory", guest(LEAVES, "(func $s (if (i32.eq (memory.grow (i32.const 5000)) (i32.const -1)) (then unreachable))) (start $s)"));
    let d = |with: &str| embed(&module(LEAVES, "").replace("(result i32) i32.const 256", &format!("(result i32) {with}")), WIT);
    say("describe loop", d("(loop br 0) unreachable"));
    say("describe trap", d("unreachable"));
    say("describe wild", d("i32.const 0x7ffffff0"));
    say("describe utf8", d("(i32.store8 (i32.const 1024) (i32.const 255)) i32.const 256"));
    say("describe unaligned", d("i32.const 257"));
    say("describe huge", d("(i32.store (i32.const 260) (i32.const 0x7fffffff)) i32.const 256"));
    say("describe huge 2", d("(drop (memory.grow (i32.const 900))) (i32.store (i32.const 260) (i32.const 50000000)) i32.const 256"));
    say("describe unknown kind", d("(i32.store (i32.const 296) (i32.const 1024)) (i32.store (i32.const 300) (i32.const 1)) i32.const 256"));
    say("host outcome", embed(&module(LEAVES, "").replace("sent1.0.0", "paid1.0.0"), WIT));
    say("memory huge", embed(&module(LEAVES, "").replace(r#""memory") 2)"#, r#""memory") 2000)"#), WIT));
    say("table huge", guest(LEAVES, "(table 20001 funcref)"));
    say("table declared huge max", guest(LEAVES, "(table 1 4000000000 funcref)"));
    say("memory64", wat("(module (memory i64 1))"));
    say("two memories", guest(LEAVES, "(memory 1)"));
    say("threads", wat("(module (memory 1 1 shared))"));
    say("tail", wat("(module (func return_call 0))"));
    say("gc", wat("(module (type (struct)))"));
    say("exn", wat("(module (tag))"));
    say("relaxed", wat("(module (func (result v128) v128.const i32x4 0 0 0 0 v128.const i32x4 0 0 0 0 i8x16.relaxed_swizzle))"));
    say("3 memories", bombs::with_instances("(module (memory 1))", 3));
    say("9 tables", bombs::with_instances("(module (table 1 funcref))", 9));
    say("70 instances", bombs::with_instances("(module)", 70));
    say("900 instances", bombs::with_instances("(module)", 900));
    say("2 big tables", bombs::with_instances("(module (table 15000 funcref))", 2));
    say("instances with start loops", bombs::with_instances("(module (func $s (loop br 0)) (start $s))", 1));
    say("2nd memory 60M+", bombs::with_instances("(module (memory 1023))", 1));
    for n in [10, 100, 1000, 20000] { say(&format!("components {n}"), bombs::nested_components(n)); }
    for n in [10, 100, 1000, 5000] { say(&format!("types {n}"), bombs::nested_types(n)); }
    for n in [100, 1000, 30000] { say(&format!("blocks {n}"), bombs::nested_blocks(n)); }
    let admitted = gate.runtime.admit(component.clone()).unwrap();
    let f = gate.cache.path().join(gate.runtime.engine_hash()).join(format!("{}.native", admitted.digest));
    let native = std::fs::read(f).unwrap();
    say("native", native[32..].to_vec());
    say("native with sum", native);
}
