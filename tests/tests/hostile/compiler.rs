//! Code that is dear to compile, and a compiler with bounds: the host itself pays nothing.

use std::path::PathBuf;

use regua_runtime::{AdmissionError, Admitted, Compiler, Limits};
use regua_test_kit::guest::{self, LEAVES, component};
use regua_tests::runtime_with;

use crate::bombs;

/// No bound that a test would wait for.
fn limits() -> Limits {
    Limits {
        compile_cpu_s: 600,
        ..Limits::shipped()
    }
}

fn admit(limits: Limits, compiler: Compiler, upload: Vec<u8>) -> Result<Admitted, AdmissionError> {
    let cache = tempfile::tempdir().unwrap();
    let admitted = runtime_with(cache.path(), limits, compiler).admit(upload);
    let kept = walk(cache.path().to_owned());
    assert_eq!(kept, usize::from(admitted.is_ok()), "files in the cache");
    admitted
}

/// How many files lie in a folder.
fn walk(folder: PathBuf) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let count = |path: PathBuf| if path.is_dir() { walk(path) } else { 1 };
    entries.map(|entry| count(entry.path())).sum()
}

fn child() -> Compiler {
    Compiler::Child(PathBuf::from(env!("CARGO_BIN_EXE_node")))
}

#[test]
fn what_a_child_compiles_is_what_the_host_compiles() {
    let upload = || guest::guest(LEAVES, "");
    let here = admit(limits(), Compiler::Here, upload()).unwrap();
    assert_eq!(admit(limits(), child(), upload()).unwrap(), here);
}

#[test]
fn code_that_compiles_for_ever_is_refused_when_its_time_is_over() {
    let limits = Limits {
        compile_cpu_s: 1,
        ..limits()
    };
    let refused = admit(limits, child(), bombs::many_loops(100, 9_000)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "does not compile: the compiler takes more than 1 s of processor time for it"
    );
}

#[test]
fn code_that_takes_too_much_memory_to_compile_is_refused() {
    let limits = Limits {
        compile_memory_max_bytes: 48 << 20,
        ..limits()
    };
    let refused = admit(limits, child(), bombs::many_loops(1, 9_000)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "does not compile: the compiler takes more than 48 MiB of memory for it"
    );
}

#[test]
fn a_compiler_that_is_not_there_is_the_hosts_own_fault() {
    let nowhere = Compiler::Child(PathBuf::from("/nowhere/regua"));
    let refused = admit(limits(), nowhere, guest::guest(LEAVES, "")).unwrap_err();
    assert!(matches!(refused, AdmissionError::Host { .. }), "{refused}");
}

/// A stage that has two components in it, with a memory each, of which one hands the other a text:
/// the code between them needs both memories.
fn talking() -> Vec<u8> {
    let talk = wat::parse_str(
        r#"(component
        (component
            (component $hears
                (core module $m
                    (memory (export "memory") 1)
                    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)
                    (func (export "hear") (param i32 i32)))
                (core instance $i (instantiate $m))
                (func (export "hear") (param "text" string) (canon lift (core func $i "hear")
                    (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
            (component $says
                (import "hear" (func $hear (param "text" string)))
                (core module $memory (memory (export "memory") 1))
                (core instance $memory (instantiate $memory))
                (core func $lowered (canon lower (func $hear)
                    (memory (core memory $memory "memory"))))
                (core module $m (import "host" "hear" (func (param i32 i32))))
                (core instance (instantiate $m
                    (with "host" (instance (export "hear" (func $lowered)))))))
            (instance $hears (instantiate $hears))
            (instance (instantiate $says (with "hear" (func $hears "hear")))))
        (instance (instantiate 0)))"#,
    )
    .unwrap();
    let header = 8;
    [component(LEAVES, "").as_slice(), &talk[header..]].concat()
}

#[test]
fn a_stage_may_be_composed_of_components_that_talk_to_each_other() {
    let admitted = admit(limits(), child(), talking());
    assert!(admitted.is_ok(), "{:?}", admitted.err());
}
