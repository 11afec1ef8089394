//! A tenant whose plugin burns all of its fuel each time, with more due cases than can be done,
//! beside another with a wave of its own: how late the other's cases are, compared to how late
//! they are where it is alone and there are half the threads.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use regua_domain::contract::Channel;
use regua_domain::id::TenantId;
use regua_engine::meter::day_of;
use regua_engine::meter::usage::between;
use regua_engine::{Clock, Engine, Pace, Settings};
use regua_tests::node::{Going, work};
use regua_tests::wave::{BURNER, Place, engine, engine_of, fill, fill_open, set_up_burner, still};
use regua_tests::{outside, sample};
use tokio::sync::watch;

use crate::wave::median;
use crate::{Bound, Figure};

/// The first argument of a process that is a node.
pub const CHILD: &str = "--fairness";
/// Due cases of the other tenant.
const WAVE: u64 = 20_000;
/// Of the one that burns: more than are done meanwhile.
const BURNING: u64 = 5_000;
/// Threads beside the burner.
const WORKERS: usize = 2;
const ROUNDS: usize = 3;
/// How often it is looked how many are left: to count them takes a store some ten milliseconds.
const LOOK: Duration = Duration::from_millis(200);

pub fn run() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (alone, beside) = (folder.path().join("alone"), folder.path().join("beside"));
    tokio::runtime::Runtime::new()?.block_on(set_up(&alone, &beside))?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let alone = node(&alone, WORKERS / 2)?;
        let beside = node(&beside, WORKERS)?;
        if beside.burned == 0 || beside.burned >= BURNING {
            bail!("the burner had {} of {BURNING} calls", beside.burned);
        }
        let ratio = (beside.p99_s - beside.call_s) / alone.p99_s;
        eprintln!(
            "   p99 lateness: alone on {} of {WORKERS} threads {:.2} s, beside the burner {:.2} s; \
             a call that burns all its fuel {:.2} s, of which there were {}: ratio {ratio:.2}",
            WORKERS / 2,
            alone.p99_s,
            beside.p99_s,
            beside.call_s,
            beside.burned
        );
        rounds.push(ratio);
    }
    Ok(vec![Figure {
        key: "fairness_p99_ratio",
        value: median(rounds.into_iter()),
        bound: Bound::AtMost(2.0),
    }])
}

/// Two stores with the same wave; in one of them there is the burner, too.
async fn set_up(alone: &Path, beside: &Path) -> Result<()> {
    eprintln!("   filling: {WAVE} cases, all due, and {BURNING} of the burner");
    fill(&Place::file(alone), WAVE, WAVE, &[Channel::Email]).await?;
    std::fs::copy(alone, beside)?;
    let (engine, _) = engine(&Place::file(beside), still(), Settings::shipped()).await?;
    let burner = set_up_burner(&engine).await?;
    fill_open(&burner, BURNING, BURNING, &[Channel::Email]).await?;
    engine.store().close().await;
    Ok(())
}

/// What a node told.
struct Told {
    /// When 99 of 100 cases of the other were committed.
    p99_s: f64,
    /// What a call of the burner took, the median.
    call_s: f64,
    /// How many it made.
    burned: u64,
}

/// A node over a copy of a store, until the other's wave is over.
fn node(store: &Path, workers: usize) -> Result<Told> {
    let folder = tempfile::tempdir_in(store.parent().context("a folder")?)?;
    let copy = folder.path().join("store");
    std::fs::copy(store, &copy)?;
    std::fs::File::open(&copy)?.sync_all()?;
    let output = Command::new(std::env::current_exe()?)
        .arg(CHILD)
        .arg(&copy)
        .arg(Place::file(store).cache)
        .arg(workers.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the node ended with {}", output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    let figures = text.split_whitespace().map(str::parse::<f64>);
    let figures = figures.collect::<Result<Vec<_>, _>>()?;
    let [p99_s, call_s, burned] = figures[..] else {
        bail!("the node said {text}");
    };
    Ok(Told {
        p99_s,
        call_s,
        burned: burned as u64,
    })
}

/// The child: a node until the other's wave is over.
pub fn child(args: &[String]) -> Result<()> {
    let [store, cache, workers] = args else {
        bail!("{CHILD} STORE CACHE WORKERS")
    };
    let place = Place {
        store: store.clone(),
        cache: PathBuf::from(cache),
    };
    let workers = workers.parse()?;
    let clock: Arc<dyn Clock> = Arc::new(Going::from(sample::now(), 1));
    let post = Arc::new(outside::post(1, 2, &clock, &outside::counting()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (engine, open) = engine_of(&place, clock, Settings::shipped(), workers).await?;
        // Both are open already, as they are on a node that has been there for a while.
        for row in engine.store().tenants().await? {
            engine.opened(row.id).await?;
        }
        let (stop, stopped) = watch::channel(false);
        // The letters stay where they are: only who is run is looked at.
        let pace = Pace {
            delivery_lanes: 1,
            ..Pace::shipped()
        };
        let started = Instant::now();
        let ((), p99_s) = tokio::join!(work(&engine, post, pace, stopped), async {
            let p99_s = p99(&engine, open.row.id, started).await;
            let _ = stop.send(true);
            p99_s
        });
        let (call_s, burned) = burned(&engine).await?;
        println!("{} {call_s} {burned}", p99_s?);
        engine.store().close().await;
        Ok(())
    })
}

/// When 99 of 100 were committed.
async fn p99(engine: &Engine, tenant: TenantId, started: Instant) -> Result<f64> {
    loop {
        let standing = engine
            .store()
            .standing(tenant, engine.clock().now())
            .await?;
        if (standing.due + standing.leased) * 100 <= WAVE {
            return Ok(started.elapsed().as_secs_f64());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// What a call of the burner took, and how many it made; zeros where there is none.
async fn burned(engine: &Engine) -> Result<(f64, u64)> {
    let Some(open) = engine.open(BURNER).await? else {
        return Ok((0.0, 0));
    };
    let plugins = open.store.plugins().await?;
    let digest = &plugins.first().context("its plugin")?.digest;
    let today = day_of(engine.clock().now());
    let days = between(&*open.store, digest, today, today).await?;
    let (_, usage) = days.first().context("it made no call")?;
    // On a busy machine a call's time may be over before its fuel is: it has burned as long.
    let burned = usage
        .failures
        .get("out-of-fuel")
        .copied()
        .unwrap_or_default();
    if burned + usage.inconclusive != usage.calls || burned == 0 {
        bail!("the burner's calls ended otherwise: {usage:?}");
    }
    Ok((usage.wall_us.percentile(50) as f64 / 1e6, usage.calls))
}
