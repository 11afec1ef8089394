//! What a stage is told.

use serde::{Deserialize, Serialize};

use super::{ActionKind, Verdict};
use crate::time::{Date, Timestamp};

/// The logical instant of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// The customer's civil date.
    pub local_date: Date,
    /// 0 to 1439.
    pub local_minute_of_day: u16,
    /// 0 is Monday.
    pub local_weekday: u8,
    /// By the workflow's calendar.
    pub is_business_day: bool,
    /// IANA name.
    pub time_zone: String,
}

/// Whether the debtor is a person or a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum CustomerKind {
    Consumer,
    Business,
}

/// A way to reach a debtor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[allow(missing_docs)]
pub enum Channel {
    Email,
    Sms,
    Whatsapp,
    Letter,
    Phone,
    /// 1 to 32 characters of `a-z`, `0-9` and `-`.
    Other(String),
}

impl Channel {
    /// The channel's name: `email`, `sms`, …, or the other's own.
    pub fn name(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
            Self::Letter => "letter",
            Self::Phone => "phone",
            Self::Other(name) => name,
        }
    }
}

impl std::fmt::Display for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> Self {
        channel.name().to_owned()
    }
}

impl TryFrom<String> for Channel {
    type Error = BadChannel;
    fn try_from(name: String) -> Result<Self, BadChannel> {
        Ok(match name.as_str() {
            "email" => Self::Email,
            "sms" => Self::Sms,
            "whatsapp" => Self::Whatsapp,
            "letter" => Self::Letter,
            "phone" => Self::Phone,
            _ if is_name(&name, 32) => Self::Other(name),
            _ => return Err(BadChannel { name }),
        })
    }
}

/// A text that names no channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a channel: 1 to 32 characters of a-z, 0-9 and -")]
pub struct BadChannel {
    name: String,
}

/// Whether a text is a name of the contract: 1 to `max` characters of `a-z`, `0-9`, `-`.
pub fn is_name(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// A way to pay on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct PaymentMethod {
    pub key: String,
    pub kind: String,
    pub is_default: bool,
    pub expires_on: Option<Date>,
}

/// What a stage may know of the debtor: nothing that names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct SeenCustomer {
    pub bucket: u16,
    pub kind: CustomerKind,
    pub locale: String,
    pub jurisdiction: String,
    pub segments: Vec<String>,
    pub reachable: Vec<Channel>,
    pub attributes: Vec<(String, String)>,
    pub methods: Vec<PaymentMethod>,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ItemKind {
    Invoice,
    LateFee,
    Interest,
    OtherCharge,
}

impl ItemKind {
    /// Principal sets the anchor; fees and interest never do.
    pub const fn is_principal(self) -> bool {
        matches!(self, Self::Invoice | Self::OtherCharge)
    }
}

/// What is known of a document's own way to the debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum DeliveryState {
    #[default]
    Unknown,
    Sent,
    Delivered,
    Opened,
    Bounced,
}

/// One open item, as a stage sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct OpenItem {
    pub key: String,
    pub kind: ItemKind,
    pub parent: Option<String>,
    pub contract: Option<String>,
    pub issued_on: Date,
    pub due_on: Date,
    pub days_overdue: i32,
    pub original: i64,
    pub outstanding: i64,
    pub chaseable: i64,
    /// With an agency.
    pub placed: bool,
    pub is_first: bool,
    pub delivery: DeliveryState,
}

/// Why part of a debt is not chased for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum CoverKind {
    Dispute,
    Pending,
    Promise,
    Plan,
    Hold,
}

/// One cover, as a stage sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct SeenCover {
    pub kind: CoverKind,
    pub subject: String,
    pub amount: i64,
    pub until: Option<Date>,
}

/// What is owed, in the case's one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Balance {
    pub currency: String,
    pub minor_digits: u8,
    pub outstanding: i64,
    pub past_due: i64,
    pub chaseable: i64,
    pub credit: i64,
    pub anchor: Option<Date>,
    pub days_overdue: i32,
    pub items: Vec<OpenItem>,
    pub items_omitted: u32,
    pub covers: Vec<SeenCover>,
}

/// How often a debtor was written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ContactCount {
    pub channel: Channel,
    pub last_7_days: u16,
    pub last_30_days: u16,
    pub total: u32,
}

/// The last refused charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Decline {
    pub code: String,
    pub is_hard: bool,
    pub at: Timestamp,
}

/// What the past says of a customer, over all cases. By default nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct History {
    pub customer_since: Option<Date>,
    pub invoices_paid: u32,
    pub invoices_paid_late: u32,
    pub average_days_late_centi: i32,
    pub worst_days_late: i32,
    pub promises_kept: u16,
    pub promises_broken: u16,
    pub plans_completed: u16,
    pub plans_broken: u16,
    pub contacts: Vec<ContactCount>,
    pub last_contact: Option<Timestamp>,
    pub last_reply: Option<Timestamp>,
    pub last_payment: Option<Timestamp>,
    pub last_decline: Option<Decline>,
}

/// Chance of paying within 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Score {
    pub permille: u16,
    pub model: String,
}

/// How far an effect has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum EffectState {
    Queued,
    Done,
    Confirmed,
    Failed,
    Cancelled,
}

/// What became of an earlier proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct SeenEffect {
    pub key: String,
    pub stage: String,
    pub kind: ActionKind,
    pub channel: Option<Channel>,
    pub state: EffectState,
    pub code: String,
    pub at: Timestamp,
    pub until: Option<Date>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Event {
    pub kind: String,
    pub subject: Option<String>,
    pub amount: Option<i64>,
    pub on: Date,
    pub at: Timestamp,
    pub details: Vec<(String, String)>,
}

impl Event {
    /// The text of a detail.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why a stage is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Trigger {
    Entered,
    Woken {
        planned: Timestamp,
        late_by_ms: i64,
    },
    Answered {
        verdicts: Vec<Verdict>,
        event: Option<Event>,
    },
    Event(Event),
}

/// Where in the workflow a case is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct StagePosition {
    pub id: String,
    pub entered: Timestamp,
    pub calls_before: u32,
    pub visits_before: u32,
    pub days_in_stage: u32,
    pub business_days_in_stage: u32,
    pub memory: Vec<u8>,
}

/// Everything a stage may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Situation {
    pub now: Moment,
    pub trigger: Trigger,
    pub stage: StagePosition,
    pub customer: SeenCustomer,
    pub balance: Balance,
    pub history: History,
    pub score: Option<Score>,
    pub effects: Vec<SeenEffect>,
}
