//! Imports and exports that are not the contract's.

use regua_test_kit::guest::{LEAVES, WIT, embed, guest, module, wit_with};

use super::wat;
use crate::Gate;

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
    assert_eq!(
        gate.refuses(guest(LEAVES, read)),
        "imports `read` from `regua:dunning/log@1.0.0`, which has no such function; \
         a stage may import regua:dunning/log@1.0.0 only"
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
fn a_version_of_the_contract_that_this_host_does_not_speak_is_named() {
    let gate = Gate::new();
    for (version, newer) in [
        ("0.1.0", ""),
        ("1.0.0-rc.1", ""),
        ("1.1.0", ", or upload it to a host that speaks that"),
        ("2.0.0", ", or upload it to a host that speaks that"),
    ] {
        let wit = wit_with("dunning@1.0.0", &format!("dunning@{version}"));
        assert_eq!(
            gate.refuses(embed(&module(LEAVES, ""), &wit)),
            format!(
                "built against contract {version}, and this host speaks 1.0.0: build it with the SDK 0.1{newer}"
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
        "`decide` takes a `situation` of contract 1.0.0; this plugin was built against what calls \
         itself 1.0.0 and is not: field `balance.items[].days-overdue` is u32 where the contract has \
         s32; build it with the SDK 0.1"
    );
}

#[test]
fn what_another_version_of_the_contract_has_otherwise_is_named() {
    let gate = Gate::new();
    let refuses = |version: &str, edits: &[(&str, &str)]| {
        let mut wit = wit_with("dunning@1.0.0", &format!("dunning@{version}"));
        for (from, to) in edits {
            assert!(wit.contains(from), "the contract has no `{from}`");
            wit = wit.replacen(from, to, 1);
        }
        gate.refuses(embed(&module(LEAVES, ""), &wit))
    };
    assert_eq!(
        refuses("0.9.0", &[("    credit: amount,\n", "")]),
        "`decide` takes a `situation` of contract 1.0.0; this plugin was built against 0.9.0: \
         field `balance.credit` is missing; build it with the SDK 0.1"
    );
    assert_eq!(
        refuses(
            "1.1.0",
            &[(
                "enum ruling { allowed,",
                "enum ruling { forwarded, allowed,"
            )]
        ),
        "`decide` takes a `situation` of contract 1.0.0; this plugin was built against 1.1.0: \
         case `trigger.answered.verdicts[].ruling.forwarded` is not in the contract; \
         build it with the SDK 0.1, or upload it to a host that speaks that"
    );
}
