//! A wave: many cases due at once, through the whole way, decision records and outbox rows
//! included, on `SQLite` with `synchronous=FULL`.
//!
//! The waves run in processes of their own, so that the peak memory is theirs and not that
//! of whoever filled the store.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use regua_engine::Settings;
use regua_tests::sample;
use regua_tests::wave::{engine, fill};

use crate::{Bound, Figure};

/// The first argument of a process that runs one wave.
pub const CHILD: &str = "--wave";
const WAVE: u64 = 100_000;
const SMALL: u64 = 10_000;
const LARGE: u64 = 1_000_000;

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
        let (engine, open) = engine(Path::new(path), sample::now(), Settings::shipped()).await?;
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
