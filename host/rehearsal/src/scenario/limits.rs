//! Expectations that are bounds: any workflow may be held against them, whatever its letters say.

use std::collections::BTreeSet;

use regua_domain::money::{Currency, Money};
use regua_domain::time::Date;
use serde_json::{Map, Value};

use super::moment::Day;
use super::seen::{Seen, Witness};

/// What they are called.
pub(super) const NAMES: [&str; 5] = [
    "no_contact_since",
    "no_demand_since",
    "contacts_at_most",
    "fees_at_most",
    "owed_at_least",
];

/// Bounds that hold whatever happens, and why: each with its name.
pub(super) fn faults(
    expected: &Value,
    (starts, today): (Date, Date),
    currencies: &BTreeSet<Currency>,
) -> Vec<(&'static str, String)> {
    let since = |name| {
        let since = day(expected.get(name)?, starts, today)?;
        (since > today).then(|| {
            (
                name,
                format!("{since} is after the day that is looked at, {today}"),
            )
        })
    };
    let amount = |name| {
        let currency = money(expected.get(name)?)?.currency;
        let is_known = currencies.contains(&currency);
        (!is_known).then(|| (name, format!("no invoice of this story is in {currency}")))
    };
    let [contact, demand, _, fees, owed] = NAMES;
    let since = [contact, demand].into_iter().filter_map(since);
    since
        .chain([fees, owed].into_iter().filter_map(amount))
        .collect()
}

/// What came of the bounds that are named: the bound itself where it holds, else what came.
pub(super) fn came(
    expected: &Value,
    (witness, seen): (Witness<'_>, &Seen),
    (starts, today): (Date, Date),
) -> Map<String, Value> {
    let named = expected.as_object().into_iter().flatten();
    let found = named.filter_map(|(name, bound)| {
        let broken = match name.as_str() {
            "no_contact_since" => told(&witness.contacts_since(day(bound, starts, today)?, false)),
            "no_demand_since" => told(&witness.contacts_since(day(bound, starts, today)?, true)),
            "contacts_at_most" => {
                let contacts = seen.messages.len() as u64;
                (contacts > bound.as_u64()?).then(|| contacts.into())
            }
            "fees_at_most" => {
                let bound = money(bound)?;
                let fees = seen.fees.iter().filter_map(|fee| fee.amount.parse().ok());
                let fees = fees.filter(|fee: &Money| fee.currency == bound.currency);
                beyond(fees.map(|fee| fee.minor).sum(), bound, |fees, bound| {
                    fees > bound
                })
            }
            "owed_at_least" => {
                let bound = money(bound)?;
                let owed = witness.owed(bound.currency);
                beyond(owed, bound, |owed, bound| owed < bound)
            }
            _ => return None,
        };
        Some((name.clone(), broken.unwrap_or_else(|| bound.clone())))
    });
    found.collect()
}

fn day(bound: &Value, starts: Date, today: Date) -> Option<Date> {
    let day: Day = bound.as_str()?.parse().ok()?;
    Some(day.date(starts, today))
}

fn money(bound: &Value) -> Option<Money> {
    bound.as_str()?.parse().ok()
}

fn told(contacts: &[String]) -> Option<Value> {
    (!contacts.is_empty()).then(|| contacts.join("; ").into())
}

fn beyond(minor: i64, bound: Money, is_beyond: impl Fn(i64, i64) -> bool) -> Option<Value> {
    is_beyond(minor, bound.minor).then(|| super::seen::told(minor, bound.currency).into())
}
