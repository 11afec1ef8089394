//! Where an axis ends, and what is written at it.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;

/// Steps along an axis with a number at each.
pub(crate) const NUMBERS: u32 = 6;
/// The same with a date at each, which is wider.
pub(crate) const DATES: u32 = 4;

/// An axis from 0 on.
pub(crate) struct Axis<'a> {
    /// What is counted along it.
    pub(crate) name: String,
    /// Where it ends.
    pub(crate) top: f64,
    /// Where something is written.
    pub(crate) ticks: Vec<f64>,
    /// What is written there.
    pub(crate) label: Box<dyn Fn(f64) -> String + 'a>,
}

impl<'a> Axis<'a> {
    /// One of round steps, four to six of them, none smaller than `least`.
    pub(crate) fn round(
        name: impl Into<String>,
        most: f64,
        least: f64,
        label: impl Fn(f64) -> String + 'a,
    ) -> Self {
        let step = step(most / 5.0).max(least);
        let steps = (most / step).ceil().max(1.0);
        Self {
            name: name.into(),
            top: steps * step,
            ticks: (0..=steps as u32).map(|at| f64::from(at) * step).collect(),
            label: Box::new(label),
        }
    }

    /// One that ends where it ends, with something written at every so many: in the first of some
    /// steps that makes no more of it than there is room for.
    pub(crate) fn every(
        name: impl Into<String>,
        top: u32,
        steps: &[u32],
        most: u32,
        label: impl Fn(f64) -> String + 'a,
    ) -> Self {
        let fits = |step: &&u32| top / **step <= most;
        let step = steps.iter().find(fits).or(steps.last()).copied();
        let step = usize::try_from(step.unwrap_or(1).max(1)).unwrap_or(1);
        Self {
            name: name.into(),
            top: f64::from(top.max(1)),
            ticks: (0..=top).step_by(step).map(f64::from).collect(),
            label: Box::new(label),
        }
    }
}

/// What the library asks of an axis: its own would choose what is written where.
pub(super) struct Scale {
    inner: RangedCoordf64,
    ticks: Vec<f64>,
}

impl From<&Axis<'_>> for Scale {
    fn from(axis: &Axis<'_>) -> Self {
        Self {
            inner: (0.0..axis.top).into(),
            ticks: axis.ticks.clone(),
        }
    }
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.inner.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.ticks.clone()
        }
    }

    fn range(&self) -> Range<f64> {
        self.inner.range()
    }
}

/// The next round number: 1, 2 or 5 times a power of ten.
fn step(least: f64) -> f64 {
    if least <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(least.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter();
    let mut round = round.map(|step| step * power);
    round
        .find(|step| *step >= least * 0.999_999)
        .unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(most: f64, least: f64) -> Vec<f64> {
        Axis::round("", most, least, |at| at.to_string()).ticks
    }

    #[test]
    fn steps_are_round_and_hold_all_that_is_shown() {
        assert_eq!(round(97.0, 1.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(round(3.0, 1.0), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(round(0.0, 1.0), [0.0, 1.0]);
        assert_eq!(round(1_100.0, 1.0), [0.0, 500.0, 1_000.0, 1_500.0]);
        assert_eq!(round(0.04, 0.0).len(), 5);
    }

    #[test]
    fn days_are_told_in_steps_of_people() {
        let ticks =
            |top| Axis::every("", top, &[7, 14, 30, 60], NUMBERS, |at| at.to_string()).ticks;
        assert_eq!(ticks(30), [0.0, 7.0, 14.0, 21.0, 28.0]);
        assert_eq!(ticks(180), [0.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0]);
        let dates = Axis::every("", 20, &[1, 2, 4, 13], DATES, |at| at.to_string()).ticks;
        assert_eq!(dates, [0.0, 13.0]);
    }
}
