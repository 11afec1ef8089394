//! `regua backtest`, `simulate` and `fit`: what a policy would have done, would likely bring in, and
//! what that rests on.

mod assumed;
mod stopped;

use std::fmt::Write as _;

use serde_json::Value;

use super::{Called, Desk, WORKFLOW, plugin, repository};

/// A folder with the demo's ladder as a setup, a candidate for it, and a ledger.
fn desk() -> Desk {
    let desk = Desk::new();
    let repository = repository();
    let examples = repository.join("host/cli/examples/scenarios");
    let component = plugin("escalation");
    let plugins = component.strip_suffix("/escalation.wasm").unwrap();
    let repository = repository.display();
    desk.write(
        "setup.yaml",
        &format!(
            "policy: \"{repository}/host/cli/demo/policy.yaml\"\n\
             workflows: [\"{repository}/host/cli/demo/standard.yaml\"]\n\
             plugins: [\"{plugins}/*.wasm\"]\n\
             templates: [\"{plugins}/templates/*.yaml\"]\n"
        ),
    );
    for name in ["later.yaml", "ledger.csv", "mapping.yaml"] {
        std::fs::copy(examples.join(name), desk.path(name)).unwrap();
    }
    desk
}

fn json(desk: &Desk, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(desk.path(name)).unwrap()).unwrap()
}

#[test]
fn a_simulation_is_the_same_on_any_number_of_threads_and_another_with_another_seed() {
    let desk = desk();
    let simulate = |threads: &str, seed: &str| {
        let run = [
            "simulate",
            "--setup",
            "setup.yaml",
            "--customers",
            "300",
            "--days",
            "120",
            "--challenger",
            "later.yaml",
            "--json",
            "told.json",
            "--seed",
            seed,
        ];
        let told = desk.done(&[&["--threads", threads], run.as_slice()].concat());
        (told, json(&desk, "told.json"))
    };
    let (told, alone) = simulate("1", "7");
    assert_eq!(simulate("2", "7").1, alone);
    assert_ne!(simulate("2", "8").1["champion"], alone["champion"]);
    assert_eq!(alone["payers"], 300);
    let (champion, challenger) = (&alone["champion"], &alone["challenger"]);
    assert_eq!(
        champion["outcome"]["billed"],
        challenger["outcome"]["billed"]
    );
    assert_ne!(
        champion["outcome"]["contacts"],
        challenger["outcome"]["contacts"]
    );
    assert!(
        champion["outcome"]["decisions"].as_u64() > Some(300),
        "{champion}"
    );
    for line in [
        "300 payers, 120 days",
        "billed, BRL",
        "not yet due at the end, BRL",
        "agencies' commissions, BRL",
        "recovered within 1 day ",
        "recovery rate",
        "with 95 % intervals",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn a_backtest_tells_both_policies_and_where_they_differ() {
    let desk = desk();
    let told = desk.done(&[
        "backtest",
        "--ledger",
        "ledger.csv",
        "--mapping",
        "mapping.yaml",
        "--setup",
        "setup.yaml",
        "--workflow",
        "later.yaml",
        "--json",
        "told.json",
        "--csv",
        "told.csv",
    ]);
    let report = json(&desk, "told.json");
    let letters = |policy: &str| {
        let channels = report[policy]["contacts"].as_object().unwrap().values();
        channels.map(|count| count.as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(report["customers"], 12);
    assert!(letters("candidate") < letters("live"), "{told}");
    let different = report["different"].as_u64().unwrap();
    assert!(different > 0 && report["differences"].as_array().unwrap().len() as u64 == different);
    let lines = std::fs::read_to_string(desk.path("told.csv")).unwrap();
    assert_eq!(lines.lines().count(), 13, "{lines}");
}

/// A year of invoices of forty customers: those of even number pay a day late, the others eleven.
fn year() -> String {
    let mut ledger = "customer,name,invoice,issued,due,amount,paid\n".to_owned();
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    for (nth, customer) in (0..12).flat_map(|month| (0..40).map(move |of| (month, of))) {
        let issued = first + chrono::Days::new(nth * 30);
        let due = issued + chrono::Days::new(14);
        let paid = due + chrono::Days::new(if customer % 2 == 0 { 1 } else { 11 });
        writeln!(
            ledger,
            "C-{customer:02},Customer {customer},F-{nth}-{customer},{issued},{due},100.00,{paid}"
        )
        .unwrap();
    }
    ledger
}

#[test]
fn a_fit_foretells_months_that_it_has_not_seen_and_is_what_a_simulation_takes() {
    let desk = desk();
    desk.write("year.csv", &year());
    let fit = [
        "fit",
        "--ledger",
        "year.csv",
        "--mapping",
        "mapping.yaml",
        "--write",
        "fit.yaml",
    ];
    let told = desk.done(&fit);
    for line in [
        "invoices of 40 customers",
        "paid within 10 days after the due date",
        "Brier score",
        "The fit itself, to all of it",
        "480 invoices of 40 customers",
        "billed in BRL: 100.00 in the middle, 100.00 at most, due after 14 days",
        "most customers: en-GB, BR-SP, America/Sao_Paulo",
        "mostly businesses: all",
        "not fitted, but the default: billing.every_days",
        "written to fit.yaml",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let simulated = desk.done(&[
        "simulate",
        "--setup",
        "setup.yaml",
        "--customers",
        "50",
        "--days",
        "90",
        "--payers",
        "fit.yaml",
    ]);
    assert!(simulated.starts_with("50 payers"), "{simulated}");
    desk.write(
        "short.csv",
        &year().lines().take(41).collect::<Vec<_>>().join("\n"),
    );
    let short = ["fit", "--ledger", "short.csv", "--mapping", "mapping.yaml"];
    let called = desk.call(&short);
    assert_eq!(called.code, 2, "{}", called.err);
    assert!(
        called.err.contains("days: a fit needs 90 at least"),
        "{}",
        called.err
    );
}

#[test]
fn of_several_currencies_the_one_of_most_invoices_is_fitted() {
    let desk = desk();
    let mapping = std::fs::read_to_string(desk.path("mapping.yaml")).unwrap();
    let mapping = mapping.replace("currency: BRL", "currency: \"{currency}\"");
    desk.write("currencies.yaml", &mapping);
    let year = year();
    let lines = year.lines().enumerate().map(|(at, line)| match at {
        0 => format!("{line},currency"),
        at if at % 10 == 0 => format!("{line},USD"),
        _ => format!("{line},JPY").replace("100.00", "12000"),
    });
    desk.write("year.csv", &lines.collect::<Vec<_>>().join("\n"));
    let fit = "fit --ledger year.csv --mapping currencies.yaml";
    let Called { code, out, err } = desk.call(&fit.split(' ').collect::<Vec<_>>());
    assert_eq!(code, 0, "{err}");
    let said = "invoices: 432 of JPY, 48 of USD; fitted to those of JPY alone";
    assert!(err.contains(said), "{err}");
    assert!(out.contains("billed in JPY: 12,000 in the middle"), "{out}");
}

#[test]
fn a_tenant_s_own_past_is_fitted_as_a_ledger_is() {
    let desk = desk();
    let of_ledger = desk.done(&["fit", "--ledger", "ledger.csv", "--mapping", "mapping.yaml"]);
    desk.sandbox();
    let import = ["import", "csv", "ledger.csv", "--mapping", "mapping.yaml"];
    desk.done(&import);
    assert_eq!(desk.done(&["fit"]), of_ledger);
    desk.write("year.csv", &year());
    desk.done(&["import", "csv", "year.csv", "--mapping", "mapping.yaml"]);
    let simulate = ["simulate", "--customers", "5", "--days", "30"];
    let of_nothing = desk.call(&simulate);
    assert_eq!(of_nothing.code, 1, "{}", of_nothing.out);
    let said = "nothing would be done: no workflow that new cases of tenant `acme` get is active";
    assert!(of_nothing.err.contains(said), "{}", of_nothing.err);
    assert_eq!(of_nothing.out, "");

    desk.done(&["plugin", "push", &plugin("first-day-late-email")]);
    let templates = repository().join("plugins/first-day-late-email/templates");
    desk.done(&["template", "put", &templates.display().to_string()]);
    desk.write("standard.yaml", WORKFLOW);
    let publish = "workflow publish standard.yaml --activate --default";
    desk.done(&publish.split(' ').collect::<Vec<_>>());
    let simulated = desk.call(&simulate);
    assert_eq!(simulated.code, 0, "{}", simulated.err);
    assert!(
        simulated.err.contains("payers: fitted to"),
        "{}",
        simulated.err
    );
    challengers(&desk, &simulate);
    candidates(&desk);
}

/// A backtest of the tenant's own past has its name, and refuses what takes nobody's place.
fn candidates(desk: &Desk) {
    let backtest = "backtest --from 2025-01-06 --to 2025-02-10 --html page.html --workflow";
    let backtest: Vec<_> = backtest.split(' ').collect();
    let refused = desk.call(&[backtest.as_slice(), &["other.yaml"]].concat());
    assert_eq!(refused.code, 3, "{}{}", refused.out, refused.err);
    let told = "other.yaml: line 1, column 1, /name: `standart` is no workflow";
    assert!(refused.out.starts_with(told), "{}", refused.out);
    desk.done(&[backtest.as_slice(), &["standard.yaml"]].concat());
    let page = std::fs::read_to_string(desk.path("page.html")).unwrap();
    assert!(page.contains("<title>Backtest – Acme</title>"));
}

/// Faults of a challenger are told where it has them.
fn challengers(desk: &Desk, simulate: &[&str]) {
    let other = WORKFLOW.replace("name: standard", "name: standart");
    assert_ne!(other, WORKFLOW);
    desk.write("other.yaml", &other);
    let unknown = WORKFLOW.replace("first-day-late-email@1", "first-day-late-email@7");
    desk.write("unknown.yaml", &unknown);
    let faults = [
        (
            "other.yaml",
            "/name: `standart` is no workflow whose place the draft can take: `standard`",
        ),
        ("unknown.yaml", "/stages/0/plugin: "),
    ];
    for (file, told) in faults {
        let called = desk.call(&[simulate, &["--challenger", file]].concat());
        assert_eq!(called.code, 3, "{}{}", called.out, called.err);
        assert!(called.out.contains(told), "{}", called.out);
        let checked = desk.call(&["workflow", "check", file]);
        let line = called.out.lines().next().unwrap();
        if file == "unknown.yaml" {
            assert!(checked.out.contains(line), "{line}\n{}", checked.out);
        } else {
            assert!(line.starts_with("other.yaml: line 1, column 1"), "{line}");
        }
    }
}
