//! Revoking: a plugin version is not to be asked any more, whatever stage it is the plugin of.

use std::collections::HashMap;

use regua_domain::time::Timestamp;
use regua_storage::records::{get, list};
use regua_storage::{PluginRow, Record, RecordWrite, Seen, StoreError, TenantStore};
use serde::{Deserialize, Serialize};

use crate::Engine;
use crate::open::everything;

/// That a version is revoked: by `name@version`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// SHA-256 of its component, hex.
    pub digest: String,
    /// When.
    pub at: Timestamp,
    /// By whose key.
    pub by: String,
    /// Why, in a person's words.
    pub because: String,
}

impl Record for Revocation {
    const KIND: &'static str = "revocation";
}

/// What a tenant revoked, by `name@version`.
pub async fn revocations(
    store: &dyn TenantStore,
) -> Result<HashMap<String, Revocation>, StoreError> {
    let kept = list::<Revocation>(store, &everything()).await?;
    Ok(kept.into_iter().map(|kept| (kept.id, kept.value)).collect())
}

/// Digests of what a tenant revoked, and why.
pub(crate) async fn revoked(
    store: &dyn TenantStore,
) -> Result<HashMap<String, String>, StoreError> {
    let all = revocations(store).await?.into_values();
    Ok(all.map(|it| (it.digest, it.because)).collect())
}

impl Engine {
    /// Revokes a version, and wakes the customers whose cases may stand in a stage of it: they
    /// go where their workflow says that a failure leads. What is revoked stays so; the same
    /// again changes nothing, and answers what was said first.
    pub async fn revoke(
        &self,
        store: &dyn TenantStore,
        plugin: &PluginRow,
        by: String,
        because: String,
    ) -> Result<Revocation, StoreError> {
        let label = format!("{}@{}", plugin.manifest.name, plugin.manifest.version);
        let revocation = Revocation {
            digest: plugin.digest.clone(),
            at: self.clock.now(),
            by,
            because,
        };
        let put = RecordWrite::put(&label, Seen::Nothing, &revocation, None)?;
        let mut writes = vec![put];
        for (workflow, versions) in self.locking(store, &plugin.digest).await? {
            writes.push(self.sweeping(&workflow, &versions)?);
        }
        let revocation = match store.write_settings(writes).await {
            Err(StoreError::Changed { .. }) => {
                let known = get::<Revocation>(store, &label).await?;
                known.map_or(revocation, |known| known.value)
            }
            done => done.map(|()| revocation)?,
        };
        for (workflow, versions) in self.locking(store, &plugin.digest).await? {
            self.sweep(store, &workflow, &versions).await?;
        }
        Ok(revocation)
    }
}
