//! A simulation as rows of CSV: one figure each.

use std::collections::BTreeMap;

use regua_rehearsal::simulate::{Difference, Outcome, Setting, Sums};

use crate::{ReportError, plain};

/// What a simulation came to, as CSV: a row for each figure, with the columns `policy` (`champion`,
/// `challenger`, or `difference` of the two by payer), `measure`, `at` and `value`. `at` is the day
/// overdue, the week from 1 on, the channel or the stage that the value is of; of a difference `mean`,
/// `low` and `high`. Money is in minor units; of differences too. Rows without a policy tell of what it
/// is made: where it was `stopped`, fewer `payers` were played than were `asked` for.
///
/// # Errors
/// Where a row cannot be written, which no figures are known to do.
pub fn simulation_csv(setting: &Setting, sums: &Sums) -> Result<String, ReportError> {
    let mut rows = vec![["policy", "measure", "at", "value"].map(str::to_owned)];
    let mut row = |policy: &str, measure: &str, at: &str, value: String| {
        rows.push([
            policy.to_owned(),
            measure.to_owned(),
            plain(at).into_owned(),
            value,
        ]);
    };
    row("", "asked", "", setting.asked.to_string());
    row("", "payers", "", sums.payers.to_string());
    row("", "stopped", "", setting.is_cut_short(sums).to_string());
    row("", "days", "", setting.days.to_string());
    row("", "starts", "", setting.starts.to_string());
    row("", "seed", "", setting.seed.to_string());
    policy("champion", &sums.champion, &mut row);
    if let Some(challenger) = &sums.challenger {
        policy("challenger", challenger, &mut row);
        let found = [
            ("paid", sums.paid()),
            ("cost", sums.cost()),
            ("messages", sums.messages()),
        ];
        for (measure, Difference { mean, low, high }) in found {
            for (at, value) in [("mean", mean), ("low", low), ("high", high)] {
                row("difference", measure, at, value.to_string());
            }
        }
    }
    let mut text = Vec::new();
    {
        let mut writer = csv::Writer::from_writer(&mut text);
        for row in rows {
            writer.write_record(row).map_err(ReportError::Table)?;
        }
        let flushed = writer.flush().map_err(csv::Error::from);
        flushed.map_err(ReportError::Table)?;
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn policy(policy: &str, of: &Outcome, row: &mut impl FnMut(&str, &str, &str, String)) {
    let sums = [
        ("billed", of.billed.to_string()),
        ("paid_in_time", of.paid_in_time.to_string()),
        ("paid_late", of.paid_late.to_string()),
        ("overdue_at_end", of.overdue_at_end.to_string()),
        ("not_yet_due", of.not_yet_due.to_string()),
        ("recovery_rate", of.recovery_rate().to_string()),
        ("days_to_recover", of.days_to_recover().to_string()),
        ("messages", of.messages().to_string()),
        ("replies", of.replies.to_string()),
        ("promises_kept", of.promises_kept.to_string()),
        ("promises_broken", of.promises_broken.to_string()),
        ("plans_offered", of.offers.to_string()),
        ("plans_taken", of.plans.to_string()),
        ("plans_broken", of.plans_broken.to_string()),
        ("tasks", of.tasks.to_string()),
        ("placements", of.placements.to_string()),
        ("commission", of.commission.to_string()),
        ("cost", of.cost().to_string()),
        ("cost_of_recovery", of.cost_of_recovery().to_string()),
        ("cases", of.cases.to_string()),
        ("failures", of.failures.to_string()),
        ("decisions", of.decisions.to_string()),
    ];
    for (measure, value) in sums {
        row(policy, measure, "", value);
    }
    let named: [(&str, &BTreeMap<String, u64>); 3] = [
        ("messages_by_channel", &of.contacts),
        ("cases_reached", &of.reached),
        ("cases_at_end", &of.stands),
    ];
    for (measure, counts) in named {
        for (name, count) in counts {
            row(policy, measure, name, count.to_string());
        }
    }
    let mut each = |measure: &str, first: usize, values: &mut dyn Iterator<Item = String>| {
        for (at, value) in (first..).zip(values) {
            row(policy, measure, &at.to_string(), value);
        }
    };
    // Nothing is paid late on day 0.
    let mut curve = of.curve.iter().skip(1).map(ToString::to_string);
    each("paid_late_by_day_overdue", 1, &mut curve);
    let mut messages = of.by_week.iter().map(ToString::to_string);
    each("messages_by_week", 1, &mut messages);
    let mut recovered = of.recovered_by_week.iter().map(ToString::to_string);
    each("paid_late_by_week", 1, &mut recovered);
    let mut costs = of.cost_by_week.iter().map(ToString::to_string);
    each("cost_by_week", 1, &mut costs);
}
