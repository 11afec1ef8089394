//! The formula: interest is a function of an item's history and the terms of its days.
//!
//! It is always computed whole, from the day after the due date on, and compared with what
//! was charged: so it does not matter in which order, or how late, money became known.

use super::terms::{Percent, Terms};
use super::{Run, Suspension};
use crate::ledger::Item;
use crate::time::{Date, plus_days};

/// What an item bears.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Borne {
    /// Minor units, 0 to [`crate::money::AMOUNT_MAX`].
    pub amount: i64,
    /// Whether a ceiling of the last run took something off.
    pub is_cut: bool,
}

/// Interest on an item for its days under `runs`, the last of which ends with `until`.
///
/// For each stretch of days on which nothing changes: principal × yearly rate × part of a
/// year. A day bears interest on what was owed when it began: the day of a payment still
/// counts in full, the one after it no more. Each run is rounded once, and adds to the ones
/// before it up to its own ceiling.
pub fn borne(item: &Item, runs: &[Run], until: Date) -> Borne {
    let mut borne = Borne::default();
    for (at, run) in runs.iter().enumerate() {
        let last = runs.get(at + 1).map_or(until, |next| before(next.from));
        let sum = borne.amount + of_run(item, run, last);
        let ceiling = run.terms.ceiling(item.billed(), item.currency);
        let most = ceiling.max(borne.amount);
        borne = Borne {
            amount: sum.min(most),
            is_cut: sum > most,
        };
    }
    borne
}

/// What the days of one run bear, minor units, rounded; without its ceiling.
fn of_run(item: &Item, run: &Run, last: Date) -> i64 {
    let terms = &run.terms;
    let parts: i128 = stretches(item, run, last)
        .windows(2)
        .filter(|ends| !is_suspended(&item.accrual.suspensions, terms, after(ends[0])))
        .map(|ends| {
            let principal = i128::from(item.principal_after(ends[0]));
            let rate = terms.yearly_on(after(ends[0]));
            principal * rate * terms.day_count.between(ends[0], ends[1])
        })
        .sum();
    let whole = terms
        .rounding
        .divide(parts, Percent::WHOLE * terms.day_count.parts());
    // Far above any ceiling, and far enough from the end of the type to be added to.
    i64::try_from(whole).unwrap_or(i64::MAX).min(i64::MAX / 2)
}

/// The last days of the stretches of a run, and the day before the first.
fn stretches(item: &Item, run: &Run, last: Date) -> Vec<Date> {
    let first = before(run.from);
    let changes = item.changes.iter().map(|change| change.on);
    let rates = run.terms.rates.days().map(before);
    let suspensions = item
        .accrual
        .suspensions
        .iter()
        .flat_map(|held| [before(held.from), held.until]);
    let mut ends: Vec<Date> = changes
        .chain(rates)
        .chain(suspensions)
        .filter(|day| (first..last).contains(day))
        .chain([first, last.max(first)])
        .collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

fn is_suspended(suspensions: &[Suspension], terms: &Terms, day: Date) -> bool {
    suspensions.iter().any(|held| {
        (held.from..=held.until).contains(&day) && terms.suspended_by.contains(&held.reason)
    })
}

fn before(day: Date) -> Date {
    plus_days(day, -1)
}

fn after(day: Date) -> Date {
    plus_days(day, 1)
}
