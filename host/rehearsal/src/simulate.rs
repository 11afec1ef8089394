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

use chrono_tz::Tz;
use regua_domain::step::HostFault;
use regua_domain::time::{Date, Timestamp, plus_days};

pub use model::{AGES, Agency, Billing, Contact, Model, Plans, Replies, Segment, age_of};
pub use outcome::{CURVE_DAYS, Difference, Outcome};

use crate::backtest::Costs;
pub use crate::backtest::Policy;
use outcome::Paired;
use payer::Payer;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Setting {
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
    /// How many.
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
            let messages =
                |outcome: &Outcome| i64::try_from(outcome.messages()).unwrap_or(i64::MAX);
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

/// Plays payers of some numbers under one policy or two.
///
/// # Errors
/// Where a stage could not be asked at all, for no fault of the tenant's.
pub fn play(
    setting: &Setting,
    payers: std::ops::Range<u64>,
    champion: Policy<'_>,
    challenger: Option<Policy<'_>>,
) -> Result<Sums, HostFault> {
    let mut sums = Sums::default();
    let days = setting.first_instants();
    for number in payers {
        let live = |policy| {
            Payer::new(setting, &days, policy, number)
                .map(Payer::live)
                .transpose()
        };
        let Some(first) = live(champion)? else {
            continue;
        };
        let second = match challenger {
            Some(policy) => live(policy)?,
            None => None,
        };
        sums.note(&first, second.as_ref());
    }
    Ok(sums)
}

#[cfg(test)]
mod tests;
