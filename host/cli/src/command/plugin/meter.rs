//! What a plugin version used, and what it wrote into its log.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::ValueEnum;
use regua_domain::time::Date;
use serde::Deserialize;

use super::shelf::{self, Plugin};
use crate::client::{Calls, Client, segment};
use crate::exit::Exit;
use crate::out::{note, say};

/// Which days.
#[derive(Debug, clap::Args)]
pub struct UsageArgs {
    /// `name@version`; of a name alone, the version that was added last
    name: String,
    /// The first day, UTC [default: 29 days before the last]
    #[arg(long, value_name = "DATE", value_parser = crate::when::date)]
    from: Option<Date>,
    /// The last day, UTC [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::when::date)]
    to: Option<Date>,
}

/// Which lines.
#[derive(Debug, clap::Args)]
pub struct LogsArgs {
    /// `name@version`; of a name alone, the version that was added last
    name: String,
    /// About one case only
    #[arg(long)]
    case: Option<String>,
    /// Lines that matter as much, or more
    #[arg(long, value_enum)]
    level: Option<Level>,
    /// Of so many calls at most, the last ones
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Level {
    /// Of interest to its author
    Debug,
    /// As it should be
    Info,
    /// Odd
    Warn,
    /// Wrong
    Error,
}

#[derive(Deserialize)]
struct Told {
    plugin: String,
    from: Date,
    to: Date,
    total: Usage,
    days: Vec<Day>,
}

#[derive(Deserialize)]
struct Day {
    day: Date,
    #[serde(flatten)]
    usage: Usage,
}

#[derive(Deserialize)]
struct Usage {
    calls: u64,
    outcomes: BTreeMap<String, u64>,
    stays: u64,
    refusals: BTreeMap<String, u64>,
    failures: BTreeMap<String, u64>,
    inconclusive: u64,
    fuel: Sizes,
    memory_bytes: Sizes,
    wall_us: Sizes,
    log_lines: u64,
    log_lines_dropped: u64,
    undone_calls: u64,
}

#[derive(Deserialize)]
struct Sizes {
    p50: u64,
    p99: u64,
    max: u64,
    sum: u64,
}

/// A page of calls that wrote something, which may be empty and not the last.
#[derive(Deserialize)]
struct Page {
    data: Vec<CallLog>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct CallLog {
    at: String,
    case: String,
    sequence: u64,
    attempt: u8,
    stage: String,
    lines: Vec<Line>,
    dropped: u32,
}

#[derive(Deserialize)]
struct Line {
    level: String,
    text: String,
}

/// Tells what a version's calls came to, and what they cost.
pub(super) async fn usage(client: &Client, args: &UsageArgs) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let mut path = path(&calls, &args.name, "usage").await?;
    let mut mark = '?';
    for (name, date) in [("from", args.from), ("to", args.to)] {
        if let Some(date) = date {
            let _ = write!(path, "{mark}{name}={date}");
            mark = '&';
        }
    }
    let told: Told = calls.get(&path).await?;
    say!(
        "{}, {} to {}, days of the host's own clock in UTC",
        told.plugin,
        told.from,
        told.to
    );
    told.total.tell();
    for Day { day, usage } in &told.days {
        let failed: u64 = usage.failures.values().sum();
        say!(
            "  {day}  {} calls, {failed} failed, {} fuel, p99 {}",
            usage.calls,
            usage.fuel.sum,
            usage.fuel.p99
        );
    }
    Ok(Exit::Done)
}

/// Tells what a version wrote, the last line last.
pub(super) async fn logs(client: &Client, args: &LogsArgs) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let mut path = path(&calls, &args.name, "logs").await?;
    let _ = write!(path, "?limit={}", args.limit.min(500));
    if let Some(case) = &args.case {
        let _ = write!(path, "&case={}", segment(case));
    }
    if let Some(level) = args.level.and_then(|level| level.to_possible_value()) {
        let _ = write!(path, "&level={}", level.get_name());
    }
    let mut found: Vec<CallLog> = Vec::new();
    let mut from = String::new();
    while found.len() < args.limit as usize {
        let page: Page = calls.get(&format!("{path}{from}")).await?;
        found.extend(page.data);
        let Some(next) = page.next else { break };
        from = format!("&after={}", segment(&next));
    }
    found.truncate(args.limit as usize);
    if found.is_empty() {
        note!("nothing that it wrote is kept");
    }
    found.iter().rev().for_each(CallLog::tell);
    Ok(Exit::Done)
}

/// Where a version's figures or lines are.
async fn path(calls: &Calls<'_>, name: &str, what: &str) -> anyhow::Result<String> {
    let Plugin { name, version, .. } = shelf::one(calls, name).await?;
    let (name, version) = (segment(&name), segment(&version));
    Ok(format!("/v1/plugins/{name}/versions/{version}/{what}"))
}

/// `a 3, b 5`, with what is before it.
fn counts(counts: &BTreeMap<String, u64>) -> String {
    let all: Vec<_> = counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join(", ")
    }
}

impl Usage {
    fn tell(&self) {
        say!("  calls         {}", self.calls);
        say!("  outcomes      {}", counts(&self.outcomes));
        say!("  stays         {}", self.stays);
        say!("  refusals      {}", counts(&self.refusals));
        say!("  failures      {}", counts(&self.failures));
        say!("  inconclusive  {}", self.inconclusive);
        say!("  undone        {}", self.undone_calls);
        say!("  fuel          {}", self.fuel.text(""));
        say!("  memory        {}", self.memory_bytes.text(" bytes"));
        say!("  time          {}", self.wall_us.text(" µs"));
        let dropped = self.log_lines_dropped;
        say!(
            "  log           {} lines, {dropped} dropped",
            self.log_lines
        );
    }
}

impl Sizes {
    fn text(&self, unit: &str) -> String {
        let Self { p50, p99, max, sum } = self;
        format!("p50 {p50}{unit}, p99 {p99}{unit}, max {max}{unit}, all {sum}{unit}")
    }
}

impl CallLog {
    fn tell(&self) {
        let again = if self.attempt > 0 { " again" } else { "" };
        let place = format!("{}\t{} #{}{again}", self.at, self.case, self.sequence);
        for line in &self.lines {
            say!("{place}\t{}\t{}\t{}", self.stage, line.level, line.text);
        }
        if self.dropped > 0 {
            let dropped = self.dropped;
            say!(
                "{place}\t{}\t{dropped} further lines were not kept",
                self.stage
            );
        }
    }
}
