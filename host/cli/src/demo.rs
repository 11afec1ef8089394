//! `regua demo`: a ledger of two years dunned by sandboxed stages, in one go.
//!
//! It opens a sandbox tenant in a fresh file, puts the shipped plugins and the workflow
//! `standard` on its shelf, tells a ledger, and plays it under the virtual clock. What it
//! prints is read back from the store.

mod debtors;
mod ledger;
mod recovered;
mod report;
mod sample;
mod stage_set;
mod summary;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use chrono_tz::Tz;
use clap::Args as ClapArgs;
use indicatif::ProgressBar;
use regua_domain::time::{DAY_MS, Date, Timestamp, plus_days};
use regua_engine::{Engine, Open};

use crate::client::{self, Client};
use crate::exit::Exit;
use crate::progress;
use crate::settings::{Origin, Settings};

use sample::Debtor;

/// The file, where none is named: never the one that `regua` itself would use.
const DATABASE: &str = "regua-demo.sqlite";
/// Days the clock moves at once where debtors answer what they are sent.
const ANSWER_DAYS: i64 = 3;
/// … and where a ledger is played as it was recorded.
const LEDGER_DAYS: i64 = 90;
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
    #[arg(
        long,
        value_name = "FOLDER",
        env = "REGUA_PLUGINS_DIR",
        hide_env_values = true,
        default_value = "target/plugins"
    )]
    plugins: PathBuf,
}

/// When it is played, and who answers on the way.
struct Play {
    from: Timestamp,
    until: Timestamp,
    step_days: i64,
    debtors: Vec<Debtor>,
}

/// Runs the demo in a store of its own.
pub(crate) async fn run(mut settings: Settings, args: Args) -> Result<Exit> {
    let started = Instant::now();
    client::here(&settings)?;
    if settings.database.origin == Origin::Default {
        settings.database.value = PathBuf::from(DATABASE);
    }
    // All that it needs is read before a file is touched.
    let props = stage_set::props(&args.plugins)?;
    let ledger = match (&args.ledger, &args.mapping) {
        (Some(ledger), Some(mapping)) => Some(ledger::read(ledger, mapping)?),
        _ => None,
    };
    stage_set::clear(&settings.database.value).await?;
    let client = Client::new(settings, true);
    let done = play(&client, &args, props, ledger, started).await;
    client.close().await;
    done
}

async fn play(
    client: &Client,
    args: &Args,
    props: stage_set::Props,
    ledger: Option<ledger::Ledger>,
    started: Instant,
) -> Result<Exit> {
    // The tenant first: from here on the file is known as a demo's, whatever fails.
    let session = client.session().await?;
    let tenant = stage_set::tenant(session).await?;
    let engine = session.engine()?;
    stage_set::shelf(engine, &tenant, props).await?;
    let open = engine
        .open(stage_set::TENANT)
        .await?
        .context("the tenant is gone")?;
    let (play, report) = match ledger {
        Some(ledger) => {
            let (calls, _) = client.named(stage_set::TENANT).await?;
            ledger.tell(&calls, &open).await?
        }
        None => (sample_play(engine, &open).await?, None),
    };
    let bar = progress::bar("days", days(play.from, play.until));
    through_time(engine, &open, &play, &bar).await?;
    bar.finish_and_clear();
    let (summary, highlights) = summary::summarise(&open).await?;
    report::print(
        &summary,
        highlights.as_ref(),
        report.as_ref(),
        started.elapsed(),
    );
    report::next(session.settings(), highlights.as_ref());
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&summary)? + "\n";
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(Exit::Done)
}

/// Moves the clock step by step; after each, the debtors answer.
async fn through_time(
    engine: &Engine,
    open: &Arc<Open>,
    play: &Play,
    bar: &ProgressBar,
) -> Result<()> {
    let mut now = play.from;
    while now < play.until {
        now = now.plus_ms(play.step_days * DAY_MS).min(play.until);
        let worked = engine.advance(open, now, None).await?;
        anyhow::ensure!(
            worked.faults == 0,
            "the host could not run {} customers: see the log",
            worked.faults
        );
        if !play.debtors.is_empty() {
            debtors::answer(engine, open, &play.debtors, now).await?;
        }
        bar.set_position(days(play.from, now));
    }
    Ok(())
}

/// Whole days between two instants.
fn days(from: Timestamp, to: Timestamp) -> u64 {
    (to.0.saturating_sub(from.0) / DAY_MS).unsigned_abs()
}

/// Tells the sample; all of it waits for its day.
async fn sample_play(engine: &Engine, open: &Open) -> Result<Play> {
    let sample = sample::sample();
    let at = |date: Date| Timestamp::start_of(date, Tz::UTC);
    let from = at(plus_days(sample.from, -1));
    open.store.set_clock(from).await?;
    for told in engine.tell(open, from, sample.facts).await? {
        told.context("a fact of the sample was refused")?;
    }
    Ok(Play {
        from,
        until: at(plus_days(sample.until, AFTERMATH_DAYS)),
        step_days: ANSWER_DAYS,
        debtors: sample.debtors,
    })
}
