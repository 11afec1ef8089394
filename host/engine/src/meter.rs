//! What tenants use: counted from the calls that are made, kept by plugin version and day, and
//! held against what the operator lets each of them have.
//!
//! A node counts in memory and adds to what the store has every second or so, when it stops, and
//! when somebody asks: nodes know nothing of one another, and their counts add up. What a node
//! that is killed had not written yet, a second's worth at most, is not in the figures; the
//! decisions themselves are.

mod account;
mod figures;
mod flush;
mod histogram;
pub mod logs;
pub mod quota;
mod rate;
mod turn;
pub mod uploads;
pub mod usage;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regua_domain::id::TenantId;
use regua_domain::time::{Date, Timestamp};

pub use account::Account;
pub(crate) use figures::describe;
pub use histogram::Histogram;
pub(crate) use turn::Turn;

/// The day that something is counted under: UTC's, by the host's own clock.
pub fn day_of(now: Timestamp) -> Date {
    now.date_in(chrono_tz::Tz::UTC)
}

/// The accounts of a process.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<HashMap<TenantId, Arc<Account>>>);

impl Meter {
    /// A tenant's; there are as many as tenants that were ever opened.
    pub(crate) fn account(&self, tenant: TenantId) -> Arc<Account> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(accounts.entry(tenant).or_default())
    }

    /// Those with something that is not written yet.
    fn unwritten(&self) -> Vec<(TenantId, Arc<Account>)> {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unwritten = accounts.iter().filter(|(_, account)| account.has_news());
        unwritten
            .map(|(tenant, account)| (*tenant, Arc::clone(account)))
            .collect()
    }
}
