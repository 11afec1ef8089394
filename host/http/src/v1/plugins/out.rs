//! Plugin versions, as they are told.

use std::collections::HashMap;

use regua_domain::contract::ActionKind;
use regua_domain::determinism::NonDeterminism;
use regua_domain::policy::Policy;
use regua_engine::revoke::{Revocation, revocations};
use regua_engine::samples::non_deterministic;
use regua_storage::{PluginRow, Signed, StoreError, TenantStore};
use schemars::JsonSchema;
use serde::Serialize;

use crate::shape::Instant;

/// A plugin version on the shelf.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginOut {
    /// Its name.
    name: String,
    /// Its semantic version.
    version: String,
    /// What it does, in its own words.
    summary: String,
    /// SHA-256 of the component, hex: what workflows lock.
    digest: String,
    /// When it was added.
    added_at: Instant,
    /// How a stage of it may end.
    outcomes: Vec<String>,
    /// What it declares that it may propose.
    proposes: Vec<String>,
    /// What of this the tenant grants it.
    granted: Vec<String>,
    /// What it hears of.
    listens: Vec<String>,
    /// JSON Schema of its settings.
    config_schema: serde_json::Value,
    /// Of what it remembers.
    memory_version: u32,
    /// By what it was signed, where it was. It stays signed when the key is removed.
    signed: Option<SignedOut>,
    /// That it is not asked any more, where it was revoked.
    revoked: Option<RevokedOut>,
    /// That it answers differently to equal input, where a sample showed it: it is asked all the
    /// same, and what it decides cannot be decided again.
    non_deterministic: Option<NonDeterministicOut>,
}

/// A decision that was answered differently when it was asked again.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NonDeterministicOut {
    /// When it was found.
    at: Instant,
    /// Of which case.
    case: String,
    /// Which of its transitions.
    sequence: u64,
    /// The stage that was asked.
    stage: String,
    /// How it was found: `again` (a fresh instance answered otherwise than was recorded),
    /// `in-a-row` (one instance, asked twice, did).
    how: &'static str,
    /// In what: `ending`, `next`, `proposals`, `reasons`, `memory`.
    differs: String,
    /// What was recorded, cut.
    recorded: String,
    /// What was answered then, cut.
    again: String,
}

impl NonDeterministicOut {
    fn of(found: &NonDeterminism) -> Self {
        Self {
            at: found.at.into(),
            case: found.case.to_string(),
            sequence: found.sequence,
            stage: found.stage.clone(),
            how: found.how.name(),
            differs: found.differs.clone(),
            recorded: found.recorded.clone(),
            again: found.again.clone(),
        }
    }
}

/// That a version is not asked any more.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RevokedOut {
    /// Since when.
    at: Instant,
    /// By which key.
    by: String,
    /// Why.
    because: String,
}

impl RevokedOut {
    fn of(revocation: Revocation) -> Self {
        Self {
            at: revocation.at.into(),
            by: revocation.by,
            because: revocation.because,
        }
    }
}

/// A signature that was held against a key of the tenant's.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SignedOut {
    /// The key's id.
    key: String,
    /// The Ed25519 public key, hexadecimal.
    public_key: String,
    /// Hexadecimal.
    signature: String,
}

impl SignedOut {
    fn of(signed: Signed) -> Self {
        Self {
            key: signed.key,
            public_key: signed.public_key,
            signature: signed.signature,
        }
    }
}

impl PluginOut {
    pub(super) fn of(row: PluginRow, policy: &Policy, marks: &Marks) -> Self {
        let label = label(&row);
        let revoked = marks.revoked.get(&label).cloned();
        let non_deterministic = marks.non_deterministic.get(&label);
        let manifest = row.manifest;
        let name = |kind: ActionKind| kind.name().to_owned();
        let granted = policy.granted(&manifest).map(name).collect();
        Self {
            proposes: manifest.proposes.into_iter().map(name).collect(),
            granted,
            signed: row.signed.map(SignedOut::of),
            revoked: revoked.map(RevokedOut::of),
            non_deterministic: non_deterministic.map(NonDeterministicOut::of),
            // It was read when the plugin was admitted.
            config_schema: serde_json::from_str(&manifest.config_schema).unwrap_or_default(),
            name: manifest.name,
            version: manifest.version,
            summary: manifest.summary,
            digest: row.digest,
            added_at: row.added_at.into(),
            outcomes: manifest.outcomes,
            listens: manifest.listens,
            memory_version: manifest.memory_version,
        }
    }
}

/// What is kept of versions beside themselves, by `name@version`.
pub(super) struct Marks {
    revoked: HashMap<String, Revocation>,
    non_deterministic: HashMap<String, NonDeterminism>,
}

impl Marks {
    pub(super) async fn read(store: &dyn TenantStore) -> Result<Self, StoreError> {
        Ok(Self {
            revoked: revocations(store).await?,
            non_deterministic: non_deterministic(store).await?,
        })
    }
}

/// `name@version`.
pub(super) fn label(row: &PluginRow) -> String {
    format!("{}@{}", row.manifest.name, row.manifest.version)
}
