//! A wave: many cases due at once, through the whole way, decision records and outbox rows
//! included, on SQLite with `synchronous=FULL`.
//!
//! The waves run in processes of their own, so that the peak memory is theirs and not that
//! of whoever filled the store.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use regua_domain::dossier::{ChangeSet, Dossier, Journal};
use regua_domain::id::{CaseId, TenantId, derived};
use regua_domain::run::Runner;
use regua_domain::template::Template;
use regua_domain::time::{DAY_MS, HOUR_MS, Timestamp, plus_days};
use regua_domain::workflow::check::Form;
use regua_engine::{Engine, ManualClock, Open, Settings};
use regua_runtime::{Limits, PoolSize, Runtime, RuntimeConfig, Workers};
use regua_storage::{Commit, TenantRow};
use regua_storage_sqlite::{Options, SqliteStore};

use crate::{Bound, Figure, sample};

/// The first argument of a process that runs one wave.
pub const CHILD: &str = "--wave";
const TENANT: &str = "bench";
const WAVE: u64 = 100_000;
const SMALL: u64 = 10_000;
const LARGE: u64 = 1_000_000;
/// Customers filled in at once.
const FILL: u64 = 2_048;

pub fn run() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let wave = measure(folder.path(), "wave", WAVE, WAVE)?;
    // The same number of due cases, in a small store and in a large one.
    let small = measure(folder.path(), "small", SMALL, SMALL)?;
    let large = measure(folder.path(), "large", LARGE, SMALL)?;
    Ok(vec![
        Figure {
            key: "wave_sqlite_per_s",
            value: wave.per_s,
            bound: Bound::AtLeast(8_000.0),
        },
        Figure {
            key: "wave_peak_rss_mb",
            value: wave.rss_mb.max(large.rss_mb),
            bound: Bound::AtMost(400.0),
        },
        Figure {
            key: "wave_10k_per_s",
            value: small.per_s,
            bound: Bound::Told,
        },
        Figure {
            key: "wave_1m_per_s",
            value: large.per_s,
            bound: Bound::Told,
        },
        Figure {
            key: "wave_rate_1m_vs_10k",
            value: large.per_s / small.per_s,
            bound: Bound::AtLeast(0.8),
        },
    ])
}

struct Measured {
    per_s: f64,
    rss_mb: f64,
}

/// Fills a store with `cases`, of which `due` are due, and runs the wave in a child.
fn measure(folder: &Path, name: &str, cases: u64, due: u64) -> Result<Measured> {
    let path = folder.join(name).with_extension("sqlite");
    eprintln!("   {cases} cases, {due} due: filling");
    tokio::runtime::Runtime::new()?.block_on(fill(&path, cases, due))?;
    let output = Command::new(std::env::current_exe()?)
        .arg(CHILD)
        .arg(&path)
        .arg(due.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the wave ended with {}", output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    let mut figures = text.split_whitespace().map(str::parse::<f64>);
    let mut next = || {
        figures
            .next()
            .context("the wave printed nothing")?
            .context("the wave printed no figure")
    };
    let measured = Measured {
        per_s: next()?,
        rss_mb: next()?,
    };
    eprintln!(
        "   {:.0} cases/s, {:.0} MB",
        measured.per_s, measured.rss_mb
    );
    Ok(measured)
}

/// The child: one wave over a filled store.
pub fn child(args: &[String]) -> Result<()> {
    let [path, due] = args else {
        bail!("{CHILD} FILE DUE")
    };
    let due: u64 = due.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (engine, open) = engine(Path::new(path)).await?;
        let started = Instant::now();
        let worked = engine
            .work(&open, sample::now(), sample::now(), None)
            .await?;
        let seconds = started.elapsed().as_secs_f64();
        if worked.done != due || worked.faults > 0 {
            bail!("the wave did {worked:?} instead of {due}");
        }
        let outbox = open.store.queued(u32::try_from(due)?).await?.len() as u64;
        if outbox != due {
            bail!("there are {outbox} letters in the outbox instead of {due}");
        }
        println!("{} {}", due as f64 / seconds, peak_rss_mb()?);
        Ok(())
    })
}

fn peak_rss_mb() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .context("no VmHWM")?;
    let kib: f64 = line
        .split_whitespace()
        .nth(1)
        .context("no figure")?
        .parse()?;
    Ok(kib / 1024.0)
}

/// An engine over a store that was filled, or is about to be.
async fn engine(path: &Path) -> Result<(Engine, Arc<Open>)> {
    let store = SqliteStore::open(
        path,
        Options {
            create: true,
            ..Options::default()
        },
    )
    .await?;
    let cache = path.with_extension("cache");
    let pool = PoolSize::for_workers(2);
    let runtime = Runtime::new(RuntimeConfig {
        limits: Limits::shipped(),
        cache_dir: cache,
        pool,
    })?;
    let engine = Engine::new(
        Arc::new(store),
        Arc::new(runtime),
        Arc::new(Workers::start(2)?),
        Arc::new(ManualClock::at(sample::now())),
        Settings::shipped(),
    );
    let open = match engine.open(TENANT).await? {
        Some(open) => open,
        None => set_up(&engine).await?,
    };
    Ok((engine, open))
}

async fn set_up(engine: &Engine) -> Result<Arc<Open>> {
    let id = TenantId(derived(CaseId(uuid::Uuid::nil()), 0, TENANT, 0));
    let row = TenantRow {
        id,
        name: TENANT.to_owned(),
        policy: sample::policy(),
        clock: None,
    };
    engine.store().create_tenant(&row).await?;
    let store = engine.store().tenant(id);
    engine
        .add_plugin(&store, sample::plugin("first-day-late-email")?)
        .await?;
    let text = include_str!(
        "../../../../plugins/first-day-late-email/templates/first-day-late.pt-BR.yaml"
    );
    let template = Template::from_yaml("first-day-late", "pt-BR", text)?;
    let english =
        include_str!("../../../../plugins/first-day-late-email/templates/first-day-late.en.yaml");
    let english = Template::from_yaml("first-day-late", "en", english)?;
    engine
        .put_templates(&store, vec![template, english])
        .await?;
    engine.publish(&store, sample::WORKFLOW, Form::Yaml).await?;
    store.activate("bench", 1).await?;
    engine.open(TENANT).await?.context("the tenant is gone")
}

/// Cases as they stand before the wave: opened, and waiting for their first stage.
async fn fill(path: &Path, cases: u64, due: u64) -> Result<()> {
    let (engine, open) = engine(path).await?;
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
            let open = Arc::clone(&open);
            std::thread::spawn(move || {
                share
                    .map(|nth| commit(&open, nth, nth < due, before))
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
    engine.store().close().await;
    Ok(())
}

fn commit(open: &Open, nth: u64, is_due: bool, before: Timestamp) -> Result<Commit> {
    let due_on = if is_due {
        plus_days(sample::today(), -1)
    } else {
        plus_days(sample::today(), 200)
    };
    let dossier = sample::dossier(&open.tenant, nth, due_on, before.plus_ms(-DAY_MS))?;
    let runner = Runner {
        tenant: &open.tenant,
        stages: &open.stages,
        capture: false,
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
        wake,
        release: false,
    })
}
