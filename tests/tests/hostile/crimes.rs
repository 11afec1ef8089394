//! What the hostile guest does, and what the host calls it.

use regua_domain::contract::FailureKind::{
    self, BadOutput, OutOfFuel, OutOfMemory, StackOverflow, Trap,
};
use regua_test_kit::guest;

const OUT_OF_FUEL: &str = "all fuel is burned";
const UNREACHABLE: &str = "wasm trap: wasm `unreachable` instruction executed";
const TOO_MUCH: &str = "too much data is being copied between the host and the guest: fuel allocated for hostcalls has been exhausted";
const NO_UTF_8: &str = "invalid utf-8 sequence of 1 bytes from index 2";

/// The config's `do`, the kind of failure, and the first line of its detail; after `…`
/// its end, where the beginning is an address.
pub const CRIMES: &[(&str, FailureKind, &str)] = &[
    // No answer at all.
    ("loop", OutOfFuel, OUT_OF_FUEL),
    ("log-flood-for-ever", OutOfFuel, OUT_OF_FUEL),
    (
        "memory",
        OutOfMemory,
        "… bytes of memory where 67108864 are allowed",
    ),
    ("recursion", StackOverflow, "the call stack is full"),
    ("shadow-stack", Trap, "… out of bounds memory access"),
    ("trap", Trap, UNREACHABLE),
    ("panic", Trap, UNREACHABLE),
    (
        "wild-pointer",
        Trap,
        "memory fault at wasm address 0xfffffffc in linear memory of size 0x20000: wasm trap: out of bounds memory access",
    ),
    // More than the host takes.
    ("log-line-huge", BadOutput, TOO_MUCH),
    ("huge-output", BadOutput, TOO_MUCH),
    ("huge-outcome", BadOutput, TOO_MUCH),
    ("huge-memory", BadOutput, TOO_MUCH),
    ("20000-proposals", BadOutput, TOO_MUCH),
    // Text that is none.
    ("log-not-utf-8", BadOutput, NO_UTF_8),
    ("refuse-not-utf-8", BadOutput, NO_UTF_8),
    ("not-utf-8", BadOutput, NO_UTF_8),
    ("not-utf-8-note", BadOutput, NO_UTF_8),
    // Refusals out of bounds.
    (
        "refuse-too-long",
        BadOutput,
        "refusal.other.text: 501 characters where 500 are allowed",
    ),
    (
        "refuse-flood",
        BadOutput,
        "problems: 101 where 100 are allowed",
    ),
    // Where to go, what to remember, why.
    (
        "undeclared-outcome",
        BadOutput,
        r#"next.leave: "elsewhere" is not among the outcomes of its manifest"#,
    ),
    (
        "host-outcome",
        BadOutput,
        r#"next.leave: "paid" is not among the outcomes of its manifest"#,
    ),
    ("long-outcome", BadOutput, "… xxxx…"),
    ("wake-now", BadOutput, "next.stay: 0 minutes is below 15"),
    (
        "wake-past",
        BadOutput,
        "next.stay: 2026-03-09 is not after today, 2026-03-10",
    ),
    (
        "wake-far",
        BadOutput,
        "next.stay: 65535 days is more than ten years",
    ),
    (
        "wake-beyond-calendar",
        BadOutput,
        "next.stay.on-date: day 2147483647 is not between 0001-01-01 and 9999-12-31",
    ),
    (
        "big-memory",
        BadOutput,
        "memory: 4097 bytes where 4096 are allowed",
    ),
    (
        "reason-with-escape",
        BadOutput,
        "reasons[0].text: has a control character",
    ),
    (
        "too-many-reasons",
        BadOutput,
        "reasons: 17 where 16 are allowed",
    ),
    // Keys and counts.
    (
        "too-many-proposals",
        BadOutput,
        "proposals: 33 where 32 are allowed",
    ),
    (
        "bad-key",
        BadOutput,
        r#"proposals[0].key: "Not A Key" is not 1 to 64 characters of a-z, 0-9, -, . and :"#,
    ),
    (
        "empty-key",
        BadOutput,
        r#"proposals[0].key: "" is not 1 to 64 characters of a-z, 0-9, -, . and :"#,
    ),
    (
        "same-key",
        BadOutput,
        "proposals[1].key: `note` is used twice",
    ),
    (
        "undeclared-action",
        BadOutput,
        "proposals[0]: `place-with-agency` is not among the actions its manifest proposes",
    ),
    // Money.
    (
        "negative-amount",
        BadOutput,
        "proposals[0].add-fee.amount: -500 is below 0",
    ),
    (
        "zero-amount",
        BadOutput,
        "proposals[0].add-fee.amount: 0 is below 1",
    ),
    (
        "huge-amount",
        BadOutput,
        "proposals[0].add-fee.amount: 9223372036854775807 is above 10^15",
    ),
    (
        "unknown-item",
        BadOutput,
        r#"proposals[0].add-fee.item: "inv_00000000000000000000000000000bad" is not an item of the situation"#,
    ),
    (
        "unknown-method",
        BadOutput,
        r#"proposals[0].charge.method: "card-of-another" is not among the customer's methods"#,
    ),
    (
        "plan-adds-up-wrong",
        BadOutput,
        "proposals[0].offer-plan.plans[0].instalments: add up to 1 where 12000 may be chased",
    ),
    (
        "plan-overflows",
        BadOutput,
        "proposals[0].offer-plan.plans[0].instalments[0].amount: 9223372036854775807 is above 10^15; proposals[0].offer-plan.plans[0].instalments[1].amount: 9223372036854775807 is above 10^15; proposals[0].offer-plan.plans[0].instalments: add up to 18446744073709551614 where 12000 may be chased",
    ),
    (
        "plan-goes-back",
        BadOutput,
        "proposals[0].offer-plan.plans[0].instalments[1].due-on: 2026-03-15 is not after the instalment before it; proposals[0].offer-plan.plans[0].instalments: add up to 2 where 12000 may be chased",
    ),
    (
        "write-off-nothing",
        BadOutput,
        "proposals[0].write-off.items: empty",
    ),
    (
        "write-off-twice",
        BadOutput,
        r#"proposals[0].write-off.items[1]: "inv_00000000000000000000000000000002" is named twice"#,
    ),
    // Text for others.
    (
        "long-note",
        BadOutput,
        "proposals[0].add-note.text: 4097 bytes where 4096 are allowed",
    ),
    (
        "deep-nesting",
        BadOutput,
        "proposals[0].custom.json: not one JSON value: recursion limit exceeded at line 1 column 128",
    ),
    (
        "two-json-values",
        BadOutput,
        "proposals[0].custom.json: not one JSON value: trailing characters at line 1 column 4",
    ),
    (
        "url-in-inline",
        BadOutput,
        "proposals[0].send-message.body: has a web address; links come from placeholders",
    ),
    (
        "bare-domain-in-inline",
        BadOutput,
        "proposals[0].send-message.body: has a web address; links come from placeholders",
    ),
    (
        "url-in-variable",
        BadOutput,
        "proposals[0].send-message.variables[0].value: has a web address; links come from placeholders",
    ),
    (
        "header-injection",
        BadOutput,
        "proposals[0].send-message.subject: has a line break or another control character; proposals[0].send-message.subject: has a web address; links come from placeholders",
    ),
    (
        "long-body",
        BadOutput,
        "proposals[0].send-message.body: 8193 bytes where 8192 are allowed",
    ),
    (
        "channel-in-disguise",
        BadOutput,
        r#"proposals[0].send-message.channel: "email" is not the name of another channel: 1 to 32 characters of a-z, 0-9 and -"#,
    ),
];

/// The one item that the table's words name.
pub const ITEM: &str = "inv_00000000000000000000000000000002";

/// What is said of [`table_hog`].
pub const TABLE_FULL: &str = "asked for 20001 table elements where 20000 are allowed";

/// A stage called `sent` whose table grows until the host says no, which Rust cannot do.
pub fn table_hog() -> Vec<u8> {
    let table = "(table $t 1 4000000000 funcref)";
    let hog = "(loop (br_if 0 (i32.ne
            (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
        unreachable";
    guest::guest(hog, table)
}

/// Bytes of any detail: it stays on the timeline.
const DETAIL_BYTES_MAX: usize = (2 << 10) + '…'.len_utf8();

/// Holds a failure against the table's word on it.
pub fn assert_told(wanted: &str, (kind, detail): (FailureKind, &str)) {
    let (_, kind_expected, expected) = CRIMES
        .iter()
        .find(|(name, ..)| *name == wanted)
        .expect("a crime of the table");
    assert_eq!(kind, *kind_expected, "{wanted}: {detail}");
    let line = detail.lines().next().unwrap_or_default();
    match expected.strip_prefix("… ") {
        Some(end) => assert!(line.ends_with(end), "{wanted}: {line}"),
        None => assert_eq!(line, *expected, "{wanted}"),
    }
    assert!(
        detail.len() <= DETAIL_BYTES_MAX,
        "{wanted}: {} bytes",
        detail.len()
    );
}
