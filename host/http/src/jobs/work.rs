//! Working a job off.

use std::collections::HashSet;
use std::sync::LazyLock;

use regua_domain::dossier::LoggedFact;
use regua_domain::id::{CaseId, FactId, TenantId, derived};
use regua_domain::intake::Taken;
use regua_engine::{Engine, EngineError, TellError, Telling};
use regua_storage::{Kept, RecordWrite, Seen, StoreError, TenantStore, records};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::line::{Lines, Mark, Read};
use super::{Chunk, FAULTS_MAX, Job, JobState, LEASE_MS, LineFault, chunk_id};
use crate::key::Role;
use crate::problem::{Fault, Problem};

/// Pieces that are told in one step.
const CHUNKS_AT_ONCE: u32 = 32;
/// Of them, those under way at once: while one is read, another is written.
const RUNS_AT_ONCE: usize = 6;

static LINES: LazyLock<Lines> = LazyLock::new(Lines::new);

/// A line that was read.
struct Line {
    number: u64,
    read: Read,
}

/// What became of a line: its number, its kind, and what.
type Ended = (u64, String, Result<Counted, Vec<Fault>>);

/// As what a line that was taken is counted.
#[derive(Clone, Copy)]
enum Counted {
    Taken,
    Waiting,
    Known,
}

/// Takes a due job of a tenant and works on it for a step; `false` where none is due.
pub async fn run_due(engine: &Engine, tenant: TenantId) -> Result<bool, EngineError> {
    let store = engine.store().tenant(tenant);
    let now = engine.clock().now();
    let taken = records::take::<Job>(&*store, now, now.plus_ms(LEASE_MS), 1).await?;
    let Some(mut job) = taken.into_iter().next() else {
        return Ok(false);
    };
    if job.value.state == JobState::Receiving {
        // Whoever received it died: nobody was told that it is there.
        remove(&*store, &job).await?;
        return Ok(true);
    }
    match step(engine, &*store, &mut job, tenant).await {
        Ok(()) => Ok(true),
        Err(EngineError::Store(StoreError::Changed { .. })) => {
            count_in(&*store, &job).await?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// Of a job that somebody cancelled meanwhile, its report tells what had been told by then.
/// Where another node took it, that one tells.
async fn count_in(store: &dyn TenantStore, told: &Kept<Job>) -> Result<(), StoreError> {
    let now = records::get::<Job>(store, &told.id).await?;
    let Some(now) = now.filter(|now| now.value.state == JobState::Cancelled) else {
        return Ok(());
    };
    let counted = Job {
        state: now.value.state,
        ended_at: now.value.ended_at,
        next: now.value.next,
        ..told.value.clone()
    };
    let seen = Seen::Version(now.version);
    let write = RecordWrite::put(&told.id, seen, &counted, None)?;
    store.write_records(vec![write]).await
}

async fn remove(store: &dyn TenantStore, job: &Kept<Job>) -> Result<(), StoreError> {
    let pieces = 0..job.value.chunks;
    let mut writes: Vec<_> = pieces
        .map(|number| RecordWrite::remove::<Chunk>(chunk_id(&job.id, number), Seen::Anything))
        .collect();
    writes.push(RecordWrite::remove::<Job>(
        &job.id,
        Seen::Version(job.version),
    ));
    store.write_records(writes).await
}

/// Tells some pieces, and writes what came of it together with their removal.
async fn step(
    engine: &Engine,
    store: &dyn TenantStore,
    job: &mut Kept<Job>,
    tenant: TenantId,
) -> Result<(), EngineError> {
    let numbers = job.value.next..job.value.chunks.min(job.value.next + CHUNKS_AT_ONCE);
    let ids: Vec<String> = numbers
        .clone()
        .map(|number| chunk_id(&job.id, number))
        .collect();
    let mut runs: Vec<Vec<Chunk>> = Vec::new();
    for chunk in chunks(store, &ids).await? {
        // Pieces of other customers are told at once; one that goes on, after what it goes on from.
        match runs.last_mut().filter(|_| chunk.goes_on) {
            Some(run) => run.push(chunk),
            None => runs.push(vec![chunk]),
        }
    }
    let value = &mut job.value;
    let (mut runs, mut telling, mut is_ours) = (runs.into_iter(), JoinSet::new(), true);
    loop {
        while is_ours
            && telling.len() < RUNS_AT_ONCE
            && let Some(run) = runs.next()
        {
            is_ours = is_as_taken(store, &job.id, job.version).await?;
            if !is_ours {
                break;
            }
            let (engine, id, role) = (engine.clone(), job.id.clone(), value.role);
            telling.spawn(async move {
                let mut ended = Vec::new();
                for chunk in run {
                    ended.extend(tell(&engine, tenant, &id, read(&chunk, role)).await?);
                }
                Ok::<_, EngineError>(ended)
            });
        }
        let Some(ended) = telling.join_next().await else {
            break;
        };
        count(value, ended.map_err(|_| EngineError::Workers)??);
    }
    value.faults.sort_by_key(|fault| fault.line);
    if !is_ours {
        return Err(changed("job", &job.id).into());
    }
    value.next = numbers.end;
    let now = engine.clock().now();
    let is_done = value.next >= value.chunks;
    if is_done {
        value.state = JobState::Done;
        value.done = value.lines;
        value.ended_at = Some(now);
    }
    let due_at = (!is_done).then_some(now);
    let seen = Seen::Version(job.version);
    let mut writes = vec![RecordWrite::put(&job.id, seen, value, due_at)?];
    let told = ids.into_iter();
    writes.extend(told.map(|id| RecordWrite::remove::<Chunk>(id, Seen::Anything)));
    store.write_records(writes).await?;
    Ok(())
}

fn changed(what: &'static str, name: &str) -> StoreError {
    StoreError::Changed {
        what,
        name: name.to_owned(),
    }
}

/// Whether nobody cancelled a job, or took it, since it was taken.
async fn is_as_taken(store: &dyn TenantStore, id: &str, version: u64) -> Result<bool, StoreError> {
    let now = records::get::<Job>(store, id).await?;
    Ok(now.is_some_and(|now| now.version == version))
}

/// A job's pieces, in order. One that is gone: the job is another's by now, or cancelled.
async fn chunks(store: &dyn TenantStore, ids: &[String]) -> Result<Vec<Chunk>, StoreError> {
    let wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut found = records::get_all::<Chunk>(store, &wanted).await?;
    found.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    if let Some(gone) = ids
        .iter()
        .find(|id| found.iter().all(|kept| kept.id != **id))
    {
        return Err(changed("chunk", gone));
    }
    Ok(found.into_iter().map(|kept| kept.value).collect())
}

fn read(chunk: &Chunk, role: Role) -> Vec<Line> {
    let lines = chunk.text.lines().zip(&chunk.numbers);
    lines
        .map(|(text, number)| Line {
            number: *number,
            read: LINES.read(text, role),
        })
        .collect()
}

async fn tell(
    engine: &Engine,
    tenant: TenantId,
    job: &str,
    lines: Vec<Line>,
) -> Result<Vec<Ended>, EngineError> {
    let (row, open) = engine.opened(tenant).await?;
    let now = row.clock.unwrap_or_else(|| engine.clock().now());
    // A job's id is a UUID: see where it is made.
    let job = Uuid::try_parse(job.trim_start_matches("job_")).unwrap_or_default();
    // Of a group with a line that cannot be read, nothing is told.
    let faulty: HashSet<Mark> = lines
        .iter()
        .filter(|line| line.read.told.is_err())
        .filter_map(|line| line.read.mark.clone())
        .collect();
    let mut ended = Vec::new();
    let (mut tellings, mut told) = (Vec::new(), Vec::new());
    for Line { number, read } in lines {
        let Read {
            kind,
            mark,
            told: line,
        } = read;
        match line {
            Err(faults) => ended.push((number, kind, Err(faults))),
            Ok(_) if mark.is_some_and(|mark| faulty.contains(&mark)) => {
                ended.push((number, kind, Err(Vec::new())));
            }
            Ok(line) => {
                let at = line.at.unwrap_or(now);
                let taken = if at > now {
                    Counted::Waiting
                } else {
                    Counted::Taken
                };
                // Under an id of this import's, it was told by this import: by a host that died
                // before it counted it.
                let known = line.id.map_or(taken, |_| Counted::Known);
                told.push((number, kind, taken, known));
                let id = || FactId(derived(CaseId(job), number, "import", 0));
                tellings.push(Telling {
                    customer: line.customer,
                    group: line.group,
                    fact: LoggedFact {
                        id: line.id.unwrap_or_else(id),
                        at,
                        fact: line.fact,
                        taken: None,
                    },
                });
            }
        }
    }
    let results = engine.tell(&open, now, tellings).await?;
    for ((number, kind, taken, known), result) in told.into_iter().zip(results) {
        let counted = result.map(|result| match result {
            Taken::New => taken,
            Taken::Known => known,
        });
        ended.push((number, kind, counted.map_err(faults)));
    }
    Ok(ended)
}

/// What an endpoint would have said. Of a group, the line that was refused says why.
fn faults(error: TellError) -> Vec<Fault> {
    if error == TellError::WithGroup {
        return Vec::new();
    }
    let problem = Problem::from(error);
    if problem.errors.is_empty() {
        vec![Fault::at("", problem.detail)]
    } else {
        problem.errors
    }
}

fn count(job: &mut Job, ended: Vec<Ended>) {
    for (number, kind, result) in ended {
        job.done += 1;
        let counts = job.counts.entry(kind).or_default();
        match result {
            Ok(Counted::Known) => counts.known += 1,
            Ok(Counted::Taken) => counts.taken += 1,
            Ok(Counted::Waiting) => counts.waiting += 1,
            Err(faults) => {
                counts.refused += 1;
                let room = FAULTS_MAX - job.faults.len();
                job.faults_left_out += faults.len().saturating_sub(room) as u64;
                let faults = faults.into_iter().take(room);
                job.faults.extend(faults.map(|fault| LineFault {
                    line: number,
                    fault,
                }));
            }
        }
    }
}
