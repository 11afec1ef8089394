//! A tenant's settings: what the host holds every stage to, whatever its code says.

mod check;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::contract::{ActionKind, Channel, CustomerKind, ItemKind, Manifest, Purpose};
use crate::customer::Customer;
use crate::interest::Terms;
use crate::money::Currency;
use crate::time::Date;

/// All settings of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How the tenant signs.
    pub display_name: String,
    /// A sandbox has its own clock, and its effects are captured, never delivered.
    #[serde(default)]
    pub sandbox: bool,
    /// Limits on contacts.
    #[serde(default)]
    pub contact: ContactPolicy,
    /// What stages may propose, of plugins that are not named in `plugin_grants`.
    #[serde(default = "every_action")]
    pub grants: BTreeSet<ActionKind>,
    /// What stages of a plugin may propose, by its name: in place of `grants`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub plugin_grants: BTreeMap<String, BTreeSet<ActionKind>>,
    /// Whether a plugin is only taken with the signature of one of the tenant's plugin keys.
    #[serde(default)]
    pub signed_plugins: bool,
    /// Attributes of customers that stages may see.
    #[serde(default)]
    pub visible_attributes: BTreeSet<String>,
    /// Teams that tasks and notices may name.
    #[serde(default)]
    pub teams: BTreeSet<String>,
    /// Agencies that items may be placed with.
    #[serde(default)]
    pub agencies: BTreeSet<String>,
    /// Which of an item's kinds money pays first, where items are due on one day.
    #[serde(default = "principal_first")]
    pub allocation: Vec<ItemKind>,
    /// What becomes of unpaid fees and interest on principal that was paid: there is no
    /// default, it has to be chosen.
    pub charges_on_paid_principal: ChargesOnPaid,
    /// At most this share of an item, in basis points, may be charged as fees of a kind.
    #[serde(default)]
    pub fee_ceilings: BTreeMap<String, u32>,
    /// Terms of interest, by the name that stages ask for them by.
    #[serde(default)]
    pub interest_terms: BTreeMap<String, Terms>,
    /// Days after a case's end in which an item that comes back reopens it.
    #[serde(default = "reopen_days")]
    pub reopen_days: u32,
    /// Days a promise or an instalment may be late before it counts as broken.
    #[serde(default = "grace_days")]
    pub grace_days: u32,
    /// Days a pending payment covers before it is taken for lost.
    #[serde(default = "pending_days")]
    pub pending_days: u32,
    /// Where the placeholders `links.*` lead: a base address. Without it, no text that has
    /// one can be published or rendered.
    #[serde(default)]
    pub link_base: String,
    /// Holidays of calendars of the tenant's own, by day, with what each is called.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calendars: BTreeMap<String, BTreeMap<Date, String>>,
    /// Which workflow a new case gets: the first rule that fits, else the default.
    #[serde(default)]
    pub assignment: Vec<AssignmentRule>,
    /// The workflow where no rule fits.
    #[serde(default)]
    pub default_workflow: Option<String>,
}

impl Policy {
    /// Settings of a new tenant, with the one choice that has to be made.
    pub fn new(display_name: &str, charges_on_paid_principal: ChargesOnPaid) -> Self {
        Self {
            display_name: display_name.to_owned(),
            sandbox: false,
            contact: ContactPolicy::default(),
            grants: every_action(),
            plugin_grants: BTreeMap::new(),
            signed_plugins: false,
            visible_attributes: BTreeSet::new(),
            teams: BTreeSet::new(),
            agencies: BTreeSet::new(),
            allocation: principal_first(),
            charges_on_paid_principal,
            fee_ceilings: BTreeMap::new(),
            interest_terms: BTreeMap::new(),
            reopen_days: reopen_days(),
            grace_days: grace_days(),
            pending_days: pending_days(),
            link_base: String::new(),
            calendars: BTreeMap::new(),
            assignment: Vec::new(),
            default_workflow: None,
        }
    }

    /// What of that which a plugin declares its stages may propose.
    pub fn granted(&self, plugin: &Manifest) -> impl Iterator<Item = ActionKind> {
        let grants = self.plugin_grants.get(&plugin.name);
        let grants = grants.unwrap_or(&self.grants);
        let proposes = plugin.proposes.iter().copied();
        proposes.filter(|kind| grants.contains(kind))
    }

    /// A calendar: the tenant's own before those that come with Régua.
    pub fn calendar(&self, name: &str) -> Option<Arc<Calendar>> {
        match self.calendars.get(name) {
            Some(holidays) => Some(Arc::new(Calendar::of(name, holidays.clone()))),
            None => Calendar::named(name),
        }
    }

    /// The names of calendars that [`Policy::calendar`] knows, sorted.
    pub fn calendar_names(&self) -> Vec<String> {
        let own = self.calendars.keys().cloned();
        let names: BTreeSet<_> = own.chain(Calendar::names().map(str::to_owned)).collect();
        names.into_iter().collect()
    }

    /// Every workflow that a new case may get, with the pointer to where it is named.
    pub fn workflows(&self) -> impl Iterator<Item = (String, &str)> {
        let rules = self.assignment.iter().enumerate();
        rules
            .map(|(at, rule)| (format!("/assignment/{at}/workflow"), rule.workflow.as_str()))
            .chain(
                self.default_workflow
                    .iter()
                    .map(|name| ("/default_workflow".to_owned(), name.as_str())),
            )
    }

    /// The name of the workflow that a new case of this customer gets.
    pub fn assigned(&self, customer: &Customer, currency: Currency) -> Option<&str> {
        self.assignment
            .iter()
            .find(|rule| rule.fits(customer, currency))
            .map(|rule| rule.workflow.as_str())
            .or(self.default_workflow.as_deref())
    }
}

/// What becomes of unpaid charges on principal that was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChargesOnPaid {
    /// They stay owed.
    Keep,
    /// They are waived when the principal is paid in full.
    Waive,
}

/// A rule of assignment: every field given must fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct AssignmentRule {
    pub workflow: String,
    #[serde(default)]
    pub segment: Option<String>,
    #[serde(default)]
    pub kind: Option<CustomerKind>,
    /// A country or a subdivision: `BR` fits `BR-SP` too.
    #[serde(default)]
    pub jurisdiction: Option<String>,
    #[serde(default)]
    pub currency: Option<Currency>,
}

impl AssignmentRule {
    fn fits(&self, customer: &Customer, currency: Currency) -> bool {
        let within = |wanted: &String| {
            customer.jurisdiction == *wanted
                || customer
                    .jurisdiction
                    .strip_prefix(wanted.as_str())
                    .is_some_and(|rest| rest.starts_with('-'))
        };
        self.segment
            .as_ref()
            .is_none_or(|segment| customer.segments.contains(segment))
            && self.kind.is_none_or(|kind| kind == customer.kind)
            && self.jurisdiction.as_ref().is_none_or(within)
            && self.currency.is_none_or(|wanted| wanted == currency)
    }
}

/// Limits on contacts. They bind across cases and currencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContactPolicy {
    /// Minutes of the customer's day outside which nobody is contacted: from, to.
    pub quiet_hours: QuietHours,
    /// At most so many contacts a channel in any 7 days; `other` channels have the last.
    pub per_channel_7_days: BTreeMap<Channel, u16>,
    /// For channels not named above.
    pub per_channel_7_days_default: u16,
    /// At least so many hours after any contact, by purpose.
    pub gap_hours: BTreeMap<Purpose, u32>,
    /// Purposes that neither the caps nor the gaps above bind: nobody is left without the
    /// confirmation they wait for.
    pub exempt: BTreeSet<Purpose>,
    /// At most so many messages of these purposes in any 24 hours, on all channels together.
    pub exempt_24_hours: u16,
}

impl Default for ContactPolicy {
    fn default() -> Self {
        Self {
            quiet_hours: QuietHours {
                from: 21 * 60,
                to: 8 * 60,
            },
            per_channel_7_days: BTreeMap::new(),
            per_channel_7_days_default: 3,
            gap_hours: [Purpose::Reminder, Purpose::Demand, Purpose::Offer]
                .map(|p| (p, 20))
                .into(),
            exempt: [Purpose::LegalNotice, Purpose::Confirmation].into(),
            exempt_24_hours: 4,
        }
    }
}

/// A span of the day, in minutes since midnight, that may go over midnight. The start is
/// inside, the end is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct QuietHours {
    pub from: u16,
    pub to: u16,
}

impl QuietHours {
    /// Whether a minute of the day lies in the span.
    pub fn contain(self, minute: u16) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

fn every_action() -> BTreeSet<ActionKind> {
    ActionKind::ALL.into_iter().collect()
}

fn principal_first() -> Vec<ItemKind> {
    vec![
        ItemKind::Invoice,
        ItemKind::OtherCharge,
        ItemKind::LateFee,
        ItemKind::Interest,
    ]
}

const fn reopen_days() -> u32 {
    90
}

const fn grace_days() -> u32 {
    2
}

const fn pending_days() -> u32 {
    7
}
