//! What a workflow's author sets.

use regua_sdk::SegmentRef;
use regua_sdk::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a workflow's author sets.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The automatic contacts, the gentlest first. After the last one a person takes over.
    #[schemars(length(min = 1, max = 9))]
    pub contacts: Vec<Contact>,
    /// The channels that may be used. Their order does not matter: the customer's does.
    #[serde(default = "written_channels")]
    #[schemars(length(min = 1))]
    pub channels: Vec<Channel>,
    /// A channel that has stayed without a reply or a payment for so many business days
    /// gives way to another one, if there is one.
    #[serde(default = "default::unanswered_after")]
    #[schemars(range(min = 1, max = 250))]
    pub unanswered_after: u16,
    /// Who takes over when the automatic contacts are used up, and how.
    pub person: Person,
    /// The teams that replies go to; the person's team where none is named.
    #[serde(default)]
    pub teams: Teams,
    /// Tells the sales team of customers in some segments.
    #[serde(default)]
    pub sales: Option<Sales>,
    /// A fee, once per invoice for ever, in the decision that sends the letter naming it.
    #[serde(default)]
    pub late_fee: Option<LateFee>,
    /// How long the case rests after a reply.
    #[serde(default)]
    pub hold_days: HoldDays,
    /// What follows when a customer says that the invoice was not received.
    #[serde(default)]
    pub resend: Resend,
}

/// One automatic contact.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// With the parts `subject`, `text` and `short`.
    pub template: TemplateRef,
    /// `reminder`, `demand` or `legal-notice`: the tenant's contact rules differ by it.
    #[serde(default = "default::purpose")]
    pub purpose: Purpose,
    /// Business days since the contact before it; of the first one, since the stage began.
    #[schemars(range(max = 250))]
    pub after: u16,
}

/// The person who takes over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Whose task it is.
    pub team: TeamRef,
    /// The template of the draft that comes with the task; no draft without it.
    #[serde(default)]
    pub template: Option<TemplateRef>,
    /// The task's title.
    #[serde(default = "default::title")]
    #[schemars(length(min = 1, max = 200))]
    pub title: String,
    /// Business days since the last automatic contact.
    #[serde(default = "default::person_after")]
    #[schemars(range(max = 250))]
    pub after: u16,
    /// Days that the person has; a task that would be due on a weekend is due on the Monday.
    #[serde(default = "default::due_after")]
    #[schemars(range(max = 365))]
    pub due_after: u16,
    /// Days beyond that, after which the case leaves as `exhausted` without the person.
    #[serde(default = "default::grace")]
    #[schemars(range(max = 365))]
    pub grace: u16,
    /// Business days from the person's work to `exhausted`: the time to answer it.
    #[serde(default = "default::wait")]
    #[schemars(range(max = 250))]
    pub wait: u16,
    /// From this balance on, the task has a high priority; never where no amount is named.
    #[serde(default)]
    pub high_from: AmountByCurrency,
    /// From so many days overdue on, the task has a high priority.
    #[serde(default = "default::high_after")]
    pub high_after: u16,
}

/// The teams that replies go to.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Teams {
    /// Sends an invoice again.
    #[serde(default)]
    pub resend: Option<TeamRef>,
    /// Hears of disputes.
    #[serde(default)]
    pub dispute: Option<TeamRef>,
    /// Looks after customers in hardship.
    #[serde(default)]
    pub hardship: Option<TeamRef>,
    /// Reads every other reply.
    #[serde(default)]
    pub other: Option<TeamRef>,
}

/// Tells the sales team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sales {
    /// Of customers in one of these.
    #[schemars(length(min = 1))]
    pub segments: Vec<SegmentRef>,
    /// The team that is told.
    pub team: TeamRef,
    /// Together with the contact of this number, from 1; once a visit.
    #[serde(default = "default::first")]
    #[schemars(range(min = 1, max = 9))]
    pub with_contact: u8,
}

/// A late fee: the fixed amount and the share add up.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LateFee {
    /// Fixed, by currency.
    #[serde(default)]
    pub amount: Option<AmountByCurrency>,
    /// Share of what the invoice was issued for, rounded down.
    #[serde(default)]
    pub basis_points: Option<BasisPoints>,
    /// No fee is higher than this, by currency. The tenant's own ceilings hold besides.
    #[serde(default)]
    pub at_most: AmountByCurrency,
    /// The contact, from 1, that first announces fees; later ones do for invoices that have
    /// become late since.
    #[serde(default = "default::first_with_fee")]
    #[schemars(range(min = 1, max = 9))]
    pub from_contact: u8,
}

/// Days of rest after a reply, each from 1 to 365.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HoldDays {
    /// After "there is something wrong with the goods or the service".
    #[schemars(range(min = 1, max = 365))]
    pub dispute: u16,
    /// After "I am in hardship".
    #[schemars(range(min = 1, max = 365))]
    pub hardship: u16,
    /// After a reply whose reason the stage does not know, so that a person can read it first.
    #[schemars(range(min = 1, max = 365))]
    pub other: u16,
}

/// When an invoice was not received.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Resend {
    /// Days that the team has to send it again.
    #[schemars(range(max = 365))]
    pub due_after: u16,
    /// Business days from the reply, or from the team's work once that is done, until the
    /// contacts start anew.
    #[schemars(range(max = 250))]
    pub wait: u16,
    /// How often in one visit the contacts start anew; a later reply only opens the task.
    #[schemars(range(max = 9))]
    pub restarts: u8,
}

impl Default for HoldDays {
    fn default() -> Self {
        Self {
            dispute: 30,
            hardship: 30,
            other: 5,
        }
    }
}

impl Default for Resend {
    fn default() -> Self {
        Self {
            due_after: 2,
            wait: 5,
            restarts: 1,
        }
    }
}

/// The channels for which the templates of this crate have a text.
fn written_channels() -> Vec<Channel> {
    vec![Channel::Email, Channel::Sms, Channel::Whatsapp]
}

mod default {
    use regua_sdk::Purpose;

    pub(super) fn unanswered_after() -> u16 {
        5
    }
    pub(super) fn purpose() -> Purpose {
        Purpose::Demand
    }
    pub(super) fn title() -> String {
        "The automatic contacts are used up: write to this customer yourself".to_owned()
    }
    pub(super) fn person_after() -> u16 {
        3
    }
    pub(super) fn due_after() -> u16 {
        5
    }
    pub(super) fn grace() -> u16 {
        5
    }
    pub(super) fn wait() -> u16 {
        5
    }
    pub(super) fn high_after() -> u16 {
        60
    }
    pub(super) fn first() -> u8 {
        1
    }
    pub(super) fn first_with_fee() -> u8 {
        2
    }
}
