//! What can go wrong in the engine itself.

use regua_domain::time::Timestamp;
use regua_storage::StoreError;

/// The engine could not go on. It is never the tenant's fault.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A component that was admitted once cannot be loaded.
    #[error("plugin {digest} cannot be loaded: {because}")]
    Plugin {
        /// Its digest.
        digest: String,
        /// Why.
        because: String,
    },
    /// A workflow that was published once cannot be read.
    #[error("workflow {name}@{version} cannot be read: {because}")]
    Workflow {
        /// Its name.
        name: String,
        /// Its version.
        version: u32,
        /// Why.
        because: String,
    },
    /// The threads that run stages are gone.
    #[error("the stage threads have stopped")]
    Workers,
    /// The tenant's quota of fuel is used up.
    #[error(
        "the fuel that the tenant's plugins may burn in a day is used up: those of its cases that are due \
         wait until midnight UTC, or until the operator raises its quota"
    )]
    FuelUsedUp,
    /// Somebody else works on due customers, or died while they did.
    #[error(
        "{customers} customers that are due are held by another process; if it is gone, they are free after {ends}: run again then",
        ends = ends.to_rfc3339()
    )]
    Held {
        /// How many.
        customers: u64,
        /// When the last of their leases ends, on the host's own clock.
        ends: Timestamp,
    },
    /// Time only moves forward.
    #[error("the clock stands at {now} and cannot go back to {wanted}", now = now.to_rfc3339(), wanted = wanted.to_rfc3339())]
    Backwards {
        /// Where it stands.
        now: Timestamp,
        /// Where it was to go.
        wanted: Timestamp,
    },
}
