//! How well a fit foretells what it has not seen.

use regua_domain::time::{Date, plus_days};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::observe::Observed;
use super::{Fitted, hazard};

/// Bands of a calibration table.
pub(super) const BANDS: usize = 10;

/// A row of a calibration table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Band {
    /// How many invoices are in it.
    pub invoices: usize,
    /// The share of them that was foretold to be paid.
    pub foretold: f64,
    /// The share that was.
    pub found: f64,
}

/// How well a fit foretells what it has not seen: invoices that came due in days behind those it was
/// fitted to, in bands of equal size, those least likely to be paid first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Calibration {
    /// Paid within so many days after the due date.
    pub within_days: i64,
    /// The bands.
    pub bands: Vec<Band>,
    /// All of them.
    pub all: Band,
    /// The mean of the squared difference between what was foretold of an invoice and what was
    /// found (Brier, 1950).
    pub brier: f64,
    /// The same, had every invoice been foretold the share of those that the fit was made of.
    pub brier_of_share: f64,
}

/// Holds a fit against invoices due from a day on, whose end is known by another.
pub fn calibrate(
    fitted: &Fitted,
    observed: &[Observed],
    (from, until): (Date, Date),
    within_days: i64,
) -> Calibration {
    let last = |one: &Observed| plus_days(one.due_on, within_days);
    let is_paid = |one: &Observed| one.paid_on.is_some_and(|paid| paid <= last(one));
    let seen = observed.iter().filter(|one| last(one) < from);
    let seen: Vec<bool> = seen.map(is_paid).collect();
    let share = seen.iter().filter(|paid| **paid).count() as f64 / seen.len().max(1) as f64;
    let unseen = observed
        .iter()
        .filter(|one| one.issued_on >= from && last(one) <= until);
    let mut told: Vec<(f64, bool)> = unseen
        .map(|one| {
            let frailty = fitted.frailties.get(&one.customer).copied().unwrap_or(1.0);
            let days = one
                .issued_on
                .iter_days()
                .take_while(|day| *day <= last(one));
            let hazard: f64 = days.map(|day| hazard(&fitted.model, one, day)).sum();
            (1.0 - (-hazard * frailty).exp(), is_paid(one))
        })
        .collect();
    told.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = told.len().div_ceil(BANDS).max(1);
    let brier = |foretold: &dyn Fn(f64) -> f64| {
        let errors = told.iter().map(|(value, paid)| {
            let found = f64::from(u8::from(*paid));
            (foretold(*value) - found).powi(2)
        });
        errors.sum::<f64>() / told.len().max(1) as f64
    };
    Calibration {
        within_days,
        bands: told.chunks(size).map(band).collect(),
        all: band(&told),
        brier: brier(&|value| value),
        brier_of_share: brier(&|_| share),
    }
}

fn band(told: &[(f64, bool)]) -> Band {
    let count = told.len().max(1) as f64;
    Band {
        invoices: told.len(),
        foretold: told.iter().map(|(value, _)| value).sum::<f64>() / count,
        found: told.iter().filter(|(_, paid)| *paid).count() as f64 / count,
    }
}
