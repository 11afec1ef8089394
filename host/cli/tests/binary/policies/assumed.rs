//! What is assumed of payers: faults of it are told with their places.

use super::desk;
use crate::Called;

/// Simulates with payers as they are written, each line a fault that is told at its place.
#[track_caller]
fn refused(written: &str, told: &str) {
    let desk = desk();
    desk.write("payers.yaml", written);
    let run = "simulate --setup setup.yaml --customers 5 --payers payers.yaml";
    let Called { code, out, err } = desk.call(&run.split(' ').collect::<Vec<_>>());
    assert_eq!(code, 3, "{written}{out}{err}");
    assert!(out.contains(told), "{told}\n{out}");
    assert!(!out.contains("payers,"), "nothing was played: {out}");
}

#[test]
fn what_is_assumed_of_payers_is_held_against_its_schema_with_lines() {
    let written = "time_zone: America/Sao_Paulo\nmodel:\n  paydya: 2\n";
    refused(written, "payers.yaml: line 3, column 3, /model/paydya");
}

#[test]
fn whom_the_host_does_not_take_is_told_before_anybody_is_played() {
    refused(
        "locale: pt-BR\njurisdiction: Brazil\n",
        "payers.yaml: line 2, column 1, /jurisdiction: is neither a country",
    );
    refused(
        "locale: pt_BR\n",
        "payers.yaml: line 1, column 1, /locale: is not a language tag",
    );
    let hazard = "{ share: 1, hazard: [0, 0, 0, 0, 0, 0, 0, 0, 0] }";
    refused(
        &format!("model:\n  segments:\n    \"\": {hazard}\n"),
        "payers.yaml: line 3, column 5, /model/segments/: the name is",
    );
}

#[test]
fn what_no_payer_does_is_told() {
    let faults = [
        ("payday: -5", "/model/payday"),
        ("frailty_sigma: -3", "/model/frailty_sigma"),
        ("frailty_sigma: 1e300", "/model/frailty_sigma"),
        ("billing: { sigma: -1 }", "/model/billing/sigma"),
        ("billing: { sigma: 1e300 }", "/model/billing/sigma"),
        (
            "billing: { median: 500000000000000000 }",
            "/model/billing/median",
        ),
        (
            "billing: { most: 500000000000000000 }",
            "/model/billing/most",
        ),
        (
            "billing: { terms_days: 4000000000 }",
            "/model/billing/terms_days",
        ),
        ("agency: { hazard: -1 }", "/model/agency/hazard"),
        (
            "agency: { commission_bps: 99999 }",
            "/model/agency/commission_bps",
        ),
        ("amount_power: -40", "/model/amount_power"),
        (
            "contact: { effect: { sms: -40 } }",
            "/model/contact/effect/sms",
        ),
        ("contact: { fades_days: 0 }", "/model/contact/fades_days"),
        (
            "replies: { reasons: { never: 1 } }",
            "/model/replies/reasons/never",
        ),
        (
            "replies: { reasons: { promise: -1 } }",
            "/model/replies/reasons/promise",
        ),
        (
            "segments: { all: { share: 1e300, hazard: [0, 0, 0, 0, 0, 0, 0, 0, 0] } }",
            "/model/segments/all/share",
        ),
        (
            "segments: { all: { share: 1, hazard: [0, 0, 0, 0, 0, 0, 0, 0, -1] } }",
            "/model/segments/all/hazard/8",
        ),
    ];
    for (member, place) in faults {
        let told = format!("payers.yaml: line 2, column {{}}, {place}: ");
        let (before, after) = told.split_once("{}").unwrap();
        let desk = desk();
        desk.write("payers.yaml", &format!("model:\n  {member}\n"));
        let run = "simulate --setup setup.yaml --customers 5 --payers payers.yaml";
        let Called { code, out, err } = desk.call(&run.split(' ').collect::<Vec<_>>());
        assert_eq!(code, 3, "{member}\n{out}{err}");
        assert!(
            out.starts_with(before) && out.contains(after),
            "{member}\n{out}"
        );
    }
}

#[test]
fn a_currency_without_minor_digits_is_told_in_its_units() {
    let desk = desk();
    desk.write(
        "payers.yaml",
        "model:\n  billing: { currency: JPY, sigma: 0 }\n",
    );
    let run = "simulate --setup setup.yaml --customers 4 --days 60 --payers payers.yaml";
    let told = desk.done(&run.split(' ').collect::<Vec<_>>());
    let billed = told.lines().find(|line| line.starts_with("billed, JPY"));
    let billed = billed
        .unwrap()
        .split_whitespace()
        .last()
        .unwrap()
        .to_owned();
    // Two or three invoices of 18,000 yen each.
    let yen: i64 = billed.replace(',', "").parse().unwrap();
    assert!(yen > 0 && yen % 18_000 == 0, "{billed}");
}

#[test]
fn a_challenger_takes_the_place_of_a_workflow_of_the_setup() {
    let desk = desk();
    let later = std::fs::read_to_string(desk.path("later.yaml")).unwrap();
    desk.write(
        "misspelt.yaml",
        &later.replace("name: standard", "name: standart"),
    );
    let run = "simulate --setup setup.yaml --customers 5 --challenger misspelt.yaml";
    let Called { code, out, err } = desk.call(&run.split(' ').collect::<Vec<_>>());
    assert_eq!(code, 3, "{out}{err}");
    let told = "misspelt.yaml: line 3, column 1, /name: `standart` is no workflow";
    assert!(out.starts_with(told), "{out}");
}
