//! What a tenant configures of its post, and the log of what was handed over.

use std::collections::BTreeSet;

use regua_delivery::attempt::Attempt;
use regua_domain::time::Timestamp;
use regua_storage::Record;
use serde::{Deserialize, Serialize};

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

/// What became of an effect on its way out, under the effect's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// `effect.charge`, `message.email`, …
    pub kind: String,
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
