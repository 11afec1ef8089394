//! What a plugin version used on a day, and what a tenant did.

use std::collections::BTreeMap;

use regua_domain::contract::{Answer, Next, Refusal};
use regua_domain::time::{Date, Timestamp, plus_days};
use regua_domain::timeline::DecisionRecord;
use regua_storage::{Kept, Record, RecordsQuery, StoreError, TenantStore, records};
use serde::{Deserialize, Serialize};

use super::histogram::Histogram;
use super::quota::Limit;

/// How many days these figures are kept; then they are dropped.
pub const DAYS_KEPT: i64 = 400;

/// What one version of a plugin used on one day. Of the calls that were made for decisions that
/// are recorded, every one is either an outcome, a stay, a refusal, a failure or inconclusive.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// `name@version`.
    pub plugin: String,
    /// Calls that are recorded as decisions.
    pub calls: u64,
    /// How often it left its stage, by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// How often it stayed.
    pub stays: u64,
    /// Refusals, by kind.
    pub refusals: BTreeMap<String, u64>,
    /// Failures, by kind.
    pub failures: BTreeMap<String, u64>,
    /// Calls whose deadline passed, which are made again.
    pub inconclusive: u64,
    /// Fuel of a call.
    pub fuel: Histogram,
    /// The most memory of a call, bytes.
    pub memory: Histogram,
    /// How long a call took, microseconds.
    pub wall_us: Histogram,
    /// Lines of its log that are kept.
    pub log_lines: u64,
    /// Their bytes.
    pub log_bytes: u64,
    /// Lines that are not kept, beyond the bound on a call's or on a day's.
    pub log_lines_dropped: u64,
    /// Further calls, of runs that somebody else's write undid: they were made again, and cost
    /// the tenant nothing of its quota.
    pub undone_calls: u64,
    /// The fuel of these.
    pub undone_fuel: u64,
}

impl Record for Usage {
    const KIND: &'static str = "usage";
}

/// What a tenant used on one day, all its plugins together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Day {
    /// Calls that are recorded as decisions.
    pub calls: u64,
    /// Their fuel.
    pub fuel: u64,
    /// What they took of the threads, microseconds.
    pub wall_us: u64,
    /// Bytes of plugins' log lines that are kept.
    pub log_bytes: u64,
    /// When its cases waited for which limit.
    pub waits: BTreeMap<Limit, Waited>,
}

impl Record for Day {
    const KIND: &'static str = "usage-day";
}

/// Cases waited for a limit, the first time and the last that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// The first time.
    pub first_at: Timestamp,
    /// The last time, to the minute.
    pub last_at: Timestamp,
}

/// What was kept of a call's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Logged {
    pub lines: u64,
    pub bytes: u64,
    pub dropped: u64,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ending {
    Left(String),
    Stayed,
    Refused(&'static str),
    Failed(&'static str),
    Inconclusive,
}

/// A call as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Called {
    pub digest: String,
    pub plugin: String,
    ending: Ending,
    pub fuel: u64,
    pub memory: u64,
    pub wall_us: u64,
    pub logged: Logged,
}

impl Called {
    pub(crate) fn of(record: &DecisionRecord, logged: Logged) -> Self {
        let call = &record.call;
        let ending = match &call.answer {
            Answer::Decision(decision) => match &decision.next {
                Next::Leave(outcome) => Ending::Left(outcome.clone()),
                Next::Stay(_) => Ending::Stayed,
            },
            Answer::Refusal(refusal) => Ending::Refused(match refusal {
                Refusal::BadConfig(_) => "bad-config",
                Refusal::Unsupported(_) => "unsupported",
                Refusal::Other(_) => "other",
            }),
            Answer::Failure { kind, .. } => Ending::Failed(kind.name()),
            // A host fault leaves no record.
            Answer::Inconclusive | Answer::HostFault { .. } => Ending::Inconclusive,
        };
        Self {
            digest: record.digest.clone(),
            plugin: record.plugin.clone(),
            ending,
            fuel: call.fuel,
            memory: call.memory_peak,
            wall_us: call.wall_us,
            logged,
        }
    }

    /// What its ending is called in figures.
    pub(crate) const fn ending(&self) -> &'static str {
        match self.ending {
            Ending::Left(_) | Ending::Stayed => "decision",
            Ending::Refused(_) => "refusal",
            Ending::Failed(kind) => kind,
            Ending::Inconclusive => "inconclusive",
        }
    }
}

fn one_more(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

fn add_all(counts: &mut BTreeMap<String, u64>, others: &BTreeMap<String, u64>) {
    for (name, count) in others {
        *counts.entry(name.clone()).or_default() += count;
    }
}

impl Usage {
    /// Counts a call that is recorded.
    pub(crate) fn count(&mut self, called: &Called) {
        self.calls += 1;
        match &called.ending {
            Ending::Left(outcome) => one_more(&mut self.outcomes, outcome),
            Ending::Stayed => self.stays += 1,
            Ending::Refused(kind) => one_more(&mut self.refusals, kind),
            Ending::Failed(kind) => one_more(&mut self.failures, kind),
            Ending::Inconclusive => self.inconclusive += 1,
        }
        self.fuel.count(called.fuel);
        self.memory.count(called.memory);
        self.wall_us.count(called.wall_us);
        self.log_lines += called.logged.lines;
        self.log_bytes += called.logged.bytes;
        self.log_lines_dropped += called.logged.dropped;
    }

    /// Counts a call of a run that was undone.
    pub(crate) fn count_undone(&mut self, called: &Called) {
        self.undone_calls += 1;
        self.undone_fuel = self.undone_fuel.saturating_add(called.fuel);
    }

    /// Adds what was counted elsewhere, or on another day.
    pub fn add(&mut self, other: &Self) {
        if self.plugin.is_empty() {
            self.plugin.clone_from(&other.plugin);
        }
        self.calls += other.calls;
        add_all(&mut self.outcomes, &other.outcomes);
        self.stays += other.stays;
        add_all(&mut self.refusals, &other.refusals);
        add_all(&mut self.failures, &other.failures);
        self.inconclusive += other.inconclusive;
        self.fuel.add(&other.fuel);
        self.memory.add(&other.memory);
        self.wall_us.add(&other.wall_us);
        self.log_lines += other.log_lines;
        self.log_bytes += other.log_bytes;
        self.log_lines_dropped += other.log_lines_dropped;
        self.undone_calls += other.undone_calls;
        self.undone_fuel = self.undone_fuel.saturating_add(other.undone_fuel);
    }
}

impl Day {
    /// Counts a call that is recorded.
    pub(crate) fn count(&mut self, called: &Called) {
        self.calls += 1;
        self.fuel = self.fuel.saturating_add(called.fuel);
        self.wall_us = self.wall_us.saturating_add(called.wall_us);
        self.log_bytes += called.logged.bytes;
    }

    /// Notes that cases waited.
    pub(crate) fn wait(&mut self, limit: Limit, waited: Waited) {
        let known = self.waits.entry(limit).or_insert(waited);
        known.first_at = known.first_at.min(waited.first_at);
        known.last_at = known.last_at.max(waited.last_at);
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.fuel = self.fuel.saturating_add(other.fuel);
        self.wall_us = self.wall_us.saturating_add(other.wall_us);
        self.log_bytes += other.log_bytes;
        for (limit, waited) in &other.waits {
            self.wait(*limit, *waited);
        }
    }
}

/// Where a version's figures of a day are kept.
pub(crate) fn key(digest: &str, day: Date) -> String {
    format!("{digest}.{day}")
}

/// When the figures of a day are dropped.
pub(crate) fn dropped_at(day: Date) -> Timestamp {
    Timestamp::start_of(plus_days(day, DAYS_KEPT + 1), chrono_tz::Tz::UTC)
}

/// What the version of a digest used, by day, from one day to another, both included.
pub async fn between(
    store: &dyn TenantStore,
    digest: &str,
    from: Date,
    to: Date,
) -> Result<Vec<(Date, Usage)>, StoreError> {
    let query = RecordsQuery {
        after: Some(key(digest, plus_days(from, -1))),
        limit: u32::try_from(DAYS_KEPT + 2).unwrap_or(u32::MAX),
        ..RecordsQuery::default()
    };
    let kept: Vec<Kept<Usage>> = records::list(store, &query).await?;
    let day = |id: &str| id.strip_prefix(digest)?.strip_prefix('.')?.parse().ok();
    let days = kept
        .into_iter()
        .map_while(|kept| Some((day(&kept.id)?, kept.value)))
        .take_while(|(day, _)| *day <= to);
    Ok(days.collect())
}
