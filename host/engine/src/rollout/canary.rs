//! Canary: a share of customers gets another version; it is taken back by itself where its
//! stages refuse or fail too often.

use std::sync::Arc;

use regua_domain::rollout::{Canary, Limits, Rollout, Running, StageMap, Trial};
use regua_domain::time::Timestamp;
use regua_storage::records::get;
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore};
use serde::{Deserialize, Serialize};

use super::{Forecast, RolloutError, TRIES, Versions, Wanted, forecast};
use crate::{Engine, EngineError, Open, notices};

/// A canary that is wanted.
#[derive(Debug, Clone)]
pub struct CanaryWanted {
    /// The version to be tried, and what becomes of cases that run.
    pub wanted: Wanted,
    /// Customers of a hundred that get it.
    pub percent: u8,
    /// When it is taken back.
    pub limits: Limits,
}

/// What became of the calls of a workflow's canary so far: by the workflow's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Trials {
    /// Of the canary that began then.
    since: Timestamp,
    trial: Trial,
}

impl Record for Trials {
    const KIND: &'static str = "trial";
}

impl Engine {
    /// What a canary would do.
    pub async fn forecast_canary(
        &self,
        open: &Arc<Open>,
        now: Timestamp,
        canary: &CanaryWanted,
    ) -> Result<Forecast, RolloutError> {
        let versions = Versions::read(&*open.store, &canary.wanted.workflow).await?;
        let (rollout, active) = begun(&versions, canary, now)?;
        let mut after = canary.wanted.clone();
        after.version = active;
        let after = forecast::after(open, &after, rollout);
        let workflow = &canary.wanted.workflow;
        self.count(open, after, workflow, Some(now)).await
    }

    /// Begins a canary beside the active version.
    pub async fn begin_canary(
        &self,
        open: &Arc<Open>,
        now: Timestamp,
        canary: &CanaryWanted,
    ) -> Result<Rollout, RolloutError> {
        let (store, name) = (&*open.store, &canary.wanted.workflow);
        let versions = Versions::read(store, name).await?;
        let (mut rollout, active) = begun(&versions, canary, now)?;
        let mut moving = vec![active];
        let trials = Trials {
            since: now,
            trial: Trial::default(),
        };
        let mut writes = vec![RecordWrite::put(name, Seen::Anything, &trials, None)?];
        let before = versions.rollout();
        if let (Some(ended), Some(trial)) = (
            &mut rollout.ended_canary,
            self.trial(open, &before, name).await?,
        ) {
            ended.trial = trial;
            moving.push(ended.canary.version);
            writes.extend(notices::of_canary(open, name, active, ended)?);
        }
        writes.push(self.sweeping(name, &moving)?);
        self.put_rollout(store, &versions, &rollout, writes).await?;
        self.sweep(store, name, &moving).await?;
        Ok(rollout)
    }

    /// What became of the canary's calls so far; none where there is no canary.
    pub async fn trial(
        &self,
        open: &Open,
        rollout: &Rollout,
        workflow: &str,
    ) -> Result<Option<Trial>, StoreError> {
        let Some(canary) = &rollout.canary else {
            return Ok(None);
        };
        let kept = get::<Trials>(&*open.store, workflow).await?;
        let of_it = kept.filter(|kept| kept.value.since == canary.since);
        Ok(Some(
            of_it.map_or_else(Trial::default, |kept| kept.value.trial),
        ))
    }

    /// Takes the canary back: its cases go on under the active version.
    pub async fn end_canary(
        &self,
        open: &Open,
        workflow: &str,
        by: String,
    ) -> Result<Rollout, RolloutError> {
        let because = "taken back by hand".to_owned();
        let whichever = |_: &Canary| true;
        self.take_back(open, workflow, whichever, (Some(by), because))
            .await
    }

    /// Takes the canary back where it is the one that is meant.
    async fn take_back(
        &self,
        open: &Open,
        workflow: &str,
        is_meant: impl Fn(&Canary) -> bool + Send,
        (by, because): (Option<String>, String),
    ) -> Result<Rollout, RolloutError> {
        let store = &*open.store;
        let now = self.now_of(store).await?;
        let versions = Versions::read(store, workflow).await?;
        let mut rollout = versions.rollout();
        let active = versions.active();
        let active = active.ok_or_else(|| RolloutError::NotActive(workflow.to_owned()))?;
        let trial = self.trial(open, &rollout, workflow).await?;
        let trial = trial.unwrap_or_default();
        let meant = rollout.canary.as_ref().filter(|canary| is_meant(canary));
        let Some(version) = meant.map(|canary| canary.version) else {
            return Err(RolloutError::NotTried {
                workflow: workflow.to_owned(),
                what: "canary",
            });
        };
        rollout.take_back(active, now, by, because, trial);
        let mut writes = vec![self.sweeping(workflow, &[version])?];
        if let Some(ended) = &rollout.ended_canary {
            writes.extend(notices::of_canary(open, workflow, active, ended)?);
        }
        self.put_rollout(store, &versions, &rollout, writes).await?;
        self.sweep(store, workflow, &[version]).await?;
        Ok(rollout)
    }

    /// Adds to what became of a canary's calls, and takes it back where that is too much.
    pub(super) async fn tried(
        &self,
        open: &Open,
        workflow: &str,
        more: Trial,
    ) -> Result<(), EngineError> {
        let canary = open.tenant.rollouts.get(workflow);
        let Some(canary) = canary.and_then(|rollout| rollout.canary.as_ref()) else {
            return Ok(());
        };
        let Some(trial) = add(&*open.store, workflow, canary, more).await? else {
            return Ok(());
        };
        let Some(because) = trial.exceeds(&canary.limits) else {
            return Ok(());
        };
        let version = canary.version;
        let mut tries = 0;
        let ended = loop {
            let is_this = |known: &Canary| known.since == canary.since;
            let because = (None, because.clone());
            match self.take_back(open, workflow, is_this, because).await {
                Err(RolloutError::Engine(EngineError::Store(StoreError::Changed { .. })))
                    if tries < TRIES =>
                {
                    tries += 1;
                }
                ended => break ended,
            }
        };
        match ended {
            Ok(_) => {
                let tenant = &open.row.name;
                tracing::warn!(
                    tenant,
                    workflow,
                    version,
                    because,
                    "a canary was taken back"
                );
                Ok(())
            }
            // Another node did, or somebody.
            Err(RolloutError::NotTried { .. }) => Ok(()),
            Err(RolloutError::Engine(error)) => Err(error),
            Err(error) => {
                tracing::error!(%error, workflow, "a canary could not be taken back");
                Ok(())
            }
        }
    }
}

/// Adds up over all nodes; none where another canary began meanwhile.
async fn add(
    store: &dyn TenantStore,
    workflow: &str,
    canary: &Canary,
    more: Trial,
) -> Result<Option<Trial>, StoreError> {
    let mut tries = 0;
    loop {
        let kept = get::<Trials>(store, workflow).await?;
        let Some(mut kept) = kept.filter(|kept| kept.value.since == canary.since) else {
            return Ok(None);
        };
        kept.value.trial.add(more);
        let seen = Seen::Version(kept.version);
        let write = RecordWrite::put(workflow, seen, &kept.value, None)?;
        match store.write_records(vec![write]).await {
            Err(StoreError::Changed { .. }) if tries < TRIES * 4 => tries += 1,
            done => return done.map(|()| Some(kept.value.trial)),
        }
    }
}

/// How versions would stand to one another, and the active one.
fn begun(
    versions: &Versions,
    canary: &CanaryWanted,
    now: Timestamp,
) -> Result<(Rollout, u32), RolloutError> {
    let CanaryWanted {
        wanted,
        percent,
        limits,
    } = canary;
    versions.check(wanted.version, &wanted.stages)?;
    let active = versions.active();
    let active = active.ok_or_else(|| RolloutError::NotActive(wanted.workflow.clone()))?;
    let mut faults = Vec::new();
    if active == wanted.version {
        let text = format!(
            "{}@{active} is what every case gets already",
            wanted.workflow
        );
        faults.push(("/version".to_owned(), text));
    }
    if wanted.running == Running::Restart {
        let text = "a canary's cases are kept or migrated, for they may have to go back";
        faults.push(("/running".to_owned(), text.to_owned()));
    }
    if !faults.is_empty() {
        return Err(RolloutError::Faults(faults));
    }
    let mut rollout = versions.rollout();
    let (by, because) = (Some(wanted.by.clone()), "another was begun".to_owned());
    rollout.take_back(active, now, by, because, Trial::default());
    let canary = Canary {
        version: wanted.version,
        percent: *percent,
        running: wanted.running,
        stages: StageMap::clone(&wanted.stages),
        limits: *limits,
        since: now,
        by: wanted.by.clone(),
    };
    rollout.begin(canary, active);
    Ok((rollout, active))
}
