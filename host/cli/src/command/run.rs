//! `regua run`.

use anyhow::Context as _;
use chrono::DateTime;
use regua_domain::time::{DAY_MS, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::Clock;
use super::tenant::policy::note_warnings;
use crate::client::{Call, Calls, Client};
use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::progress;
use crate::session::Session;
use crate::when::When;

/// So far a clock is moved in one call: the API lets it go 400 days.
const STEP_DAYS: i64 = 365;

/// Works on every customer that is due: of a sandbox, its clock moves to `--until` and all
/// that is due on the way happens; of a live tenant, what is due now.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Of a sandbox: until when. A date is its first instant in UTC
    #[arg(long, value_name = "DATE|INSTANT")]
    pub until: Option<When>,
}

/// What a run came to.
#[derive(Default, Deserialize)]
struct Worked {
    /// Where the clock stands.
    now: String,
    done: u64,
    stale: u64,
    faults: u64,
}

pub(crate) async fn run(client: &Client, args: Args) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    note_warnings(&calls).await?;
    let clock = Clock::read(&calls).await?;
    let worked = match (clock.is_sandbox, args.until) {
        (true, Some(until)) => advance(&calls, &clock, until.timestamp()).await?,
        (true, None) => step(&calls, &json!({})).await?,
        (false, Some(_)) => {
            let text = "the tenant is no sandbox: it cannot run ahead";
            return Err(Usage(text.to_owned()).into());
        }
        (false, None) if client.is_remote() => {
            let text = "a server works on what is due of a live tenant by itself";
            return Err(Usage(text.to_owned()).into());
        }
        (false, None) => work(client.session().await?).await?,
    };
    say!(
        "{}: {} runs of customers committed",
        worked.now,
        worked.done
    );
    if worked.stale > 0 {
        say!(
            "{} were undone by somebody else's write and made again",
            worked.stale
        );
    }
    if worked.faults > 0 {
        anyhow::bail!(
            "the host could not make {} runs: its log says why",
            worked.faults
        );
    }
    Ok(Exit::Done)
}

/// Moves a sandbox's clock, step by step.
async fn advance(calls: &Calls<'_>, clock: &Clock, until: Timestamp) -> anyhow::Result<Worked> {
    let mut at = Timestamp::from(DateTime::parse_from_rfc3339(&clock.now)?);
    let days = |from: Timestamp| (until.0.saturating_sub(from.0) / DAY_MS).unsigned_abs();
    let total = days(at);
    let bar = progress::bar("days", total);
    let mut worked = Worked::default();
    loop {
        at = at.plus_ms(STEP_DAYS * DAY_MS).min(until);
        let to = at.to_rfc3339();
        let next = step(calls, &json!({ "to": to })).await;
        worked = worked.then(next.with_context(|| format!("cannot run to {to}"))?);
        bar.set_position(total - days(at));
        if at >= until {
            return Ok(worked);
        }
    }
}

async fn step(calls: &Calls<'_>, to: &Value) -> anyhow::Result<Worked> {
    calls.send(Call::post("/v1/clock", to)).await?.json()
}

impl Worked {
    /// With the next step: who rests after a fault is counted again in it.
    fn then(self, next: Self) -> Self {
        Self {
            now: next.now,
            done: self.done + next.done,
            stale: self.stale + next.stale,
            faults: self.faults.max(next.faults),
        }
    }
}

/// Works on what is due of a live tenant, where no server does.
async fn work(session: &Session) -> anyhow::Result<Worked> {
    let (tenancy, open) = session.open_tenant().await?;
    let now = tenancy.now();
    let bar = progress::spinner("customers run");
    let told = Some(progress::counting(&bar));
    let worked = session.engine()?.work(&open, now, now, told).await;
    bar.finish_and_clear();
    let worked = worked.context("cannot run what is due")?;
    Ok(Worked {
        now: now.to_rfc3339(),
        done: worked.done,
        stale: worked.stale,
        faults: worked.faults,
    })
}
