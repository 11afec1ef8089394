//! `regua backtest`, `simulate` and `fit`: what a policy would have done, would likely bring in, and
//! what that rests on.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{Desk, plugin, repository};

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

/// Whether a process does something of its own on SIGINT, as Linux tells it.
fn catches_interrupts(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    u64::from_str_radix(caught.unwrap().trim(), 16).unwrap() & 1 << (2 - 1) != 0
}

#[test]
fn a_simulation_that_is_interrupted_tells_what_it_has() {
    let desk = desk();
    let endless = "simulate --setup setup.yaml --customers 10000000 --days 30 --json told.json";
    let endless: Vec<_> = endless.split(' ').collect();
    let mut command = desk.command(&endless);
    let simulating = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut simulating = simulating.unwrap();
    // It plays from then on.
    while !catches_interrupts(simulating.id()) {
        assert!(simulating.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    let process = simulating.id().to_string();
    let told = Command::new("kill").args(["-INT", &process]).status();
    assert!(told.unwrap().success());

    let ended = simulating.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success(), "{said}");
    let payers = json(&desk, "told.json")["payers"].as_u64().unwrap();
    assert!(payers < 10_000_000, "{payers}");
    let stopped = format!("stopped: {payers} of 10000000 payers were played");
    assert!(said.contains(&stopped), "{said}");
    let out = String::from_utf8(ended.stdout).unwrap();
    assert!(out.starts_with(&format!("{payers} payers")), "{out}");
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
        "recovery rate",
        "with 95 % intervals",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn what_is_assumed_of_payers_is_held_against_its_schema_with_lines() {
    let desk = desk();
    desk.write(
        "payers.yaml",
        "time_zone: America/Sao_Paulo\nmodel:\n  paydya: 2\n",
    );
    let run = [
        "simulate",
        "--setup",
        "setup.yaml",
        "--payers",
        "payers.yaml",
    ];
    let called = desk.call(&run);
    assert_eq!(called.code, 3, "{}{}", called.out, called.err);
    let told = format!("{}{}", called.out, called.err);
    assert!(
        told.contains("payers.yaml: line 3, column 3, /model/paydya"),
        "{told}"
    );
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
fn a_tenant_s_own_past_is_fitted_as_a_ledger_is() {
    let desk = desk();
    let of_ledger = desk.done(&["fit", "--ledger", "ledger.csv", "--mapping", "mapping.yaml"]);
    desk.sandbox();
    let import = ["import", "csv", "ledger.csv", "--mapping", "mapping.yaml"];
    desk.done(&import);
    assert_eq!(desk.done(&["fit"]), of_ledger);
    desk.write("year.csv", &year());
    desk.done(&["import", "csv", "year.csv", "--mapping", "mapping.yaml"]);
    let simulated = desk.call(&["simulate", "--customers", "5", "--days", "30"]);
    assert_eq!(simulated.code, 0, "{}", simulated.err);
    assert!(
        simulated.err.contains("payers: fitted to"),
        "{}",
        simulated.err
    );
}
