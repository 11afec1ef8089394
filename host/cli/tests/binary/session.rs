//! A session on the command line, from nothing to a first reminder.

use crate::{Desk, LEDGER, MAPPING, WORKFLOW, plugin, repository};

#[test]
fn an_import_that_is_run_again_adds_nothing_twice() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("mapping.yaml", MAPPING);
    desk.write("ledger.csv", LEDGER);
    let import = ["import", "csv", "ledger.csv", "--mapping", "mapping.yaml"];
    let first = desk.call(&[import.as_slice(), &["--report", "report.json"]].concat());
    assert_eq!(first.code, 3, "{}{}", first.out, first.err);
    assert!(
        first.out.contains("line 4, column InvoiceAmount"),
        "{}",
        first.out
    );
    assert!(first.out.contains("1 rows left out"), "{}", first.out);
    assert!(first.out.contains("known already: 0"), "{}", first.out);
    let report = std::fs::read_to_string(desk.path("report.json")).unwrap();
    assert!(report.contains(r#""line": 4"#), "{report}");
    let again = desk.call(&import);
    assert!(
        again.out.contains("new: nothing (0 of them"),
        "{}",
        again.out
    );
    desk.done(&["run", "--until", "2012-03-01"]);
    let after = desk.call(&import);
    assert!(
        after.out.contains("new: nothing (0 of them"),
        "{}",
        after.out
    );
}

#[test]
fn a_dry_run_tells_nothing() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("mapping.yaml", MAPPING);
    desk.write("ledger.csv", LEDGER);
    let import = ["import", "csv", "ledger.csv", "--mapping", "mapping.yaml"];
    let dry = desk.call(&[import.as_slice(), &["--dry-run"]].concat());
    assert_eq!(dry.code, 3);
    let real = desk.call(&import);
    assert!(real.out.contains("known already: 0"), "{}", real.out);
}

/// What a stage knew, it can be asked again on one's own machine.
fn asked_again(desk: &Desk, case: &str) {
    desk.write(
        "first.json",
        &desk.done(&["case", "situation", case, "--sequence", "1"]),
    );
    desk.write("config.json", r#"{ "template": "first-day-late" }"#);
    let mut run = vec!["plugin", "run", "--situation", "first.json"];
    let (good, none) = (plugin("first-day-late-email"), desk.path("ledger.csv"));
    run.extend([good.as_str(), "--config", "config.json"]);
    let decided = desk.done(&run);
    assert!(decided.contains("proposes demand:email"), "{decided}");
    assert!(decided.contains("fuel "), "{decided}");
    let json = desk.done(&[run.as_slice(), &["--json"]].concat());
    let call: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        call["answer"]["decision"]["next"]["leave"], "sent",
        "{json}"
    );
    desk.write("config.json", "{}");
    let refused = desk.call(&run);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(
        refused
            .out
            .contains("refused  the config: missing field `template`"),
        "{}",
        refused.out
    );
    assert!(!refused.err.contains("--config"), "{}", refused.err);
    let without = desk.call(&run[..run.len() - 2]);
    assert_eq!(without.code, 3, "{}", without.out);
    assert!(
        without.err.contains("--config FILE says"),
        "{}",
        without.err
    );
    desk.write("first.json", "{}");
    let called = desk.call(&run);
    assert_eq!(called.code, 2, "{}", called.out);
    assert!(
        called.err.contains("first.json is not a situation"),
        "{}",
        called.err
    );
    // Whether it would be admitted needs no store either.
    let check = ["--database", "nowhere.sqlite", "plugin", "check"];
    let checked = desk.done(&[check.as_slice(), &[&good]].concat());
    assert!(
        checked.contains("first-day-late-email@1.0.0 is admitted"),
        "{checked}"
    );
    let none = none.display().to_string();
    let called = desk.call(&[check.as_slice(), &["--json", &none, &good]].concat());
    assert_eq!(called.code, 3, "{}", called.err);
    let admitted: Vec<_> = called
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["admitted"].clone())
        .collect();
    assert_eq!(admitted, [false, true]);
    assert!(!desk.path("nowhere.sqlite").exists());
}

/// What the stage used is told, and what its tenant may use.
fn metered(desk: &Desk) {
    let usage = desk.done(&["plugin", "usage", "first-day-late-email"]);
    assert!(usage.starts_with("first-day-late-email@1.0.0, "), "{usage}");
    for told in ["outcomes      sent ", "failures      none", "p50 "] {
        assert!(usage.contains(told), "{usage}");
    }
    let wrote = desk.call(&[
        "plugin",
        "logs",
        "first-day-late-email@1.0.0",
        "--level",
        "info",
    ]);
    assert_eq!((wrote.code, wrote.out.as_str()), (0, ""), "{}", wrote.err);
    let nobody = desk.call(&["plugin", "usage", "nobody"]);
    assert_eq!(nobody.code, 1, "{}", nobody.err);
    let quota = desk.done(&["tenant", "quota", "acme"]);
    assert!(
        quota.contains("uploads-per-hour   600\t1 in the last hour"),
        "{quota}"
    );
    let few = [
        "tenant",
        "quota",
        "acme",
        "--uploads-per-hour",
        "1",
        "--calls-per-second",
    ];
    let set = desk.done(&[few.as_slice(), &["50"]].concat());
    assert!(set.contains("calls-per-second   50\t"), "{set}");
    assert_eq!(desk.call(&[few.as_slice(), &["0"]].concat()).code, 2);
    let over = desk.call(&["plugin", "add", &plugin("first-day-late-email")]);
    assert_eq!(over.code, 1, "{}", over.out);
    assert!(
        over.err.contains("1 uploads in an hour are allowed"),
        "{}",
        over.err
    );
    let back = desk.done(&["tenant", "quota", "acme", "--shipped"]);
    assert!(back.contains("calls-per-second   none"), "{back}");
}

#[test]
fn from_nothing_to_a_first_reminder() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("standard.yaml", WORKFLOW);
    desk.write("mapping.yaml", MAPPING);
    desk.write("ledger.csv", LEDGER);
    let templates = repository().join("plugins/first-day-late-email/templates");
    desk.done(&["plugin", "push", &plugin("first-day-late-email")]);
    desk.done(&["template", "put", &templates.display().to_string()]);
    desk.done(&["workflow", "check", "standard.yaml"]);
    let published = [
        "workflow",
        "publish",
        "standard.yaml",
        "--activate",
        "--default",
    ];
    assert!(desk.done(&published).contains("standard@1 activated"));
    assert!(
        desk.done(&["workflow", "explain", "standard"])
            .contains("# standard, version 1")
    );
    assert!(
        desk.done(&["workflow", "graph", "standard"])
            .contains("digraph")
    );
    desk.call(&["import", "csv", "ledger.csv", "--mapping", "mapping.yaml"]);
    desk.done(&["run", "--until", "2012-02-10"]);
    let timeline = desk.done(&["case", "timeline", "--customer", "A-1"]);
    assert!(
        timeline.contains("A case was opened under standard@1"),
        "{timeline}"
    );
    let cases = desk.done(&["case", "list"]);
    let case = cases.split_whitespace().next().unwrap();
    assert!(
        desk.done(&["case", "show", case]).contains("balance"),
        "{cases}"
    );
    let key = timeline
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .find(|word| word.starts_with("case_") && word.matches('.').count() >= 2)
        .unwrap_or_else(|| panic!("no effect on the timeline:\n{timeline}"))
        .trim_end_matches('.');
    let message = desk.done(&["message", "show", key]);
    assert!(message.contains("billing@a-1.example"), "{message}");
    crate::decisions::told_and_taken_again(&desk, case);
    asked_again(&desk, case);
    metered(&desk);
    desk.done(&["task", "list"]);
    assert!(
        desk.done(&["clock", "show"])
            .contains("2012-02-10T00:00:00Z")
    );
}

#[test]
fn a_document_with_faults_ends_with_3_and_names_each_of_them() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("bad.yaml", "name: standard\nstages: []\nsend_windw: x\n");
    let called = desk.call(&["workflow", "check", "bad.yaml"]);
    assert_eq!(called.code, 3, "{}{}", called.out, called.err);
    assert!(
        called.out.contains("line 3, column 1, /send_windw"),
        "{}",
        called.out
    );
    desk.write("policy.json", r#"{ "display_name": "" }"#);
    let called = desk.call(&["tenant", "policy", "acme", "--set", "policy.json"]);
    assert_eq!(called.code, 3);
    assert!(
        called
            .out
            .contains("/charges_on_paid_principal: is missing"),
        "{}",
        called.out
    );
}

#[test]
fn single_facts_are_taken_and_refused_with_their_reason() {
    let desk = Desk::new();
    desk.sandbox();
    let who = [
        "--reference",
        "A-1",
        "--name",
        "Ana",
        "--kind",
        "consumer",
        "--locale",
        "pt-BR",
    ];
    let place = [
        "--jurisdiction",
        "BR-SP",
        "--time-zone",
        "America/Sao_Paulo",
        "--contact",
        "email=ana@example.org",
    ];
    desk.done(&[["customer", "put"].as_slice(), &who, &place].concat());
    let invoice = [
        "invoice",
        "add",
        "--customer",
        "A-1",
        "--reference",
        "7",
        "--amount",
        "12.50 BRL",
    ];
    let dates = ["--issued-on", "2012-01-01", "--due-on", "2012-02-01"];
    let add = [invoice.as_slice(), &dates].concat();
    assert!(desk.done(&add).contains("taken"));
    assert!(desk.done(&add).contains("known already"));
    let void = desk.call(&["invoice", "void", "--customer", "A-1", "--invoice", "8"]);
    assert_eq!(void.code, 1);
    assert!(
        void.err
            .contains("not taken, about customer `A-1`: invoice `8` is not known"),
        "{}",
        void.err
    );
}

#[test]
fn what_is_called_wrongly_ends_with_2() {
    let desk = Desk::new();
    assert_eq!(desk.call(&["case", "list"]).code, 2);
    assert_eq!(desk.call(&["clock", "set", "soon"]).code, 2);
    assert_eq!(desk.call(&["--threads", "0", "tenant", "list"]).code, 2);
    let create = ["tenant", "create", "acme", "--charges-on-paid-principal"];
    let nowhere = ["keep", "--link-base", "pay.acme.example"];
    let called = desk.call(&[create.as_slice(), &nowhere].concat());
    assert_eq!(called.code, 2, "{}", called.err);
}
