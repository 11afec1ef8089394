//! What plugins write into their log. Lines are kept once, in a record for each call that wrote
//! any, written with the decision's commit: the record of the decision, which is kept for ever,
//! has none of them.

use std::collections::HashMap;

use regua_domain::contract::LogLine;
use regua_domain::id::CaseId;
use regua_domain::time::Timestamp;
use regua_domain::timeline::DecisionRecord;
use regua_storage::records::get_all;
use regua_storage::{Kept, NewRecord, Record, RecordsQuery, StoreError, TenantStore, records};
use serde::{Deserialize, Serialize};

use super::usage::Logged;

/// The lines of one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallLog {
    /// The instant of the decision, by the clock of the tenant.
    pub at: Timestamp,
    /// About which case.
    pub case: CaseId,
    /// The transition of the case.
    pub sequence: u64,
    /// 0, or 1 where the stage was asked again with the verdicts.
    pub attempt: u8,
    /// Which stage.
    pub stage: String,
    /// In the order in which they were written.
    pub lines: Vec<LogLine>,
    /// Further lines of the call that were not kept.
    pub dropped: u32,
}

impl Record for CallLog {
    const KIND: &'static str = "plugin-log";
}

/// Where the lines of a decision are kept: by version, instant, and place in the case.
pub fn id(record: &DecisionRecord) -> String {
    let DecisionRecord {
        digest,
        at,
        case,
        sequence,
        attempt,
        ..
    } = record;
    format!(
        "{digest}.{:015}.{case}.{sequence:010}.{attempt}",
        at.0.max(0)
    )
}

/// What keeping a line costs beside its text: an empty one is one as well.
const LINE_BYTES: u64 = 16;

/// Moves the lines of a decision into a record of their own, which is dropped at `until`; those
/// of a call that do not fit into what is left of the day's bytes are dropped at once, and
/// counted.
pub(super) fn move_out(
    record: &mut DecisionRecord,
    records: &mut Vec<NewRecord>,
    bytes_left: &mut u64,
    until: Timestamp,
) -> Result<Logged, StoreError> {
    let lines = std::mem::take(&mut record.call.logs);
    let dropped = u64::from(record.call.logs_dropped);
    let count = lines.len() as u64;
    let bytes: u64 = lines
        .iter()
        .map(|line| LINE_BYTES + line.text.len() as u64)
        .sum();
    if count == 0 || bytes > *bytes_left {
        let more = u32::try_from(count).unwrap_or(u32::MAX);
        record.call.logs_dropped = record.call.logs_dropped.saturating_add(more);
        return Ok(Logged {
            dropped: dropped + count,
            ..Logged::default()
        });
    }
    *bytes_left -= bytes;
    let log = CallLog {
        at: record.at,
        case: record.case,
        sequence: record.sequence,
        attempt: record.attempt,
        stage: record.stage.clone(),
        lines,
        dropped: record.call.logs_dropped,
    };
    records.push(NewRecord::of(id(record), &log, Some(until))?);
    Ok(Logged {
        lines: count,
        bytes,
        dropped,
    })
}

/// Puts the lines back into decisions, as far as they are still kept.
pub async fn put_back(
    store: &dyn TenantStore,
    decisions: &mut [DecisionRecord],
) -> Result<(), StoreError> {
    let ids: Vec<String> = decisions.iter().map(id).collect();
    let wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    let kept = get_all::<CallLog>(store, &wanted).await?;
    let mut lines: HashMap<String, Vec<LogLine>> = kept
        .into_iter()
        .map(|kept| (kept.id, kept.value.lines))
        .collect();
    for (record, id) in decisions.iter_mut().zip(&ids) {
        if let Some(lines) = lines.remove(id) {
            record.call.logs = lines;
        }
    }
    Ok(())
}

/// Logs of calls of a version, the last first, from before the one of an id on; and whether
/// there may be more. The version is that of a digest.
pub async fn before(
    store: &dyn TenantStore,
    digest: &str,
    id: Option<String>,
    limit: u32,
) -> Result<(Vec<Kept<CallLog>>, bool), StoreError> {
    let of_version = format!("{digest}.");
    // `/` is behind `.`: behind every id of the version.
    let last = format!("{digest}/");
    let query = RecordsQuery {
        after: Some(id.filter(|id| id.starts_with(&of_version)).unwrap_or(last)),
        backwards: true,
        limit,
    };
    let mut logs: Vec<Kept<CallLog>> = records::list(store, &query).await?;
    let is_full = logs.len() == limit as usize;
    let found = logs.len();
    logs.retain(|kept| kept.id.starts_with(&of_version));
    let more = is_full && logs.len() == found;
    Ok((logs, more))
}
