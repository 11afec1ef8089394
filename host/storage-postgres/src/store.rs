//! The store, and one tenant's part of it.

use std::sync::Arc;

use async_trait::async_trait;
use regua_domain::dossier::Dossier;
use regua_domain::id::{CaseId, CustomerId, FactId, TenantId};
use regua_domain::ledger::LedgerEntry;
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_domain::timeline::{DecisionRecord, TimelineEntry};
use regua_storage::{
    Agenda, CallPlace, CaseRow, CasesQuery, Commits, Dossiers, Due, KnownFact, Lease, Outcome,
    Past, Pinned, PluginRow, RecordWrite, Recorded, Shelf, Store, StoreError, TemplateRow,
    TenantRow, TenantStore, Wanted, WorkflowRow,
};
use sqlx::{ConnectOptions as _, Executor as _, PgPool};

use crate::agenda::PgAgenda;
use crate::commit::{Prepared, write_batch};
use crate::load::{Since, load};
use crate::options::{OpenError, Options};
use crate::shelf::Change;
use crate::{
    agenda, case, customer, effect, fact, ledger, migrate, outbox, plugin, template, tenant,
    timeline, workflow,
};

/// A store in a `PostgreSQL` database, for any number of nodes.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: PgPool,
    options: Options,
}

impl PostgresStore {
    /// Opens a store and brings its schema up to date. The URL is as libpq's:
    /// `postgres://user:password@host:port/database?sslmode=verify-full`, or
    /// `postgres:///database?host=/folder` for a socket.
    pub async fn connect(url: &str, options: Options) -> Result<Self, OpenError> {
        let pool = options.pool(options.connect(url)?);
        let mut connection = match pool.acquire().await {
            Ok(connection) => connection,
            Err(error) => return Err(OpenError::Connect(why(&pool, error).await)),
        };
        // A migration of a large table may take longer than any other statement.
        connection
            .execute("SET statement_timeout = 0")
            .await
            .map_err(OpenError::Connect)?;
        migrate::run(&mut connection)
            .await
            .map_err(OpenError::Migrate)?;
        connection.close().await.map_err(OpenError::Connect)?;
        Ok(Self { pool, options })
    }

    pub(crate) const fn pool(&self) -> &PgPool {
        &self.pool
    }
}

/// Why there is no connection: a pool tries again until its time is over, and then knows no more
/// than that.
async fn why(pool: &PgPool, error: sqlx::Error) -> sqlx::Error {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error;
    }
    match pool.connect_options().connect().await {
        Ok(_) => error,
        Err(error) => error,
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn create_tenant(&self, tenant: &TenantRow) -> Result<(), StoreError> {
        let change = Change::CreateTenant(tenant);
        change.carry_out(&self.pool).await.map(drop)
    }

    async fn tenants(&self) -> Result<Vec<TenantRow>, StoreError> {
        tenant::all(&self.pool).await
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<Due>, StoreError> {
        outbox::due(&self.pool, now).await
    }

    async fn any_has_plugin(&self, digest: &str) -> Result<bool, StoreError> {
        plugin::any_has(&self.pool, digest).await
    }

    fn tenant(&self, id: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(PgTenant {
            id,
            pool: self.pool.clone(),
        })
    }

    fn agenda(&self) -> Arc<dyn Agenda> {
        Arc::new(PgAgenda {
            pool: self.pool.clone(),
        })
    }

    fn apart(&self) -> Arc<dyn Store> {
        let connect = (*self.pool.connect_options()).clone();
        Arc::new(Self {
            pool: self.options.pool(connect),
            options: self.options.clone(),
        })
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}

/// One tenant's part of the store.
#[derive(Debug)]
pub(crate) struct PgTenant {
    pub id: TenantId,
    pub pool: PgPool,
}

#[async_trait]
impl TenantStore for PgTenant {
    fn id(&self) -> TenantId {
        self.id
    }

    async fn row(&self) -> Result<TenantRow, StoreError> {
        tenant::one(&self.pool, self.id).await
    }

    async fn put_policy(&self, policy: &Policy, seen: Option<u64>) -> Result<(), StoreError> {
        let change = Change::PutPolicy(self.id, policy, seen);
        change.carry_out(&self.pool).await.map(drop)
    }

    async fn pinned(&self) -> Result<Pinned, StoreError> {
        case::pinned(&self.pool, self.id).await
    }

    async fn set_clock(&self, now: Timestamp) -> Result<(), StoreError> {
        let change = Change::SetClock(self.id, now);
        change.carry_out(&self.pool).await.map(drop)
    }
}

#[async_trait]
impl Shelf for PgTenant {
    async fn add_plugin(
        &self,
        plugin: &PluginRow,
        wasm: &[u8],
        bytes_max: u64,
    ) -> Result<bool, StoreError> {
        let change = Change::AddPlugin(self.id, plugin, wasm, bytes_max);
        change.carry_out(&self.pool).await
    }

    async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError> {
        plugin::all(&self.pool, self.id).await
    }

    async fn component(&self, digest: &str) -> Result<Vec<u8>, StoreError> {
        plugin::component(&self.pool, self.id, digest).await
    }

    async fn remove_plugin(
        &self,
        name: &str,
        version: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change::RemovePlugin(self.id, name, version, at);
        change.carry_out(&self.pool).await.map(drop)
    }

    async fn component_bytes(&self) -> Result<u64, StoreError> {
        plugin::component_bytes(&self.pool, self.id).await
    }

    async fn put_templates(&self, templates: &[TemplateRow]) -> Result<(), StoreError> {
        let change = Change::PutTemplates(self.id, templates);
        change.carry_out(&self.pool).await.map(drop)
    }

    async fn templates(&self) -> Result<Vec<TemplateRow>, StoreError> {
        template::all(&self.pool, self.id).await
    }

    async fn next_version(&self, name: &str) -> Result<u32, StoreError> {
        let last = workflow::last(&self.pool, self.id, name).await?;
        Ok(last + 1)
    }

    async fn remove_workflow(
        &self,
        name: &str,
        version: u32,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change::RemoveWorkflow(self.id, name, version, at);
        change.carry_out(&self.pool).await.map(drop)
    }

    async fn publish(&self, workflow: &WorkflowRow) -> Result<(), StoreError> {
        let change = Change::Publish(self.id, workflow);
        change.carry_out(&self.pool).await.map(drop)
    }

    async fn workflows(&self) -> Result<Vec<WorkflowRow>, StoreError> {
        workflow::all(&self.pool, self.id).await
    }

    async fn activate(
        &self,
        name: &str,
        version: u32,
        writes: Vec<RecordWrite>,
    ) -> Result<(), StoreError> {
        let change = Change::Activate(self.id, name, version, &writes);
        change.carry_out(&self.pool).await.map(drop)
    }
}

#[async_trait]
impl Dossiers for PgTenant {
    async fn find(&self, references: &[String]) -> Result<Vec<Option<CustomerId>>, StoreError> {
        customer::find(&self.pool, self.id, references).await
    }

    async fn known_facts(&self, facts: &[FactId]) -> Result<Vec<Option<KnownFact>>, StoreError> {
        fact::known(&self.pool, self.id, facts).await
    }

    async fn load(
        &self,
        wanted: &[Wanted],
        ended_since: Timestamp,
        contacts_since: Timestamp,
    ) -> Result<Vec<Dossier>, StoreError> {
        let since = Since {
            ended: ended_since,
            contacts: contacts_since,
        };
        load(&self.pool, self.id, wanted, since).await
    }

    async fn commit(&self, commits: Commits) -> Result<Vec<Outcome>, StoreError> {
        if commits.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = commits
            .iter()
            .map(Prepared::new)
            .collect::<Result<Vec<_>, _>>()?;
        drop(commits);
        write_batch(&self.pool, self.id, &prepared).await
    }

    async fn release(&self, leases: &[Lease]) -> Result<(), StoreError> {
        let leases = leases.iter().map(|lease| (*lease, None));
        agenda::release(&self.pool, self.id, leases).await
    }

    async fn rest(&self, leases: &[(Lease, Timestamp)]) -> Result<(), StoreError> {
        let leases = leases.iter().map(|(lease, until)| (*lease, Some(*until)));
        agenda::release(&self.pool, self.id, leases).await
    }

    async fn wake_pinned(
        &self,
        pinned: (&str, &[u32]),
        after: Option<CaseId>,
        at: Timestamp,
        limit: u32,
    ) -> Result<Option<CaseId>, StoreError> {
        agenda::wake_pinned(&self.pool, self.id, pinned, after, (at, limit)).await
    }

    async fn cases(&self, query: &CasesQuery) -> Result<Vec<CaseRow>, StoreError> {
        case::list(&self.pool, self.id, query).await
    }

    async fn timeline(
        &self,
        customer: CustomerId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<TimelineEntry>, StoreError> {
        timeline::of(&self.pool, self.id, customer, from, limit).await
    }

    async fn ledger(&self, customer: CustomerId) -> Result<Vec<LedgerEntry>, StoreError> {
        ledger::of(&self.pool, self.id, customer).await
    }

    async fn decisions(
        &self,
        customer: CustomerId,
        case: CaseId,
    ) -> Result<Vec<DecisionRecord>, StoreError> {
        timeline::decisions(&self.pool, self.id, customer, case).await
    }

    async fn decisions_after(
        &self,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        timeline::decisions_after(&self.pool, self.id, after, limit).await
    }

    async fn pasts(&self, after: Option<CustomerId>, limit: u32) -> Result<Vec<Past>, StoreError> {
        fact::pasts(&self.pool, self.id, after, limit).await
    }

    async fn queued(&self, limit: u32) -> Result<Vec<CustomerId>, StoreError> {
        effect::queued(&self.pool, self.id, limit).await
    }
}
