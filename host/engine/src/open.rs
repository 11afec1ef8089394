//! A tenant opened for work: settings, workflows and components at hand.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use regua_domain::case::WorkflowRef;
use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::rollout::Rollout;
use regua_domain::tenant::Tenant;
use regua_domain::workflow::check::reopen;
use regua_domain::workflow::{PluginLock, Workflow};
use regua_runtime::Stage;
use regua_storage::records::list;
use regua_storage::{PluginRow, RecordsQuery, TenantRow, TenantStore, WorkflowRow};

use crate::meter::Account;
use crate::meter::quota::Quota;
use crate::post::outlets::Outlets;
use crate::revoke::revoked;
use crate::shelf::ShelfView;
use crate::stages::Bound;
use crate::{Engine, EngineError};

/// A tenant, ready to be worked for. What is published later is seen by opening it again.
pub struct Open {
    /// Its row.
    pub row: TenantRow,
    /// Its part of the store.
    pub store: Arc<dyn TenantStore>,
    /// What the domain works with.
    pub tenant: Tenant,
    /// Its components.
    pub stages: Bound,
    /// Where what leaves for it may go.
    pub(crate) outlets: Outlets,
    /// What it may use.
    pub quota: Quota,
    /// What it used.
    pub(crate) account: Arc<Account>,
}

/// How old `lately` is.
const LATELY: Duration = Duration::from_secs(1);

/// A tenant that is kept open.
#[derive(Clone)]
pub(crate) struct Known {
    open: Arc<Open>,
    /// When its revision was read.
    seen_at: Instant,
}

impl Engine {
    /// Opens a tenant by name; none where there is none.
    pub async fn open(&self, name: &str) -> Result<Option<Arc<Open>>, EngineError> {
        let rows = self.store.tenants().await?;
        match rows.into_iter().find(|row| row.name == name) {
            Some(row) => self.open_row(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// A tenant's row as it is now, and the tenant opened as of that row's revision: opened
    /// once, and again when its settings, its shelf, its endpoints or its sender changed.
    pub async fn opened(&self, tenant: TenantId) -> Result<(TenantRow, Arc<Open>), EngineError> {
        let row = self.store.tenant(tenant).row().await?;
        let open = self.opened_as(&row).await?;
        Ok((row, open))
    }

    /// The tenant of a row, opened as of the row's revision, or of a later one that is known.
    pub async fn opened_as(&self, row: &TenantRow) -> Result<Arc<Open>, EngineError> {
        let seen_at = Instant::now();
        let known = self.known(row.id).map(|known| known.open);
        let open = match known.filter(|open| open.row.revision >= row.revision) {
            Some(open) => open,
            None => self.open_row(row.clone()).await?,
        };
        let known = Known {
            open: Arc::clone(&open),
            seen_at,
        };
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert(row.id, known);
        Ok(open)
    }

    /// The tenant opened as of a second ago at most: for whoever asks before each of many
    /// things of one batch whether it still stands.
    pub(crate) async fn lately(&self, tenant: TenantId) -> Result<Arc<Open>, EngineError> {
        match self.known(tenant) {
            Some(known) if known.seen_at.elapsed() < LATELY => Ok(known.open),
            _ => self.opened(tenant).await.map(|(_, open)| open),
        }
    }

    fn known(&self, tenant: TenantId) -> Option<Known> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.get(&tenant).cloned()
    }

    async fn open_row(&self, row: TenantRow) -> Result<Arc<Open>, EngineError> {
        let store = self.store.tenant(row.id);
        let plugins = store.plugins().await?;
        let published = store.workflows().await?;
        let mut active = HashMap::new();
        let mut workflows = HashMap::new();
        let mut digests = Vec::new();
        for version in published {
            let reference = WorkflowRef {
                name: version.name.clone(),
                version: version.version,
            };
            if version.active {
                active.insert(version.name.clone(), version.version);
            }
            let workflow = read(&version, &plugins, &row.policy)?;
            digests.extend(
                workflow
                    .stages
                    .iter()
                    .map(|stage| stage.plugin.digest.clone()),
            );
            workflows.insert(reference, Arc::new(workflow));
        }
        digests.sort_unstable();
        digests.dedup();
        let stages = self.bind(&store, &digests).await?;
        let rollouts = list::<Rollout>(&*store, &everything()).await?;
        let revoked = revoked(&*store).await?;
        let tenant = Tenant {
            id: row.id,
            policy: row.policy.clone(),
            workflows,
            active,
            rollouts: rollouts
                .into_iter()
                .map(|kept| (kept.id, kept.value))
                .collect(),
            revoked,
        };
        let outlets = Outlets::read(&*store, &row).await?;
        let quota = Quota::read(&*store).await?;
        let account = self.meter.account(row.id);
        Ok(Arc::new(Open {
            row,
            store,
            tenant,
            stages,
            outlets,
            quota,
            account,
        }))
    }

    /// Loads components, compiling what has no native code yet.
    pub(crate) async fn bind(
        &self,
        store: &Arc<dyn TenantStore>,
        digests: &[String],
    ) -> Result<Bound, EngineError> {
        let mut stages = HashMap::new();
        for digest in digests {
            stages.insert(digest.clone(), self.load(store, digest).await?);
        }
        Ok(Bound::new(&self.runtime, stages))
    }

    pub(crate) async fn load(
        &self,
        store: &Arc<dyn TenantStore>,
        digest: &str,
    ) -> Result<Arc<Stage>, EngineError> {
        if let Some(stage) = self.runtime.loaded(digest) {
            return Ok(stage);
        }
        let (runtime, wanted) = (Arc::clone(&self.runtime), digest.to_owned());
        let kept = self.on_a_worker(move || runtime.load_kept(&wanted)).await?;
        if let Some(stage) = kept.map_err(|error: LoadError| not_loaded(digest, &error))? {
            return Ok(stage);
        }
        // An upload may have megabytes: they are read where they have to be compiled alone.
        let wasm = store.component(digest).await?;
        let (runtime, wanted) = (Arc::clone(&self.runtime), digest.to_owned());
        let compiled = self.on_a_worker(move || runtime.load(&wanted, || Ok(wasm)));
        let compiled = compiled.await?;
        compiled.map_err(|error: LoadError| not_loaded(digest, &error))
    }

    async fn on_a_worker<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let running = self.workers.run(work).into_recv_async();
        running.await.map_err(|_| EngineError::Workers)
    }
}

/// What is fetched is at hand by then.
type LoadError = regua_runtime::LoadError<std::convert::Infallible>;

fn not_loaded(digest: &str, error: &LoadError) -> EngineError {
    EngineError::Plugin {
        digest: digest.to_owned(),
        because: chain(error),
    }
}

/// All records of a kind: of a tenant's shelf there are few.
pub(crate) fn everything() -> RecordsQuery {
    RecordsQuery {
        limit: u32::MAX,
        ..RecordsQuery::default()
    }
}

/// An error and its sources, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn read(
    version: &WorkflowRow,
    plugins: &[PluginRow],
    policy: &Policy,
) -> Result<Workflow, EngineError> {
    let bad = |because: String| EngineError::Workflow {
        name: version.name.clone(),
        version: version.version,
        because,
    };
    let locks = version
        .plugins
        .iter()
        .map(|(label, digest)| {
            plugins
                .iter()
                .find(|plugin| plugin.digest == *digest)
                .map(|plugin| PluginLock {
                    digest: digest.clone(),
                    manifest: plugin.manifest.clone(),
                })
                .ok_or_else(|| bad(format!("its plugin {label} is gone")))
        })
        .collect::<Result<_, _>>()?;
    let templates = version.templates.clone();
    let shelf = ShelfView::new(locks, templates, None, policy.clone()).map_err(|faults| {
        bad(faults
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; "))
    })?;
    reopen(&version.document, &shelf, version.version).map_err(bad)
}
