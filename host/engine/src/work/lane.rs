//! Batches of due customers: claimed, read, run on the sandbox's threads, committed.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use regua_domain::dossier::Dossier;
use regua_domain::run::{Runner, STEPS_MAX};
use regua_domain::time::Timestamp;
use regua_storage::{Commit, Lease, Outcome, StoreError};
use tracing::Instrument as _;

use super::slices::{Ran, Slices};
use super::{Counters, Done, PAUSE, Progress};
use crate::meter::Turn;
use crate::meter::quota::Limit;
use crate::open::chain;
use crate::rollout::Observed;
use crate::tell::load;
use crate::{Engine, EngineError, Open, measure, notices};

/// After a first host fault a customer rests so long, milliseconds; after each further one
/// in a row twice as long, up to an hour.
const REST_MS: i64 = 30_000;
const REST_MS_MAX: i64 = 3_600_000;

/// One of the lanes that work on a tenant's due customers, batch by batch.
#[derive(Clone)]
pub(super) struct Lane {
    pub(super) engine: Engine,
    pub(super) open: Arc<Open>,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) counters: Arc<Counters>,
    pub(super) progress: Option<Progress>,
}

impl Lane {
    pub(super) async fn run(&self) -> Result<(), EngineError> {
        loop {
            match self.once().await? {
                Done::Batch => {}
                Done::Nothing => return Ok(()),
                Done::Waits(Limit::CallsPerSecond) => tokio::time::sleep(PAUSE).await,
                // Nobody waits that long.
                Done::Waits(Limit::FuelPerDay) => {
                    self.counters.used_up.store(true, Ordering::Relaxed);
                    return Ok(());
                }
            }
        }
    }

    /// Claims a batch and works on it.
    pub(super) async fn once(&self) -> Result<Done, EngineError> {
        let size = match self.engine.turn(&self.open).await? {
            Turn::Batch(size) => size,
            Turn::Waits(limit) if self.engine.is_due(&self.open, self.until).await? => {
                self.open.waits(limit, self.engine.clock.now());
                return Ok(Done::Waits(limit));
            }
            Turn::Waits(_) => return Ok(Done::Nothing),
        };
        let mut room = self.engine.room(size).await?;
        let agenda = self.engine.store.agenda();
        let host_now = self.engine.clock.now();
        let lease_until = host_now.plus_ms(self.engine.settings.lease_ms);
        let leases = agenda
            .claim(self.open.row.id, self.until, host_now, lease_until, size)
            .await?;
        if leases.is_empty() {
            self.open.ended(size, Vec::new(), &[], host_now);
            return Ok(Done::Nothing);
        }
        // Others need not wait for what was not found.
        drop(room.split(size as usize - leases.len()));
        // As it is after the claim: whoever changes it from now on has these customers looked at
        // once more when the leases have ended.
        let (_, open) = self.engine.opened(self.open.row.id).await?;
        let lane = Self {
            open,
            ..self.clone()
        };
        let tenant = &lane.open.row.name;
        measure::claimed(tenant, &leases, self.until);
        let span = tracing::info_span!("batch", tenant, customers = leases.len());
        lane.batch(leases, size).instrument(span).await?;
        Ok(Done::Batch)
    }

    async fn batch(&self, leases: Vec<Lease>, size: u32) -> Result<(), EngineError> {
        let lease = Duration::from_millis(self.engine.settings.lease_ms.unsigned_abs());
        let given_back_at = Instant::now() + lease / 2;
        let read = self.read(leases).instrument(tracing::info_span!("read"));
        let (work, mut faulted) = read.await?;
        let run = tracing::info_span!("run");
        let share = work.len().div_ceil(self.engine.workers.threads()).max(1);
        let mut shares = Vec::new();
        let mut work = work.into_iter().peekable();
        while work.peek().is_some() {
            let share: Vec<_> = work.by_ref().take(share).collect();
            let (open, from, until) = (Arc::clone(&self.open), self.from, self.until);
            let span = run.clone();
            let whose = open.whose();
            let mut slices = Slices::of(share, given_back_at);
            let run = move || {
                let customer = |customer| run_one(&open, from, until, customer);
                span.in_scope(|| slices.slice(customer))
            };
            shares.push(self.engine.workers.run_in_slices(whose, run));
        }
        let (mut ran, mut unbegun) = (Vec::new(), Vec::new());
        for share in shares {
            let share = share.into_recv_async().await;
            let Ran {
                done: results,
                left,
                took,
            } = share.map_err(|_| EngineError::Workers)?;
            self.open.account.ran(results.len(), took);
            unbegun.extend(left.into_iter().map(|(lease, _)| lease));
            for (lease, result) in results {
                match result {
                    Ok(commit) => ran.push((lease, commit)),
                    Err(fault) => {
                        tracing::error!(customer = %lease.customer, fault, "a run failed");
                        faulted.push(lease);
                    }
                }
            }
        }
        drop(run);
        let write = tracing::info_span!("write");
        let finish = async {
            self.open.store.release(&unbegun).await?;
            self.finish(ran, faulted, size).await
        };
        finish.instrument(write).await
    }

    /// Leases with their dossiers, and those whose dossier cannot be read: what is wrong with
    /// one customer's rows keeps nobody else waiting.
    async fn read(&self, leases: Vec<Lease>) -> Result<(Work, Vec<Lease>), EngineError> {
        match self.load(&leases).await {
            Err(EngineError::Store(StoreError::Corrupt { .. })) => {}
            dossiers => return Ok((pair(leases, dossiers?), Vec::new())),
        }
        let (mut work, mut faulted) = (Vec::new(), Vec::new());
        for lease in leases {
            match self.load(&[lease]).await {
                Ok(dossiers) => work.extend(pair(vec![lease], dossiers)),
                Err(error) => {
                    let error = chain(&error);
                    tracing::error!(customer = %lease.customer, error, "a dossier cannot be read");
                    faulted.push(lease);
                }
            }
        }
        Ok((work, faulted))
    }

    async fn load(&self, leases: &[Lease]) -> Result<Vec<Dossier>, EngineError> {
        let wanted: Vec<_> = leases.iter().map(|lease| lease.customer.into()).collect();
        load(&self.open, &wanted, self.from, self.until).await
    }

    async fn finish(
        &self,
        ran: Vec<(Lease, Commit)>,
        mut faulted: Vec<Lease>,
        size: u32,
    ) -> Result<(), EngineError> {
        let (leases, mut commits): (Vec<Lease>, Vec<Commit>) = ran.into_iter().unzip();
        measure::called(&self.open.row.name, &commits);
        let seen: Vec<_> = commits
            .iter()
            .map(|commit| Observed::of(&self.open, &self.engine.samples, commit))
            .collect();
        let (now, log_days) = (self.engine.clock.now(), self.engine.settings.log_days);
        let calls = self.open.calls(&mut commits, now, log_days)?;
        let outcomes = self.open.store.commit(commits).await?;
        self.open.ended(size, calls, &outcomes, now);
        let (mut done, mut stale, mut observed) = (0, Vec::new(), Vec::new());
        for ((lease, seen), outcome) in leases.into_iter().zip(seen).zip(outcomes) {
            match outcome {
                Outcome::Done => {
                    done += 1;
                    observed.push(seen);
                }
                Outcome::Stale => stale.push(lease),
                Outcome::Refused { because } => {
                    tracing::error!(customer = %lease.customer, because, "the store refused a transition");
                    faulted.push(lease);
                }
            }
        }
        self.engine.observe(&self.open, observed.into_iter()).await;
        let tenant = &self.open.row.name;
        measure::finished(tenant, done, stale.len() as u64, faulted.len() as u64);
        let counters = &self.counters;
        let count = |counter: &AtomicU64, n| counter.fetch_add(n, Ordering::Relaxed) + n;
        count(&counters.stale, stale.len() as u64);
        count(&counters.faults, faulted.len() as u64);
        self.open.store.release(&stale).await?;
        self.rest(&faulted).await?;
        let done = count(&counters.done, done);
        if let Some(progress) = &self.progress {
            progress(done);
        }
        Ok(())
    }

    /// Gives customers back that could not be run; they are tried again a little later.
    async fn rest(&self, leases: &[Lease]) -> Result<(), EngineError> {
        let now = self.engine.clock.now();
        let resting: Vec<_> = leases
            .iter()
            .map(|lease| (*lease, now.plus_ms(rest_ms(lease.faults))))
            .collect();
        Ok(self.open.store.rest(&resting).await?)
    }
}

/// How long a customer rests who had so many faults before this one.
fn rest_ms(faults: u32) -> i64 {
    (REST_MS << faults.min(16)).min(REST_MS_MAX)
}

type Work = Vec<(Lease, Dossier)>;

/// Leases with their dossiers.
fn pair(leases: Vec<Lease>, dossiers: Vec<Dossier>) -> Work {
    let mut dossiers = dossiers.into_iter().peekable();
    leases
        .into_iter()
        .filter_map(|lease| {
            dossiers
                .next_if(|dossier| dossier.customer.id == lease.customer)
                .map(|dossier| (lease, dossier))
        })
        .collect()
}

/// A run, or why the host could not make it: for the operator.
type Run = (Lease, Result<Commit, String>);

/// A bug that one customer's past brings out is no other customer's matter.
fn run_one(
    open: &Open,
    from: Timestamp,
    until: Timestamp,
    (lease, before): (Lease, Dossier),
) -> Run {
    let ran = catch_unwind(AssertUnwindSafe(|| {
        run_customer(open, from, until, lease, &before)
    }));
    (lease, ran.unwrap_or_else(|panic| Err(panicked(&*panic))))
}

fn run_customer(
    open: &Open,
    from: Timestamp,
    until: Timestamp,
    lease: Lease,
    before: &Dossier,
) -> Result<Commit, String> {
    let runner = Runner {
        tenant: &open.tenant,
        stages: &open.stages,
        capture: open.tenant.policy.sandbox,
        steps_max: open.account.steps(STEPS_MAX),
    };
    let ran = runner
        .run(before.clone(), from.max(lease.wake), until)
        .map_err(|fault| fault.to_string())?;
    let records = notices::of(open, &ran.dossier, &ran.journal, until);
    Ok(Commit {
        customer: lease.customer,
        seen: Some(before.version),
        epoch: Some(lease.epoch),
        wake: ran.wake,
        release: true,
        records: records.map_err(|error| chain(&error))?,
        changes: ran.changes(before),
    })
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a panic: {}", text.unwrap_or("of no words"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_with_each_fault_up_to_an_hour() {
        let rests = [0, 1, 2, 6, 7, u32::MAX].map(rest_ms);
        assert_eq!(
            rests,
            [30_000, 60_000, 120_000, 1_920_000, 3_600_000, 3_600_000]
        );
    }
}
