//! The debtor: who they are, where they live, how they may be reached.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::contract::{Channel, CustomerKind, Decline, PaymentMethod};
use crate::id::{CaseId, CustomerId, TenantId, derived};
use crate::time::{Date, Timestamp};

/// A customer of a tenant. Names, addresses and tax numbers stay in the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// The tenant's own key for it: unique within the tenant.
    pub reference: String,
    /// As letters address them.
    pub name: String,
    /// CPF, CNPJ, VAT number, …
    pub tax_number: Option<String>,
    /// A person or a company.
    pub kind: CustomerKind,
    /// BCP 47.
    pub locale: String,
    /// ISO 3166-2, or the country alone.
    pub jurisdiction: String,
    /// Where their day begins and ends.
    pub time_zone: Tz,
    /// Sorted, unique.
    pub segments: Vec<String>,
    /// By name. Only those the tenant declared visible reach a stage.
    pub attributes: BTreeMap<String, String>,
    /// By key.
    pub methods: Vec<PaymentMethod>,
    /// The preferred first.
    pub contacts: Vec<ContactPoint>,
    /// Since when.
    pub since: Option<Date>,
}

/// The bucket of a customer: 0 to 9999, stable.
pub fn bucket(customer: CustomerId) -> u16 {
    let digest = Sha256::digest(customer.0.as_bytes());
    u16::from_be_bytes([digest[0], digest[1]]) % 10_000
}

/// The id that a customer gets: it follows from the reference, so that two tellings at once make
/// one customer, and one that is played in memory is the one that a store would have.
pub fn id_of(tenant: TenantId, reference: &str) -> CustomerId {
    CustomerId(derived(CaseId(tenant.0), 0, reference, 0))
}

impl Customer {
    /// A customer of whom only the reference is known.
    pub fn unknown(tenant: TenantId, reference: &str) -> Self {
        Self {
            id: id_of(tenant, reference),
            reference: reference.to_owned(),
            name: String::new(),
            tax_number: None,
            kind: CustomerKind::Business,
            locale: String::new(),
            jurisdiction: String::new(),
            time_zone: Tz::UTC,
            segments: Vec::new(),
            attributes: BTreeMap::new(),
            methods: Vec::new(),
            contacts: Vec::new(),
            since: None,
        }
    }

    /// 0 to 9999, stable: for splitting customers into groups.
    pub fn bucket(&self) -> u16 {
        bucket(self.id)
    }

    /// Where among all customers it stands, a share of 2^64: what wake-ups are spread by.
    /// Ids are hashes, so their leading bits are spread evenly; and customers that wake up
    /// one after the other lie beside one another in a store that keeps them by id.
    pub fn phase(&self) -> u64 {
        self.id.0.as_u64_pair().0
    }

    /// The address a channel would use now.
    pub fn address(&self, channel: &Channel) -> Option<&ContactPoint> {
        self.contacts
            .iter()
            .find(|point| point.channel == *channel && point.is_reachable())
    }

    /// Channels with an address, consent and no opt-out; the preferred first.
    pub fn reachable(&self) -> Vec<Channel> {
        let mut channels = Vec::new();
        for point in self.contacts.iter().filter(|point| point.is_reachable()) {
            if !channels.contains(&point.channel) {
                channels.push(point.channel.clone());
            }
        }
        channels
    }
}

/// One address on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPoint {
    /// Which channel.
    pub channel: Channel,
    /// E-mail address, number in E.164, postal address, …
    pub address: String,
    /// Whether it may be used.
    #[serde(default)]
    pub consent: Consent,
    /// Something sent there came back.
    #[serde(default)]
    pub bounced: bool,
}

impl ContactPoint {
    fn is_reachable(&self) -> bool {
        self.consent == Consent::Given && !self.bounced
    }
}

/// Whether a debtor may be written to at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// Given, or not needed for this channel and customer.
    #[default]
    Given,
    /// Not given.
    Missing,
    /// Taken back.
    OptedOut,
}

/// What the past says of a customer, over all cases; and the counters that name what is
/// written about them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Ledger entries written so far.
    #[serde(skip_serializing_if = "is_default")]
    pub ledger_entries: u64,
    /// Timeline entries written so far.
    #[serde(skip_serializing_if = "is_default")]
    pub timeline_entries: u64,
    /// Facts taken in so far.
    #[serde(skip_serializing_if = "is_default")]
    pub facts: u64,
    /// Invoices ever issued.
    #[serde(skip_serializing_if = "is_default")]
    pub invoices: u32,
    /// Invoices paid in full, as it stands: what is taken back counts no longer.
    #[serde(skip_serializing_if = "is_default")]
    pub invoices_paid: u32,
    /// … after their due date.
    #[serde(skip_serializing_if = "is_default")]
    pub invoices_paid_late: u32,
    /// Sum of days late over paid invoices.
    #[serde(skip_serializing_if = "is_default")]
    pub days_late_sum: i64,
    /// The latest ever paid, days; it stays where that payment is taken back.
    #[serde(skip_serializing_if = "is_default")]
    pub worst_days_late: i32,
    /// Promises kept.
    #[serde(skip_serializing_if = "is_default")]
    pub promises_kept: u16,
    /// Promises broken.
    #[serde(skip_serializing_if = "is_default")]
    pub promises_broken: u16,
    /// Plans paid to the end.
    #[serde(skip_serializing_if = "is_default")]
    pub plans_completed: u16,
    /// Plans broken.
    #[serde(skip_serializing_if = "is_default")]
    pub plans_broken: u16,
    /// Contacts ever made, by channel.
    #[serde(skip_serializing_if = "is_default")]
    pub contacts: BTreeMap<String, u32>,
    /// The last one.
    #[serde(skip_serializing_if = "is_default")]
    pub last_contact: Option<Timestamp>,
    /// The last reply of any kind.
    #[serde(skip_serializing_if = "is_default")]
    pub last_reply: Option<Timestamp>,
    /// The last money received.
    #[serde(skip_serializing_if = "is_default")]
    pub last_payment: Option<Timestamp>,
    /// The last refused charge.
    #[serde(skip_serializing_if = "is_default")]
    pub last_decline: Option<Decline>,
}

impl Standing {
    /// Counts an invoice that was paid in full, so many days late.
    pub(crate) fn count_paid(&mut self, days_late: i32) {
        self.invoices_paid = self.invoices_paid.saturating_add(1);
        if days_late > 0 {
            self.invoices_paid_late = self.invoices_paid_late.saturating_add(1);
        }
        self.days_late_sum = self.days_late_sum.saturating_add(i64::from(days_late));
        self.worst_days_late = self.worst_days_late.max(days_late);
    }

    /// Undoes [`Standing::count_paid`], but for the worst: it was that late once.
    pub(crate) fn uncount_paid(&mut self, days_late: i32) {
        self.invoices_paid = self.invoices_paid.saturating_sub(1);
        if days_late > 0 {
            self.invoices_paid_late = self.invoices_paid_late.saturating_sub(1);
        }
        self.days_late_sum = self.days_late_sum.saturating_sub(i64::from(days_late));
    }
}

/// A standing is written with every commit: what says nothing is left out of it.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
