//! A wave: many cases due at once, through the whole way, decision records and outbox rows
//! included, on `SQLite` with `synchronous=FULL`.
//!
//! Each wave runs over a copy of a filled store, in a process of its own, so that the peak
//! memory is the wave's and not that of whoever filled the store. Figures are medians;
//! what is compared ran in turn.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use regua_domain::contract::Channel;
use regua_engine::Settings;
use regua_tests::sample;
use regua_tests::wave::{Place, engine, fill, still};

use crate::{Bound, Figure};

/// The first argument of a process that runs one wave.
pub const CHILD: &str = "--wave";
/// Due cases of a wave.
const WAVE: u64 = 100_000;
/// Cases in a small store, all due, and in a large one, of which a wave is due: a tenth.
const SMALL: u64 = 10_000;
const LARGE: u64 = 1_000_000;
const ROUNDS: usize = 3;

pub fn run() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let fill = |name: &str, cases, due| Store::fill(folder.path().join(name), cases, due);
    let (full, small) = (fill("full", WAVE, WAVE)?, fill("small", SMALL, SMALL)?);
    let large = fill("large", LARGE, WAVE)?;
    let (mut at_full, mut at_small, mut at_large) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        at_full.push(full.wave()?);
        at_small.push(small.wave()?);
        at_large.push(large.wave()?);
    }
    let per_s = |waves: &[Wave]| median(waves.iter().map(|wave| wave.per_s));
    let ratios = at_large.iter().zip(&at_small);
    let ratio = median(ratios.map(|(large, small)| large.per_s / small.per_s));
    let all = [&at_full, &at_small, &at_large].into_iter().flatten();
    let rss_mb = all.map(|wave| wave.rss_mb).fold(0.0, f64::max);
    let figure = |key, value, bound| Figure { key, value, bound };
    Ok(vec![
        figure(
            "wave_sqlite_per_s",
            per_s(&at_full),
            Bound::AtLeast(8_000.0),
        ),
        figure("wave_peak_rss_mb", rss_mb, Bound::AtMost(400.0)),
        figure("wave_10k_per_s", per_s(&at_small), Bound::Told),
        figure("wave_1m_per_s", per_s(&at_large), Bound::Told),
        figure("wave_rate_1m_vs_10k", ratio, Bound::AtLeast(0.8)),
    ])
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

struct Wave {
    per_s: f64,
    rss_mb: f64,
}

/// A store filled once; waves run over copies of it.
struct Store {
    path: PathBuf,
    cases: u64,
    due: u64,
}

impl Store {
    fn fill(path: PathBuf, cases: u64, due: u64) -> Result<Self> {
        eprintln!("   filling: {cases} cases, {due} due");
        tokio::runtime::Runtime::new()?.block_on(fill(
            &Place::file(&path),
            cases,
            due,
            &[Channel::Email],
        ))?;
        Ok(Self { path, cases, due })
    }

    fn wave(&self) -> Result<Wave> {
        let folder = tempfile::tempdir_in(self.path.parent().context("a folder")?)?;
        let copy = folder.path().join("store");
        std::fs::copy(&self.path, &copy)?;
        // What is still to be written of the copy is not the wave's.
        std::fs::File::open(&copy)?.sync_all()?;
        let output = Command::new(std::env::current_exe()?)
            .arg(CHILD)
            .arg(&copy)
            .arg(self.due.to_string())
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
        let (per_s, rss_mb) = (next()?, next()?);
        eprintln!(
            "   {} cases, {} due: {per_s:.0} cases/s, {rss_mb:.0} MB",
            self.cases, self.due
        );
        Ok(Wave { per_s, rss_mb })
    }
}

/// The child: one wave over a filled store.
pub fn child(args: &[String]) -> Result<()> {
    let [path, due] = args else {
        bail!("{CHILD} FILE DUE")
    };
    let due: u64 = due.parse()?;
    let place = Place::file(Path::new(path));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (engine, open) = engine(&place, still(), Settings::shipped()).await?;
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
        println!("{} {}", due as f64 / seconds, memory_mb("self", "VmHWM")?);
        Ok(())
    })
}

/// What a process holds of the machine's memory: `VmRSS`, or at most ever: `VmHWM`.
pub fn memory_mb(process: &str, field: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
        .with_context(|| format!("no {field}"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}
