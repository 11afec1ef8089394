//! Whether a tenant's cases may be worked on now, and how many of them.

use regua_domain::time::{DAY_MS, Timestamp};
use regua_runtime::Whose;
use regua_storage::records::get;
use regua_storage::{Commit, Outcome, StoreError};

use super::logs::move_out;
use super::quota::Limit;
use super::usage::{Called, Day};
use super::{day_of, figures, rate};
use crate::{Engine, Open};

/// What a tenant's turn may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A batch of so many customers at most.
    Batch(u32),
    /// Its cases wait.
    Waits(Limit),
}

/// Calls of a batch, by commit.
pub(crate) type Calls = Vec<Vec<Called>>;

impl Engine {
    /// What an open tenant may do now. Calls of a batch are taken from those it may make a
    /// second, one a customer: [`Open::ended`] says how many they were.
    pub(crate) async fn turn(&self, open: &Open) -> Result<Turn, StoreError> {
        let (account, quota) = (&open.account, &open.quota);
        let now = self.clock.now();
        let date = day_of(now);
        if !account.knows(date) {
            let kept = get::<Day>(&*open.store, &date.to_string()).await?;
            account.learn(date, kept.map(|kept| kept.value).unwrap_or_default());
        }
        let fuel_left = account.fuel_left(date, quota);
        if fuel_left == 0 {
            return Ok(Turn::Waits(Limit::FuelPerDay));
        }
        let fuel = (fuel_left, self.runtime.limits().fuel_max);
        let most = account.batch(self.settings.batch, quota.workers_percent, fuel);
        let Some(per_second) = quota.calls_per_second else {
            return Ok(Turn::Batch(most));
        };
        let mut taken = account.take_calls(most);
        if taken == 0 {
            account.may_call(rate::take(&*open.store, per_second, now).await?);
            taken = account.take_calls(most);
        }
        Ok(match taken {
            0 => Turn::Waits(Limit::CallsPerSecond),
            taken => Turn::Batch(taken),
        })
    }
}

impl Open {
    /// Whose work its is, and what share of the threads it may have.
    pub(crate) fn whose(&self) -> Whose {
        Whose {
            id: self.row.id.0.as_u128(),
            percent: self.quota.workers_percent,
        }
    }

    /// Tells that due cases wait.
    pub(crate) fn waits(&self, limit: Limit, now: Timestamp) {
        let tenant = &self.row.name;
        figures::waits(tenant, limit);
        if self.account.wait(limit, now, day_of(now)) {
            let limit = limit.name();
            tracing::warn!(tenant, limit, "cases wait: the tenant's quota is used up");
        }
    }

    /// The calls of a batch that is about to be committed; their log lines are moved from the
    /// decisions into records of their own.
    pub(crate) fn calls(
        &self,
        commits: &mut [Commit],
        now: Timestamp,
        log_days: u32,
    ) -> Result<Calls, StoreError> {
        let mut bytes_left = self.account.log_bytes_left(day_of(now), &self.quota);
        let until = now.plus_ms(i64::from(log_days) * DAY_MS);
        let mut calls = Vec::with_capacity(commits.len());
        for commit in commits {
            let (records, decisions) = (&mut commit.records, &mut commit.changes.journal.decisions);
            let mut of_commit = Vec::with_capacity(decisions.len());
            for record in decisions {
                let logged = move_out(record, records, &mut bytes_left, until)?;
                of_commit.push(Called::of(record, logged));
            }
            calls.push(of_commit);
        }
        Ok(calls)
    }

    /// Counts what a batch called, now that it is known what became of each commit; `taken`: the
    /// batch's size, as [`Turn`] had it.
    pub(crate) fn ended(&self, taken: u32, calls: Calls, outcomes: &[Outcome], now: Timestamp) {
        let (mut counted, mut undone) = (Vec::new(), Vec::new());
        for (calls, outcome) in calls.into_iter().zip(outcomes) {
            match outcome {
                Outcome::Done => counted.extend(calls),
                Outcome::Stale | Outcome::Refused { .. } => undone.extend(calls),
            }
        }
        if self.quota.calls_per_second.is_some() {
            let made = i64::try_from(counted.len()).unwrap_or(i64::MAX);
            self.account.may_call(i64::from(taken) - made);
        }
        figures::called(&self.row.name, &counted);
        self.account.count(day_of(now), &counted, &undone);
    }
}
