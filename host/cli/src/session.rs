//! A session: the store, opened; the tenant that is meant; the engine, once it is needed.

use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use regua_domain::dossier::{Dossier, LoggedFact};
use regua_domain::fact::Fact;
use regua_domain::id::{CustomerId, FactId};
use regua_domain::intake::Taken;
use regua_domain::time::Timestamp;
use regua_engine::{Clock as _, Engine, Open, SystemClock, Telling};
use regua_runtime::{Limits, PoolSize, Runtime, RuntimeConfig, Workers};
use regua_storage::{Store, TenantRow, TenantStore, Wanted};
use regua_storage_postgres::PostgresStore;
use regua_storage_sqlite::{Options, SqliteStore};

use crate::exit::Usage;
use crate::ids;
use crate::out::say;
use crate::settings::Settings;

/// What a subcommand works with.
pub struct Session {
    settings: Settings,
    store: Arc<dyn Store>,
    engine: OnceLock<Engine>,
}

/// A tenant as one is looked at: its row and its part of the store.
#[derive(Clone)]
pub struct Tenancy {
    /// Its row.
    pub row: TenantRow,
    /// Its part of the store.
    pub store: Arc<dyn TenantStore>,
}

impl Tenancy {
    /// The sandbox's clock, or the machine's.
    pub fn now(&self) -> Timestamp {
        self.row.clock.unwrap_or_else(|| SystemClock.now())
    }

    /// One customer's whole dossier, with every case there ever was.
    pub async fn dossier(&self, id: CustomerId) -> anyhow::Result<Dossier> {
        self.dossiers(&[id])
            .await?
            .pop()
            .with_context(|| format!("customer {id} does not exist"))
    }

    /// Several customers' dossiers.
    pub async fn dossiers(&self, ids: &[CustomerId]) -> anyhow::Result<Vec<Dossier>> {
        let wanted: Vec<Wanted> = ids.iter().copied().map(Wanted::from).collect();
        let ever = Timestamp(0);
        self.store
            .load(&wanted, ever, ever)
            .await
            .context("cannot read customers")
    }

    /// The customer of a reference.
    pub async fn customer(&self, reference: &str) -> anyhow::Result<CustomerId> {
        self.store
            .find(&[reference.to_owned()])
            .await
            .context("cannot look for the customer")?
            .pop()
            .flatten()
            .with_context(|| {
                format!(
                    "customer `{reference}` does not exist in tenant `{}`",
                    self.row.name
                )
            })
    }
}

impl Session {
    /// Opens the store that the settings name.
    pub async fn open(settings: Settings) -> anyhow::Result<Self> {
        let Settings { database, .. } = &settings;
        let store: Arc<dyn Store> = if let Some(url) = settings.postgres() {
            let options = regua_storage_postgres::Options::default();
            let store = PostgresStore::connect(url, options)
                .await
                .with_context(|| format!("no store at the address from {}", database.origin))?;
            Arc::new(store)
        } else {
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
        let Some(cache_dir) = self.settings.cache_dir.value.clone() else {
            let text = "where may plugins' native code be kept? Neither $XDG_CACHE_HOME nor $HOME \
                        is an absolute path: say --cache-dir FOLDER or REGUA_CACHE_DIR, a folder \
                        that only you can write to";
            return Err(Usage(text.to_owned()).into());
        };
        let runtime = Runtime::new(RuntimeConfig {
            limits: Limits::shipped(),
            cache_dir,
            pool: PoolSize::for_workers(threads),
        })
        .context("the sandbox cannot be started")?;
        let workers = Workers::start(threads).context("the plugin threads cannot be started")?;
        let engine = Engine::new(
            Arc::clone(&self.store),
            Arc::new(runtime),
            Arc::new(workers),
            Arc::new(SystemClock),
            regua_engine::Settings::shipped(),
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
        let store = self.store.tenant(row.id);
        Ok(Tenancy { row, store })
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

    /// Tells one fact, and says on standard output what became of it.
    pub async fn tell(&self, telling: Single) -> anyhow::Result<()> {
        let (tenancy, open) = self.open_tenant().await?;
        let now = tenancy.now();
        let fact = LoggedFact {
            id: telling.id.unwrap_or_else(|| FactId(ids::fresh())),
            at: telling.at.unwrap_or(now),
            fact: telling.fact,
            taken: false,
        };
        let (id, at) = (fact.id, fact.at);
        let told = Telling {
            group: None,
            customer: telling.customer.clone(),
            fact,
        };
        let taken = self
            .engine()?
            .tell(&open, now, vec![told])
            .await?
            .pop()
            .context("the engine said nothing of the fact")?
            .with_context(|| format!("not taken, about customer `{}`", telling.customer))?;
        match taken {
            Taken::Known => say!("{id}: known already, nothing changed"),
            Taken::New if at > now => say!("{id}: told ahead, for {}", at.to_rfc3339()),
            Taken::New => say!("{id}: taken"),
        }
        Ok(())
    }
}

/// One fact as it is typed.
pub struct Single {
    /// About whom, by reference.
    pub customer: String,
    /// Under which id; none: a new one.
    pub id: Option<FactId>,
    /// When; none: now.
    pub at: Option<Timestamp>,
    /// What.
    pub fact: Fact,
}
