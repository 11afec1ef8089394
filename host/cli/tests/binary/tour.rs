//! A tour, here and at a server: the same steps come to the same.

use crate::server::{Both, words};
use crate::{LEDGER, MAPPING, WORKFLOW, plugin, repository};

fn stock(both: &Both) {
    let templates = repository().join("plugins/first-day-late-email/templates");
    let templates = templates.display().to_string();
    let wasm = plugin("first-day-late-email");
    both.here.write("standard.yaml", WORKFLOW);
    assert!(both.done(&["plugin", "push", &wasm]).contains("added"));
    assert!(
        both.done(&["plugin", "add", &wasm])
            .contains("there already")
    );
    both.done(&words("plugin list"));
    both.done(&words("plugin show first-day-late-email"));
    both.done(&["template", "put", &templates]);
    both.done(&words("template list"));
    both.done(&words("workflow check standard.yaml"));
    let publish = both.done(&words(
        "workflow publish standard.yaml --activate --default",
    ));
    assert!(
        publish.contains("standard is the tenant's default"),
        "{publish}"
    );
    both.done(&words("workflow publish standard.yaml"));
    both.done(&words("workflow activate standard 2"));
    both.done(&words("workflow publish standard.yaml"));
    assert_eq!(
        both.done(&words("workflow remove standard 3")),
        "standard@3 removed\n"
    );
    let stays = both.call(&words("workflow remove standard 1"));
    assert!(stays.err.contains("it was active"), "{}", stays.err);
    versions(both);
    let label = both.done(&words("plugin list"));
    let stays = both.call(&["plugin", "remove", label.split('\t').next().unwrap()]);
    assert!(
        stays
            .err
            .contains("standard@1 locks it, standard@2 locks it"),
        "{}",
        stays.err
    );
    both.done(&words("workflow list"));
    both.done(&words("workflow graph standard"));
    both.done(&words("workflow graph standard@1 --format mermaid"));
    let explained = both.done(&words("workflow explain standard"));
    assert!(explained.contains("# standard, version 2"), "{explained}");
    let policy = both.done(&words("tenant policy acme"));
    both.here.write(
        "policy.json",
        &policy.replace("\"grace_days\": ", "\"grace_days\": 1"),
    );
    both.done(&words("tenant policy acme --set policy.json"));
    let shown = both.done(&words("tenant show acme"));
    assert!(
        shown.contains("\"default_workflow\": \"standard\""),
        "{shown}"
    );
}

/// What is told, one after the other, with its exit code; `~` stands for a space in an argument.
const TOLD: [(i32, &str); 27] = [
    (
        0,
        "customer put --reference C-1 --name Maria~Souza --kind consumer --locale en \
         --jurisdiction BR-SP --time-zone America/Sao_Paulo --contact email=maria@cliente.example",
    ),
    (
        0,
        "invoice add --customer C-1 --reference F-1 --amount 250.00~BRL --issued-on 2012-01-02 \
         --due-on 2012-01-10",
    ),
    (
        0,
        "invoice add --customer C-1 --reference F-2 --amount 80.00~BRL --issued-on 2012-01-02 \
         --due-on 2012-01-10",
    ),
    (
        1,
        "invoice add --customer C-1 --reference F-2 --amount 81.00~BRL --issued-on 2012-01-02 \
         --due-on 2012-01-10",
    ),
    (
        0,
        "invoice credit --customer C-1 --invoice F-3 --reference N-1 --amount 1.00~BRL \
         --at 2012-01-20",
    ),
    (
        0,
        "invoice credit --customer C-1 --invoice F-1 --reference N-2 --amount 1.00~BRL",
    ),
    (
        0,
        "invoice delivery --customer C-1 --invoice F-1 --state delivered",
    ),
    (1, "invoice void --customer C-1 --invoice F-9"),
    (1, "invoice void --customer C-9 --invoice F-1"),
    (
        0,
        "event reply --customer C-1 --reason cash-flow --text soon",
    ),
    (
        0,
        "event promise --customer C-1 --amount 20.00~BRL --due-on 2012-01-20",
    ),
    (0, "event opt-out --customer C-1 --channel email"),
    (0, "event opt-in --customer C-1 --channel email"),
    (
        0,
        "event hold --customer C-1 --reason away --until 2012-01-04",
    ),
    (0, "event lift-hold --customer C-1"),
    (
        0,
        "event dispute --customer C-1 --invoice F-2 --reference D-1 --amount 10.00~BRL \
         --reason goods-or-service",
    ),
    (
        0,
        "event resolve-dispute --customer C-1 --invoice F-2 --upheld",
    ),
    (
        0,
        "payment add --customer C-1 --reference P-1 --amount 5.00~BRL --paid-on 2012-01-05 \
         --pending",
    ),
    (
        0,
        "payment fail --customer C-1 --payment P-1 --code no-funds --hard",
    ),
    (
        0,
        "payment add --customer C-1 --reference P-2 --amount 6.00~BRL --paid-on 2012-01-05 \
         --invoice F-2",
    ),
    (
        0,
        "payment reverse --customer C-1 --payment P-2 --code taken-back",
    ),
    (
        1,
        "payment fail --customer C-1 --payment P-9 --code no-funds",
    ),
    (
        2,
        "event complete-task --customer C-1 --task task_1 --outcome called",
    ),
    (
        1,
        "event complete-task --customer C-1 --outcome called \
         --task task_00000000000000000000000000000007",
    ),
    (
        1,
        "event bounce --customer C-1 --effect case_00000000000000000000000000000007.1.0",
    ),
    (
        1,
        "event accept-offer --customer C-1 --effect case_00000000000000000000000000000007.1.0",
    ),
    (
        1,
        "placement return --customer C-1 --reason insolvent \
         --placement case_00000000000000000000000000000007.1.0",
    ),
];

fn tell(both: &Both) {
    for (number, (code, text)) in (1..).zip(TOLD) {
        // The same id here and there, and each time.
        let id = format!("fact_{number:032x}");
        let spaced: Vec<_> = words(text)
            .into_iter()
            .map(|word| word.replace('~', " "))
            .collect();
        let mut arguments: Vec<_> = spaced.iter().map(String::as_str).collect();
        arguments.extend(["--id", &id]);
        let told = both.call(&arguments);
        assert_eq!(told.code, code, "{text}: {}{}", told.out, told.err);
        if code == 0 {
            let again = both.done(&arguments);
            assert!(again.contains("known already"), "{text}: {again}");
        }
        if text.contains("--at ") {
            assert!(
                told.out.contains("told ahead, for 2012-01-20"),
                "{}",
                told.out
            );
        }
    }
    let first = format!("fact_{:032x}", 2);
    let mut other = words("event reply --customer C-1 --reason late --id");
    other.push(&first);
    let other = both.call(&other);
    assert_eq!(other.code, 1, "the id is another fact's");
    assert!(
        other.err.contains("stands for another fact"),
        "{}",
        other.err
    );
}

#[test]
fn a_tour_comes_to_the_same_here_and_at_a_server() {
    let both = Both::new();
    stock(&both);
    tell(&both);
    both.here.write("mapping.yaml", MAPPING);
    both.here.write("ledger.csv", LEDGER);
    let import = words("import csv ledger.csv --mapping mapping.yaml");
    let first = both.call(&import);
    assert_eq!(first.code, 3, "{}{}", first.out, first.err);
    assert!(first.out.contains("known already: 0"), "{}", first.out);
    let second = both.call(&import);
    assert!(
        second.out.contains("new: nothing (0 of them"),
        "{}",
        second.out
    );

    both.done(&words("clock show"));
    both.done(&words("clock set 2012-01-08"));
    assert_eq!(
        both.call(&words("clock set 2012-01-07")).code,
        1,
        "never back"
    );
    both.done(&words("run"));
    let run = both.done(&words("run --until 2012-02-10"));
    assert!(!run.contains(": 0 runs"), "{run}");
    for customer in ["A-1", "B-2", "C-1"] {
        both.done(&["case", "timeline", "--customer", customer]);
        both.done(&["case", "timeline", "--customer", customer, "--json"]);
        let cases = both.done(&["case", "list", "--customer", customer]);
        for case in cases.lines().filter_map(|line| line.split('\t').next()) {
            both.done(&["case", "timeline", case]);
            both.done(&["explain", "--case", case]);
            let shown = both.done(&["case", "show", case]);
            assert!(shown.contains("balance   outstanding"), "{shown}");
            for line in shown.lines().filter(|line| line.starts_with("effect ")) {
                let key = line.split_whitespace().nth(1).unwrap();
                both.call(&["message", "show", key]);
                both.call(&["message", "show", key, "--html"]);
            }
        }
    }
    both.done(&words("case list --open"));
    let two = both.done(&words("case list --limit 1"));
    assert_eq!(two.lines().count(), 1, "{two}");
    both.done(&words("task list --long"));
    // Further than one call goes.
    both.done(&words("run --until 2014-06-01"));
    both.done(&words("case timeline --customer B-2"));
    both.done(&words("task list --team collections"));
    both.call(&words("case timeline --customer nobody"));
    both.call(&words("workflow explain nothing"));
}

#[test]
fn faults_that_a_server_finds_are_told_with_their_places() {
    let both = Both::new();
    stock(&both);
    let bad = WORKFLOW
        .replace("calendar: US", "calendar: Atlantis")
        .replace("first-day-late-email@1", "first-day-late-email@7");
    both.here.write("bad.yaml", &bad);
    let checked = both.call(&words("workflow check bad.yaml"));
    assert_eq!(checked.code, 3, "{}", checked.err);
    assert!(
        checked
            .out
            .contains("bad.yaml: line 8, column 5, /stages/0/plugin: "),
        "{}",
        checked.out
    );
    assert!(
        checked.out.ends_with("bad.yaml: 2 problems\n"),
        "{}",
        checked.out
    );
    both.here
        .write("policy.yaml", "display_name: Other\ncolour: red\n");
    let set = both.call(&words("tenant policy acme --set policy.yaml"));
    assert_eq!(set.code, 3, "{}", set.err);
    assert!(
        set.out.contains("policy.yaml: line 2, column 1, /colour: "),
        "{}",
        set.out
    );
    both.here.write(
        "late.en.yaml",
        "subject: x\ntext: |\n  a\n  {{ customer.nmae }}\n",
    );
    let put = both.call(&words("template put late.en.yaml"));
    assert_eq!(put.code, 3, "{}", put.err);
    assert!(
        put.out.starts_with("template `late` (en), text, line 2: "),
        "{}",
        put.out
    );
    both.here.write("stage.wasm", "no wasm");
    let add = both.call(&words("plugin push stage.wasm"));
    assert!(
        add.out.starts_with("stage.wasm: not admitted: "),
        "{}{}",
        add.out,
        add.err
    );

    // A row that the ledger contradicts is left out whole, and told by its line in the file.
    both.done(&words("clock set 2013-01-01"));
    both.here.write("mapping.yaml", MAPPING);
    let headings = LEDGER.lines().next().unwrap();
    let rows = |amount: &str, settled: &str| {
        format!(
            "{headings}\n770,A-1,x,0,03/01/2012,02/02/2012,1.00,No,,Paper,,\n\
             770,A-1,x,1,03/01/2012,02/02/2012,{amount},No,{settled},Paper,,\n"
        )
    };
    let import = words("import csv ledger.csv --mapping mapping.yaml --report report.json");
    both.here.write("ledger.csv", &rows("50.39", ""));
    both.done(&import);
    both.here.write("ledger.csv", &rows("60.00", "23/02/2012"));
    let again = both.call(&import);
    assert_eq!(again.code, 3, "{}", again.err);
    let told = "ledger.csv: line 3: invoice `1` is known already, with another amount";
    assert!(again.out.starts_with(told), "{}", again.out);
    assert!(again.out.contains("new: nothing ("), "{}", again.out);
}

/// Versions that take one another's place, while nobody has a case yet.
fn versions(both: &Both) {
    let done = both.done(&words("workflow rollback standard --dry-run"));
    assert_eq!(
        done,
        "no case runs under standard: nobody would move\nnothing was activated: this was a dry run\n"
    );
    let done = both.done(&words("workflow rollback standard"));
    assert_eq!(done, "standard@1 active again: new cases get it\n");
    let done = both.done(&words("workflow canary standard 2 --percent 5"));
    assert_eq!(
        done,
        "standard@2 is on trial: 5 of a hundred customers get it\n"
    );
    let done = both.done(&words("workflow canary standard --end"));
    assert_eq!(done, "the version on trial of standard was taken back\n");
    both.done(&words("workflow shadow standard 2"));
    let report = both.done(&words("workflow shadow standard"));
    assert!(report.contains("\"compared\": 0"), "{report}");
    both.done(&words("workflow shadow standard --end"));
    let refused = both.call(&words("workflow activate standard 2 --stage no-such=first"));
    assert!(
        refused
            .out
            .contains("no other version has a stage `no-such`"),
        "{}",
        refused.out
    );
    let done = both.done(&words("workflow activate standard 2 --running migrate"));
    assert_eq!(done, "standard@2 activated: new cases get it\n");
}
