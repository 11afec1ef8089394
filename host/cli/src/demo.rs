//! `regua demo`: a ledger of two years dunned by sandboxed stages, in one go.
//!
//! It opens a sandbox tenant in a fresh file, puts the shipped plugins and the workflow
//! `standard` on its shelf, tells a ledger, and plays it under the virtual clock. What it
//! prints is read back from the store.

mod debtors;
mod report;
mod sample;
mod stage_set;
mod summary;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result};
use chrono_tz::Tz;
use clap::Args as ClapArgs;
use indicatif::ProgressBar;
use regua_domain::time::{Date, Timestamp, plus_days};
use regua_engine::Telling;

use crate::exit::Exit;
use crate::progress;
use crate::session::Session;
use crate::settings::Settings;

use sample::Debtor;

/// Days the clock moves at once where debtors answer what they are sent.
const ANSWER_DAYS: i64 = 3;
/// … and where a ledger is played as it was recorded.
const LEDGER_DAYS: i64 = 30;
/// After the last fact the play goes on for so long, that cases find their ends.
const AFTERMATH_DAYS: i64 = 150;

/// Arguments of `regua demo`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// A ledger to play instead of the sample: CSV, with --mapping
    #[arg(long, value_name = "FILE", requires = "mapping")]
    ledger: Option<PathBuf>,
    /// How the ledger's columns are to be read
    #[arg(long, value_name = "FILE", requires = "ledger")]
    mapping: Option<PathBuf>,
    /// Writes what the demo came to as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The folder with the plugins' components and templates
    #[arg(long, value_name = "FOLDER", env = "REGUA_PLUGINS_DIR", default_value = "target/plugins")]
    plugins: PathBuf,
}

/// What is played.
struct Play {
    facts: Vec<Telling>,
    debtors: Vec<Debtor>,
    from: Timestamp,
    until: Timestamp,
    step_days: i64,
}

/// Runs the demo in a store of its own.
pub(crate) async fn run(settings: Settings, args: Args) -> Result<Exit> {
    let started = Instant::now();
    let file = settings.database.value.clone();
    stage_set::clear(&file)?;
    let session = Session::create(settings).await?;
    let done = play(&session, &args, started).await;
    session.close().await;
    done
}

async fn play(session: &Session, args: &Args, started: Instant) -> Result<Exit> {
    let engine = session.engine()?;
    let tenant = stage_set::tenant(session).await?;
    stage_set::shelf(engine, &tenant, &args.plugins).await?;
    let open = engine.open(stage_set::TENANT).await?.context("the tenant is gone")?;
    let (play, refused) = match (&args.ledger, &args.mapping) {
        (Some(ledger), Some(mapping)) => of_ledger(&open, ledger, mapping)?,
        _ => (of_sample(), Vec::new()),
    };
    open.store.set_clock(play.from).await?;
    let told = engine.tell(&open, play.from, play.facts).await?;
    let untold = told.iter().filter(|told| told.is_err()).count();
    let bar = progress::bar("days", play.until.0.saturating_sub(play.from.0).unsigned_abs() / DAY);
    through_time(engine, &open, &play.debtors, play.from, play.until, play.step_days, &bar).await?;
    bar.finish_and_clear();
    let (summary, highlights) = summary::summarise(&open).await?;
    report::print(&summary, highlights.as_ref(), &refused, untold, started.elapsed());
    report::next(session.settings(), highlights.as_ref());
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&summary)? + "\n";
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(Exit::Done)
}

const DAY: u64 = regua_domain::time::DAY_MS.unsigned_abs();

/// Moves the clock step by step; after each, the debtors answer.
async fn through_time(
    engine: &regua_engine::Engine,
    open: &std::sync::Arc<regua_engine::Open>,
    debtors: &[Debtor],
    from: Timestamp,
    until: Timestamp,
    step_days: i64,
    bar: &ProgressBar,
) -> Result<()> {
    let mut now = from;
    while now < until {
        now = now.plus_ms(step_days * regua_domain::time::DAY_MS).min(until);
        let worked = engine.advance(open, now, None).await?;
        anyhow::ensure!(worked.faults == 0, "the host could not run {} customers: see the log", worked.faults);
        if !debtors.is_empty() {
            debtors::answer(engine, open, debtors, now).await?;
        }
        bar.set_position(now.0.saturating_sub(from.0).unsigned_abs() / DAY);
    }
    Ok(())
}

fn of_sample() -> Play {
    let sample = sample::sample();
    let at = |date: Date| Timestamp::start_of(date, Tz::UTC);
    Play {
        facts: sample.facts,
        debtors: sample.debtors,
        from: at(plus_days(sample.from, -1)),
        until: at(plus_days(sample.until, AFTERMATH_DAYS)),
        step_days: ANSWER_DAYS,
    }
}

fn of_ledger(open: &regua_engine::Open, ledger: &std::path::Path, mapping: &std::path::Path) -> Result<(Play, Vec<String>)> {
    let (facts, refused) = stage_set::read_ledger(open.row.id, ledger, mapping)?;
    let first = facts.iter().map(|told| told.fact.at).min().context("the ledger has no row that can be taken")?;
    let last = facts.iter().map(|told| told.fact.at).max().unwrap_or(first);
    let from = Timestamp::start_of(plus_days(first.date_in(Tz::UTC), -1), Tz::UTC);
    let until = Timestamp::start_of(plus_days(last.date_in(Tz::UTC), AFTERMATH_DAYS), Tz::UTC);
    Ok((Play { facts, debtors: Vec::new(), from, until, step_days: LEDGER_DAYS }, refused))
}
