//! Due work of all tenants.

use async_trait::async_trait;
use regua_domain::id::{CustomerId, TenantId};
use regua_domain::time::Timestamp;

use crate::StoreError;

/// The right to work on a customer for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    /// Who.
    pub customer: CustomerId,
    /// Counts leases of this customer: a commit under an older one writes nothing.
    pub epoch: u64,
    /// The wake-up that was due.
    pub wake: Timestamp,
    /// How often in a row the host failed to run this customer.
    pub faults: u32,
}

/// Due customers that nobody else can claim now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// How many somebody works on, or did until they died.
    pub worked_on: u64,
    /// When the last of these leases ends by itself, on the host's own clock.
    pub ends: Option<Timestamp>,
    /// How many rest after a host fault.
    pub resting: u64,
}

/// Due work of all tenants. Only the scheduler holds it.
#[async_trait]
pub trait Agenda: Send + Sync {
    /// Claims customers of a tenant whose wake-up is due at `now` and who are not leased,
    /// those due longest first; at most `limit`. Leases end by themselves at `until` (of
    /// the host's own clock, `host_now`; a sandbox's clock may stand still).
    async fn claim(
        &self,
        tenant: TenantId,
        now: Timestamp,
        host_now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Lease>, StoreError>;

    /// Who of the customers due by `until` is under a lease that has not ended by `host_now`.
    async fn held(
        &self,
        tenant: TenantId,
        until: Timestamp,
        host_now: Timestamp,
    ) -> Result<Held, StoreError>;

    /// The earliest wake-up of a tenant's customers; none where nothing is planned.
    async fn next_wake(&self, tenant: TenantId) -> Result<Option<Timestamp>, StoreError>;
}
