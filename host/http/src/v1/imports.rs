//! `/v1/imports`: many facts at once, as a job with a report.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use regua_domain::id::TenantId;
use regua_domain::time::HOUR_MS;
use regua_storage::{Kept, RecordWrite, RecordsQuery, Seen, StoreError, TenantStore, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::BILLING;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::ids;
use crate::input::{Json, Lines, Nothing};
use crate::jobs::{Chunk, Counts, Job, JobState, LineFault, chunk_id, pieces};
use crate::problem::{Kind, Problem};
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Instant, NoParams};

/// The longest import.
const IMPORT_BYTES_MAX: usize = 64 << 20;
/// Pieces that are written at once.
const CHUNKS_AT_ONCE: usize = 32;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/v1/imports/{job}";
    vec![
        endpoint(Method::GET, "/v1/imports", "list_imports", list)
            .says("Imports, the last first", "")
            .roles(BILLING),
        endpoint(Method::POST, "/v1/imports", "create_import", create)
            .says(
                "Takes many facts, to be told one after the other",
                "One JSON document a line, at most 256 KiB each and 64 MiB in all: an \
                 `ImportLine`, which is the document of the single endpoint with the parameters \
                 of its path, and with its kind as `type`. A key may tell what it could tell at \
                 the single endpoint. Lines of one customer are told in the order of the file. A \
                 line that is refused keeps no other out but those of its `group`.",
            )
            .roles(BILLING)
            .answers(StatusCode::ACCEPTED)
            .takes_bytes(IMPORT_BYTES_MAX),
        endpoint(Method::GET, PATH, "get_import", get)
            .says("How far an import has come, and what was refused", "")
            .roles(BILLING),
        endpoint(Method::DELETE, PATH, "cancel_import", cancel)
            .says(
                "Stops an import",
                "What was told stays told. One that is over stays as it is (409).",
            )
            .roles(BILLING),
    ]
}

/// An import, by id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByJob {
    #[schemars(regex(pattern = r"^job_[0-9a-f]{32}$"))]
    job: String,
}

/// An import.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ImportOut {
    id: String,
    state: JobState,
    created_at: Instant,
    ended_at: Option<Instant>,
    /// Lines in all.
    lines: u64,
    /// Lines that were looked at.
    lines_done: u64,
    /// What became of them, by kind; `unknown` where a line has none.
    counts: BTreeMap<String, Counts>,
}

/// An import with what was refused.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ImportWhole {
    #[serde(flatten)]
    import: ImportOut,
    /// Faults, a thousand at most. A line that was refused with its group has none of its own.
    faults: Vec<LineFault>,
    /// How many more there are.
    faults_left_out: u64,
}

impl ImportOut {
    fn of(kept: Kept<Job>) -> Self {
        let job = kept.value;
        Self {
            id: kept.id,
            state: job.state,
            created_at: job.created_at.into(),
            ended_at: job.ended_at.map(Instant::from),
            lines: job.lines,
            lines_done: job.done,
            counts: job.counts,
        }
    }
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<ImportOut>>>, Problem> {
    let query = RecordsQuery {
        after: call.query.key()?,
        limit: call.query.rows(),
        backwards: true,
    };
    let found = records::list::<Job>(&*call.store(), &query).await?;
    let page = call
        .query
        .page(found, |kept| kept.id.clone(), ImportOut::of);
    Ok(Reply::ok(Json(page)))
}

fn cut(tenant: TenantId, body: &[u8]) -> Result<(Vec<Chunk>, u64), Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|error| Problem::new(Kind::Syntax, format!("the body is not UTF-8: {error}")))?;
    pieces(tenant, text)
}

async fn create(call: Call<NoParams, NoParams, Lines>) -> Result<Reply<Json<ImportOut>>, Problem> {
    // Tens of megabytes: on a thread where nobody else waits.
    let body = call.body.0.clone();
    let tenant = call.caller.tenant;
    let cut = tokio::task::spawn_blocking(move || cut(tenant, &body)).await;
    let (chunks, lines) = cut.map_err(|error| {
        tracing::error!(%error, "cutting an import ended by itself");
        Problem::new(Kind::Internal, "the import cannot be cut into pieces")
    })??;
    let now = call.host_now();
    let id = format!("job_{}", ids::ordered(now, &call.api.chance).simple());
    let store = call.store();
    let mut job = Job {
        state: JobState::Receiving,
        created_at: now,
        ended_at: None,
        lines,
        done: 0,
        chunks: u32::try_from(chunks.len()).unwrap_or(u32::MAX),
        next: 0,
        counts: BTreeMap::new(),
        faults: Vec::new(),
        faults_left_out: 0,
        role: call.caller.role,
    };
    // Should this host die, whoever works on jobs finds what it left, and takes it away.
    let forgotten = Some(now.plus_ms(HOUR_MS));
    let begun = RecordWrite::put(&id, Seen::Nothing, &job, forgotten)?;
    store.write_records(vec![begun]).await?;
    let mut number = 0;
    for some in chunks.chunks(CHUNKS_AT_ONCE) {
        let mut writes = Vec::new();
        for chunk in some {
            let id = chunk_id(&id, number);
            writes.push(RecordWrite::put(id, Seen::Nothing, chunk, None)?);
            number += 1;
        }
        store.write_records(writes).await?;
    }
    job.state = JobState::Running;
    let ready = RecordWrite::put(&id, Seen::Version(1), &job, Some(now))?;
    store.write_records(vec![ready]).await?;
    let kept = Kept {
        id,
        version: 2,
        value: job,
    };
    Ok(Reply::with(StatusCode::ACCEPTED, Json(ImportOut::of(kept))))
}

async fn kept(store: &dyn TenantStore, id: &str) -> Result<Kept<Job>, Problem> {
    let found = records::get::<Job>(store, id).await?;
    found.ok_or_else(|| Problem::missing("import", id))
}

async fn get(call: Call<ByJob, NoParams, Nothing>) -> Result<Reply<Json<ImportWhole>>, Problem> {
    let mut kept = kept(&*call.store(), &call.path.job).await?;
    let faults = std::mem::take(&mut kept.value.faults);
    let faults_left_out = kept.value.faults_left_out;
    Ok(Reply::ok(Json(ImportWhole {
        import: ImportOut::of(kept),
        faults,
        faults_left_out,
    })))
}

async fn cancel(call: Call<ByJob, NoParams, Nothing>) -> Result<Reply<Json<ImportOut>>, Problem> {
    let store = call.store();
    // Whoever works on it writes now and then.
    for _ in 0..8 {
        let mut kept = kept(&*store, &call.path.job).await?;
        if kept.value.state != JobState::Running {
            return Err(Problem::new(Kind::Conflict, "the import is over"));
        }
        let left = kept.value.next..kept.value.chunks;
        kept.value.state = JobState::Cancelled;
        kept.value.ended_at = Some(call.host_now());
        let seen = Seen::Version(kept.version);
        let mut writes = vec![RecordWrite::put(&kept.id, seen, &kept.value, None)?];
        writes.extend(left.map(|number| {
            RecordWrite::remove::<Chunk>(chunk_id(&kept.id, number), Seen::Anything)
        }));
        match store.write_records(writes).await {
            Ok(()) => return Ok(Reply::ok(Json(ImportOut::of(kept)))),
            Err(StoreError::Changed { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem {
        retry_after: Some(1),
        ..Problem::new(Kind::Busy, "the import is being worked on")
    })
}
