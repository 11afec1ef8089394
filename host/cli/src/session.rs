//! A session: the store, opened; the tenant that is meant; the engine, once it is needed.

use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use regua_domain::time::Timestamp;
use regua_engine::{Clock as _, Engine, Open, SystemClock};
use regua_runtime::{Compiler, Limits, PoolSize, Runtime, RuntimeConfig, Workers};
use regua_storage::{Store, TenantRow};
use regua_storage_postgres::PostgresStore;
use regua_storage_sqlite::{Options, SqliteStore};

use crate::exit::Usage;
use crate::settings::Settings;

/// This program as a compiler. On Linux it is the one that runs, even where another has been
/// installed over it meanwhile.
fn compiler() -> std::io::Result<Compiler> {
    let own = std::path::Path::new("/proc/self/exe");
    let program = if own.exists() {
        own.to_owned()
    } else {
        std::env::current_exe()?
    };
    Ok(Compiler::Child(program))
}

/// The sandbox, as the settings have it.
pub(crate) fn runtime(settings: &Settings) -> anyhow::Result<Runtime> {
    let Some(cache_dir) = settings.cache_dir.value.clone() else {
        let text = "where may plugins' native code be kept? Neither $XDG_CACHE_HOME nor $HOME is \
                    an absolute path: say --cache-dir FOLDER or REGUA_CACHE_DIR, a folder that \
                    only you can write to";
        return Err(Usage(text.to_owned()).into());
    };
    let config = RuntimeConfig {
        limits: Limits::shipped(),
        cache_dir,
        pool: PoolSize::for_workers(settings.threads.value),
        compiler: compiler().context("this program's own file is not to be found")?,
    };
    Runtime::new(config).context("the sandbox cannot be started")
}

/// What a subcommand works with.
pub struct Session {
    settings: Settings,
    store: Arc<dyn Store>,
    engine: OnceLock<Engine>,
}

/// The tenant that is worked for.
pub struct Tenancy {
    /// Its row.
    pub row: TenantRow,
}

impl Tenancy {
    /// The sandbox's clock, or the machine's.
    pub fn now(&self) -> Timestamp {
        self.row.clock.unwrap_or_else(|| SystemClock.now())
    }
}

impl Session {
    /// Opens the store that the settings name; a file that is not there is made only where it
    /// is asked for.
    pub async fn open(settings: Settings, makes_store: bool) -> anyhow::Result<Self> {
        let Settings { database, .. } = &settings;
        let store: Arc<dyn Store> = if let Some(url) = settings.postgres() {
            let options = regua_storage_postgres::Options::default();
            let store = PostgresStore::connect(url, options)
                .await
                .with_context(|| format!("no store at the address from {}", database.origin))?;
            Arc::new(store)
        } else {
            if !makes_store && !database.value.exists() {
                let (path, origin) = (database.value.display(), &database.origin);
                let text = format!(
                    "there is no store at {path} ({origin}): `regua tenant create` makes one"
                );
                return Err(Usage(text).into());
            }
            let store = SqliteStore::open(&database.value, Options::default())
                .await
                .with_context(|| {
                    let path = database.value.display();
                    format!("no store at {path} ({})", database.origin)
                })?;
            Arc::new(store)
        };
        Ok(Self {
            settings,
            store,
            engine: OnceLock::new(),
        })
    }

    /// Leaves everything durable.
    pub async fn close(&self) {
        if let Some(engine) = self.engine.get() {
            engine.settled().await;
        }
        self.store.close().await;
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The store of all tenants.
    pub const fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The engine, started when first asked for.
    pub fn engine(&self) -> anyhow::Result<&Engine> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let threads = self.settings.threads.value;
        let runtime = runtime(&self.settings)?;
        let workers = Workers::start(threads).context("the plugin threads cannot be started")?;
        let engine = Engine::new(
            Arc::clone(&self.store),
            Arc::new(runtime),
            Arc::new(workers),
            Arc::new(SystemClock),
            regua_engine::Settings {
                log_days: self.settings.service.read("plugin-log-days")?,
                ..regua_engine::Settings::shipped()
            },
        );
        Ok(self.engine.get_or_init(|| engine))
    }

    /// The tenant that is set, or the only one there is.
    pub async fn tenancy(&self) -> anyhow::Result<Tenancy> {
        let mut rows = self.store.tenants().await.context("cannot list tenants")?;
        let names = || {
            let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
            names.join(", ")
        };
        let row = match &self.settings.tenant.value {
            Some(name) => {
                let Some(at) = rows.iter().position(|row| row.name == *name) else {
                    let origin = &self.settings.tenant.origin;
                    anyhow::bail!("tenant `{name}` ({origin}) does not exist");
                };
                rows.swap_remove(at)
            }
            None if rows.len() == 1 => rows.swap_remove(0),
            None if rows.is_empty() => {
                return Err(Usage("there is no tenant yet: `regua tenant create`".into()).into());
            }
            None => {
                let text = format!(
                    "which tenant? Say --tenant NAME or REGUA_TENANT: {}",
                    names()
                );
                return Err(Usage(text).into());
            }
        };
        Ok(Tenancy { row })
    }

    /// The tenant, opened for work.
    pub async fn open_tenant(&self) -> anyhow::Result<(Tenancy, Arc<Open>)> {
        let tenancy = self.tenancy().await?;
        let open = self
            .engine()?
            .open(&tenancy.row.name)
            .await
            .with_context(|| format!("tenant `{}` cannot be opened", tenancy.row.name))?
            .with_context(|| format!("tenant `{}` is gone", tenancy.row.name))?;
        Ok((tenancy, open))
    }
}
