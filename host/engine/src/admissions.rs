//! Turns at the compiler. It takes a core for seconds, for as long as an upload's author likes:
//! each tenant has one upload under way, and few of them have at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regua_domain::id::TenantId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Uploads that are looked at at once, of whomever.
const AT_ONCE: usize = 2;

/// Turns, in the order in which they were asked for.
#[derive(Debug)]
pub(crate) struct Admissions {
    places: Arc<Semaphore>,
    /// Each tenant's own place; there are as many as tenants that ever uploaded something.
    own: Mutex<HashMap<TenantId, Arc<Semaphore>>>,
}

impl Default for Admissions {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            own: Mutex::default(),
        }
    }
}

/// A turn; it ends when this is dropped.
pub(crate) struct Turn(#[allow(dead_code, reason = "held")] [Option<OwnedSemaphorePermit>; 2]);

impl Admissions {
    /// Waits for a turn.
    pub(crate) async fn turn(&self, tenant: TenantId) -> Turn {
        let own = {
            let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(
                own.entry(tenant)
                    .or_insert_with(|| Arc::new(Semaphore::new(1))),
            )
        };
        // Errors: neither is ever closed.
        let own = own.acquire_owned().await.ok();
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        Turn([own, place])
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use regua_domain::id::TenantId;
    use tokio::time::timeout;
    use uuid::Uuid;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_tenant_that_uploads_again_and_again_waits_for_itself_alone() {
        let admissions = Admissions::default();
        let [busy, other] = [1, 2].map(|id| TenantId(Uuid::from_u128(id)));
        let first = admissions.turn(busy).await;
        assert!(timeout(SOON, admissions.turn(busy)).await.is_err());
        let others = admissions.turn(other).await;
        drop(first);
        let again = admissions.turn(busy).await;
        drop((others, again));
    }
}
