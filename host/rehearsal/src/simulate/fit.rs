//! A fit of the payer model to a past, and how well it foretells what it has not seen.
//!
//! The base hazards are occurrence over exposure by age, with the default's as so many days of prior
//! exposure: where there is little to go by, the default stays. Frailty, payday and the amount's power
//! follow from how what happened lies about what the hazards alone expect. Messages are not fitted:
//! a past in which everybody is written to at the same ages does not tell what letters do.

mod calibrate;
mod observe;
mod plain;

use std::collections::BTreeMap;

use chrono::Datelike as _;
use regua_domain::time::Date;

use super::model::{AGES, Model, Segment};

pub use calibrate::{Band, Calibration, calibrate};
pub use observe::{Observed, observe};
pub use plain::{People, currencies, people};

/// The default counts like so many days of exposure of each age.
const PRIOR_DAYS: f64 = 50.0;

/// A model that was fitted, with what each customer adds to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The model.
    pub model: Model,
    /// How much quicker or slower each customer is than their segment, by what is known of them.
    pub frailties: BTreeMap<String, f64>,
    /// Invoices that it was fitted to.
    pub invoices: usize,
    /// Payments among them.
    pub payments: usize,
}

/// What was paid and what was expected to be.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    found: f64,
    expected: f64,
}

impl Count {
    fn ratio(self) -> f64 {
        if self.expected > 0.0 {
            self.found / self.expected
        } else {
            1.0
        }
    }
}

/// Fits the model to all that was known of some invoices, of one currency, by a day.
pub fn fit(observed: &[Observed], until: Date, defaults: &Model) -> Fitted {
    let known: Vec<_> = observed
        .iter()
        .filter(|one| one.issued_on <= until)
        .collect();
    let mut model = defaults.clone();
    let prior = pooled(defaults);
    model.segments = segments(&known, until, &prior);
    model.billing = plain::billing(&known, &defaults.billing);
    (model.payday, model.other_days, model.amount_power) = (1.0, 1.0, 0.0);
    let (payday, other, amount_power) = shape(&known, until, &model);
    (model.payday, model.other_days, model.amount_power) = (payday, other, amount_power);
    let by_customer = by_customer(&known, until, &model);
    let variance = frailty(&by_customer);
    model.frailty_sigma = (1.0 + variance).ln().sqrt();
    let frailties = by_customer.into_iter().map(|(customer, count)| {
        // The mean of a gamma of this variance, by what was found.
        let frailty = if variance > 0.0 {
            (count.found + 1.0 / variance) / (count.expected + 1.0 / variance)
        } else {
            1.0
        };
        (customer, frailty)
    });
    Fitted {
        frailties: frailties.collect(),
        invoices: known.len(),
        payments: known
            .iter()
            .filter(|one| one.paid_by(until).is_some())
            .count(),
        model,
    }
}

/// The default's hazards, all segments together.
fn pooled(model: &Model) -> [f64; AGES.len()] {
    let shares: f64 = model.segments.values().map(|segment| segment.share).sum();
    std::array::from_fn(|age| {
        let segments = model.segments.values();
        let sum: f64 = segments
            .map(|segment| segment.share * segment.hazard[age])
            .sum();
        sum / shares
    })
}

/// What was seen of a segment.
#[derive(Debug, Default)]
struct Seen {
    ages: [Count; AGES.len()],
    invoices: f64,
    of_businesses: f64,
}

fn segments(
    known: &[&Observed],
    until: Date,
    prior: &[f64; AGES.len()],
) -> BTreeMap<String, Segment> {
    let mut counts: BTreeMap<&str, Seen> = BTreeMap::new();
    for one in known {
        let seen = counts.entry(&one.segment).or_default();
        seen.invoices += 1.0;
        seen.of_businesses += f64::from(u8::from(one.business == Some(true)));
        for day in one.open_days(until) {
            // Exposure stands in `expected` until there are hazards.
            seen.ages[one.age(day)].expected += 1.0;
        }
        if let Some(paid) = one.paid_by(until) {
            seen.ages[one.age(paid.max(one.issued_on))].found += 1.0;
        }
    }
    let segment = |(name, seen): (&str, Seen)| {
        let hazard = std::array::from_fn(|age| {
            let Count { found, expected } = seen.ages[age];
            let of_default = 1.0 - (-prior[age]).exp();
            let probability = (found + PRIOR_DAYS * of_default) / (expected + PRIOR_DAYS);
            -(1.0 - probability.min(0.999)).ln()
        });
        let segment = Segment {
            share: seen.invoices,
            hazard,
            business: 2.0 * seen.of_businesses > seen.invoices,
        };
        (name.to_owned(), segment)
    };
    counts.into_iter().map(segment).collect()
}

/// The hazard of an invoice on a day, but for who its customer is.
fn hazard(model: &Model, one: &Observed, day: Date) -> f64 {
    let Some(segment) = model.segments.get(&one.segment) else {
        return 0.0;
    };
    let size = (one.amount.max(1)) as f64 / model.billing.median as f64;
    segment.hazard[one.age(day)] * size.powf(-model.amount_power) * of_month(model, day)
}

fn of_month(model: &Model, day: Date) -> f64 {
    if is_payday(day) {
        model.payday
    } else {
        model.other_days
    }
}

fn is_payday(day: Date) -> bool {
    day.day() <= 5 || day.day() >= 25
}

/// Payday, the other days, and the power of the amount.
fn shape(known: &[&Observed], until: Date, model: &Model) -> (f64, f64, f64) {
    let (mut payday, mut other) = (Count::default(), Count::default());
    let (mut small, mut large) = (Count::default(), Count::default());
    let (mut small_logs, mut large_logs) = (Vec::new(), Vec::new());
    for one in known {
        let is_large = one.amount > model.billing.median;
        let size = if is_large { &mut large } else { &mut small };
        let logs = if is_large {
            &mut large_logs
        } else {
            &mut small_logs
        };
        logs.push((one.amount.max(1) as f64).ln());
        for day in one.open_days(until) {
            let expected = 1.0 - (-hazard(model, one, day)).exp();
            size.expected += expected;
            if is_payday(day) {
                payday.expected += expected;
            } else {
                other.expected += expected;
            }
        }
        if let Some(paid) = one.paid_by(until) {
            size.found += 1.0;
            if is_payday(paid) {
                payday.found += 1.0;
            } else {
                other.found += 1.0;
            }
        }
    }
    let mean = |logs: &[f64]| logs.iter().sum::<f64>() / (logs.len().max(1)) as f64;
    let apart = mean(&large_logs) - mean(&small_logs);
    let power = if apart > 0.1 && large.found > 0.0 && small.found > 0.0 {
        (-(large.ratio() / small.ratio()).ln() / apart).clamp(-0.5, 0.5)
    } else {
        0.0
    };
    (payday.ratio(), other.ratio(), power)
}

fn by_customer(known: &[&Observed], until: Date, model: &Model) -> BTreeMap<String, Count> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for one in known {
        let count = counts.entry(one.customer.clone()).or_default();
        count.found += f64::from(u8::from(one.paid_by(until).is_some()));
        let expected = one.open_days(until).map(|day| hazard(model, one, day));
        count.expected += expected.sum::<f64>();
    }
    counts
}

/// The variance of how customers differ (method of moments, for a mean of 1).
fn frailty(counts: &BTreeMap<String, Count>) -> f64 {
    let (mut about, mut expected, mut squares) = (0.0, 0.0, 0.0);
    for count in counts.values() {
        about += (count.found - count.expected).powi(2);
        expected += count.expected;
        squares += count.expected.powi(2);
    }
    if squares > 0.0 {
        ((about - expected) / squares).clamp(0.0, 4.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests;
