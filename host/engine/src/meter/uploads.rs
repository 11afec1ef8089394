//! Uploads of components: how often, and how much there may be of them.

use regua_domain::time::{HOUR_MS, Timestamp};
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore, records};
use serde::{Deserialize, Serialize};

use super::quota::Quota;

const ID: &str = "uploads";
/// How often it is tried where another upload begins at the same moment.
const TRIES: u32 = 16;

/// When components were uploaded of late.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Uploads {
    /// The oldest first, an hour old at most.
    at: Vec<Timestamp>,
}

impl Record for Uploads {
    const KIND: &'static str = "uploads";
}

/// A tenant may not upload this now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverQuota {
    /// Too many uploads.
    #[error(
        "{uploads} uploads in an hour are allowed, and there were as many: the next is possible at {again_at}",
        again_at = again_at.to_rfc3339()
    )]
    Uploads {
        /// How many are allowed.
        uploads: u32,
        /// When the next is.
        again_at: Timestamp,
        /// In how many seconds that is.
        wait_s: u64,
    },
    /// Too many bytes.
    #[error(
        "the component has {bytes} bytes, and with the {stored} of those on the shelf that is more than the {allowed} that are allowed"
    )]
    Bytes {
        /// Of the component.
        bytes: u64,
        /// Of those that are there.
        stored: u64,
        /// Of all together.
        allowed: u64,
    },
}

fn within_hour(at: &mut Vec<Timestamp>, now: Timestamp) {
    let since = now.plus_ms(-HOUR_MS);
    at.retain(|at| *at > since);
}

/// How many there were in the last hour.
pub async fn count(store: &dyn TenantStore, now: Timestamp) -> Result<u64, StoreError> {
    let kept = records::get::<Uploads>(store, ID).await?;
    let mut at = kept.map(|kept| kept.value.at).unwrap_or_default();
    within_hour(&mut at, now);
    Ok(at.len() as u64)
}

/// Counts an upload that is about to be looked at, or says why it may not be.
pub(crate) async fn begin(
    store: &dyn TenantStore,
    quota: &Quota,
    now: Timestamp,
) -> Result<Option<OverQuota>, StoreError> {
    let mut tries = 0;
    loop {
        let kept = records::get::<Uploads>(store, ID).await?;
        let (mut uploads, seen) = match kept {
            Some(kept) => (kept.value, Seen::Version(kept.version)),
            None => (Uploads::default(), Seen::Nothing),
        };
        within_hour(&mut uploads.at, now);
        let allowed = quota.uploads_per_hour as usize;
        if uploads.at.len() >= allowed {
            // With the one that has to be an hour old first; of none that are allowed, never.
            let first = uploads.at.get(uploads.at.len() - allowed);
            let again_at = first.map_or(now, |at| *at).plus_ms(HOUR_MS);
            let wait_ms = (again_at.0 - now.0).max(0).unsigned_abs();
            return Ok(Some(OverQuota::Uploads {
                uploads: quota.uploads_per_hour,
                again_at,
                wait_s: wait_ms.div_ceil(1_000).max(1),
            }));
        }
        uploads.at.push(now);
        let write = RecordWrite::put(ID, seen, &uploads, None)?;
        tries += 1;
        match store.write_records(vec![write]).await {
            Err(StoreError::Changed { .. }) if tries < TRIES => {}
            written => return written.map(|()| None),
        }
    }
}

/// Why a component may not be put on the shelf: there would be too much. One that is there
/// already takes no room.
pub(crate) async fn room(
    store: &dyn TenantStore,
    quota: &Quota,
    digest: &str,
    bytes: u64,
) -> Result<Option<OverQuota>, StoreError> {
    let stored = store.component_bytes().await?;
    if stored + bytes <= quota.component_bytes {
        return Ok(None);
    }
    let plugins = store.plugins().await?;
    let is_there = plugins.iter().any(|plugin| plugin.digest == digest);
    Ok((!is_there).then_some(OverQuota::Bytes {
        bytes,
        stored,
        allowed: quota.component_bytes,
    }))
}
