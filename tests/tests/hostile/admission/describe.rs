//! Stages that cannot say what they are, or say what is not so.

use regua_test_kit::guest::{LEAVES, WIT, embed, guest, module};

use crate::Gate;
use crate::bombs;

/// A guest whose `describe` has another body.
fn describes(body: &str) -> Vec<u8> {
    let module = module(LEAVES, "").replace(
        "(result i32) i32.const 256",
        &format!("(result i32) {body}"),
    );
    embed(&module, WIT)
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
