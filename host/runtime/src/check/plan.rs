//! The bounds of plans to pay in parts.

use std::collections::HashSet;

use regua_domain::contract::{Balance, Plan};
use regua_domain::time::Date;

use super::action::check_amount;
use super::findings::Findings;
use super::fit::Fit;

const PLANS_MAX: usize = 3;
const INSTALMENTS_MAX: usize = 60;

/// Looks at the plans that are offered for some items.
pub(super) fn check_plans(
    plans: &[Plan],
    items: &[String],
    fit: Fit<'_>,
    found: &mut Findings<'_>,
) {
    found.unless((1..=PLANS_MAX).contains(&plans.len()), || {
        (
            "plans".to_owned(),
            format!("{} where 1 to {PLANS_MAX} are allowed", plans.len()),
        )
    });
    for (at, plan) in plans.iter().enumerate().take(PLANS_MAX) {
        let mut found = found.within("plans", Some(at));
        let count = plan.instalments.len();
        found.unless((1..=INSTALMENTS_MAX).contains(&count), || {
            (
                "instalments".to_owned(),
                format!("{count} where 1 to {INSTALMENTS_MAX} are allowed"),
            )
        });
        let mut before: Option<Date> = None;
        for (n, instalment) in plan.instalments.iter().enumerate().take(INSTALMENTS_MAX) {
            let due_on = instalment.due_on;
            check_amount(
                &format!("instalments[{n}].amount"),
                instalment.amount,
                1,
                &mut found,
            );
            fit.date(&format!("instalments[{n}].due-on"), due_on, 0, &mut found);
            found.unless(before.is_none_or(|before| due_on > before), || {
                (
                    format!("instalments[{n}].due-on"),
                    format!("{due_on} is not after the instalment before it"),
                )
            });
            before = Some(due_on);
        }
        if let Some(situation) = fit.situation() {
            let (offered, owed) = (total(plan), owed(plan, items, &situation.balance));
            found.unless(offered == owed, || {
                (
                    "instalments".to_owned(),
                    format!("add up to {offered} where {owed} may be chased"),
                )
            });
        }
    }
}

fn total(plan: &Plan) -> i128 {
    let amounts = plan.instalments.iter().map(|part| i128::from(part.amount));
    amounts.sum()
}

/// What may be chased of some items, less what the plan waives of them.
fn owed(plan: &Plan, keys: &[String], balance: &Balance) -> i128 {
    let keys: HashSet<&str> = keys.iter().map(String::as_str).collect();
    balance
        .items
        .iter()
        .filter(|item| keys.contains(item.key.as_str()))
        .filter(|item| !plan.waive_fees || item.kind.is_principal())
        .map(|item| i128::from(item.chaseable))
        .sum()
}
