//! What a simulation came to: for people, and in files.

use std::path::Path;

use regua_domain::time::Date;
use regua_rehearsal::backtest::Costs;
use regua_rehearsal::simulate::{Difference, Model, Outcome, Setting, Sums};
use regua_report::{Labels, digits, money};
use serde::Serialize;

use super::Args;
use crate::out::{counted, say};

/// Days overdue at which the curve of recovery is told.
const MARKS: [usize; 7] = [1, 5, 10, 20, 30, 60, 90];

/// Writes the files that were asked for.
pub(super) fn files(
    args: &Args,
    setting: &Setting,
    sums: &Sums,
    tenant: &str,
) -> anyhow::Result<()> {
    if let Some(file) = &args.json {
        let text = json(setting, sums)? + "\n";
        crate::file::write(file, text)?;
    }
    if let Some(file) = &args.csv {
        crate::file::write(file, regua_report::simulation_csv(setting, sums)?)?;
    }
    if let Some(file) = &args.html {
        let draft = args.challenger.as_deref().and_then(Path::file_name);
        let draft = draft.unwrap_or_default().to_string_lossy();
        let labels = Labels {
            tenant,
            draft: &draft,
        };
        crate::file::write(file, regua_report::simulation(setting, sums, labels)?)?;
    }
    Ok(())
}

pub(super) fn sums(setting: &Setting, sums: &Sums) {
    say!(
        "{}, {} from {} on, seed {}",
        payers(setting, sums),
        counted(u64::from(setting.days), "day"),
        setting.starts,
        setting.seed
    );
    let policies: Vec<&Outcome> = std::iter::once(&sums.champion)
        .chain(&sums.challenger)
        .collect();
    let head = ["champion", "challenger"];
    row(
        "",
        head.iter().take(policies.len()).map(ToString::to_string),
    );
    table(setting, &policies);
    if sums.challenger.is_some() {
        let currency = &setting.model.billing.currency;
        let unit = 10_f64.powi(i32::try_from(digits(currency)).unwrap_or(2));
        say!("");
        say!("By payer, challenger less champion, with 95 % intervals:");
        difference(&format!("paid, {currency}"), sums.paid(), unit);
        difference(&format!("cost, {currency}"), sums.cost(), unit);
        difference("messages", sums.messages(), 1.0);
    }
}

/// How many payers were played; where it was stopped, of how many.
fn payers(setting: &Setting, sums: &Sums) -> String {
    if setting.is_cut_short(sums) {
        let asked = counted(setting.asked, "payer");
        return format!("{} of {asked} (stopped)", sums.payers);
    }
    counted(sums.payers, "payer")
}

fn table(setting: &Setting, policies: &[&Outcome]) {
    let told = |what: &str, value: &dyn Fn(&Outcome) -> String| {
        row(what, policies.iter().map(|outcome| value(outcome)));
    };
    let currency = &setting.model.billing.currency;
    let in_money = |what: &str, value: &dyn Fn(&Outcome) -> i128| {
        told(&format!("{what}, {currency}"), &|of| {
            money(value(of), digits(currency))
        });
    };
    in_money("billed", &|of| of.billed);
    in_money("paid in time", &|of| of.paid_in_time);
    in_money("paid late", &|of| of.paid_late);
    in_money("overdue at the end", &|of| of.overdue_at_end);
    in_money("not yet due at the end", &|of| of.not_yet_due);
    told("recovery rate", &|of| percent(of.recovery_rate()));
    told("days from due to paid, if late", &|of| {
        format!("{:.1}", of.days_to_recover())
    });
    for day in MARKS {
        let days = counted(day as u64, "day");
        told(&format!("  recovered within {days}"), &|of| {
            percent(within(of, day))
        });
    }
    told("messages", &|of| of.messages().to_string());
    told("replies", &|of| of.replies.to_string());
    told("promises kept / broken", &|of| {
        format!("{} / {}", of.promises_kept, of.promises_broken)
    });
    told("plans offered / taken / broken", &|of| {
        format!("{} / {} / {}", of.offers, of.plans, of.plans_broken)
    });
    told("tasks", &|of| of.tasks.to_string());
    told("placements", &|of| of.placements.to_string());
    in_money("cost", &Outcome::cost);
    in_money("  agencies' commissions", &|of| of.commission);
    told("cost of a unit recovered", &|of| {
        format!("{:.4}", of.cost_of_recovery())
    });
    told("failures of stages", &|of| of.failures.to_string());
    told("decisions", &|of| of.decisions.to_string());
}

fn row(what: &str, values: impl Iterator<Item = String>) {
    let values: Vec<_> = values.map(|value| format!(" {value:>21}")).collect();
    say!("{what:<32}{}", values.concat());
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// Of what was late, the share that was paid within so many days.
fn within(outcome: &Outcome, days: usize) -> f64 {
    let late = outcome.paid_late + outcome.overdue_at_end;
    if late == 0 {
        return 1.0;
    }
    let paid: i128 = outcome.curve.iter().take(days + 1).sum();
    paid as f64 / late as f64
}

/// A difference in units of so many of what was counted.
fn difference(what: &str, found: Difference, unit: f64) {
    let Difference { mean, low, high } = found;
    let scaled = |counted: f64| counted / unit;
    let told = if found.is_told() {
        ""
    } else {
        ": may be chance"
    };
    say!(
        "  {what:<24}{:+.4}  ({:+.4} to {:+.4}){told}",
        scaled(mean),
        scaled(low),
        scaled(high)
    );
}

/// All of it as JSON. Its numbers may be larger than a `Value` takes.
#[derive(Serialize)]
struct Told<'a> {
    asked: u64,
    payers: u64,
    stopped: bool,
    days: u32,
    starts: Date,
    seed: u64,
    model: &'a Model,
    costs: &'a Costs,
    champion: ToldOutcome<'a>,
    challenger: Option<ToldOutcome<'a>>,
    by_payer: Option<ByPayer>,
}

#[derive(Serialize)]
struct ToldOutcome<'a> {
    outcome: &'a Outcome,
    recovery_rate: f64,
    days_to_recover: f64,
    cost: i128,
    cost_of_recovery: f64,
}

#[derive(Serialize)]
struct ByPayer {
    paid: Difference,
    cost: Difference,
    messages: Difference,
}

fn json(setting: &Setting, sums: &Sums) -> serde_json::Result<String> {
    let outcome = |outcome| ToldOutcome {
        outcome,
        recovery_rate: outcome.recovery_rate(),
        days_to_recover: outcome.days_to_recover(),
        cost: outcome.cost(),
        cost_of_recovery: outcome.cost_of_recovery(),
    };
    serde_json::to_string_pretty(&Told {
        asked: setting.asked,
        payers: sums.payers,
        stopped: setting.is_cut_short(sums),
        days: setting.days,
        starts: setting.starts,
        seed: setting.seed,
        model: &setting.model,
        costs: &setting.costs,
        champion: outcome(&sums.champion),
        challenger: sums.challenger.as_ref().map(outcome),
        by_payer: sums.challenger.as_ref().map(|_| ByPayer {
            paid: sums.paid(),
            cost: sums.cost(),
            messages: sums.messages(),
        }),
    })
}
