//! What a past says without any model: what is billed, and of whom customers are.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use regua_domain::money::Currency;

use super::observe::{Observed, described};
use crate::backtest::Past;
use crate::simulate::model::Billing;

/// Days from an invoice to its due date that a model takes.
const TERMS_DAYS_MAX: i64 = 3_650;
/// How far amounts may lie apart that a model takes.
const SIGMA_MAX: f64 = 5.0;

/// What most customers of a past have in common, where it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Their language, BCP 47.
    pub locale: Option<String>,
    /// Their country, ISO 3166.
    pub jurisdiction: Option<String>,
    /// Where they live.
    pub time_zone: Option<Tz>,
}

/// What most customers have in common, by what was told last of each.
pub fn people(pasts: &[Past]) -> People {
    let of = || pasts.iter().filter_map(described);
    let time_zone = most_common(of().map(|facts| facts.time_zone.name()));
    People {
        locale: most_common(of().map(|facts| facts.locale.as_str())).map(str::to_owned),
        jurisdiction: most_common(of().map(|facts| facts.jurisdiction.as_str())).map(str::to_owned),
        time_zone: time_zone.and_then(|name| name.parse().ok()),
    }
}

/// The currencies of invoices, with how many there are of each: the most first.
pub fn currencies(observed: &[Observed]) -> Vec<(Currency, usize)> {
    let mut counts: BTreeMap<Currency, usize> = BTreeMap::new();
    for one in observed {
        *counts.entry(one.currency).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// What is billed: the currency of the first, the terms and the amount in the middle, how far amounts
/// lie apart, and the most.
pub(super) fn billing(known: &[&Observed], defaults: &Billing) -> Billing {
    let Some(first) = known.first() else {
        return defaults.clone();
    };
    let amounts = known.iter().map(|one| one.amount);
    let median = middle(amounts.clone()).filter(|amount| *amount > 0);
    let median = median.unwrap_or(defaults.median);
    let terms = known
        .iter()
        .map(|one| (one.due_on - one.issued_on).num_days());
    let terms = middle(terms).map(|days| days.clamp(0, TERMS_DAYS_MAX));
    let terms = terms.and_then(|days| u32::try_from(days).ok());
    Billing {
        currency: first.currency.code().to_owned(),
        terms_days: terms.unwrap_or(defaults.terms_days),
        median,
        sigma: spread(amounts.clone()),
        most: amounts.max().unwrap_or(median).max(median),
        ..defaults.clone()
    }
}

/// The standard deviation of amounts' logarithms, as far as a model takes it.
fn spread(amounts: impl Iterator<Item = i64>) -> f64 {
    let logs: Vec<_> = amounts.map(|amount| (amount.max(1) as f64).ln()).collect();
    let count = logs.len().max(1) as f64;
    let mean = logs.iter().sum::<f64>() / count;
    let squares = logs.iter().map(|log| (log - mean).powi(2));
    (squares.sum::<f64>() / count).sqrt().min(SIGMA_MAX)
}

fn middle(values: impl Iterator<Item = i64>) -> Option<i64> {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// What there is most of; of equals, the first by name.
fn most_common<'a>(values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map(|(value, _)| value)
}
