//! `/v1/plugins/{plugin}/versions/{version}/logs`: what it wrote.

use axum::http::Method;
use regua_domain::timeline::DecisionRecord;
use regua_engine::meter::logs::{CallLog, before, id, put_back};
use regua_storage::{Kept, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ByPlugin, version};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply, fifty};
use crate::shape::Instant;
use crate::v1::READERS;
use crate::v1::cases::case;

/// Calls whose lines are read at once.
const CHUNK: u32 = 100;
/// Chunks that are looked through for one page.
const CHUNKS_MAX: u32 = 20;

pub(super) fn endpoint() -> Endpoint {
    crate::endpoint::endpoint(
        Method::GET,
        "/v1/plugins/{plugin}/versions/{version}/logs",
        "list_plugin_logs",
        list,
    )
    .says(
        "What a plugin version wrote into its log, call by call, the last call first",
        "Of a call 100 lines of 1 KiB are kept, of a day as many bytes as the quota has, and all \
         for as many days as the host is set to. No name or address crosses into a plugin; what \
         a debtor wrote may, and so may be in here. A page with a `level` may be short of calls, \
         or empty, and not be the last: `next` tells.",
    )
    .roles(READERS)
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Of interest to its author.
    Debug,
    /// As it should be.
    Info,
    /// Odd.
    Warn,
    /// Wrong.
    Error,
}

impl Level {
    fn of(name: &str) -> Self {
        match name {
            "debug" => Self::Debug,
            "info" => Self::Info,
            "warn" => Self::Warn,
            _ => Self::Error,
        }
    }
}

/// Which part of a log.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogsOf {
    /// Of one case only.
    case: Option<String>,
    /// Lines that matter as much, or more.
    level: Option<Level>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many calls on it.
    #[serde(default = "fifty")]
    #[schemars(range(min = 1, max = 500))]
    limit: u32,
}

/// What one call wrote.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CallLogOut {
    /// The instant of the decision, by the tenant's clock.
    at: Instant,
    case: String,
    /// The transition of the case.
    sequence: u64,
    /// 0, or 1 where the stage was asked again with the verdicts.
    attempt: u8,
    stage: String,
    /// In the order in which they were written.
    lines: Vec<LineOut>,
    /// Further lines of the call that were not kept.
    dropped: u32,
}

/// A line.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LineOut {
    /// debug, info, warn or error.
    level: String,
    text: String,
}

impl CallLogOut {
    fn of(log: CallLog) -> Self {
        let lines = log.lines.into_iter().map(|line| LineOut {
            level: line.level,
            text: line.text,
        });
        Self {
            at: log.at.into(),
            case: log.case.to_string(),
            sequence: log.sequence,
            attempt: log.attempt,
            stage: log.stage,
            lines: lines.collect(),
            dropped: log.dropped,
        }
    }
}

/// Leaves the lines that are asked for; answers whether there are any.
fn keep(log: &mut CallLog, level: Option<Level>) -> bool {
    log.lines
        .retain(|line| level.is_none_or(|level| Level::of(&line.level) >= level));
    !log.lines.is_empty()
}

async fn list(
    call: Call<ByPlugin, LogsOf, Nothing>,
) -> Result<Reply<Json<PageOf<CallLogOut>>>, Problem> {
    let store = call.store();
    let asked = &call.query;
    let paging = PageQuery {
        after: asked.after.clone(),
        limit: asked.limit,
    };
    let after: Option<String> = paging.key()?;
    let digest = version(&*store, &call.path).await?.digest;
    let (found, looked_at) = match &asked.case {
        Some(name) => (of_case(&*store, &digest, name, asked, after).await?, None),
        None => of_version(&*store, &digest, asked, after).await?,
    };
    let out = |kept: Kept<CallLog>| CallLogOut::of(kept.value);
    let mut page = paging.page(found, |kept| kept.id.clone(), out);
    if page.next.is_none() {
        page.next = looked_at.map(|id| PageQuery::next(&id));
    }
    Ok(Reply::ok(Json(page)))
}

/// Those of a version; and the last call that was looked at, where there may be more.
async fn of_version(
    store: &dyn TenantStore,
    digest: &str,
    asked: &LogsOf,
    mut after: Option<String>,
) -> Result<(Vec<Kept<CallLog>>, Option<String>), Problem> {
    let mut found = Vec::new();
    for _ in 0..CHUNKS_MAX {
        let (logs, more) = before(store, digest, after.take(), CHUNK).await?;
        after = logs.last().map(|kept| kept.id.clone());
        for mut kept in logs {
            if keep(&mut kept.value, asked.level) {
                found.push(kept);
            }
        }
        if !more {
            return Ok((found, None));
        }
        if found.len() > asked.limit as usize {
            break;
        }
    }
    Ok((found, after))
}

/// Those about a case, which are found by its decisions.
async fn of_case(
    store: &dyn TenantStore,
    digest: &str,
    name: &str,
    asked: &LogsOf,
    after: Option<String>,
) -> Result<Vec<Kept<CallLog>>, Problem> {
    let (dossier, case) = case(store, name).await?;
    let mut decisions = store.decisions(dossier.customer.id, case.id).await?;
    decisions.retain(|record| {
        record.digest == digest && after.as_ref().is_none_or(|after| id(record) < *after)
    });
    put_back(store, &mut decisions).await?;
    let mut found: Vec<Kept<CallLog>> = decisions.into_iter().map(of_decision).collect();
    found.retain_mut(|kept| keep(&mut kept.value, asked.level));
    found.sort_by(|one, other| other.id.cmp(&one.id));
    Ok(found)
}

fn of_decision(record: DecisionRecord) -> Kept<CallLog> {
    Kept {
        id: id(&record),
        version: 0,
        value: CallLog {
            at: record.at,
            case: record.case,
            sequence: record.sequence,
            attempt: record.attempt,
            stage: record.stage,
            lines: record.call.logs,
            dropped: record.call.logs_dropped,
        },
    }
}
