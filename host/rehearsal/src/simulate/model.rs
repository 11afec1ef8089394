//! The payer model: what a simulation assumes of debtors. Its formulas and sources stand in
//! `PAYERS.md`.

mod defaults;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bounds of the ages by which the base hazard differs, days overdue: each hazard holds from its
/// bound on up to the next.
pub const AGES: [i32; 9] = [i32::MIN, -7, 0, 1, 8, 16, 31, 61, 91];

/// What is assumed of debtors. Every member may be set; what is left out is the default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Model {
    /// What they are billed.
    pub billing: Billing,
    /// Groups of payers: each with its share, its hazards and how much of a business it is.
    pub segments: BTreeMap<String, Segment>,
    /// How much payers of one segment differ: the standard deviation of the logarithm of what each
    /// one's hazards are multiplied by. 0: not at all.
    pub frailty_sigma: f64,
    /// The hazard falls with the amount: by the power of the amount over the median. 0: it does not.
    pub amount_power: f64,
    /// By which the hazard is multiplied in the days around payday: from the 25th to the 5th.
    pub payday: f64,
    /// By which it is multiplied on all other days.
    pub other_days: f64,
    /// What a message does.
    pub contact: Contact,
    /// What debtors answer.
    pub replies: Replies,
    /// What becomes of offers of plans.
    pub plans: Plans,
    /// What an agency brings in.
    pub agency: Agency,
    /// The share of charges of a stored method that succeed.
    pub charge_succeeds: f64,
    /// The share of payments that are of a part of an invoice alone.
    pub partial_share: f64,
}

/// What debtors are billed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Billing {
    /// In which currency.
    #[schemars(length(equal = 3))]
    pub currency: String,
    /// Days from one invoice to the next.
    #[schemars(range(min = 1))]
    pub every_days: u32,
    /// Days from an invoice to its due date.
    pub terms_days: u32,
    /// The median amount, minor units.
    #[schemars(range(min = 1))]
    pub median: i64,
    /// The standard deviation of an amount's logarithm.
    pub sigma: f64,
    /// The largest amount, minor units.
    #[schemars(range(min = 1))]
    pub most: i64,
}

/// A group of payers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Its share of all, in any unit: shares are added up.
    pub share: f64,
    /// The hazard of paying a day, by how many days overdue an invoice is: before the last week,
    /// in the week before it is due, on the day, 1 to 7, 8 to 15, 16 to 30, 31 to 60, 61 to 90, and
    /// from 91 days on.
    pub hazard: [f64; AGES.len()],
    /// Whether they are businesses.
    #[serde(default)]
    pub business: bool,
}

/// What a message does to the hazard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// What the first message by a channel adds to the logarithm of the hazard.
    pub effect: BTreeMap<String, f64>,
    /// For channels not named.
    pub effect_otherwise: f64,
    /// Each further message of the last 30 days has this share of the effect of the one before.
    pub again: f64,
    /// Days after which a third of the effect is left.
    pub fades_days: f64,
    /// Messages in 30 days that are borne.
    pub borne: u32,
    /// What each one beyond takes off the logarithm of the hazard.
    pub annoys: f64,
}

/// What debtors answer to a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Replies {
    /// The share of messages that is answered.
    pub share: f64,
    /// Of answers, those of each reason, in any unit. `promise` and `goods-or-service` are told as a
    /// promise and as a dispute too.
    pub reasons: BTreeMap<String, f64>,
    /// The share of promises that is kept.
    pub kept: f64,
    /// Days until a promised day: at least, and at most.
    pub promise_days: (u32, u32),
    /// Days until a dispute is decided.
    pub dispute_days: u32,
    /// The share of disputes that is decided for the debtor.
    pub upheld: f64,
    /// What a reply of no money (cash flow, hardship) adds to the logarithm of the hazard.
    pub no_money: f64,
}

/// What becomes of offers of plans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Plans {
    /// The share of offers that is taken.
    pub accepted: f64,
    /// The share of instalments that is paid, each on its day.
    pub kept: f64,
}

/// What an agency brings in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Agency {
    /// The hazard of paying a day once a debt is with an agency.
    pub hazard: f64,
    /// What it keeps of it, basis points.
    pub commission_bps: u32,
}

/// Which of [`AGES`] an age is in.
pub fn age_of(days_overdue: i32) -> usize {
    AGES.iter()
        .rposition(|bound| days_overdue >= *bound)
        .unwrap_or(0)
}

impl Model {
    /// What no schema can say, with where it is: a JSON pointer.
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut share = |pointer: &str, value: f64| {
            if !(0.0..=1.0).contains(&value) {
                problems.push((pointer.to_owned(), format!("{value} is no share: 0 to 1")));
            }
        };
        share("/partial_share", self.partial_share);
        share("/charge_succeeds", self.charge_succeeds);
        share("/replies/share", self.replies.share);
        share("/replies/kept", self.replies.kept);
        share("/replies/upheld", self.replies.upheld);
        share("/plans/accepted", self.plans.accepted);
        share("/plans/kept", self.plans.kept);
        share("/contact/again", self.contact.again);
        let sum: f64 = self.segments.values().map(|segment| segment.share).sum();
        if !(sum > 0.0 && sum.is_finite()) {
            problems.push(("/segments".to_owned(), "no segment has a share".to_owned()));
        }
        for (name, segment) in &self.segments {
            let hazards = segment.hazard.iter().chain([&segment.share]);
            if hazards
                .clone()
                .any(|value| !value.is_finite() || *value < 0.0)
            {
                let pointer = format!("/segments/{name}");
                problems.push((pointer, "a share or a hazard is below 0".to_owned()));
            }
        }
        if regua_domain::money::Currency::parse(&self.billing.currency).is_err() {
            let text = format!("`{}` is no currency of ISO 4217", self.billing.currency);
            problems.push(("/billing/currency".to_owned(), text));
        }
        if self.contact.fades_days <= 0.0 {
            let text = "has to be more than 0 days".to_owned();
            problems.push(("/contact/fades_days".to_owned(), text));
        }
        if self.replies.promise_days.0 > self.replies.promise_days.1 {
            let text = "the least is more than the most".to_owned();
            problems.push(("/replies/promise_days".to_owned(), text));
        }
        problems
    }
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

    #[test]
    fn the_default_has_no_fault_and_what_is_wrong_is_told() {
        assert!(Model::default().problems().is_empty());
        let wrong = Model {
            partial_share: 2.0,
            segments: BTreeMap::new(),
            ..Model::default()
        };
        let told: Vec<_> = wrong
            .problems()
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        assert_eq!(told, ["/partial_share", "/segments"]);
    }
}
