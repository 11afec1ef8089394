//! The bounds of plans to pay in parts.

use regua_domain::contract::{ItemKind, Plan, Situation};
use regua_domain::time::Date;

use super::action::check_amount;
use super::findings::Findings;

const PLANS_MAX: usize = 3;
const INSTALMENTS_MAX: usize = 60;

/// Looks at the plans that are offered for some items.
pub(super) fn check_plans(
    plans: &[Plan],
    items: &[String],
    situation: &Situation,
    found: &mut Findings<'_>,
) {
    found.unless((1..=PLANS_MAX).contains(&plans.len()), || {
        (
            "plans".to_owned(),
            format!("{} where 1 to {PLANS_MAX} are allowed", plans.len()),
        )
    });
    let today = situation.now.local_date;
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
            found.date(&format!("instalments[{n}].due-on"), due_on, today, today);
            found.unless(before.is_none_or(|before| due_on > before), || {
                (
                    format!("instalments[{n}].due-on"),
                    format!("{due_on} is not after the instalment before it"),
                )
            });
            before = Some(due_on);
        }
        let offered: i128 = plan
            .instalments
            .iter()
            .map(|instalment| i128::from(instalment.amount))
            .sum();
        let owed: i128 = situation
            .balance
            .items
            .iter()
            .filter(|item| {
                items.contains(&item.key) && !(plan.waive_fees && item.kind == ItemKind::LateFee)
            })
            .map(|item| i128::from(item.chaseable))
            .sum();
        found.unless(offered == owed, || {
            (
                "instalments".to_owned(),
                format!("add up to {offered} where {owed} may be chased"),
            )
        });
    }
}
