//! Keys as they are looked up for calls: known ones are not read again as long as their tenant is
//! of the revision that they were read under, which a revocation ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regua_domain::id::TenantId;
use regua_storage::records::get;
use regua_storage::{OPERATOR, Store, StoreError, TenantRow};

use crate::key::{Key, Token};

/// Keys that are known before all are forgotten.
const KNOWN_MAX: usize = 4_096;

/// Keys that called.
#[derive(Default)]
pub(crate) struct Keyring(Mutex<HashMap<(TenantId, String), Known>>);

#[derive(Clone)]
struct Known {
    revision: u64,
    key: Arc<Key>,
}

/// A token's key, and its tenant as the store has it; the operator is no tenant.
pub(crate) struct Found {
    pub key: Arc<Key>,
    pub row: Option<Arc<TenantRow>>,
}

impl Keyring {
    /// The key that a token names; none where there is no such key, or no such tenant.
    pub(crate) async fn find(
        &self,
        store: &dyn Store,
        token: &Token,
    ) -> Result<Option<Found>, StoreError> {
        let tenant = store.tenant(token.tenant);
        if token.tenant == OPERATOR {
            let kept = get::<Key>(&*tenant, &token.id).await?;
            return Ok(kept.map(|kept| Found {
                key: Arc::new(kept.value),
                row: None,
            }));
        }
        // Before the key: one that is revoked in between is read as of an older revision, and
        // so is read again.
        let row = match tenant.row().await {
            Ok(row) => Arc::new(row),
            Err(StoreError::Missing { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let id = (token.tenant, token.id.clone());
        let known = self.with(|keys| keys.get(&id).cloned());
        let known = known.filter(|known| known.revision == row.revision);
        let key = if let Some(known) = known {
            known.key
        } else if let Some(kept) = get::<Key>(&*tenant, &token.id).await? {
            Arc::new(kept.value)
        } else {
            return Ok(None);
        };
        let known = Known {
            revision: row.revision,
            key: Arc::clone(&key),
        };
        self.with(|keys| {
            if keys.len() >= KNOWN_MAX {
                keys.clear();
            }
            keys.insert(id, known);
        });
        Ok(Some(Found {
            key,
            row: Some(row),
        }))
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<(TenantId, String), Known>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
