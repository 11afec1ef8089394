//! What the engine asks of a store, in the domain's verbs.
//!
//! A [`Store`] hands out one tenant's part of itself ([`TenantStore`]); work across
//! tenants goes through [`Agenda`], which only the scheduler holds. Batches go in and
//! outcomes come back: no transaction handle ever crosses this boundary, so that an
//! embedded file and a database of many nodes can both do it in the way that is fast for
//! them.
//!
//! It deliberately knows no SQL and no engine: see [`Dossiers::commit`] for what every
//! store promises.
#![deny(missing_docs)]

mod agenda;
mod dossiers;
mod error;
pub mod record;
pub mod refusal;
mod shelf;

use std::sync::Arc;

use async_trait::async_trait;
use regua_domain::id::TenantId;

pub use agenda::{Agenda, Held, Lease};
pub use dossiers::{CaseRow, CasesQuery, Commit, Commits, Dossiers, KnownFact, Outcome, Wanted};
pub use error::StoreError;
pub use shelf::{PluginRow, Shelf, TemplateRow, WorkflowRow};

/// A tenant as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRow {
    /// Its id.
    pub id: TenantId,
    /// Unique in the store: 1 to 64 characters of a-z, 0-9 and -.
    pub name: String,
    /// Its settings.
    pub policy: regua_domain::policy::Policy,
    /// Of a sandbox: its own clock.
    pub clock: Option<regua_domain::time::Timestamp>,
}

/// A store of all tenants.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Creates a tenant; its name must be new.
    async fn create_tenant(&self, tenant: &TenantRow) -> Result<(), StoreError>;

    /// Every tenant, by name: for the operator and the scheduler.
    async fn tenants(&self) -> Result<Vec<TenantRow>, StoreError>;

    /// One tenant's part of the store. Nothing of any other can be reached through it.
    fn tenant(&self, id: TenantId) -> Arc<dyn TenantStore>;

    /// Due work of all tenants.
    fn agenda(&self) -> Arc<dyn Agenda>;

    /// Closes connections and leaves everything durable.
    async fn close(&self);
}

/// One tenant's part of a store.
#[async_trait]
pub trait TenantStore: Shelf + Dossiers {
    /// Whose it is.
    fn id(&self) -> TenantId;

    /// The tenant's row.
    async fn row(&self) -> Result<TenantRow, StoreError>;

    /// Replaces its settings.
    async fn put_policy(&self, policy: &regua_domain::policy::Policy) -> Result<(), StoreError>;

    /// Moves a sandbox's clock; never backwards.
    async fn set_clock(&self, now: regua_domain::time::Timestamp) -> Result<(), StoreError>;
}
