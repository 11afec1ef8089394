//! `regua test`: scenarios that pass, differ, are updated, or have faults; and the conformance pack.

use serde_json::Value;

use super::{Desk, plugin, repository};

const LADDER: &str = r#"
name: ladder
send_window: "0 * 9-16 * * MON-FRI"
calendar: weekends
late_entry: first
stages:
  - id: first-day-late
    plugin: first-day-late-email@1
    at: { days_overdue: 1 }
    config: { template: first-day-late }
    on: { sent: { end: closed }, unreachable: { end: closed } }
    on_failure: { hold: 7d, task: "Look at this case" }
"#;

const STORY: &str = "\
scenario: One letter on the first late day
starts: 2026-03-02
story:
  # What is owed.
  - invoice: { reference: F-1, amount: 250.00 BRL, due_on: day 2 }
  - on: day 3
    expect:
      messages: [{ channel: letter, has: [\"250.00\"] }]
      ended: closed
  - on: day 9   # and nothing after it
    expect: { messages: [], balance: 250.00 BRL }
";

/// A folder with a setup and a scenario that is wrong about the channel.
fn desk() -> Desk {
    let desk = Desk::new();
    let repository = repository();
    let repository = repository.display();
    let component = plugin("first-day-late-email");
    std::fs::create_dir_all(desk.path("stories/deep")).unwrap();
    desk.write("ladder.yaml", LADDER);
    desk.write(
        "stories/setup.yaml",
        &format!(
            "policy: {{ display_name: Acme, charges_on_paid_principal: keep, \
               link_base: https://pay.acme.example }}\n\
             workflows: [../ladder.yaml]\n\
             plugins: [\"{component}\"]\n\
             templates: [\"{repository}/plugins/first-day-late-email/templates/*.yaml\"]\n"
        ),
    );
    desk.write("stories/deep/letter.scenario.yaml", STORY);
    desk
}

#[test]
fn what_came_otherwise_is_shown_and_can_be_kept() {
    let desk = desk();
    let first = desk.call(&["test", "stories", "--junit", "report.xml"]);
    assert_eq!(first.code, 3, "{}{}", first.out, first.err);
    for line in [
        "failed  stories/deep/letter.scenario.yaml: One letter on the first late day",
        "  line 7, column 5, C-1 by 2026-03-05:",
        "  - - channel: letter",
        "  + - channel: email",
        "ladder@1: 1 of 1 stages, 1 of 3 ways out of them",
        "  never  first-day-late: unreachable",
        "  never  first-day-late: on_failure",
        "0 of 1 scenarios as expected; 10 days, 1 decisions",
    ] {
        let told = first.out.lines().any(|told| told == line);
        assert!(told, "{line}\n{}", first.out);
    }
    let junit = std::fs::read_to_string(desk.path("report.xml")).unwrap();
    assert!(
        junit.contains("failures=\"1\"") && junit.contains("channel: email"),
        "{junit}"
    );
    let updated = desk.done(&["test", "stories", "--update"]);
    assert!(updated.contains("updated stories/deep/letter"), "{updated}");
    let kept = std::fs::read_to_string(desk.path("stories/deep/letter.scenario.yaml")).unwrap();
    // What is not expected stays as it was, comments and all.
    let (before, _) = STORY.split_once("    expect:\n").unwrap();
    assert!(kept.starts_with(before), "{kept}");
    let (_, after) = STORY.split_once("  - on: day 9").unwrap();
    assert!(kept.ends_with(after), "{kept}");
    let json = desk.done(&["test", "stories", "--json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["scenarios"][0]["verdict"], "passed", "{json}");
    assert_eq!(report["scenarios"][0]["expectations"], 2);
    assert_eq!(report["coverage"][0]["ways"]["taken"], 1);
}

#[test]
fn an_empty_expectation_is_filled_in_and_holds_from_then_on() {
    let desk = desk();
    let (story, _) = STORY.split_once("    expect:\n").unwrap();
    desk.write(
        "stories/deep/letter.scenario.yaml",
        &format!("{story}    expect: {{}}\n"),
    );
    assert_eq!(desk.call(&["test", "stories"]).code, 3);
    desk.done(&["test", "stories", "--update"]);
    let kept = std::fs::read_to_string(desk.path("stories/deep/letter.scenario.yaml")).unwrap();
    for piece in [
        "template: first-day-late",
        "purpose: demand",
        "balance: 250.00 BRL",
        "ended: closed",
    ] {
        assert!(kept.contains(piece), "{piece}\n{kept}");
    }
    let again = desk.done(&["test", "stories"]);
    assert!(again.contains("1 of 1 scenarios as expected"), "{again}");
}

#[test]
fn faults_are_told_with_their_file_line_and_column() {
    let desk = desk();
    desk.write(
        "stories/bad.scenario.yaml",
        "scenario: Bad\nstarts: 2026-03-02\nstory:\n  - on: day 1\n    invoices: {}\n  - refused: x\n",
    );
    let scenario = desk.call(&["test", "stories"]);
    assert_eq!(scenario.code, 3);
    let told = "stories/bad.scenario.yaml: line 5, column 5, /story/0/invoices: `invoices` is not \
                known here: did you mean `invoice`?";
    assert!(scenario.out.contains(told), "{}", scenario.out);
    desk.write(
        "ladder.yaml",
        &LADDER.replace("first-day-late-email@1", "first-day@1"),
    );
    let workflow = desk.call(&["test", "stories/deep"]);
    assert_eq!(workflow.code, 3, "{}{}", workflow.out, workflow.err);
    let told = "ladder.yaml: line 8, column 5, /stages/0/plugin:";
    assert!(workflow.out.contains(told), "{}", workflow.out);
    desk.write(
        "stories/setup.yaml",
        "workflows: [../ladder.yaml]\nplugin: []\n",
    );
    let setup = desk.call(&["test", "stories/deep"]);
    assert_eq!(setup.code, 3);
    assert!(
        setup.out.contains("setup.yaml: line 2, column 1, /plugin:"),
        "{}",
        setup.out
    );
    std::fs::remove_file(desk.path("stories/setup.yaml")).unwrap();
    let none = desk.call(&["test", "stories/deep"]);
    assert_eq!(none.code, 3, "{}", none.out);
    assert!(
        none.out
            .contains("there is no setup.yaml in its folder or above"),
        "{}",
        none.out
    );
}

#[test]
fn a_file_that_cannot_be_played_stops_no_other_and_stands_in_every_report() {
    let desk = desk();
    std::fs::write(
        desk.path("stories/latin.scenario.yaml"),
        b"scenario: ol\xe1\n",
    )
    .unwrap();
    desk.write("stories/bad.scenario.yaml", "scenario: Bad\nstory: 3\n");
    std::os::unix::fs::symlink("nowhere", desk.path("stories/gone.scenario.yaml")).unwrap();
    std::fs::create_dir(desk.path("stories/other")).unwrap();
    desk.write("stories/other/setup.yaml", "plugins: 3\n");
    desk.write("stories/other/story.scenario.yaml", STORY);

    let told = desk.call(&["test", "stories", "--junit", "report.xml", "--json"]);
    assert_eq!(told.code, 3, "{}", told.err);
    assert!(
        told.err.contains("setup.yaml: line 1, column 1, /plugins"),
        "{}",
        told.err
    );
    let report: Value = serde_json::from_str(&told.out).unwrap();
    let faulty: Vec<_> = report["faulty"].as_array().unwrap().iter().collect();
    let junit = std::fs::read_to_string(desk.path("report.xml")).unwrap();
    for (at, file, fault) in [
        (0, "bad", "line 2, column 1, /story"),
        (1, "gone", "cannot read stories/gone.scenario.yaml"),
        (2, "latin", "line 1, column 13: not UTF-8"),
        (3, "other/story", "its setup has faults"),
    ] {
        let (name, faults) = (&faulty[at]["file"], faulty[at]["faults"].to_string());
        assert_eq!(*name, format!("stories/{file}.scenario.yaml"));
        assert!(faults.contains(fault), "{file}: {faults}");
        assert!(junit.contains(fault), "{file}: {junit}");
    }
    assert_eq!(report["scenarios"][0]["verdict"], "failed");

    // What came is told though the report cannot be written.
    let unwritten = desk.call(&["test", "stories/deep", "--junit", "not/there.xml"]);
    assert_eq!(unwritten.code, 1);
    assert!(
        unwritten.out.contains("  + - channel: email"),
        "{}",
        unwritten.out
    );
    assert!(
        unwritten.err.contains("cannot write not/there.xml"),
        "{}",
        unwritten.err
    );
}

#[test]
fn what_cannot_be_written_into_a_scenario_is_told_and_left() {
    let desk = desk();
    let (story, _) = STORY.split_once("    expect:\n").unwrap();
    let story = format!("{story}    expect: {{ no_contact_since: day 3 }}\n");
    desk.write("stories/deep/letter.scenario.yaml", &story);
    let told = desk.call(&["test", "stories", "--update"]);
    assert_eq!(told.code, 3, "{}", told.out);
    let left = "it is left as it is: `no_contact_since` was not kept: that is mended by hand";
    assert!(told.out.contains(left), "{}", told.out);
    let kept = std::fs::read_to_string(desk.path("stories/deep/letter.scenario.yaml")).unwrap();
    assert_eq!(kept, story);
}

#[test]
fn any_policy_can_be_held_against_the_pack_and_editors_have_schemas() {
    let desk = desk();
    let pack = desk.call(&["test", "--conformance", "--setup", "stories/setup.yaml"]);
    assert_eq!(pack.code, 0, "{}{}", pack.out, pack.err);
    assert!(
        pack.out.contains("24 of 24 scenarios as expected"),
        "{}",
        pack.out
    );
    for kind in ["workflow", "scenario", "setup"] {
        let schema: Value = serde_json::from_str(&desk.done(&["schema", kind])).unwrap();
        assert!(schema["properties"].is_object(), "{kind}");
    }
}
