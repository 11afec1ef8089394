//! Many cases due at once, in a store: what the benchmark measures and what is killed in the middle.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use regua_domain::contract::Channel;
use regua_domain::dossier::{ChangeSet, Dossier, Journal};
use regua_domain::id::{CaseId, TenantId, derived};
use regua_domain::run::{Runner, STEPS_MAX};
use regua_domain::template::Template;
use regua_domain::time::{DAY_MS, HOUR_MS, Timestamp, plus_days};
use regua_domain::workflow::check::Form;
use regua_engine::{Clock, Engine, ManualClock, Open, Settings};
use regua_runtime::{Compiler, Limits, PoolSize, Runtime, RuntimeConfig, Workers};
use regua_storage::{Commit, Store, TenantRow, TenantStore};
use regua_storage_postgres::PostgresStore;
use regua_storage_sqlite::SqliteStore;

use crate::{built, sample};

/// The tenant's name.
pub const TENANT: &str = "bench";
/// The name of the one whose stage burns all of its fuel.
pub const BURNER: &str = "burner";
/// Customers filled in at once.
const FILL: u64 = 2_048;

/// Where a store is, and where a node keeps what it compiled.
#[derive(Debug, Clone)]
pub struct Place {
    /// A file, or a database's URL.
    pub store: String,
    /// A folder.
    pub cache: PathBuf,
}

impl Place {
    /// In a file; what was compiled lies beside it.
    pub fn file(path: &Path) -> Self {
        Self {
            store: path.display().to_string(),
            cache: path.with_extension("cache"),
        }
    }

    /// Opens the store that is there, or makes it.
    pub async fn open(&self) -> Result<Arc<dyn Store>> {
        if self.store.starts_with("postgres:") {
            let options = regua_storage_postgres::Options::default();
            return Ok(Arc::new(
                PostgresStore::connect(&self.store, options).await?,
            ));
        }
        let options = regua_storage_sqlite::Options {
            create: true,
            ..Default::default()
        };
        Ok(Arc::new(SqliteStore::open(&self.store, options).await?))
    }
}

/// A clock that stands at the wave's instant.
pub fn still() -> Arc<dyn Clock> {
    Arc::new(ManualClock::at(sample::now()))
}

/// An engine over a store that was filled, or is about to be.
pub async fn engine(
    place: &Place,
    clock: Arc<dyn Clock>,
    settings: Settings,
) -> Result<(Engine, Arc<Open>)> {
    engine_of(place, clock, settings, 2).await
}

/// The same with so many threads for stages.
pub async fn engine_of(
    place: &Place,
    clock: Arc<dyn Clock>,
    settings: Settings,
    workers: usize,
) -> Result<(Engine, Arc<Open>)> {
    let store = place.open().await?;
    let pool = PoolSize::for_workers(workers);
    let runtime = Runtime::new(RuntimeConfig {
        limits: Limits::shipped(),
        cache_dir: place.cache.clone(),
        pool,
        compiler: Compiler::Here,
    })?;
    let engine = Engine::new(
        store,
        Arc::new(runtime),
        Arc::new(Workers::start(workers)?),
        clock,
        settings,
    );
    let open = match engine.open(TENANT).await? {
        Some(open) => open,
        None => set_up(&engine).await?,
    };
    Ok((engine, open))
}

async fn set_up(engine: &Engine) -> Result<Arc<Open>> {
    let store = new_tenant(engine, TENANT).await?;
    engine
        .add_plugin(&store, built::plugin("first-day-late-email"))
        .await?;
    let text =
        include_str!("../../plugins/first-day-late-email/templates/first-day-late.pt-BR.yaml");
    let template = Template::from_yaml("first-day-late", "pt-BR", text)?;
    let english =
        include_str!("../../plugins/first-day-late-email/templates/first-day-late.en.yaml");
    let english = Template::from_yaml("first-day-late", "en", english)?;
    engine
        .put_templates(&store, vec![template, english])
        .await?;
    engine.publish(&store, sample::WORKFLOW, Form::Yaml).await?;
    store.activate("bench", 1, Vec::new()).await?;
    engine.open(TENANT).await?.context("the tenant is gone")
}

async fn new_tenant(engine: &Engine, name: &str) -> Result<Arc<dyn TenantStore>> {
    let id = TenantId(derived(CaseId(uuid::Uuid::nil()), 0, name, 0));
    let row = TenantRow {
        id,
        name: name.to_owned(),
        policy: sample::policy(),
        clock: None,
        revision: 0,
    };
    engine.store().create_tenant(&row).await?;
    Ok(engine.store().tenant(id))
}

/// Another tenant, whose stage burns all of its fuel each time.
pub async fn set_up_burner(engine: &Engine) -> Result<Arc<Open>> {
    let store = new_tenant(engine, BURNER).await?;
    engine.add_plugin(&store, built::guest("hostile")).await?;
    engine.publish(&store, sample::BURNING, Form::Yaml).await?;
    store.activate("bench", 1, Vec::new()).await?;
    engine.open(BURNER).await?.context("the tenant is gone")
}

/// Cases as they stand before the wave: opened, and waiting for their first stage. Customers
/// are reached over these channels in turn.
pub async fn fill(place: &Place, cases: u64, due: u64, channels: &[Channel]) -> Result<()> {
    let (engine, open) = engine(place, still(), Settings::shipped()).await?;
    fill_open(&open, cases, due, channels).await?;
    engine.store().close().await;
    Ok(())
}

/// The same of an open tenant.
pub async fn fill_open(open: &Arc<Open>, cases: u64, due: u64, channels: &[Channel]) -> Result<()> {
    // Opened an hour before the window of the wave's day, or of a day long after.
    let before = sample::now().plus_ms(-8 * HOUR_MS);
    let mut from = 0;
    while from < cases {
        let until = (from + FILL).min(cases);
        let halves = [
            from..from + (until - from) / 2,
            from + (until - from) / 2..until,
        ]
        .map(|share| {
            let (open, channels) = (Arc::clone(open), channels.to_vec());
            std::thread::spawn(move || {
                let channels = channels
                    .iter()
                    .cycle()
                    .skip(share.start as usize % channels.len());
                share
                    .zip(channels)
                    .map(|(nth, channel)| commit(&open, nth, channel, nth < due, before))
                    .collect::<Result<Vec<_>>>()
            })
        });
        let mut commits = Vec::new();
        for half in halves {
            commits.extend(
                half.join()
                    .map_err(|_| anyhow::anyhow!("filling panicked"))??,
            );
        }
        open.store.commit(commits).await?;
        from = until;
    }
    Ok(())
}

fn commit(
    open: &Open,
    nth: u64,
    channel: &Channel,
    is_due: bool,
    before: Timestamp,
) -> Result<Commit> {
    let due_on = if is_due {
        plus_days(sample::today(), -1)
    } else {
        plus_days(sample::today(), 200)
    };
    let dossier = sample::dossier(&open.tenant, nth, channel, due_on, before.plus_ms(-DAY_MS))?;
    let runner = Runner {
        tenant: &open.tenant,
        stages: &open.stages,
        capture: false,
        steps_max: STEPS_MAX,
    };
    let ran = runner.run(dossier.clone(), before, before)?;
    let wake = ran.wake;
    let customer = dossier.customer.id;
    let empty = Dossier::new(dossier.customer.clone());
    let mut changes = ChangeSet::between(&empty, &ran.dossier, Journal::default());
    changes.customer = Some(dossier.customer);
    Ok(Commit {
        customer,
        seen: None,
        epoch: None,
        changes,
        records: Vec::new(),
        wake,
        release: false,
    })
}
