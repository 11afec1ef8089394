//! The one writer: a task that owns the writing connection. What waits while a transaction
//! runs shares the next one, so that one sync to disk serves them all.

use std::collections::VecDeque;
use std::sync::Arc;

use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_storage::{Lease, Outcome, StoreError};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::agenda::{self, Claim};
use crate::checkpoint::Checkpointer;
use crate::commit::{self, Prepared};
use crate::error::{closed, shared};
use crate::shelf::{Change, Changed};

/// Rows of commits that share one transaction at most; a bound on what a crash repeats
/// and on how long a reply takes.
const COMMITS_MAX: usize = 2_048;

/// As how many commits a change counts, towards a transaction's size and a checkpoint.
const CHANGE_COMMITS: usize = 64;

/// How many jobs may wait before callers do.
const QUEUE: usize = 1_024;

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

enum Job {
    Commit(Vec<Arc<Prepared>>, Reply<Vec<Outcome>>),
    Claim(Claim, Reply<Vec<Lease>>),
    Release(TenantId, Vec<(Lease, Option<Timestamp>)>, Reply<()>),
    Change(Box<Change>, Reply<Changed>),
    Close(oneshot::Sender<()>),
}

/// What came of a job, told once the transaction is durable.
enum Done {
    Outcomes(Vec<Outcome>),
    Leases(Vec<Lease>),
    Released,
    Changed(Result<Changed, StoreError>),
}

/// The way to the writer. Cloning shares.
#[derive(Debug, Clone)]
pub(crate) struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts the task on its connection.
    pub(crate) fn start(connection: SqliteConnection, checkpointer: Checkpointer) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(run(connection, receiver, checkpointer));
        Self(sender)
    }

    async fn ask<T>(
        &self,
        doing: &'static str,
        job: impl FnOnce(Reply<T>) -> Job,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.send(job(reply)).await.map_err(|_| closed(doing))?;
        answer.await.map_err(|_| closed(doing))?
    }

    pub(crate) async fn commit(
        &self,
        commits: Vec<Arc<Prepared>>,
    ) -> Result<Vec<Outcome>, StoreError> {
        self.ask(COMMIT, |reply| Job::Commit(commits, reply)).await
    }

    pub(crate) async fn claim(&self, claim: Claim) -> Result<Vec<Lease>, StoreError> {
        self.ask(CLAIM, |reply| Job::Claim(claim, reply)).await
    }

    pub(crate) async fn release(
        &self,
        tenant: TenantId,
        leases: Vec<(Lease, Option<Timestamp>)>,
    ) -> Result<(), StoreError> {
        self.ask(RELEASE, |reply| Job::Release(tenant, leases, reply))
            .await
    }

    /// Changes anything but customers.
    pub(crate) async fn change(&self, change: Change) -> Result<Changed, StoreError> {
        self.ask(CHANGE, |reply| Job::Change(Box::new(change), reply))
            .await
    }

    pub(crate) async fn close(&self) {
        let (reply, answer) = oneshot::channel();
        if self.0.send(Job::Close(reply)).await.is_ok() {
            // An error: it was closed by somebody else meanwhile.
            let _ = answer.await;
        }
    }
}

const COMMIT: &str = "commit";
const CLAIM: &str = "claim due customers";
const RELEASE: &str = "release leases";
const CHANGE: &str = "change what a tenant has";

async fn run(
    mut connection: SqliteConnection,
    mut jobs: mpsc::Receiver<Job>,
    mut checkpointer: Checkpointer,
) {
    let mut closing = None;
    while closing.is_none() {
        let Some(first) = jobs.recv().await else {
            break;
        };
        let (mut batch, mut commits, mut next) = (Vec::new(), 0, Some(first));
        while let Some(job) = next {
            match job {
                Job::Close(reply) => closing = Some(reply),
                job => {
                    commits += match &job {
                        Job::Commit(rows, _) => rows.len(),
                        // A component, a policy, a piece of an import: as long as many commits.
                        Job::Change(..) => CHANGE_COMMITS,
                        _ => 0,
                    };
                    batch.push(job);
                }
            }
            let is_full = commits >= COMMITS_MAX || closing.is_some();
            next = if is_full { None } else { jobs.try_recv().ok() };
        }
        if !batch.is_empty() {
            transact(&mut connection, batch).await;
            checkpointer.wrote(&mut connection, commits).await;
        }
    }
    jobs.close();
    checkpointer.stop().await;
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the writing connection did not close cleanly");
    }
    if let Some(reply) = closing {
        // An error: whoever closed the store does not wait for it.
        let _ = reply.send(());
    }
}

/// Carries jobs out in one transaction and answers them when it is durable.
async fn transact(connection: &mut SqliteConnection, batch: Vec<Job>) {
    let (mut waiting, mut done) = (VecDeque::from(batch), Vec::new());
    match carry_out(connection, &mut waiting, &mut done).await {
        Ok(()) => done.into_iter().for_each(|(job, done)| job.tell(done)),
        Err(error) => {
            let error = Arc::new(error);
            if let Err(error) = sqlx::query("ROLLBACK").execute(&mut *connection).await {
                tracing::warn!(%error, "nothing to roll back after a failed transaction");
            }
            let jobs = done.into_iter().map(|(job, _)| job).chain(waiting);
            jobs.for_each(|job| job.fail(&error));
        }
    }
}

async fn carry_out(
    connection: &mut SqliteConnection,
    waiting: &mut VecDeque<Job>,
    done: &mut Vec<(Job, Done)>,
) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut *connection)
        .await?;
    let commits: Vec<Arc<Prepared>> = waiting
        .iter()
        .filter_map(|job| match job {
            Job::Commit(commits, _) => Some(commits),
            _ => None,
        })
        .flatten()
        .cloned()
        .collect();
    // All commits of the batch as one, in their order; then the others.
    let mut outcomes = if commits.is_empty() {
        Vec::new().into_iter()
    } else {
        commit::write_batch(connection, &commits).await?.into_iter()
    };
    while let Some(job) = waiting.front() {
        let result = match job {
            Job::Commit(commits, _) => {
                Done::Outcomes(outcomes.by_ref().take(commits.len()).collect())
            }
            Job::Claim(claim, _) => Done::Leases(agenda::claim(connection, *claim).await?),
            Job::Release(tenant, leases, _) => {
                agenda::release(connection, *tenant, leases).await?;
                Done::Released
            }
            Job::Change(change, _) => Done::Changed(changed(connection, change).await?),
            Job::Close(_) => Done::Released,
        };
        done.extend(waiting.pop_front().map(|job| (job, result)));
    }
    sqlx::query("COMMIT").execute(&mut *connection).await?;
    Ok(())
}

/// A change that is refused leaves nothing behind, and the rest of the batch alone.
async fn changed(
    connection: &mut SqliteConnection,
    change: &Change,
) -> Result<Result<Changed, StoreError>, sqlx::Error> {
    sqlx::query("SAVEPOINT change")
        .execute(&mut *connection)
        .await?;
    let result = change.carry_out(connection).await;
    if result.is_err() {
        sqlx::query("ROLLBACK TO change")
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("RELEASE change")
        .execute(&mut *connection)
        .await?;
    Ok(result)
}

impl Job {
    /// Tells whoever waits; nobody may: then nobody needs to know.
    fn tell(self, done: Done) {
        match (self, done) {
            (Self::Commit(_, reply), Done::Outcomes(outcomes)) => drop(reply.send(Ok(outcomes))),
            (Self::Claim(_, reply), Done::Leases(leases)) => drop(reply.send(Ok(leases))),
            (Self::Release(_, _, reply), Done::Released) => drop(reply.send(Ok(()))),
            (Self::Change(_, reply), Done::Changed(result)) => drop(reply.send(result)),
            _ => {}
        }
    }

    fn fail(self, error: &Arc<sqlx::Error>) {
        match self {
            Self::Commit(_, reply) => drop(reply.send(Err(shared(COMMIT, error)))),
            Self::Claim(_, reply) => drop(reply.send(Err(shared(CLAIM, error)))),
            Self::Release(_, _, reply) => drop(reply.send(Err(shared(RELEASE, error)))),
            Self::Change(_, reply) => drop(reply.send(Err(shared(CHANGE, error)))),
            Self::Close(_) => {}
        }
    }
}
