//! What a simulation came to: for people, and in files.

use std::path::Path;

use regua_rehearsal::simulate::{Difference, Outcome, Setting, Sums};
use regua_report::Labels;
use serde_json::{Value, json};

use super::Args;
use crate::out::say;

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
        let text = serde_json::to_string_pretty(&as_json(setting, sums))? + "\n";
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
    let Sums {
        payers,
        champion,
        challenger,
        ..
    } = sums;
    say!(
        "{payers} payers, {} days from {} on, seed {}",
        setting.days,
        setting.starts,
        setting.seed
    );
    let policies: Vec<&Outcome> = std::iter::once(champion).chain(challenger).collect();
    let head = ["champion", "challenger"];
    row(
        "",
        head.iter().take(policies.len()).map(ToString::to_string),
    );
    let told = |what: &str, value: &dyn Fn(&Outcome) -> String| {
        row(what, policies.iter().map(|outcome| value(outcome)));
    };
    let money = |minor: i64| format!("{:.2}", minor as f64 / 100.0);
    told("billed", &|of| money(of.billed));
    told("paid in time", &|of| money(of.paid_in_time));
    told("paid late", &|of| money(of.paid_late));
    told("overdue at the end", &|of| money(of.overdue_at_end));
    told("recovery rate", &|of| percent(of.recovery_rate()));
    told("days from due to paid, if late", &|of| {
        format!("{:.1}", of.days_to_recover())
    });
    for day in MARKS {
        told(&format!("  recovered within {day} days"), &|of| {
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
    told("cost", &|of| money(of.cost()));
    told("cost of a unit recovered", &|of| {
        format!("{:.4}", of.cost_of_recovery())
    });
    told("failures of stages", &|of| of.failures.to_string());
    told("decisions", &|of| of.decisions.to_string());
    if challenger.is_some() {
        say!("");
        say!("By payer, challenger less champion, with 95 % intervals:");
        difference("paid", sums.paid(), 100.0);
        difference("cost", sums.cost(), 100.0);
        difference("messages", sums.messages(), 1.0);
    }
}

fn row(what: &str, values: impl Iterator<Item = String>) {
    let values: Vec<_> = values.map(|value| format!("{value:>22}")).collect();
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
    let paid: i64 = outcome.curve.iter().take(days + 1).sum();
    paid as f64 / late as f64
}

/// A difference in units of so many of what was counted.
fn difference(what: &str, found: Difference, unit: f64) {
    let Difference { mean, low, high } = found;
    let scaled = |counted: f64| counted / unit;
    let told = if found.is_told() {
        ""
    } else {
        ": not told from chance"
    };
    say!(
        "  {what:<24}{:+.4}  ({:+.4} to {:+.4}){told}",
        scaled(mean),
        scaled(low),
        scaled(high)
    );
}

fn as_json(setting: &Setting, sums: &Sums) -> Value {
    let policy = |outcome: &Outcome| {
        json!({
            "outcome": outcome,
            "recovery_rate": outcome.recovery_rate(),
            "days_to_recover": outcome.days_to_recover(),
            "cost": outcome.cost(),
            "cost_of_recovery": outcome.cost_of_recovery(),
        })
    };
    let compared = sums
        .challenger
        .as_ref()
        .map(|_| json!({ "paid": sums.paid(), "cost": sums.cost(), "messages": sums.messages() }));
    json!({
        "payers": sums.payers, "days": setting.days, "starts": setting.starts,
        "seed": setting.seed, "model": setting.model, "costs": setting.costs,
        "champion": policy(&sums.champion),
        "challenger": sums.challenger.as_ref().map(policy),
        "by_payer": compared,
    })
}
