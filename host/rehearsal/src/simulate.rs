//! Simulations: what a policy would likely recover, under a model of payers.
//!
//! Payers are made up, billed, and live day by day under a policy, in memory and by the one engine.
//! Two policies meet the same payers with the same luck ([`Chance`](chance::Chance)), so that what
//! differs is the policies' doing. Sums are of whole numbers, so that it cannot matter in which
//! order payers are played.

pub mod chance;
pub mod fit;
mod model;
mod outcome;
mod payer;
mod taken;

use std::sync::atomic::{AtomicBool, Ordering};

use chrono_tz::Tz;
use regua_domain::time::{Date, Timestamp, plus_days};

pub use model::{
    AGES, Agency, Billing, Contact, HAZARD_MAX, Model, Plans, REASONS, Replies, Segment, age_of,
};
pub use outcome::{CURVE_DAYS, Difference, Outcome};
pub use taken::PlayError;

use crate::backtest::Costs;
pub use crate::backtest::Policy;
use outcome::Paired;
use payer::Payer;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Setting {
    /// How many payers are to be played.
    pub asked: u64,
    /// What chance is made of.
    pub seed: u64,
    /// The first day.
    pub starts: Date,
    /// How many.
    pub days: u32,
    /// Where payers live.
    pub time_zone: Tz,
    /// Their language.
    pub locale: String,
    /// Their country.
    pub jurisdiction: String,
    /// What is assumed of them.
    pub model: Model,
    /// What is done costs so much.
    pub costs: Costs,
}

impl Setting {
    /// Whether fewer payers were played than were asked for: somebody stopped it.
    pub const fn is_cut_short(&self, sums: &Sums) -> bool {
        sums.payers < self.asked
    }

    /// The first instants of all days, and of the one after them.
    fn first_instants(&self) -> Vec<Timestamp> {
        let days = 0..=i64::from(self.days);
        let dates = days.map(|day| plus_days(self.starts, day));
        dates
            .map(|date| Timestamp::start_of(date, self.time_zone))
            .collect()
    }
}

/// What came of some payers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many: fewer than were asked for where it was stopped.
    pub payers: u64,
    /// Under the champion.
    pub champion: Outcome,
    /// Under the challenger, where there is one.
    pub challenger: Option<Outcome>,
    paid: Paired,
    cost: Paired,
    messages: Paired,
}

impl Sums {
    /// Adds those of others.
    pub fn add(&mut self, other: &Self) {
        self.payers += other.payers;
        self.champion.add(&other.champion);
        if let Some(more) = &other.challenger {
            self.challenger.get_or_insert_default().add(more);
        }
        self.paid.add(other.paid);
        self.cost.add(other.cost);
        self.messages.add(other.messages);
    }

    /// Adds a payer: what came of them under the champion, and under the challenger.
    pub fn note(&mut self, champion: &Outcome, challenger: Option<&Outcome>) {
        self.payers += 1;
        self.champion.add(champion);
        if let Some(challenger) = challenger {
            let paid = |outcome: &Outcome| outcome.paid_in_time + outcome.paid_late;
            self.paid.note(paid(challenger) - paid(champion));
            self.cost.note(challenger.cost() - champion.cost());
            let messages = |outcome: &Outcome| i128::from(outcome.messages());
            self.messages
                .note(messages(challenger) - messages(champion));
            self.challenger.get_or_insert_default().add(challenger);
        }
    }

    /// How much more a payer pays under the challenger, minor units.
    pub fn paid(&self) -> Difference {
        self.paid.difference()
    }

    /// How much more a payer costs under the challenger, minor units.
    pub fn cost(&self) -> Difference {
        self.cost.difference()
    }

    /// How many more messages a payer gets under the challenger.
    pub fn messages(&self) -> Difference {
        self.messages.difference()
    }
}

/// Plays payers of some numbers under one policy or two, until it is told to stop: the payer who is
/// being played then is the last.
///
/// # Errors
/// Where a stage could not be asked at all, for no fault of the tenant's, and where the host does not
/// take what it is told of a payer.
pub fn play(
    setting: &Setting,
    payers: std::ops::Range<u64>,
    champion: Policy<'_>,
    challenger: Option<Policy<'_>>,
    stop: &AtomicBool,
) -> Result<Sums, PlayError> {
    let mut sums = Sums::default();
    let days = setting.first_instants();
    for number in payers {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let live = |policy| Payer::new(setting, &days, policy, number)?.live();
        let first = live(champion)?;
        let second = challenger.map(live).transpose()?;
        sums.note(&first, second.as_ref());
    }
    Ok(sums)
}

#[cfg(test)]
mod tests;
