//! What came, in the shape in which an expectation names it.

use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::scenario::event::Amount;
use crate::scenario::moment::Day;

/// What came: since the expectation before, where it is a list, else as it is by now.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Seen {
    /// Messages that were sent.
    pub messages: Vec<Message>,
    /// Tasks that were opened.
    pub tasks: Vec<Task>,
    /// Fees and interest that were charged.
    pub fees: Vec<Fee>,
    /// Everything else that was done.
    pub actions: Vec<Act>,
    /// What the guard did not allow.
    pub refused: Vec<Refused>,
    /// Stages that were left, each as `stage: outcome`.
    pub left: Vec<String>,
    /// The stage that the open case is at or waits for; nothing: no case is open.
    pub stage: Option<String>,
    /// How the last case ended; nothing: a case is open, or there was none.
    pub ended: Option<String>,
    /// All that is owed, in each currency: `250.00 BRL`.
    pub balance: Option<String>,
    /// By how many days the debt is late; negative: how soon it is due.
    pub days_overdue: Option<i32>,
    /// Bounds that may be named beside these.
    #[serde(flatten)]
    pub bounds: Bounds,
}

/// Bounds: any workflow may be held against them.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(default)]
pub struct Bounds {
    /// That nobody was written to from this day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_contact_since: Option<Day>,
    /// That nobody was written to for anything but a reminder or a confirmation from this day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_demand_since: Option<Day>,
    /// That so many messages were sent at most since the expectation before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts_at_most: Option<u32>,
    /// That fees and interest since the expectation before come to so much at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fees_at_most: Option<Amount>,
    /// That so much is owed at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed_at_least: Option<Amount>,
}

/// A message.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Message {
    /// When it was sent, on the customer's wall: `2026-03-05 09:12`.
    pub at: String,
    /// email, sms, whatsapp, letter, phone, or another's name.
    pub channel: String,
    /// Where to.
    pub to: String,
    /// reminder, demand, legal-notice, offer or confirmation.
    pub purpose: String,
    /// Of which template; nothing: the stage's own words.
    pub template: Option<String>,
    /// In which language.
    pub locale: String,
    /// The subject.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// Pieces that the text has, in place of all of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1), inner(length(min = 1)))]
    pub has: Vec<String>,
}

/// A task.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Task {
    /// When it was opened, on the customer's wall.
    pub at: String,
    /// One line.
    pub title: String,
    /// Whose.
    pub team: String,
}

/// A fee, or interest.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Fee {
    /// On which day.
    #[schemars(with = "String")]
    pub on: Date,
    /// late-fee or interest.
    pub kind: &'static str,
    /// How much.
    pub amount: String,
    /// The invoice that it is on.
    pub invoice: Option<String>,
}

/// Something else that was done.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Act {
    /// When, on the customer's wall.
    pub at: String,
    /// What: charge, offer-plan, place-with-agency, …
    pub kind: &'static str,
    /// In words.
    pub summary: String,
}

/// What was not allowed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Refused {
    /// When, on the customer's wall.
    pub at: String,
    /// What: send-message, …
    pub kind: &'static str,
    /// By which rule.
    pub rule: String,
}

macro_rules! empty {
    ($($type:ident { $($member:ident),* })*) => {$(
        impl Default for $type {
            /// For the schema: a member that may be left out.
            fn default() -> Self {
                Self { $($member: Default::default()),* }
            }
        }
    )*};
}

empty! {
    Message { at, channel, to, purpose, template, locale, subject, text, has }
    Task { at, title, team }
    Fee { on, kind, amount, invoice }
    Act { at, kind, summary }
    Refused { at, kind, rule }
}
