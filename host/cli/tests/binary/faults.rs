//! Bad documents, mappings, rows, templates and components: every fault is told with its
//! place, and nothing of them is half-written.

use crate::{Called, Desk, LEDGER, MAPPING, WORKFLOW, plugin, repository};

const IMPORT: [&str; 5] = ["import", "csv", "ledger.csv", "--mapping", "mapping.yaml"];

impl Desk {
    /// Calls what ends with faults, and gives what was told of them, a line each.
    #[track_caller]
    fn faults(&self, arguments: &[&str]) -> Vec<String> {
        let Called { code, out, err } = self.call(arguments);
        assert_eq!(code, 3, "{arguments:?}\n{out}{err}");
        out.lines().map(str::to_owned).collect()
    }

    /// A sandbox with a plugin and its templates on the shelf.
    fn with_shelf() -> Self {
        let desk = Self::new();
        desk.sandbox();
        desk.done(&["plugin", "push", &plugin("first-day-late-email")]);
        let templates = repository().join("plugins/first-day-late-email/templates");
        desk.done(&["template", "put", &templates.display().to_string()]);
        desk
    }
}

#[test]
fn a_workflow_with_faults_publishes_no_version() {
    let desk = Desk::with_shelf();
    let bad = WORKFLOW
        .replace("calendar: US", "calendar: Atlantis")
        .replace("first-day-late-email@1", "first-day-late-email@7")
        .replace("send_window: \"0 *", "send_window: \"61 *");
    desk.write("bad.yaml", &bad);
    let publish = ["workflow", "publish", "bad.yaml", "--activate", "--default"];
    let faults = desk.faults(&publish);
    for place in [
        "bad.yaml: line 2, column 1, /send_window: ",
        "bad.yaml: line 3, column 1, /calendar: ",
        "bad.yaml: line 8, column 5, /stages/0/plugin: ",
    ] {
        assert!(
            faults.iter().any(|fault| fault.starts_with(place)),
            "{place}\n{faults:#?}"
        );
    }
    assert_eq!(faults.last().unwrap(), "bad.yaml: 3 problems");
    assert_eq!(desk.done(&["workflow", "list"]), "");
    assert!(!desk.done(&["tenant", "show", "acme"]).contains("standard"));

    // Nor does a fault touch the version that is there.
    desk.write("good.yaml", WORKFLOW);
    desk.done(&["workflow", "publish", "good.yaml", "--activate"]);
    let before = desk.done(&["workflow", "list"]);
    desk.faults(&publish);
    assert_eq!(desk.done(&["workflow", "list"]), before);
    // The next version is the second: no number was used up.
    desk.write("good.yaml", &WORKFLOW.replace("\"1.00\"", "\"2.00\""));
    let second = desk.done(&["workflow", "publish", "good.yaml"]);
    assert!(second.starts_with("standard@2 published"), "{second}");
}

#[test]
fn a_policy_with_faults_changes_nothing() {
    let desk = Desk::new();
    desk.sandbox();
    let before = desk.done(&["tenant", "policy", "acme"]);
    desk.write(
        "policy.yaml",
        "display_name: Other\nsandbox: true\ncharges_on_paid_principal: keep\n\
         grace_days: soon\ncontact: { gap_hours: { demand: -1 } }\ncolour: red\n",
    );
    let faults = desk.faults(&["tenant", "policy", "acme", "--set", "policy.yaml"]);
    for place in ["/grace_days: ", "/contact/gap_hours: ", "/colour: "] {
        assert!(
            faults.iter().any(|fault| fault.contains(place)),
            "{place}\n{faults:#?}"
        );
    }
    assert_eq!(desk.done(&["tenant", "policy", "acme"]), before);
}

#[test]
fn a_mapping_with_faults_takes_no_row() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("ledger.csv", LEDGER);
    desk.write(
        "mapping.yaml",
        &MAPPING.replace("dispute-opened", "dispute-opend"),
    );
    let faults = desk.faults(&IMPORT);
    let is_placed = |fault: &String| fault.starts_with("mapping.yaml: line ");
    assert!(
        !faults.is_empty() && faults.iter().all(is_placed),
        "{faults:#?}"
    );
    assert_untouched(&desk);
}

#[test]
fn a_file_without_the_columns_of_its_mapping_is_not_begun() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("mapping.yaml", MAPPING);
    desk.write("ledger.csv", &LEDGER.replacen("DueDate", "Due", 1));
    let called = desk.call(&IMPORT);
    assert_eq!(called.code, 1, "{}", called.out);
    assert!(called.err.contains("`DueDate`"), "{}", called.err);
    assert_untouched(&desk);
}

/// Nothing of the ledger is known yet.
#[track_caller]
fn assert_untouched(desk: &Desk) {
    desk.write("mapping.yaml", MAPPING);
    desk.write("ledger.csv", LEDGER);
    let taken = desk.call(&IMPORT);
    assert!(taken.out.contains("known already: 0"), "{}", taken.out);
}

/// The row is put right in the file, and that is all that is new.
#[test]
fn a_row_that_was_left_out_is_taken_once_it_is_right() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("mapping.yaml", MAPPING);
    desk.write("ledger.csv", LEDGER);
    let report = |name: &str| -> serde_json::Value {
        let called = desk.call(&[IMPORT.as_slice(), &["--report", name]].concat());
        assert!(called.code == 0 || called.code == 3, "{}", called.err);
        serde_json::from_str(&std::fs::read_to_string(desk.path(name)).unwrap()).unwrap()
    };
    let first = report("first.json");
    assert_eq!(
        (&first["rows"], &first["rows_left_out"]),
        (&3.into(), &1.into())
    );
    assert_eq!(first["faults"][0]["line"], 4);
    assert_eq!(first["faults"][0]["column"], "InvoiceAmount");

    desk.write("ledger.csv", &LEDGER.replace("55.377", "55.38"));
    let second = desk.done(&IMPORT);
    assert!(
        second.contains("new: 1 invoice-issued, 1 payment ("),
        "{second}"
    );
    let third = desk.done(&IMPORT);
    assert!(third.contains("new: nothing (0 of them"), "{third}");
}

/// What only the engine can see is a fault of the row too.
#[test]
fn a_row_that_the_ledger_contradicts_is_left_out_whole() {
    let desk = Desk::new();
    desk.sandbox();
    desk.done(&["clock", "set", "2013-01-01"]);
    desk.write("mapping.yaml", MAPPING);
    let row = |amount: &str, settled: &str| {
        let headings = LEDGER.lines().next().unwrap();
        format!("{headings}\n770,A-1,x,1,03/01/2012,02/02/2012,{amount},No,{settled},Paper,,\n")
    };
    desk.write("ledger.csv", &row("50.39", ""));
    desk.done(&IMPORT);
    desk.write("ledger.csv", &row("60.00", "23/02/2012"));
    let faults = desk.faults(&IMPORT);
    assert!(
        faults[0]
            .starts_with("ledger.csv: line 2: invoice `1` is known already, with another amount"),
        "{faults:#?}"
    );
    // Its payment is not in either.
    let told = faults.last().unwrap();
    assert!(told.starts_with("new: nothing ("), "{faults:#?}");
}

/// A template of one locale.
fn template(text: &str) -> String {
    format!("subject: A word\ntext: |\n  Dear {{{{ customer.name }}}},\n  {text}\n")
}

#[test]
fn a_template_with_a_fault_is_not_put_and_its_place_is_told() {
    let desk = Desk::new();
    desk.sandbox();
    for (text, place) in [
        ("{{ customer.nmae }}", "text, line 2: "),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "text, line 2: ",
        ),
        ("{{ 'x' * 40000 }}", "text: "),
        ("{% if %}", "text, line 2: "),
        ("pay at https://evil.example", "text, line 2: "),
    ] {
        desk.write("late.en.yaml", &template(text));
        let faults = desk.faults(&["template", "put", "late.en.yaml"]);
        let [fault] = faults.as_slice() else {
            panic!("{text}: {faults:#?}")
        };
        assert!(
            fault.contains("late") && fault.contains(place),
            "{text}: {fault}"
        );
        assert_eq!(desk.done(&["template", "list"]), "", "{text}");
    }
}

#[test]
fn a_locale_with_a_fault_keeps_the_others_out() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("late.en.yaml", &template("first"));
    desk.write("late.pt-BR.yaml", &template("{{ customer.nmae }}"));
    let faults = desk.faults(&["template", "put", "late.en.yaml", "late.pt-BR.yaml"]);
    assert!(faults[0].contains("pt-BR"), "{faults:#?}");
    assert_eq!(desk.done(&["template", "list"]), "");
}

#[test]
fn a_locale_that_is_no_template_keeps_the_others_out_too() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("late.en.yaml", &template("first"));
    desk.write("late.pt-BR.yaml", "subject: A word\ntxet: x\n");
    let faults = desk.faults(&["template", "put", "late.en.yaml", "late.pt-BR.yaml"]);
    assert!(faults[0].starts_with("late.pt-BR.yaml: "), "{faults:#?}");
    assert_eq!(desk.done(&["template", "list"]), "", "{faults:#?}");
}

#[test]
fn a_component_that_is_none_is_not_on_the_shelf() {
    let desk = Desk::new();
    desk.sandbox();
    desk.write("stage.wasm", "no wasm");
    let faults = desk.faults(&["plugin", "push", "stage.wasm"]);
    assert!(
        faults[0].starts_with("stage.wasm: not admitted: not valid WebAssembly: "),
        "{faults:#?}"
    );
    assert_eq!(desk.done(&["plugin", "list"]), "");
}
