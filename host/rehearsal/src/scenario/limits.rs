//! Expectations that are bounds: any workflow may be held against them, whatever its letters say.

use regua_domain::money::Money;
use regua_domain::time::Date;
use serde_json::{Map, Value};

use super::moment::Day;
use super::seen::{Seen, Witness};

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
