//! `regua plugin test`: fixtures that pass, differ, are updated, or have faults.

use serde_json::{Value, json};

use super::{Desk, plugin};

const SITUATION: &str = include_str!("../../project/shared/fixtures/situations/one-day-late.json");

/// Fixtures of the stage for the first late day: one is right, one is not.
fn desk() -> Desk {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("cases/known")).unwrap();
    desk.write("cases/known/late.json", SITUATION);
    let fixture = |config: Value, expected: Value| json!({ "situation": "known/late.json", "config": config, "expected": expected });
    let refused = json!({ "refusal": { "bad-config": [
        { "pointer": "", "text": "missing field `template`" },
    ] } });
    desk.write(
        "cases/no-config.json",
        &fixture(json!({}), refused).to_string(),
    );
    let leaves = json!({ "decision": {
        "proposals": [], "next": { "leave": "unreachable" }, "reasons": [],
    } });
    let config = json!({ "template": "first-day-late" });
    desk.write("cases/late.json", &fixture(config, leaves).to_string());
    desk
}

fn test<'a>(component: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let command = ["plugin", "test", "cases", "--component", component];
    [command.as_slice(), more].concat()
}

#[test]
fn an_answer_that_differs_is_shown_and_can_be_kept() {
    let (desk, component) = (desk(), plugin("first-day-late-email"));
    let first = desk.call(&test(&component, &[]));
    assert_eq!(first.code, 3, "{}{}", first.out, first.err);
    for line in [
        "failed   late",
        "passed   no-config",
        "  -       \"leave\": \"unreachable\"",
        "  +       \"leave\": \"sent\"",
        "  +         \"key\": \"demand:email\"",
        "1 passed, 1 failed, 0 updated",
        "outcomes  1 of 2; no fixture reaches unreachable",
        "proposes  1 of 1",
    ] {
        assert!(
            first.out.lines().any(|told| told == line),
            "{line}\n{}",
            first.out
        );
    }
    let updated = desk.done(&test(&component, &["--update"]));
    assert!(
        updated.contains("1 passed, 0 failed, 1 updated"),
        "{updated}"
    );
    let json = desk.done(&test(&component, &["--json"]));
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["passed"], 2, "{json}");
    assert_eq!(report["outcomes"]["missing"], json!(["unreachable"]));
    assert_eq!(report["fixtures"][0]["name"], "late");
    let fuel = &report["fuel"];
    assert!(fuel["p50"].as_u64() <= fuel["max"].as_u64(), "{fuel}");
    assert!(report["memory_peak"].as_u64().unwrap() > 0);
    // What it does not say stays as it was.
    let kept = std::fs::read_to_string(desk.path("cases/late.json")).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept["situation"], "known/late.json");
}

#[test]
fn why_a_stage_refused_comes_before_the_difference() {
    let (desk, component) = (desk(), plugin("first-day-late-email"));
    let leaves = json!({ "decision": {
        "proposals": [], "next": { "leave": "unreachable" }, "reasons": [],
    } });
    let fixture = json!({ "situation": "known/late.json", "expected": leaves });
    desk.write("cases/late.json", &fixture.to_string());
    let called = desk.call(&test(&component, &[]));
    assert_eq!(called.code, 3, "{}", called.err);
    let mut told = called
        .out
        .lines()
        .skip_while(|line| *line != "failed   late");
    assert_eq!(
        told.nth(1),
        Some("    it refused: the config: missing field `template`"),
        "{}",
        called.out
    );
    assert!(told.any(|line| line.contains("unreachable")));
}

#[test]
fn a_fixture_that_expects_nothing_yet_fails_until_it_is_written() {
    let (desk, component) = (desk(), plugin("first-day-late-email"));
    desk.write("cases/late.json", r#"{ "situation": "known/late.json" }"#);
    let first = desk.call(&test(&component, &[]));
    assert_eq!(first.code, 3);
    assert!(
        first.out.contains("--update writes what came"),
        "{}",
        first.out
    );
    desk.done(&test(&component, &["--update"]));
    desk.done(&test(&component, &[]));
}

#[test]
fn every_fault_of_every_fixture_is_listed() {
    let (desk, component) = (desk(), plugin("first-day-late-email"));
    desk.write(
        "cases/late.json",
        "{\n  \"situation\": \"nowhere.json\",\n  \"confg\": {}\n}",
    );
    desk.write("cases/no-config.json", "[");
    desk.write("cases/known/late.json", r#"{ "now": 7 }"#);
    desk.write("cases/third.json", r#"{ "situation": "known/late.json" }"#);
    let called = desk.call(&test(&component, &[]));
    assert_eq!(called.code, 3, "{}", called.err);
    let told: Vec<_> = called.out.lines().collect();
    assert_eq!(told.len(), 4, "{}", called.out);
    assert!(
        told[0].starts_with("cases/late.json: line 3, column 3, /confg: there is no such member")
    );
    assert!(told[1].starts_with("cases/late.json: line 2, column 3, /situation: there is no file"));
    assert!(told[2].starts_with("cases/no-config.json: line 1, column 1, the document: not JSON"));
    assert!(told[3].starts_with("cases/known/late.json: line 1, column 3, /now: invalid type"));
}

#[test]
fn a_folder_without_fixtures_or_a_component_is_told() {
    let desk = desk();
    let none = desk.call(&["plugin", "test", "cases"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("say --component FILE"), "{}", none.err);
    let component = plugin("first-day-late-email");
    let empty = desk.call(&[
        "plugin",
        "test",
        "cases/known/..",
        "--component",
        "cases/late.json",
    ]);
    assert_eq!(empty.code, 3, "{}", empty.out);
    assert!(
        empty.out.contains("cases/late.json: not admitted: "),
        "{}",
        empty.out
    );
    std::fs::create_dir(desk.path("empty")).unwrap();
    let empty = desk.call(&["plugin", "test", "empty", "--component", &component]);
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("empty has no fixture"), "{}", empty.err);
    desk.write("Cargo.toml", "[package]\nname = \"unbuilt\"");
    let unbuilt = desk.call(&["plugin", "test"]);
    assert_eq!(unbuilt.code, 2);
    assert!(
        unbuilt.err.contains("build/unbuilt.wasm is not there"),
        "{}",
        unbuilt.err
    );
}
