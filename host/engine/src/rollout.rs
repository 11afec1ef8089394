//! Rollout: versions of a workflow take one another's place, at once, for a share, or with no
//! effect at all. What that means for a case is [`regua_domain::rollout`]; here it is counted
//! first, written, and the customers it is about are woken.

mod canary;
mod forecast;
mod shadow;
mod sweep;
mod versions;
mod watch;

use std::sync::Arc;

use regua_domain::rollout::{Activation, Rollout, Running, StageMap, inverse};
use regua_domain::time::Timestamp;
use regua_storage::{RecordWrite, StoreError, TenantStore};

use crate::{Engine, EngineError, Open};

pub use canary::CanaryWanted;
pub use forecast::{Due, Forecast, Place};
pub(crate) use shadow::Shadows;
pub use shadow::{Example, Report};
use versions::Versions;
pub(crate) use watch::Observed;

/// Dry runs at once, in all and of one tenant: each has stages asked for a while.
pub(crate) const FORECASTS: (u32, u32) = (4, 1);

/// How often a change that lost against another is tried again.
const TRIES: u32 = 4;

/// Which version is to take the others' place, and how.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The workflow.
    pub workflow: String,
    /// Its version.
    pub version: u32,
    /// What becomes of running cases.
    pub running: Running,
    /// Stages that are called otherwise in it.
    pub stages: StageMap,
    /// By whose key.
    pub by: String,
}

/// What was done.
#[derive(Debug)]
pub struct Activated {
    /// How the versions stand to one another now.
    pub rollout: Rollout,
    /// What was counted before.
    pub forecast: Forecast,
}

/// Why versions were left as they were.
#[derive(Debug, thiserror::Error)]
pub enum RolloutError {
    /// There is no such workflow.
    #[error("workflow `{0}` is not published")]
    NoWorkflow(String),
    /// There is no such version.
    #[error("{workflow}@{version} is not published")]
    NoVersion {
        /// The workflow.
        workflow: String,
        /// The version.
        version: u32,
    },
    /// What is wanted has faults: where in it, and what.
    #[error("{} faults", .0.len())]
    Faults(Vec<(String, String)>),
    /// Cases would be left behind.
    #[error("{} cases have no place in {workflow}@{version}: {places}; map their stages, or force it: then they stay with the version that they have",
        .forecast.strands(), places = .forecast.stranded())]
    Stranded {
        /// The workflow.
        workflow: String,
        /// The version.
        version: u32,
        /// What was counted.
        forecast: Box<Forecast>,
    },
    /// A stage of it would not be asked, and each case that comes to it fail.
    #[error(
        "{workflow}@{version} has a stage of {plugin}, which is revoked ({because}): its cases would fail; force it, if that is meant"
    )]
    Revoked {
        /// The workflow.
        workflow: String,
        /// The version.
        version: u32,
        /// `name@version`.
        plugin: String,
        /// Why it is revoked.
        because: String,
    },
    /// It was never otherwise.
    #[error("no other version of `{0}` was active before")]
    NothingBefore(String),
    /// There is nothing to try it beside.
    #[error("no version of `{0}` is active")]
    NotActive(String),
    /// There is no canary, or no shadow.
    #[error("`{workflow}` has no {what}")]
    NotTried {
        /// The workflow.
        workflow: String,
        /// `canary` or `shadow`.
        what: &'static str,
    },
    /// Stages are being asked already.
    #[error("another dry run is under way: wait for it")]
    Busy,
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for RolloutError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

impl Engine {
    /// What an activation would do, with what its effects at once would be.
    pub async fn forecast(
        &self,
        open: &Arc<Open>,
        now: Timestamp,
        wanted: &Wanted,
    ) -> Result<Forecast, RolloutError> {
        let versions = Versions::read(&*open.store, &wanted.workflow).await?;
        let rollout = planned(&versions, wanted, now)?;
        let after = forecast::after(open, wanted, rollout);
        self.count(open, after, &wanted.workflow, Some(now)).await
    }

    /// Makes a version the one that new cases get, and says what becomes of those that run.
    /// While cases would be left behind, it is refused, unless forced.
    pub async fn activate(
        &self,
        open: &Arc<Open>,
        now: Timestamp,
        wanted: &Wanted,
        force: bool,
    ) -> Result<Activated, RolloutError> {
        let name = &wanted.workflow;
        let mut tries = 0;
        loop {
            let versions = Versions::read(&*open.store, name).await?;
            let mut rollout = planned(&versions, wanted, now)?;
            if let Some(revoked) = versions.revoked(open, wanted.version).filter(|_| !force) {
                return Err(revoked);
            }
            let after = forecast::after(open, wanted, rollout.clone());
            let forecast = self.count(open, after, name, None).await?;
            if forecast.strands() > 0 && !force {
                return Err(RolloutError::Stranded {
                    workflow: name.clone(),
                    version: wanted.version,
                    forecast: Box::new(forecast),
                });
            }
            if let Some(activation) = rollout.activations.first_mut() {
                activation.stranded = forecast.strands();
            }
            let others: Vec<_> = versions
                .numbers()
                .filter(|v| *v != wanted.version)
                .collect();
            let writes = vec![
                RecordWrite::put(name, versions.seen(), &rollout, None)?,
                self.sweeping(name, &others)?,
            ];
            match open.store.activate(name, wanted.version, writes).await {
                Err(StoreError::Changed { .. }) if tries < TRIES => tries += 1,
                done => {
                    done?;
                    self.sweep(&*open.store, name, &others).await?;
                    return Ok(Activated { rollout, forecast });
                }
            }
        }
    }

    /// What takes a workflow back to the version that was active before: to be forecast, and
    /// to be activated.
    pub async fn way_back(
        &self,
        open: &Open,
        workflow: &str,
        running: Running,
        by: String,
    ) -> Result<Wanted, RolloutError> {
        let versions = Versions::read(&*open.store, workflow).await?;
        let rollout = versions.rollout();
        let Some((last, former)) = rollout.last() else {
            return Err(RolloutError::NothingBefore(workflow.to_owned()));
        };
        Ok(Wanted {
            workflow: workflow.to_owned(),
            version: former,
            running,
            stages: inverse(&last.stages),
            by,
        })
    }

    /// How the versions of a workflow stand to one another.
    pub async fn rollout(&self, open: &Open, workflow: &str) -> Result<Rollout, RolloutError> {
        Ok(Versions::read(&*open.store, workflow).await?.rollout())
    }

    /// Writes how versions stand to one another, as it was seen.
    async fn put_rollout(
        &self,
        store: &dyn TenantStore,
        versions: &Versions,
        rollout: &Rollout,
        mut writes: Vec<RecordWrite>,
    ) -> Result<(), StoreError> {
        let name = &versions.rows[0].name;
        writes.push(RecordWrite::put(name, versions.seen(), rollout, None)?);
        store.write_settings(writes).await
    }
}

/// How versions would stand to one another.
fn planned(versions: &Versions, wanted: &Wanted, now: Timestamp) -> Result<Rollout, RolloutError> {
    versions.check(wanted.version, &wanted.stages)?;
    let former = versions.active();
    let mut rollout = versions.rollout();
    // Of the version that is active already, what was before stays what was before.
    let former = match rollout.activations.first() {
        Some(last) if former == Some(wanted.version) => last.former,
        _ => former.filter(|former| *former != wanted.version),
    };
    let activation = Activation {
        version: wanted.version,
        former,
        at: now,
        by: wanted.by.clone(),
        running: wanted.running,
        stages: wanted.stages.clone(),
        stranded: 0,
    };
    rollout.activate(activation, versions.numbers());
    Ok(rollout)
}
