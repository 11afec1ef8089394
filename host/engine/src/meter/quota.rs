//! What a tenant may use of the host, as its operator says.

use regua_storage::{Record, StoreError, TenantStore, records};
use serde::{Deserialize, Serialize};

/// The record's id: there is one.
pub const QUOTA: &str = "quota";

/// A tenant's quota. What a limit on calls, fuel or threads keeps from being done waits: such
/// cases are late, and nothing else becomes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quota {
    /// Calls of plugins a second, of all nodes together; a second's worth may come at once.
    /// None: as many as there is room for.
    pub calls_per_second: Option<u32>,
    /// Fuel of all calls of a day (UTC).
    pub fuel_per_day: u64,
    /// Of the time of a node's threads, percent: a bound, also where the others rest.
    pub workers_percent: u8,
    /// Bytes of all components on the shelf.
    pub component_bytes: u64,
    /// Uploads of components in an hour, whatever becomes of them.
    pub uploads_per_hour: u32,
    /// Bytes of plugins' log lines that are kept of a day (UTC).
    pub log_bytes_per_day: u64,
}

impl Quota {
    /// What a tenant has of whom the operator has said nothing.
    pub const fn shipped() -> Self {
        Self {
            calls_per_second: None,
            // Half a million calls that burn all that one may.
            fuel_per_day: 100_000_000_000_000,
            workers_percent: 100,
            component_bytes: 1 << 30,
            uploads_per_hour: 600,
            log_bytes_per_day: 64 << 20,
        }
    }

    /// A tenant's.
    pub async fn read(store: &dyn TenantStore) -> Result<Self, StoreError> {
        let kept = records::get::<Self>(store, QUOTA).await?;
        Ok(kept.map_or_else(Self::shipped, |kept| kept.value))
    }
}

impl Default for Quota {
    fn default() -> Self {
        Self::shipped()
    }
}

impl Record for Quota {
    const KIND: &'static str = "quota";
}

/// A limit that cases wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// [`Quota::calls_per_second`].
    CallsPerSecond,
    /// [`Quota::fuel_per_day`].
    FuelPerDay,
}

impl Limit {
    /// Its kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CallsPerSecond => "calls-per-second",
            Self::FuelPerDay => "fuel-per-day",
        }
    }
}
