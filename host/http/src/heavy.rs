//! Large bodies. Each is held in memory whole, whoever sends one may take minutes over it, and
//! what is done with it takes longer than any other call: few are let in at once, and few of one
//! tenant.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regua_domain::id::TenantId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Kind, Problem};

/// From so many bytes on a body that an endpoint takes is a large one.
pub(crate) const LARGE_BYTES: usize = 4 << 20;
/// Calls with one at once, of all tenants; and of one.
const AT_ONCE: usize = 4;
const OF_TENANT: u32 = 2;
/// After so many seconds one may ask again.
const RETRY_AFTER_S: u64 = 2;

/// Who sends large bodies now.
pub(crate) struct Heavy {
    places: Arc<Semaphore>,
    tenants: Arc<Mutex<HashMap<TenantId, u32>>>,
}

impl Default for Heavy {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            tenants: Arc::default(),
        }
    }
}

impl Heavy {
    /// A place for one call, for as long as it is kept.
    pub(crate) fn begin(&self, tenant: TenantId) -> Result<Place, Problem> {
        let busy = |text| Problem {
            retry_after: Some(RETRY_AFTER_S),
            ..Problem::new(Kind::TooManyRequests, text)
        };
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| busy("others send large bodies now"))?;
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let count = tenants.entry(tenant).or_default();
        if *count >= OF_TENANT {
            return Err(busy("this tenant sends two large bodies already"));
        }
        *count += 1;
        drop(tenants);
        Ok(Place {
            tenant,
            tenants: Arc::clone(&self.tenants),
            _permit: place,
        })
    }
}

/// A call with a large body.
pub(crate) struct Place {
    tenant: TenantId,
    tenants: Arc<Mutex<HashMap<TenantId, u32>>>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = tenants.get_mut(&self.tenant) {
            *count -= 1;
            if *count == 0 {
                tenants.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(number: u128) -> TenantId {
        TenantId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_tenant_sends_two_at_once_and_leaves_room_for_others() {
        let heavy = Heavy::default();
        let held: Vec<_> = (0..9).filter_map(|_| heavy.begin(tenant(1)).ok()).collect();
        assert_eq!(held.len(), 2);
        let others = [heavy.begin(tenant(2)), heavy.begin(tenant(3))];
        assert!(others.iter().all(Result::is_ok));
        assert!(heavy.begin(tenant(4)).is_err(), "four in all");
        drop((held, others));
        assert!(heavy.begin(tenant(1)).is_ok());
    }
}
