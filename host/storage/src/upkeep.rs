//! Looking after a store: how it stands, and whether what is in it adds up.

use async_trait::async_trait;
use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;

use crate::StoreError;

/// How a tenant's part of a store stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub tenant: TenantId,
    /// Customers.
    pub customers: u64,
    /// Open cases.
    pub open_cases: u64,
    /// Customers who are due and whom nobody has claimed.
    pub due: u64,
    /// Customers under a lease.
    pub leased: u64,
    /// Effects in the outbox.
    pub queued: u64,
    /// Of these, when the first was decided.
    pub queued_since: Option<Timestamp>,
}

/// What does not add up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The ledger says another sum than the item.
    #[error(
        "{tenant}: item {item} says {outstanding} minor units are left, and its ledger {ledger}"
    )]
    Item {
        /// Whose.
        tenant: TenantId,
        /// The item's reference.
        item: String,
        /// What the item says.
        outstanding: i64,
        /// What the ledger says.
        ledger: i64,
    },
    /// The ledger says another credit than the account.
    #[error(
        "{tenant}: the credit of {customer} in {currency} is {credit} minor units, and by the ledger {ledger}"
    )]
    Credit {
        /// Whose.
        tenant: TenantId,
        /// The customer's reference.
        customer: String,
        /// Of which account.
        currency: String,
        /// What the account says.
        credit: i64,
        /// What the ledger says.
        ledger: i64,
    },
    /// An effect without its case.
    #[error("{tenant}: {effects} effects are of case {case}, which does not exist")]
    Orphans {
        /// Whose.
        tenant: TenantId,
        /// The case's id.
        case: String,
        /// How many.
        effects: u64,
    },
    /// A lease of longer than any is given.
    #[error("{tenant}: {customers} customers are leased for longer than an hour and do not rest")]
    Leases {
        /// Whose.
        tenant: TenantId,
        /// How many.
        customers: u64,
    },
}

/// Findings that are told of one kind and tenant at most.
pub const FINDINGS_MAX: i64 = 100;

/// Looking after a store; for the operator.
#[async_trait]
pub trait Upkeep: Send + Sync {
    /// How a tenant's part stands at `now`.
    async fn standing(&self, tenant: TenantId, now: Timestamp) -> Result<Standing, StoreError>;

    /// What of a tenant's part does not add up; nothing is changed.
    async fn check(&self, tenant: TenantId, now: Timestamp) -> Result<Vec<Finding>, StoreError>;
}
