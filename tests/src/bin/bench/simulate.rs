//! `regua simulate` as it is installed: the demo's ladder of four plugins, over made-up payers.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::decide::median;
use crate::wave::memory_mb;
use crate::{Bound, Figure};

/// The policy, from the project's root.
pub const SETUP: &str = "host/cli/examples/scenarios/setup.yaml";
const CUSTOMERS: u64 = 100_000;
const DAYS: u64 = 180;
const ROUNDS: usize = 3;

pub fn run() -> Result<Vec<Figure>> {
    let (mut full, mut half) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        full.push(simulate(CUSTOMERS)?);
        half.push(simulate(CUSTOMERS / 2)?);
    }
    let rss_mb = full.iter().map(|run| run.rss_mb).fold(0.0, f64::max);
    let ratios = full.iter().zip(&half);
    let ratios = ratios.map(|(full, half)| full.seconds / half.seconds);
    let per_s = |run: &Simulated| run.decisions / run.seconds;
    let figure = |key, value, bound| Figure { key, value, bound };
    Ok(vec![
        figure(
            "simulate_decisions_per_s",
            median(full.iter().map(per_s).collect()),
            Bound::AtLeast(60_000.0),
        ),
        figure(
            "simulate_100k_180d_s",
            median(full.iter().map(|run| run.seconds).collect()),
            Bound::AtMost(60.0),
        ),
        figure("simulate_peak_rss_mb", rss_mb, Bound::AtMost(1_500.0)),
        figure(
            "simulate_growth",
            median(ratios.collect()),
            Bound::AtMost(2.2),
        ),
    ])
}

struct Simulated {
    seconds: f64,
    rss_mb: f64,
    decisions: f64,
}

/// From the start of the process to its end, what it loads and writes among it.
fn simulate(customers: u64) -> Result<Simulated> {
    let folder = tempfile::tempdir()?;
    let told = folder.path().join("told.json");
    let (customers, days) = (customers.to_string(), DAYS.to_string());
    let mut command = product(folder.path())?;
    command.args(["simulate", "--setup", SETUP, "--seed", "1"]);
    command.args(["--customers", &customers, "--days", &days, "--json"]);
    let (seconds, rss_mb) = timed(command.arg(&told))?;
    let told: Value = serde_json::from_slice(&std::fs::read(&told)?)?;
    let outcome = &told["champion"]["outcome"];
    let decisions = outcome["decisions"].as_f64().context("decisions")?;
    ensure!(outcome["failures"] == 0, "stages fail: {outcome}");
    eprintln!(
        "   {customers} payers, {days} days: {seconds:.1} s, {decisions:.0} decisions, {rss_mb:.0} MB"
    );
    Ok(Simulated {
        seconds,
        rss_mb,
        decisions,
    })
}

/// The host's own program, which keeps what it compiles in a folder.
pub fn product(cache: &Path) -> Result<Command> {
    let program = std::env::current_exe()?.with_file_name("regua");
    let mut command = Command::new(program);
    command.env("REGUA_CACHE_DIR", cache);
    command.stdout(Stdio::null());
    Ok(command)
}

/// Seconds that a command takes, and what it holds of the machine's memory at most.
pub fn timed(command: &mut Command) -> Result<(f64, f64)> {
    let started = Instant::now();
    let mut child = command.spawn().context("regua does not start")?;
    let process = child.id().to_string();
    let mut rss_mb = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        // What was read last is its peak: it only grows. An error: it is about to end.
        rss_mb = memory_mb(&process, "VmHWM").unwrap_or(rss_mb);
        std::thread::sleep(Duration::from_millis(20));
    };
    ensure!(status.success(), "regua ended with {status}");
    Ok((started.elapsed().as_secs_f64(), rss_mb))
}
