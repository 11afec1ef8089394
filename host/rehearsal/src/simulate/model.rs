//! The payer model: what a simulation assumes of debtors. Its formulas and sources stand in
//! `PAYERS.md`.

mod check;
mod defaults;

use std::collections::BTreeMap;

use regua_domain::money::AMOUNT_MAX;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use check::REASONS;
pub(super) use check::below;

/// Bounds of the ages by which the base hazard differs, days overdue: each hazard holds from its
/// bound on up to the next.
pub const AGES: [i32; 9] = [i32::MIN, -7, 0, 1, 8, 16, 31, 61, 91];

/// The largest hazard a day: who has it pays on that day.
pub const HAZARD_MAX: f64 = 50.0;

/// What is assumed of debtors. Every member may be set, within its bounds; what is left out is the
/// default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Model {
    /// What they are billed.
    pub billing: Billing,
    /// Groups of payers: each with its share, its hazards and how much of a business it is.
    pub segments: BTreeMap<String, Segment>,
    /// How much payers of one segment differ: the standard deviation of the logarithm of what each
    /// one's hazards are multiplied by. 0: not at all; 3 at most.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub frailty_sigma: f64,
    /// The hazard falls with the amount: by the power of the amount over the median. 0: it does not.
    /// From -2 to 2.
    #[schemars(range(min = -2.0, max = 2.0))]
    pub amount_power: f64,
    /// By which the hazard is multiplied in the days around payday: from the 25th to the 5th. 0 to 100.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub payday: f64,
    /// By which it is multiplied on all other days. 0 to 100.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub other_days: f64,
    /// What a message does.
    pub contact: Contact,
    /// What debtors answer.
    pub replies: Replies,
    /// What becomes of offers of plans.
    pub plans: Plans,
    /// What an agency brings in.
    pub agency: Agency,
    /// The share of charges of a stored method that succeed: 0 to 1.
    pub charge_succeeds: f64,
    /// The share of payments that are of a part of an invoice alone: 0 to 1.
    pub partial_share: f64,
}

/// What debtors are billed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Billing {
    /// In which currency.
    #[schemars(length(equal = 3))]
    pub currency: String,
    /// Days from one invoice to the next: 3,650 at most.
    #[schemars(range(min = 1, max = 3_650))]
    pub every_days: u32,
    /// Days from an invoice to its due date: 3,650 at most.
    #[schemars(range(max = 3_650))]
    pub terms_days: u32,
    /// The median amount, minor units: 10^15 at most, which is the most that any amount may be.
    #[schemars(range(min = 1, max = AMOUNT_MAX))]
    pub median: i64,
    /// The standard deviation of an amount's logarithm: 0 to 5.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub sigma: f64,
    /// The largest amount, minor units: not below the median, and 10^15 at most.
    #[schemars(range(min = 1, max = AMOUNT_MAX))]
    pub most: i64,
}

/// A group of payers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its share of all, in any unit: shares are added up. 0 to 10^12.
    #[schemars(range(min = 0.0, max = 1e12))]
    pub share: f64,
    /// The hazard of paying a day, by how many days overdue an invoice is: before the last week,
    /// in the week before it is due, on the day, 1 to 7, 8 to 15, 16 to 30, 31 to 60, 61 to 90, and
    /// from 91 days on. Each 0 to 50.
    #[schemars(inner(range(min = 0.0, max = HAZARD_MAX)))]
    pub hazard: [f64; AGES.len()],
    /// Whether they are businesses.
    #[serde(default)]
    pub business: bool,
}

/// What a message does to the hazard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// What the first message by a channel adds to the logarithm of the hazard: -5 to 5.
    pub effect: BTreeMap<String, f64>,
    /// For channels not named: -5 to 5.
    #[schemars(range(min = -5.0, max = 5.0))]
    pub effect_otherwise: f64,
    /// Each further message of the last 30 days has this share of the effect of the one before: 0 to 1.
    pub again: f64,
    /// Days after which a third of the effect is left: 0.1 to 3,650.
    #[schemars(range(min = 0.1, max = 3_650.0))]
    pub fades_days: f64,
    /// Messages in 30 days that are borne: 1,000 at most.
    #[schemars(range(max = 1_000))]
    pub borne: u32,
    /// What each one beyond takes off the logarithm of the hazard: 0 to 5.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub annoys: f64,
}

/// What debtors answer to a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Replies {
    /// The share of messages that is answered: 0 to 1.
    pub share: f64,
    /// Of answers, those of each reason, in any unit, 0 to 10^12: `cash-flow`, `goods-or-service`,
    /// `hardship`, `not-received`, `other`, `promise`. `promise` and `goods-or-service` are told as a
    /// promise and as a dispute too.
    pub reasons: BTreeMap<String, f64>,
    /// The share of promises that is kept: 0 to 1.
    pub kept: f64,
    /// Days until a promised day: at least, and at most, which is 365 at most.
    pub promise_days: (u32, u32),
    /// Days until a dispute is decided: 3,650 at most.
    #[schemars(range(max = 3_650))]
    pub dispute_days: u32,
    /// The share of disputes that is decided for the debtor: 0 to 1.
    pub upheld: f64,
    /// What a reply of no money (cash flow, hardship) adds to the logarithm of the hazard: -5 to 5.
    #[schemars(range(min = -5.0, max = 5.0))]
    pub no_money: f64,
}

/// What becomes of offers of plans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Plans {
    /// The share of offers that is taken: 0 to 1.
    pub accepted: f64,
    /// The share of instalments that is paid, each on its day: 0 to 1.
    pub kept: f64,
}

/// What an agency brings in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Agency {
    /// The hazard of paying a day once a debt is with an agency: 0 to 50.
    #[schemars(range(min = 0.0, max = HAZARD_MAX))]
    pub hazard: f64,
    /// What it keeps of it, basis points: 10,000 at most.
    #[schemars(range(max = 10_000))]
    pub commission_bps: u32,
}

/// Which of [`AGES`] an age is in.
pub fn age_of(days_overdue: i32) -> usize {
    AGES.iter()
        .rposition(|bound| days_overdue >= *bound)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_age_has_its_hazard() {
        for (days, age) in [
            (-400, 0),
            (-8, 0),
            (-7, 1),
            (-1, 1),
            (0, 2),
            (1, 3),
            (7, 3),
            (8, 4),
            (15, 4),
        ] {
            assert_eq!(age_of(days), age, "{days}");
        }
        for (days, age) in [
            (16, 5),
            (30, 5),
            (31, 6),
            (60, 6),
            (61, 7),
            (90, 7),
            (91, 8),
            (9_000, 8),
        ] {
            assert_eq!(age_of(days), age, "{days}");
        }
    }
}
