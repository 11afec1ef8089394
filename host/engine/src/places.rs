//! Places that are few, in all and for each tenant: one that wants many leaves room for others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regua_domain::id::TenantId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many places.
#[derive(Debug)]
pub struct Places {
    in_all: u32,
    of_tenant: u32,
    free: Arc<Semaphore>,
    /// Those that are taken, by tenant.
    taken: Arc<Mutex<HashMap<TenantId, u32>>>,
}

impl Places {
    /// So many in all, and so many of one tenant at most.
    pub fn new(in_all: u32, of_tenant: u32) -> Self {
        Self {
            in_all,
            of_tenant,
            free: Arc::new(Semaphore::new(in_all as usize)),
            taken: Arc::default(),
        }
    }

    /// Takes one; none where too many are taken. The last that is free is for who has none.
    pub fn take(&self, tenant: TenantId) -> Option<Place> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(tenant).or_default();
        let is_last = self.free.available_permits() == 0;
        if *count >= self.of_tenant || (is_last && *count > 0) {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Place {
            tenant,
            taken: Arc::clone(&self.taken),
            _permit: permit,
        })
    }

    /// Waits until none is taken.
    pub async fn idle(&self) {
        let all = self.free.acquire_many(self.in_all).await;
        drop(all);
    }
}

/// A place, taken for as long as it is kept.
#[derive(Debug)]
pub struct Place {
    tenant: TenantId,
    taken: Arc<Mutex<HashMap<TenantId, u32>>>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.tenant) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.tenant);
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
    fn a_tenant_has_two_of_four_and_leaves_room_for_others() {
        let places = Places::new(4, 2);
        let held: Vec<_> = (0..9).filter_map(|_| places.take(tenant(1))).collect();
        assert_eq!(held.len(), 2);
        let others = [places.take(tenant(2)), places.take(tenant(3))];
        assert!(others.iter().all(Option::is_some));
        assert!(places.take(tenant(4)).is_none(), "four in all");
        drop((held, others));
        assert!(places.take(tenant(1)).is_some());
    }

    #[test]
    fn two_that_take_all_they_can_leave_the_last_for_another() {
        let places = Places::new(4, 2);
        let held: Vec<_> = [1, 1, 2, 2].map(|of| places.take(tenant(of))).into();
        assert_eq!(held.iter().flatten().count(), 3);
        assert!(places.take(tenant(3)).is_some());
    }
}
