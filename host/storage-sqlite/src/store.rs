//! The store, and one tenant's part of it.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use regua_domain::dossier::Dossier;
use regua_domain::id::{CaseId, CustomerId, FactId, TenantId};
use regua_domain::ledger::LedgerEntry;
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_domain::timeline::{DecisionRecord, TimelineEntry};
use regua_storage::record::to_json;
use regua_storage::{
    Agenda, CallPlace, CaseRow, CasesQuery, Commits, Dossiers, Due, KnownFact, Lease, Outcome,
    Past, Pinned, PluginRow, RecordWrite, Recorded, Shelf, Store, StoreError, TemplateRow,
    TenantRow, TenantStore, Wanted, WorkflowRow,
};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, SqlitePool};

use crate::agenda::{self, SqliteAgenda};
use crate::checkpoint::Checkpointer;
use crate::commit::Prepared;
use crate::error::backend;
use crate::load::{Since, load};
use crate::options::{OpenError, Options};
use crate::shelf::{Change, Changed};
use crate::writer::Writer;
use crate::{
    case, customer, effect, fact, ledger, outbox, plugin, template, tenant, timeline, workflow,
};

/// A store in one `SQLite` file, for one process.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
    /// How further connections are made.
    reading: SqliteConnectOptions,
}

impl SqliteStore {
    /// Opens a store and brings its schema up to date.
    pub async fn open(path: impl AsRef<Path>, options: Options) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let connect = |source| OpenError::Connect {
            path: path.display().to_string(),
            source,
        };
        options.make(path)?;
        Options::has_one_name(path)?;
        let writing = options.connect(path, options.writer_cache_kib);
        let mut connection = writing.connect().await.map_err(connect)?;
        sqlx::migrate!("../../migrations/sqlite")
            .run(&mut connection)
            .await
            .map_err(|source| OpenError::Migrate {
                path: path.display().to_string(),
                source,
            })?;
        let reading = options.connect(path, options.reader_cache_kib);
        let checkpoints = reading.connect().await.map_err(connect)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers)
            .test_before_acquire(false)
            .connect_with(reading.clone().pragma("query_only", "on"))
            .await
            .map_err(connect)?;
        let checkpointer = Checkpointer::start(checkpoints, options.checkpoint_commits);
        Ok(Self {
            readers,
            writer: Writer::start(connection, checkpointer),
            reading,
        })
    }

    /// Copies the store into a new file, for its owner alone, as of one moment and while it is
    /// worked with.
    pub async fn back_up(&self, path: impl AsRef<Path>) -> Result<(), OpenError> {
        let path = path.as_ref();
        Options::default().make(path)?;
        let text = path.display().to_string();
        let failed = |source| OpenError::Copy {
            path: text.clone(),
            source,
        };
        let mut connection = self.reading.connect().await.map_err(failed)?;
        sqlx::query("VACUUM INTO ?")
            .bind(&text)
            .execute(&mut connection)
            .await
            .map_err(failed)?;
        connection.close().await.map_err(failed)
    }

    pub(crate) const fn readers(&self) -> &SqlitePool {
        &self.readers
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn create_tenant(&self, tenant: &TenantRow) -> Result<(), StoreError> {
        let change = Change::CreateTenant(tenant.clone());
        self.writer.change(change).await.map(drop)
    }

    async fn tenants(&self) -> Result<Vec<TenantRow>, StoreError> {
        tenant::all(&self.readers).await
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<Due>, StoreError> {
        outbox::due(&self.readers, now).await
    }

    async fn any_has_plugin(&self, digest: &str) -> Result<bool, StoreError> {
        plugin::any_has(&self.readers, digest).await
    }

    fn tenant(&self, id: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(SqliteTenant {
            id,
            readers: self.readers.clone(),
            writer: self.writer.clone(),
        })
    }

    fn agenda(&self) -> Arc<dyn Agenda> {
        Arc::new(SqliteAgenda {
            readers: self.readers.clone(),
            writer: self.writer.clone(),
        })
    }

    fn apart(&self) -> Arc<dyn Store> {
        let options = self.readers.options().clone();
        let readers = options.connect_lazy_with((*self.readers.connect_options()).clone());
        Arc::new(Self {
            readers,
            ..self.clone()
        })
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// One tenant's part of the store.
#[derive(Debug)]
pub(crate) struct SqliteTenant {
    pub id: TenantId,
    pub readers: SqlitePool,
    pub writer: Writer,
}

#[async_trait]
impl TenantStore for SqliteTenant {
    fn id(&self) -> TenantId {
        self.id
    }

    async fn row(&self) -> Result<TenantRow, StoreError> {
        tenant::one(&self.readers, self.id).await
    }

    async fn put_policy(&self, policy: &Policy, seen: Option<u64>) -> Result<(), StoreError> {
        let change = Change::PutPolicy(self.id, policy.clone(), seen);
        self.writer.change(change).await.map(drop)
    }

    async fn pinned(&self) -> Result<Pinned, StoreError> {
        case::pinned(&self.readers, self.id).await
    }

    async fn set_clock(&self, now: Timestamp) -> Result<(), StoreError> {
        let change = Change::SetClock(self.id, now);
        self.writer.change(change).await.map(drop)
    }
}

#[async_trait]
impl Shelf for SqliteTenant {
    async fn add_plugin(
        &self,
        plugin: &PluginRow,
        wasm: &[u8],
        bytes_max: u64,
    ) -> Result<bool, StoreError> {
        let change = Change::AddPlugin(self.id, plugin.clone(), wasm.to_vec(), bytes_max);
        let changed = self.writer.change(change).await?;
        Ok(matches!(changed, Changed::New(true)))
    }

    async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError> {
        plugin::all(&self.readers, self.id).await
    }

    async fn component(&self, digest: &str) -> Result<Vec<u8>, StoreError> {
        plugin::component(&self.readers, self.id, digest).await
    }

    async fn remove_plugin(
        &self,
        name: &str,
        version: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change::RemovePlugin(self.id, name.to_owned(), version.to_owned(), at);
        self.writer.change(change).await.map(drop)
    }

    async fn component_bytes(&self) -> Result<u64, StoreError> {
        plugin::component_bytes(&self.readers, self.id).await
    }

    async fn put_templates(&self, templates: &[TemplateRow]) -> Result<(), StoreError> {
        let change = Change::PutTemplates(self.id, templates.to_vec());
        self.writer.change(change).await.map(drop)
    }

    async fn templates(&self) -> Result<Vec<TemplateRow>, StoreError> {
        template::all(&self.readers, self.id).await
    }

    async fn next_version(&self, name: &str) -> Result<u32, StoreError> {
        let last = workflow::last(&self.readers, self.id, name).await?;
        Ok(last + 1)
    }

    async fn remove_workflow(
        &self,
        name: &str,
        version: u32,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change::RemoveWorkflow(self.id, name.to_owned(), version, at);
        self.writer.change(change).await.map(drop)
    }

    async fn publish(&self, workflow: &WorkflowRow) -> Result<(), StoreError> {
        let change = Change::Publish(self.id, workflow.clone());
        self.writer.change(change).await.map(drop)
    }

    async fn workflows(&self) -> Result<Vec<WorkflowRow>, StoreError> {
        workflow::all(&self.readers, self.id).await
    }

    async fn activate(
        &self,
        name: &str,
        version: u32,
        writes: Vec<RecordWrite>,
    ) -> Result<(), StoreError> {
        let change = Change::Activate(self.id, name.to_owned(), version, writes);
        self.writer.change(change).await.map(drop)
    }
}

#[async_trait]
impl Dossiers for SqliteTenant {
    async fn find(&self, references: &[String]) -> Result<Vec<Option<CustomerId>>, StoreError> {
        customer::find(&self.readers, self.id, references).await
    }

    async fn known_facts(&self, facts: &[FactId]) -> Result<Vec<Option<KnownFact>>, StoreError> {
        fact::known(&self.readers, self.id, facts).await
    }

    async fn load(
        &self,
        wanted: &[Wanted],
        ended_since: Timestamp,
        contacts_since: Timestamp,
    ) -> Result<Vec<Dossier>, StoreError> {
        let mut reader = self
            .readers
            .acquire()
            .await
            .map_err(backend("load dossiers"))?;
        let since = Since {
            ended: ended_since,
            contacts: contacts_since,
        };
        load(&mut reader, self.id, wanted, since).await
    }

    async fn commit(&self, commits: Commits) -> Result<Vec<Outcome>, StoreError> {
        if commits.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = commits
            .iter()
            .map(|commit| Prepared::new(self.id, commit).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        self.writer.commit(prepared).await
    }

    async fn release(&self, leases: &[Lease]) -> Result<(), StoreError> {
        let leases = leases.iter().map(|lease| (*lease, None)).collect();
        self.writer.release(self.id, leases).await
    }

    async fn rest(&self, leases: &[(Lease, Timestamp)]) -> Result<(), StoreError> {
        let leases = leases
            .iter()
            .map(|(lease, until)| (*lease, Some(*until)))
            .collect();
        self.writer.release(self.id, leases).await
    }

    async fn wake_pinned(
        &self,
        (workflow, versions): (&str, &[u32]),
        after: Option<CaseId>,
        at: Timestamp,
        limit: u32,
    ) -> Result<Option<CaseId>, StoreError> {
        let pinned = agenda::Pinned {
            workflow: workflow.to_owned(),
            versions: to_json("versions", &versions)?,
            after,
            at,
            limit,
        };
        match self
            .writer
            .change(Change::WakePinned(self.id, pinned))
            .await?
        {
            Changed::Woken(last) => Ok(last),
            _ => Ok(None),
        }
    }

    async fn cases(&self, query: &CasesQuery) -> Result<Vec<CaseRow>, StoreError> {
        case::list(&self.readers, self.id, query).await
    }

    async fn timeline(
        &self,
        customer: CustomerId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<TimelineEntry>, StoreError> {
        timeline::of(&self.readers, self.id, customer, from, limit).await
    }

    async fn ledger(&self, customer: CustomerId) -> Result<Vec<LedgerEntry>, StoreError> {
        ledger::of(&self.readers, self.id, customer).await
    }

    async fn decisions(
        &self,
        customer: CustomerId,
        case: CaseId,
    ) -> Result<Vec<DecisionRecord>, StoreError> {
        timeline::decisions(&self.readers, self.id, customer, case).await
    }

    async fn decisions_after(
        &self,
        after: Option<CallPlace>,
        limit: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        timeline::decisions_after(&self.readers, self.id, after, limit).await
    }

    async fn pasts(&self, after: Option<CustomerId>, limit: u32) -> Result<Vec<Past>, StoreError> {
        fact::pasts(&self.readers, self.id, after, limit).await
    }

    async fn queued(&self, limit: u32) -> Result<Vec<CustomerId>, StoreError> {
        effect::queued(&self.readers, self.id, limit).await
    }
}
