//! What a workflow's author sets.

use regua_sdk::AgencyRef;
use regua_sdk::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a workflow's author sets.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The agency.
    pub agency: AgencyRef,
    /// Items that are overdue for less are not placed, and no case whose oldest is.
    #[schemars(range(min = 1))]
    pub minimum_age_days: u16,
    /// The least balance of such items that is placed, by currency; any amount where a
    /// currency is not named.
    #[serde(default)]
    pub minimum_balance: AmountByCurrency,
    /// The final notice, without which nothing is placed.
    pub notice: Notice,
    /// The agency's share of what it collects, in hundredths of a percent.
    pub commission_bps: BasisPoints,
    /// How many days the agency has.
    #[schemars(range(min = 1, max = 3660))]
    pub term_days: u16,
}

/// The final notice.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its template.
    pub template: TemplateRef,
    /// The channels that may be used, the first of them that leads to the customer before
    /// the others: here the workflow's order decides, for a notice may have to be provable.
    #[serde(default = "letter_first")]
    #[schemars(length(min = 1))]
    pub channels: Vec<Channel>,
    /// How many days the customer has after the notice.
    #[schemars(range(min = 1, max = 365))]
    pub wait_days: u16,
    /// Whether these are business days.
    #[serde(default)]
    pub business_days: bool,
}

impl Config {
    /// What the schema cannot say, or does not make the reader of JSON refuse.
    pub(crate) fn problems(&self) -> Vec<ConfigProblem> {
        let rules = [
            (
                self.minimum_age_days > 0,
                "/minimum_age_days",
                "what is not overdue cannot be placed",
            ),
            (
                !self.notice.channels.is_empty(),
                "/notice/channels",
                "no channel is left to write over",
            ),
            (
                (1..=365).contains(&self.notice.wait_days),
                "/notice/wait_days",
                "the customer has 1 to 365 days to pay",
            ),
            (
                (1..=3_660).contains(&self.term_days),
                "/term_days",
                "the agency has 1 to 3660 days",
            ),
        ];
        rules
            .into_iter()
            .filter(|(holds, ..)| !holds)
            .map(|(_, pointer, text)| ConfigProblem::new(pointer, text))
            .collect()
    }
}

fn letter_first() -> Vec<Channel> {
    vec![Channel::Letter, Channel::Email]
}
