//! What a tenant configures of its post, and the log of what was handed over.

use std::collections::BTreeSet;

use regua_delivery::attempt::{Attempt, Next};
use regua_domain::effect::Effect;
use regua_domain::event::EventId;
use regua_domain::time::{DAY_MS, Timestamp};
use regua_storage::Record;
use serde::{Deserialize, Serialize};

use super::kind_of;

/// A system of the tenant's that effects are handed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// What it is for.
    pub label: String,
    /// An https address.
    pub url: String,
    /// What it is signed with, sealed, base64; the newest first.
    pub secrets: Vec<String>,
    /// Which effects are handed to it: `effect.charge`, `message.sms`, … A kind is handed to
    /// one endpoint, for what two would do would be done twice.
    pub handles: BTreeSet<String>,
    /// Which events it is told of: a type's name, a group (`case.*`) or `*`. Any number of
    /// endpoints may be told of a type.
    #[serde(default)]
    pub events: BTreeSet<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when nothing is handed to it, and why.
    pub disabled: Option<Disabled>,
}

/// Why an endpoint gets nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabled {
    /// Since when.
    pub at: Timestamp,
    /// `gone`: it answered 410. `by-hand`: the tenant did it.
    pub because: String,
}

impl Record for Endpoint {
    const KIND: &'static str = "endpoint";
}

/// Who the tenant's e-mail is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The address.
    pub address: String,
    /// As debtors see it; empty: the tenant's display name.
    pub name: String,
    /// Where answers go, if not there.
    pub reply_to: Option<String>,
    /// SHA-256 of the code that was sent to the address, hex.
    pub code_digest: String,
    /// When that was.
    pub code_sent_at: Timestamp,
    /// Wrong codes since.
    pub wrong_codes: u32,
    /// When somebody who reads the address's mail gave the code back.
    pub verified_at: Option<Timestamp>,
}

impl Record for Sender {
    const KIND: &'static str = "sender";
}

/// The one sender of a tenant.
pub const SENDER: &str = "email";

/// What became of an effect on its way out, under the effect's key; or of an event on its way
/// to an endpoint, under both their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// `effect.charge`, `message.email`, …; of events, the type.
    pub kind: String,
    /// Of an event: when it happened. Such a record is due as long as it is to be handed over,
    /// and then when it has been kept for long enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_at: Option<Timestamp>,
    /// The endpoint that it goes to; none: by mail, or none was there yet.
    pub endpoint: Option<String>,
    /// What systems are told: made once, for what a key means cannot change.
    pub payload: Option<String>,
    /// Every try, the oldest first.
    pub attempts: Vec<Attempt>,
}

impl Record for Delivery {
    const KIND: &'static str = "delivery";
}

impl Delivery {
    /// Of an effect, before its first try.
    pub(crate) fn of(effect: &Effect) -> Self {
        Self {
            kind: kind_of(effect),
            event_at: None,
            endpoint: None,
            payload: None,
            attempts: Vec::new(),
        }
    }

    /// The last try's word, where there was one.
    pub fn last(&self) -> Option<Next> {
        self.attempts.last().map(|attempt| attempt.next)
    }

    /// Whether nothing more is tried by itself.
    pub fn is_over(&self) -> bool {
        matches!(self.last(), Some(Next::Done | Next::Failed | Next::Gone))
    }

    /// When the record of an event is due next: for another try, or to be cleared away. None of
    /// an effect: the outbox knows when that is due.
    pub fn due_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.event_at?;
        Some(match self.last() {
            Some(Next::Again { not_before }) => not_before,
            Some(Next::Done | Next::Failed | Next::Gone) => now.plus_ms(EVENT_KEPT_MS),
            None => now,
        })
    }
}

/// How long the log has an event that was handed over, or given up.
pub const EVENT_KEPT_MS: i64 = 30 * DAY_MS;

/// What the record of an event on its way to an endpoint is called.
pub fn event_key(event: EventId, endpoint: &str) -> String {
    format!("{event}.{endpoint}")
}

/// The `webhook-id` of what a record is about: an effect's key, or an event's id, which is the
/// same at each endpoint.
pub fn message_id(key: &str) -> &str {
    match key.rsplit_once('.') {
        Some((event, _)) if key.starts_with("evt_") => event,
        _ => key,
    }
}
