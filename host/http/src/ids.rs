//! Ids that the API makes.

use regua_domain::id::{CaseId, FactId, TenantId, derived};
use regua_domain::time::Timestamp;
use regua_engine::Chance;
use uuid::{Builder, Uuid};

/// A `UUIDv7`: later ones come later in a list.
pub(crate) fn ordered(now: Timestamp, chance: &Chance) -> Uuid {
    let mut rest = [0; 10];
    chance(&mut rest);
    let millis = u64::try_from(now.0).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}

/// The id of a fact told under an `Idempotency-Key`: the same however often it is told. A key
/// that is a fact's id is that id.
pub(crate) fn keyed(tenant: TenantId, idempotency_key: &str) -> FactId {
    if let Ok(id) = idempotency_key.parse() {
        return id;
    }
    FactId(derived(CaseId(tenant.0), 1, idempotency_key, 0))
}
