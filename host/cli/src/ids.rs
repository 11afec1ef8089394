//! Ids of facts and tenants: made by chance for what is typed, from what it says for what
//! is imported.

use regua_domain::dossier::LoggedFact;
use regua_domain::fact::Fact;
use regua_domain::id::{FactId, TenantId};
use regua_domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

/// A new `UUIDv7`.
#[allow(
    clippy::disallowed_methods,
    reason = "the command line is where chance comes from"
)]
pub(crate) fn fresh() -> Uuid {
    Uuid::now_v7()
}

/// A fact of an import, named by what it says: the same row makes the same id wherever it
/// stands in the file, so that telling it again changes nothing.
///
/// The id has the shape of a `UUIDv7` of the fact's instant. After the milliseconds comes
/// its rank, so that facts of one instant are taken in the order of their kinds: the
/// customer before the invoice, the invoice before its payment.
pub(crate) fn imported(
    tenant: TenantId,
    source: &str,
    customer: &str,
    at: Timestamp,
    fact: Fact,
) -> LoggedFact {
    let mut hash = Sha256::new();
    let said = serde_json::to_vec(&fact).unwrap_or_default();
    for part in [
        tenant.0.as_bytes().as_slice(),
        source.as_bytes(),
        customer.as_bytes(),
        &at.0.to_be_bytes(),
        &said,
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let mut rest = [0; 10];
    rest.copy_from_slice(&digest[..10]);
    rest[0] = 0;
    rest[1] = rank(&fact);
    let millis = u64::try_from(at.0).unwrap_or(0);
    LoggedFact {
        id: FactId(Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()),
        at,
        fact,
        taken: None,
    }
}

const fn rank(fact: &Fact) -> u8 {
    match fact {
        Fact::Customer(_) => 0,
        Fact::InvoiceIssued(_) => 1,
        Fact::DisputeOpened { .. } => 2,
        Fact::DisputeResolved { .. } => 3,
        Fact::Payment(_) => 4,
        _ => 5,
    }
}
