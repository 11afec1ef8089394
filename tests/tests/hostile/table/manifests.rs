//! Stages that cannot say what they are, or say what is not so.

use regua_test_kit::guest::{LEAVES, WIT, embed, guest, module};
use regua_tests::{Debtor, Shelf, patient};

use super::Ends::{Leaves, Refused};
use super::{Row, row};
use crate::bombs;

pub const ROWS: &[&[Row]] = &[STARTS, LIES, SCHEMAS];

const STARTS: &[Row] = &[
    row(
        "a start that loops",
        || start("(loop br 0)"),
        Refused("describe", "out-of-fuel: all fuel is burned"),
    ),
    row(
        "a start that traps",
        || start("unreachable"),
        Refused(
            "describe",
            "trap: wasm trap: wasm `unreachable` instruction executed",
        ),
    ),
    row(
        "a start that calls itself",
        || start("(call $start)"),
        Refused("describe", "stack-overflow"),
    ),
    row(
        "a start that takes all memory",
        || start("(if (i32.eq (memory.grow (i32.const 5000)) (i32.const -1)) (then unreachable))"),
        Refused("describe", "out-of-memory: asked for 327811072 bytes"),
    ),
    row(
        "a start in another module",
        || bombs::with_instances("(module (func $s (loop br 0)) (start $s))", 1),
        Refused("describe", "out-of-fuel"),
    ),
    row(
        "a describe that loops",
        || describes("(loop br 0) unreachable"),
        Refused("describe", "out-of-fuel"),
    ),
    row(
        "a describe that traps",
        || describes("unreachable"),
        Refused("describe", "trap"),
    ),
    row(
        "a describe that points nowhere",
        || describes("i32.const 0x7ffffff0"),
        Refused("describe", "bad-output: pointer out of bounds of memory"),
    ),
    row(
        "a describe that points between words",
        || describes("i32.const 257"),
        Refused("describe", "bad-output: return pointer not aligned"),
    ),
    row(
        "a describe that cleans up for ever",
        || {
            guest(
                LEAVES,
                "(func (export \"cabi_post_describe\") (param i32) (loop br 0))",
            )
        },
        Refused("describe", "out-of-fuel"),
    ),
    row(
        "a describe that traps when it cleans up",
        || {
            guest(
                LEAVES,
                "(func (export \"cabi_post_describe\") (param i32) unreachable)",
            )
        },
        Refused("describe", "trap"),
    ),
];

const LIES: &[Row] = &[
    row(
        "no name",
        || says("", "1.0.0", "", "{}"),
        Refused("manifest", "name: `` is not 1 to 64 characters"),
    ),
    row(
        "a name of two words",
        || says("First Rung", "1.0.0", "", "{}"),
        Refused("manifest", "name: `First Rung`"),
    ),
    row(
        "a name that leads out of a folder",
        || says("../../etc/passwd", "1.0.0", "", "{}"),
        Refused("manifest", "name: `../../etc/passwd`"),
    ),
    row(
        "a name that moves a cursor",
        || says("\u{1b}[2J", "1.0.0", "", "{}"),
        Refused("manifest", r"name: `\u{1b}[2J`"),
    ),
    row(
        "a name of 100 kB",
        || says(&"a".repeat(100_000), "1.0.0", "", "{}"),
        Refused("manifest", "aaa…` is not 1 to 64"),
    ),
    row(
        "a name of 2 MB",
        || {
            manifest(
                &[
                    TEXT, 2_000_000, 1028, 5, 0, 0, 1033, 2, 768, 1, 0, 0, 0, 0, 0,
                ],
                &[],
            )
        },
        Refused("describe", "too much data is being copied"),
    ),
    row(
        "no version",
        || says("sent", "", "", "{}"),
        Refused("manifest", "version: `` is not a semantic version"),
    ),
    row(
        "half a version",
        || says("sent", "1.0", "", "{}"),
        Refused("manifest", "version: `1.0`"),
    ),
    row(
        "a version beyond numbers",
        || says("sent", "99999999999999999999.0.0", "", "{}"),
        Refused("manifest", "version: `9999"),
    ),
    row(
        "a summary of two lines",
        || says("sent", "1.0.0", "one\ntwo", "{}"),
        Refused("manifest", "summary: has a line break"),
    ),
    row(
        "a summary of 201 characters",
        || says("sent", "1.0.0", &"é".repeat(201), "{}"),
        Refused("manifest", "summary: longer than 200 characters"),
    ),
    row(
        "10,000 outcomes",
        || with_list(72, 10_000, &[]),
        Refused("manifest", "outcomes: 10000 where 1 to 32 are allowed"),
    ),
    row(
        "no outcome",
        || with_list(0, 0, &[]),
        Refused("manifest", "outcomes: 0 where 1 to 32 are allowed"),
    ),
    row(
        "an outcome of the host's own",
        || embed(&module(LEAVES, "").replace("sent1.0.0", "paid1.0.0"), WIT),
        Refused("manifest", "outcomes[0]: `paid` is the host's own"),
    ),
];

const SCHEMAS: &[Row] = &[
    row(
        "a schema that is no JSON",
        || schema("{"),
        Refused("manifest", "config-schema: not JSON"),
    ),
    row(
        "a schema that is a list",
        || schema("[]"),
        Refused("manifest", "config-schema: not a JSON object"),
    ),
    row(
        "a schema of 65,537 bytes",
        || {
            schema(&format!(
                "{{\"title\":\"{}\"}}",
                "x".repeat((64 << 10) - 11)
            ))
        },
        Refused(
            "manifest",
            "config-schema: 65537 bytes where 65536 are allowed",
        ),
    ),
    row(
        "a schema of 500 lists in one another",
        || {
            schema(&format!(
                "{{\"enum\":{}{}}}",
                "[".repeat(500),
                "]".repeat(500)
            ))
        },
        Refused("manifest", "recursion limit exceeded"),
    ),
    row("a schema of itself", || schema(ITSELF), Leaves),
    row("a schema of another host", || schema(ELSEWHERE), Leaves),
    row("a schema that counts for ever", || schema(PATTERN), Leaves),
];

const ITSELF: &str = r##"{"type":"object","properties":{"do":{"allOf":[{"$ref":"#/properties/do"},{"$ref":"#/properties/do"}]}}}"##;
const ELSEWHERE: &str =
    r#"{"type":"object","properties":{"do":{"$ref":"http://169.254.169.254/latest"}}}"#;
const FILE: &str = r#"{"type":"object","properties":{"do":{"$ref":"file:///etc/passwd"}}}"#;
const PATTERN: &str = r#"{"type":"object","properties":{"do":{"pattern":"^((a+)+)+$"}}}"#;

/// Nobody asks a schema before a workflow does: then it ends, and says how.
#[test]
fn a_schema_made_to_be_dear_is_told_when_a_workflow_is_published() {
    let cache = tempfile::tempdir().unwrap();
    for (made, because) in [
        (ITSELF, "`sent@1.0.0`"),
        (ELSEWHERE, "`sent@1.0.0`"),
        (FILE, "`sent@1.0.0`"),
        (PATTERN, "/stages/0/config/do"),
    ] {
        let mut shelf = Shelf::new(patient(cache.path()));
        shelf.admit(schema(made)).unwrap();
        let mut ladder = Debtor::ladder("sent@1", &format!("{}!", "a".repeat(5_000)));
        ladder["stages"][0]["on"] = serde_json::json!({ "sent": { "end": "closed" } });
        let problems = Debtor::publish(&shelf, &ladder).unwrap_err();
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert!(
            told.len() == 1 && told[0].contains(because),
            "{made}: {told:#?}"
        );
    }
}

fn start(body: &str) -> Vec<u8> {
    guest(LEAVES, &format!("(func $start {body}) (start $start)"))
}

/// A guest whose `describe` has another body.
fn describes(body: &str) -> Vec<u8> {
    let text = module(LEAVES, "").replace(
        "(result i32) i32.const 256",
        &format!("(result i32) {body}"),
    );
    embed(&text, WIT)
}

fn schema(schema: &str) -> Vec<u8> {
    says("sent", "1.0.0", "", schema)
}

/// A good guest with this manifest.
fn says(name: &str, version: &str, summary: &str, schema: &str) -> Vec<u8> {
    let mut words = Vec::new();
    let mut text = String::new();
    for part in [name, version, summary, schema] {
        words.extend([TEXT + text.len() as u32, part.len() as u32]);
        text.push_str(part);
    }
    words.extend([768, 1, 0, 0, 0, 0, 0]);
    manifest(&words, text.as_bytes())
}

/// A good guest whose outcomes are a list of its own.
fn with_list(offset: u32, count: u32, bytes: &[u8]) -> Vec<u8> {
    let mut words: Vec<u32> = vec![1024, 4, 1028, 5, 0, 0, 1033, 2];
    words.extend([TEXT + offset, count, 0, 0, 0, 0, 0]);
    manifest(&words, bytes)
}

/// Where a manifest of a row's own lies, and its text.
const MANIFEST: u32 = 1 << 16;
const TEXT: u32 = MANIFEST + 64;

fn manifest(words: &[u32], text: &[u8]) -> Vec<u8> {
    let escaped = |bytes: &mut dyn Iterator<Item = u8>| {
        bytes.fold(String::new(), |text, byte| text + &format!("\\{byte:02x}"))
    };
    let words = escaped(&mut words.iter().flat_map(|word| word.to_le_bytes()));
    let text = escaped(&mut text.iter().copied());
    let data =
        format!(r#"(data (i32.const {MANIFEST}) "{words}") (data (i32.const {TEXT}) "{text}")"#);
    let guest = module(LEAVES, &data)
        .replace(r#""memory") 2)"#, r#""memory") 40)"#)
        .replace(
            "(result i32) i32.const 256",
            &format!("(result i32) i32.const {MANIFEST}"),
        );
    embed(&guest, WIT)
}
