//! Work: customers that are due are claimed, read, run and committed, batch after batch.

mod lane;
mod slices;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use regua_domain::time::Timestamp;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use crate::meter::quota::Limit;
use crate::{Engine, EngineError, Open};
use lane::Lane;

/// How long a lane waits for calls that it may make.
const PAUSE: Duration = Duration::from_millis(50);

/// Told after every batch: how many customers were done so far.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// What a round of work came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worked {
    /// Customers run and committed.
    pub done: u64,
    /// Runs that somebody else's write undid: they are due again.
    pub stale: u64,
    /// Runs that the host could not make.
    pub faults: u64,
}

/// What a lane did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// A batch: there may be more.
    Batch,
    /// Nothing is due.
    Nothing,
    /// Nothing: what is due waits for a limit of the tenant's.
    Waits(Limit),
}

#[derive(Debug, Default)]
struct Counters {
    done: AtomicU64,
    stale: AtomicU64,
    faults: AtomicU64,
    /// Whether a lane ended because the day's fuel is used up.
    used_up: AtomicBool,
}

impl Engine {
    /// Works on a tenant until nothing of it is due by `until`. A live tenant is run at one
    /// instant (`from` = `until`); a sandbox through virtual time, each customer from their
    /// wake-up on, and not from before `from`. Where effects are not captured, they stay
    /// queued for delivery.
    pub async fn work(
        &self,
        open: &Arc<Open>,
        from: Timestamp,
        until: Timestamp,
        progress: Option<Progress>,
    ) -> Result<Worked, EngineError> {
        if until < from {
            return Err(EngineError::Backwards {
                now: from,
                wanted: until,
            });
        }
        let counters = Arc::new(Counters::default());
        let mut lanes = JoinSet::new();
        for _ in 0..self.settings.lanes.max(1) {
            let lane = Lane {
                engine: self.clone(),
                open: Arc::clone(open),
                from,
                until,
                counters: Arc::clone(&counters),
                progress: progress.clone(),
            };
            lanes.spawn(async move { lane.run().await });
        }
        while let Some(ended) = lanes.join_next().await {
            ended.map_err(|_| EngineError::Workers)??;
        }
        self.write_usage(open.row.id).await?;
        if counters.used_up.load(Ordering::Relaxed) && self.is_due(open, until).await? {
            return Err(EngineError::FuelUsedUp);
        }
        Ok(Worked {
            done: counters.done.load(Ordering::Relaxed),
            stale: counters.stale.load(Ordering::Relaxed),
            faults: counters.faults.load(Ordering::Relaxed),
        })
    }

    /// Moves a sandbox's clock, working on everything that is due on the way. What a host
    /// fault kept from being done is late by then, as it is on a live node, and counted as a
    /// fault again. While somebody else holds a customer who is due, the clock stays.
    pub async fn advance(
        &self,
        open: &Arc<Open>,
        until: Timestamp,
        progress: Option<Progress>,
    ) -> Result<Worked, EngineError> {
        let from = open.store.row().await?.clock.unwrap_or(until);
        let began = self.clock.now();
        // Before anything is done: after a crash this is how it is for as long as leases last.
        self.resting(open, until, began).await?;
        let mut worked = self.work(open, from, until, progress).await?;
        let resting = self.resting(open, until, began).await?;
        worked.faults = worked.faults.max(resting);
        open.store.set_clock(until).await?;
        Ok(worked)
    }

    /// One batch of a live tenant's due customers; answers whether there may be more.
    pub(crate) async fn work_once(&self, open: &Arc<Open>) -> Result<bool, EngineError> {
        let now = self.clock.now();
        let lane = Lane {
            engine: self.clone(),
            open: Arc::clone(open),
            from: now,
            until: now,
            counters: Arc::default(),
            progress: None,
        };
        Ok(lane.once().await? == Done::Batch)
    }

    /// Whether anybody of a tenant is due by `until`.
    async fn is_due(&self, open: &Open, until: Timestamp) -> Result<bool, EngineError> {
        let next = self.store.agenda().next_wake(open.row.id).await?;
        Ok(next.is_some_and(|next| next <= until))
    }

    /// Room for the customers of a batch among all that are under way at once, for as long as it
    /// is kept.
    async fn room(&self, customers: u32) -> Result<OwnedSemaphorePermit, EngineError> {
        let room = Arc::clone(&self.room).acquire_many_owned(customers).await;
        // It is never closed.
        room.map_err(|_| EngineError::Workers)
    }

    /// How many due customers rest after a host fault; an error where others are held.
    async fn resting(
        &self,
        open: &Open,
        until: Timestamp,
        host_now: Timestamp,
    ) -> Result<u64, EngineError> {
        let agenda = self.store.agenda();
        let held = agenda.held(open.row.id, until, host_now).await?;
        match held.ends {
            Some(ends) => Err(EngineError::Held {
                customers: held.worked_on,
                ends,
            }),
            None => Ok(held.resting),
        }
    }
}
