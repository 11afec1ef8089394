//! Waking the customers whose cases another version succeeded, so that they go on under it now
//! and not when they would be looked at anyway.

use std::collections::BTreeMap;

use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_storage::records::take;
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore};
use serde::{Deserialize, Serialize};

use crate::{Engine, EngineError};

/// Cases whose customers are woken at once.
const CHUNK: u32 = 1_000;
/// Sweeps taken at once, and for how long they are a node's own, milliseconds.
const BATCH: u32 = 16;
const TAKEN_MS: i64 = 10 * 60_000;

/// That customers are to be woken: by the workflow's name and the instant. It is written with the change that
/// asks for it, and due once runs that began before it are over: theirs may have put off again
/// whom it had woken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sweep {
    workflow: String,
    /// Of cases that are pinned to these.
    versions: Vec<u32>,
}

impl Record for Sweep {
    const KIND: &'static str = "sweep";
}

impl Engine {
    /// What is written beside a change that cases of these versions are to hear of.
    pub(crate) fn sweeping(
        &self,
        workflow: &str,
        versions: &[u32],
    ) -> Result<RecordWrite, StoreError> {
        let sweep = Sweep {
            workflow: workflow.to_owned(),
            versions: versions.to_vec(),
        };
        let now = self.clock.now();
        let first = versions.first().copied().unwrap_or_default();
        let id = format!("{workflow}/{:013}-{first}", now.0);
        let due_at = now.plus_ms(self.settings.lease_ms);
        RecordWrite::put(id, Seen::Anything, &sweep, Some(due_at))
    }

    /// Wakes the customers with open cases that are pinned to versions of a workflow.
    pub(crate) async fn sweep(
        &self,
        store: &dyn TenantStore,
        workflow: &str,
        versions: &[u32],
    ) -> Result<(), StoreError> {
        if versions.is_empty() {
            return Ok(());
        }
        let at = self.now_of(store).await?;
        let mut after = None;
        loop {
            let pinned = (workflow, versions);
            after = store.wake_pinned(pinned, after, at, CHUNK).await?;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// The instant that a tenant is at.
    pub(crate) async fn now_of(&self, store: &dyn TenantStore) -> Result<Timestamp, StoreError> {
        let clock = store.row().await?.clock;
        Ok(clock.unwrap_or_else(|| self.clock.now()))
    }

    /// Wakes those whose sweep is due; answers whether there may be more.
    pub async fn sweep_due(&self, tenant: TenantId) -> Result<bool, EngineError> {
        let store = self.store.tenant(tenant);
        let now = self.clock.now();
        let due = take::<Sweep>(&*store, now, now.plus_ms(TAKEN_MS), BATCH).await?;
        let count = due.len();
        for kept in due {
            let Sweep { workflow, versions } = &kept.value;
            self.sweep(&*store, workflow, versions).await?;
            let seen = Seen::Version(kept.version);
            let gone = RecordWrite::remove::<Sweep>(&kept.id, seen);
            store.write_records(vec![gone]).await?;
        }
        Ok(count == BATCH as usize)
    }

    /// The workflows that lock a component, each with the versions that do.
    pub(crate) async fn locking(
        &self,
        store: &dyn TenantStore,
        digest: &str,
    ) -> Result<BTreeMap<String, Vec<u32>>, StoreError> {
        let mut locking = BTreeMap::<_, Vec<_>>::new();
        for row in store.workflows().await? {
            if row.plugins.iter().any(|(_, locked)| locked == digest) {
                locking.entry(row.name).or_default().push(row.version);
            }
        }
        Ok(locking)
    }
}
