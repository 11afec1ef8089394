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
mod lists;
mod outbox;
pub mod record;
pub mod records;
pub mod refusal;
mod shelf;
mod upkeep;

use std::sync::Arc;

use async_trait::async_trait;
use regua_domain::id::TenantId;

pub use agenda::{Agenda, Held, Lease};
pub use dossiers::{
    CallPlace, CaseRow, CasesQuery, Commit, Commits, Dossiers, KnownFact, Outcome, Past, Recorded,
    Wanted,
};
pub use error::StoreError;
pub use lists::{EffectsOf, Lists, Of, Page};
pub use outbox::{Handing, Outbox, Tried};
pub use records::{
    Kept, NewRecord, OPERATOR, Record, RecordRow, RecordWrite, Records, RecordsQuery, Seen,
};
pub use shelf::{PluginRow, Shelf, Signed, TemplateRow, Uses, WorkflowRow, locked};
pub use upkeep::{FINDINGS_MAX, Finding, Standing, Upkeep};

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
    /// Counts changes of settings, shelf and endpoints: who keeps a tenant open looks whether it is still
    /// the one that was opened. 0 when it is created.
    pub revision: u64,
}

/// A store of all tenants.
#[async_trait]
pub trait Store: Upkeep + Send + Sync + 'static {
    /// Creates a tenant; its name must be new.
    async fn create_tenant(&self, tenant: &TenantRow) -> Result<(), StoreError>;

    /// Every tenant, by name: for the operator and the scheduler.
    async fn tenants(&self) -> Result<Vec<TenantRow>, StoreError>;

    /// Tenants that have something due at `now`, each with what: for whoever goes round them.
    /// A sandbox's customers are not: its time is moved by hand.
    async fn due(&self, now: regua_domain::time::Timestamp) -> Result<Vec<Due>, StoreError>;

    /// Whether any tenant has a plugin of this digest on its shelf: for whoever keeps what was
    /// made of it.
    async fn any_has_plugin(&self, digest: &str) -> Result<bool, StoreError>;

    /// One tenant's part of the store. Nothing of any other can be reached through it.
    fn tenant(&self, id: TenantId) -> Arc<dyn TenantStore>;

    /// Due work of all tenants.
    fn agenda(&self) -> Arc<dyn Agenda>;

    /// The same store over further connections: who goes through them never waits for one that
    /// somebody else of this process has. They end when nobody has it any more.
    fn apart(&self) -> Arc<dyn Store>;

    /// Closes connections and leaves everything durable.
    async fn close(&self);
}

/// A tenant with something due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub tenant: TenantId,
    /// Its revision, see [`TenantRow::revision`].
    pub revision: u64,
    /// Whether a customer is to be run.
    pub customers: bool,
    /// Whether an effect is to be handed over.
    pub effects: bool,
    /// Whether a record is due.
    pub records: bool,
}

/// Open cases, counted by the version that they are pinned to.
pub type Pinned = std::collections::BTreeMap<regua_domain::case::WorkflowRef, u64>;

/// One tenant's part of a store.
#[async_trait]
pub trait TenantStore: Shelf + Dossiers + Outbox + Records + Lists {
    /// Whose it is.
    fn id(&self) -> TenantId;

    /// The tenant's row.
    async fn row(&self) -> Result<TenantRow, StoreError>;

    /// Replaces its settings; those of the given revision only, where one is given.
    async fn put_policy(
        &self,
        policy: &regua_domain::policy::Policy,
        seen: Option<u64>,
    ) -> Result<(), StoreError>;

    /// How many open cases are pinned to which version of which workflow.
    async fn pinned(&self) -> Result<Pinned, StoreError>;

    /// Moves a sandbox's clock; never backwards.
    async fn set_clock(&self, now: regua_domain::time::Timestamp) -> Result<(), StoreError>;
}
