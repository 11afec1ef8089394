//! Endpoints as they are told and asked for.

use std::collections::BTreeSet;

use regua_delivery::attempt::Attempt;
use regua_engine::post::records::Endpoint as Hook;
use regua_storage::Kept;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shape::Instant;

/// An endpoint, by id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByEndpoint {
    #[schemars(regex(pattern = r"^whe_[0-9a-f]{32}$"))]
    pub endpoint: String,
}

/// An endpoint as it is configured.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "label": "payments", "url": "https://hooks.acme.example/regua",
    "handles": ["effect.charge", "message.sms"], "events": ["case.*", "promise.broken"]
}))]
pub(crate) struct EndpointIn {
    /// What it is for.
    #[schemars(length(min = 1, max = 200))]
    pub label: String,
    /// An https address in the public network, or what the operator's setting
    /// `outgoing-exceptions` lets be reached.
    #[schemars(length(min = 1, max = 2000))]
    pub url: String,
    /// What is handed to it: `effect.charge`, `effect.notify-team`, `effect.change-service`,
    /// `effect.place-with-agency`, `effect.recall-placement`, `effect.custom`; `message.sms`,
    /// `message.whatsapp`, `message.letter`, `message.phone` or `message.` and a channel of the
    /// tenant's own. E-mail goes by the host's relay.
    #[schemars(length(max = 64))]
    #[serde(default)]
    pub handles: BTreeSet<String>,
    /// What it is told of: a type of event (`case.ended`), all of a group (`case.*`), or `*`.
    /// The types are the document's `webhooks`.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub events: BTreeSet<String>,
    /// Whether nothing is handed to it for now; what happens meanwhile it is not told later.
    #[serde(default)]
    pub disabled: bool,
}

/// An endpoint.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EndpointOut {
    id: String,
    label: String,
    url: String,
    handles: BTreeSet<String>,
    events: BTreeSet<String>,
    created_at: Instant,
    /// Since when nothing is handed to it.
    disabled_at: Option<Instant>,
    /// `gone`: it answered 410. `by-hand`: the tenant did it.
    disabled_because: Option<String>,
    /// How many secrets messages are signed with.
    secrets: usize,
}

impl EndpointOut {
    pub(crate) fn of(kept: Kept<Hook>) -> Self {
        let hook = kept.value;
        let disabled = hook.disabled;
        Self {
            id: kept.id,
            label: hook.label,
            url: hook.url,
            handles: hook.handles,
            events: hook.events,
            created_at: hook.created_at.into(),
            disabled_at: disabled.as_ref().map(|disabled| disabled.at.into()),
            disabled_because: disabled.map(|disabled| disabled.because),
            secrets: hook.secrets.len(),
        }
    }
}

/// An endpoint with a secret that was made.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WithSecret {
    #[serde(flatten)]
    pub endpoint: EndpointOut,
    /// `whsec_…`: what messages are verified with; it is told this once.
    pub secret: String,
}

/// All of them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Endpoints {
    pub data: Vec<EndpointOut>,
}

/// What came of a try.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AttemptOut {
    at: Instant,
    /// How long it took, milliseconds.
    ms: u64,
    /// Of HTTP or SMTP, where there was an answer.
    status: Option<u16>,
    /// A stable name for what happened.
    code: String,
    /// In words.
    detail: String,
}

impl AttemptOut {
    pub(crate) fn of(attempt: Attempt) -> Self {
        Self {
            at: attempt.at.into(),
            ms: attempt.ms,
            status: attempt.status,
            code: attempt.code,
            detail: attempt.detail,
        }
    }
}
