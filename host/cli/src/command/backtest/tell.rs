//! A backtest for people, and a line for each customer.

use std::collections::BTreeMap;

use regua_domain::money::{Currency, Money};
use regua_rehearsal::backtest::{Compared, Difference, Lived, Report, Totals};
use regua_report::plain;

use crate::out::{counted, difference, put, say};

/// Differences that are told with both stories.
const SHOWN: usize = 3;
/// Names that are told of a list.
const NAMES: usize = 10;

pub(super) fn report(report: &Report) {
    let Report {
        customers,
        different,
        live,
        candidate,
        ..
    } = report;
    let customers = counted(*customers, "customer");
    say!("{customers}; the policies do otherwise with {different}");
    say!("{:<38}{:>12}{:>12}", "", "live", "candidate");
    let row = |what: &str, live: u64, candidate: u64| say!("{what:<38}{live:>12}{candidate:>12}");
    row("customers written to", live.contacted, candidate.contacted);
    row("messages", live.messages(), candidate.messages());
    rows("  by ", &live.contacts, &candidate.contacts);
    rows("  at ", &live.by_stage, &candidate.by_stage);
    row(
        "  after all was paid",
        live.after_paid,
        candidate.after_paid,
    );
    row("tasks", live.tasks, candidate.tasks);
    row("offers", live.offers, candidate.offers);
    row("placements", live.placements, candidate.placements);
    fees(live, candidate);
    row("failures of stages", live.failures, candidate.failures);
    rows("refused by ", &live.refused, &candidate.refused);
    row(
        "cost, minor units of your own money",
        live.spent,
        candidate.spent,
    );
    rows("at the end ", &live.stands, &candidate.stands);
    row("decisions", live.decisions, candidate.decisions);
    row(
        "facts about what it never did",
        live.untold,
        candidate.untold,
    );
    names(
        "written to by the live policy alone",
        &report.never_by_candidate,
    );
    names("written to by the candidate alone", &report.never_by_live);
    names(
        "written to by the candidate after they paid",
        &report.after_paid_by_candidate,
    );
    for Difference { size, compared } in report.differences.iter().take(SHOWN) {
        let things = if *size == 1 {
            "thing differs"
        } else {
            "things differ"
        };
        say!("");
        say!(
            "{}: {size} {things} (- live, + candidate)",
            compared.reference
        );
        put!(
            "{}",
            difference(&told(&compared.live), &told(&compared.candidate))
        );
    }
    let more = report.differences.len().saturating_sub(SHOWN);
    if more > 0 {
        say!("");
        say!("{more} more customers: --html FILE and --json FILE have all of them");
    }
    say!("");
    say!(
        "Payments are those that were recorded: they do not change because other letters were sent."
    );
}

/// A row for each name that either has.
fn rows(what: &str, live: &BTreeMap<String, u64>, candidate: &BTreeMap<String, u64>) {
    let mut names: Vec<_> = live.keys().chain(candidate.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let count = |of: &BTreeMap<String, u64>| of.get(name).copied().unwrap_or(0);
        let what = format!("{what}{name}");
        say!("{what:<38}{:>12}{:>12}", count(live), count(candidate));
    }
}

fn fees(live: &Totals, candidate: &Totals) {
    let mut currencies: Vec<_> = live.fees.keys().chain(candidate.fees.keys()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    for currency in currencies {
        let sum = |of: &Totals| {
            let minor = of.fees.get(currency).copied().unwrap_or(0);
            let known = Currency::parse(currency);
            known.map_or_else(
                |_| minor.to_string(),
                |it| Money::new(minor, it).to_decimal().to_string(),
            )
        };
        let what = format!("fees and interest, {currency}");
        say!("{what:<38}{:>12}{:>12}", sum(live), sum(candidate));
    }
}

fn names(what: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let shown: Vec<_> = names.iter().take(NAMES).map(String::as_str).collect();
    let more = names.len() - shown.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    say!("{what}: {}{more}", shown.join(", "));
}

/// What happened, a line each.
fn told(lived: &Lived) -> String {
    let lines = lived.story.iter().map(|line| format!("{line}\n"));
    lines.collect()
}

/// A line for each customer, with what both policies did.
pub(super) fn csv(compared: &[Compared]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = [
        "messages",
        "first_contact",
        "after_paid",
        "tasks",
        "offers",
        "placements",
        "spent",
        "stands",
    ];
    let mut head = vec!["customer".to_owned()];
    for policy in ["live", "candidate"] {
        head.extend(columns.iter().map(|column| format!("{policy}_{column}")));
    }
    writer.write_record(&head)?;
    for compared in compared {
        let mut row = vec![plain(&compared.reference).into_owned()];
        for lived in [&compared.live, &compared.candidate] {
            let first = lived.first_contact().map(|day| day.to_string());
            row.extend([
                lived.contacts.len().to_string(),
                first.unwrap_or_default(),
                lived.after_paid().to_string(),
                lived.tasks.to_string(),
                lived.offers.to_string(),
                lived.placements.to_string(),
                lived.spent.to_string(),
                plain(&lived.stands.join(" ")).into_owned(),
            ]);
        }
        writer.write_record(&row)?;
    }
    Ok(writer.into_inner()?)
}
