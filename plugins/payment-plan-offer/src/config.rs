//! What a workflow's author sets.

use regua_sdk::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::schedule::Spacing;

/// An offer names no day further ahead: the contract's bound.
const DAYS_AHEAD_MAX: u32 = 3_660;

/// What a workflow's author sets.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The plans to choose from, in the order in which they are offered. One whose
    /// instalments would be too small for the balance is left out.
    #[schemars(length(min = 1, max = 3))]
    pub plans: Vec<PlanConfig>,
    /// No instalment is below this, by currency; any amount where a currency is not named.
    #[serde(default)]
    pub smallest_instalment: AmountByCurrency,
    /// The least chaseable balance for which plans are offered, by currency.
    #[serde(default)]
    pub minimum: AmountByCurrency,
    /// The largest one, by currency.
    #[serde(default)]
    pub maximum: AmountByCurrency,
    /// For how many days the offer stands.
    #[schemars(range(min = 1, max = 365))]
    pub valid_days: u16,
    /// Days from the offer to the first instalment: at least `valid_days`, so that who
    /// accepts on the last day is not late already.
    #[schemars(range(min = 1, max = 365))]
    pub first_due_days: u16,
    /// So many days before the deadline the offer is sent once more; never if not set.
    #[serde(default)]
    #[schemars(range(min = 1, max = 364))]
    pub reminder_before_deadline_days: Option<u16>,
    /// The letters.
    pub templates: Templates,
    /// The channels that may be used. Their order does not matter: the customer's does.
    #[serde(default = "written_channels")]
    #[schemars(length(min = 1))]
    pub channels: Vec<Channel>,
    /// Who has broken so many plans before is offered no other.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub max_broken_plans: u16,
}

/// One plan.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanConfig {
    /// How many, the down payment among them.
    #[schemars(range(min = 1, max = 60))]
    pub instalments: u8,
    /// Days from one instalment to the next. Either this or `every`, unless there is one
    /// instalment only.
    #[serde(default)]
    #[schemars(range(min = 1, max = 366))]
    pub every_days: Option<u16>,
    /// The calendar's step from one instalment to the next.
    #[serde(default)]
    pub every: Option<Step>,
    /// The share of the first instalment in hundredths of a percent; all are equal without.
    #[serde(default)]
    pub down_payment_bps: Option<BasisPoints>,
    /// Late fees and interest on the items are waived for who accepts.
    #[serde(default)]
    pub waive_fees: bool,
}

/// A step of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The same day of the next month, or its last day where it has no such day.
    Month,
}

/// The letters.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    /// Lists the plans of `offer`; `vars.letter` is `offer`, or `reminder` the second time.
    pub offer: TemplateRef,
    /// Confirms the plan that was accepted, the only one in `offer`.
    pub accepted: TemplateRef,
}

impl PlanConfig {
    /// None where the two ways to say it are both used, or neither.
    pub(crate) fn spacing(&self) -> Option<Spacing> {
        match (self.every_days, self.every) {
            (Some(days), None) if days > 0 => Some(Spacing::Days(days)),
            (None, Some(Step::Month)) => Some(Spacing::Months),
            (None, None) if self.instalments == 1 => Some(Spacing::Months),
            _ => None,
        }
    }

    /// Days from the first instalment to the last one, at most.
    fn days(&self) -> u32 {
        let each = match self.spacing() {
            Some(Spacing::Days(days)) => u32::from(days),
            Some(Spacing::Months) => 31,
            None => 0,
        };
        each * u32::from(self.instalments.saturating_sub(1))
    }

    fn problem(&self, first_due_days: u16) -> Option<(&'static str, &'static str)> {
        if !(1..=60).contains(&self.instalments) {
            Some(("/instalments", "a plan has 1 to 60 instalments"))
        } else if self.spacing().is_none() {
            Some((
                "",
                "either `every_days`, of at least one day, or `every` sets the instalments apart",
            ))
        } else if u32::from(first_due_days) + self.days() > DAYS_AHEAD_MAX {
            Some((
                "",
                "the last instalment is due more than ten years after the offer",
            ))
        } else if self.down_payment_bps.is_some() && self.instalments == 1 {
            Some((
                "/down_payment_bps",
                "a down payment leaves nothing for a single instalment",
            ))
        } else if self
            .down_payment_bps
            .is_some_and(|share| share.get() == 0 || share == BasisPoints::WHOLE)
        {
            Some((
                "/down_payment_bps",
                "a down payment is a part: more than nothing and less than all",
            ))
        } else {
            None
        }
    }
}

impl Config {
    /// What the schema cannot say, or does not make the reader of JSON refuse.
    pub(crate) fn problems(&self) -> Vec<ConfigProblem> {
        let mut found = Vec::new();
        let mut must = |holds: bool, pointer: &'static str, text: &'static str| {
            if !holds {
                found.push(ConfigProblem::new(pointer, text));
            }
        };
        must(
            (1..=3).contains(&self.plans.len()),
            "/plans",
            "an offer has one to three plans",
        );
        must(
            (1..=365).contains(&self.valid_days),
            "/valid_days",
            "an offer stands for 1 to 365 days",
        );
        must(
            self.first_due_days >= self.valid_days,
            "/first_due_days",
            "the first instalment would be due before the offer runs out",
        );
        must(
            self.reminder_before_deadline_days
                .is_none_or(|days| (1..self.valid_days).contains(&days)),
            "/reminder_before_deadline_days",
            "a reminder comes after the offer and before its last day",
        );
        must(
            !self.channels.is_empty(),
            "/channels",
            "no channel is left to write over",
        );
        must(
            self.max_broken_plans > 0,
            "/max_broken_plans",
            "nobody could ever be offered a plan",
        );
        let of_plans = self.plans.iter().enumerate().filter_map(|(index, plan)| {
            let (pointer, text) = plan.problem(self.first_due_days)?;
            Some(ConfigProblem::new(format!("/plans/{index}{pointer}"), text))
        });
        found.extend(of_plans);
        found
    }
}

/// The channels for which the templates of this crate have a text.
fn written_channels() -> Vec<Channel> {
    vec![Channel::Email, Channel::Sms, Channel::Whatsapp]
}

fn one() -> u16 {
    1
}
