//! Shadow: another version's stages are asked about live situations, once these are committed,
//! on a thread that gives way to everybody. What they answer is compared and counted; nothing
//! comes of it. Where more comes than that thread can do, the rest is passed over, and counted.

mod call;
mod thread;

use std::collections::BTreeMap;

use regua_domain::id::TenantId;
use regua_domain::rollout::{Rollout, Shadow};
use regua_domain::time::Timestamp;
use regua_storage::records::get;
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore};
use serde::{Deserialize, Serialize};

use super::{RolloutError, TRIES, Versions};
use crate::compare::{Difference, Kind};
use crate::{Engine, Open};

pub(super) use call::Call;
use call::{About, Compared};
pub(crate) use thread::Shadows;

/// Which shadow: of a tenant's workflow, since when.
type Which = (TenantId, String, Timestamp);

/// Examples kept of each kind of difference.
const EXAMPLES_MAX: usize = 10;

/// A decision that the other version would have taken otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Of which case.
    pub case: String,
    /// Which of its transitions.
    pub sequence: u64,
    /// At which stage.
    pub stage: String,
    /// In what they differ.
    #[serde(flatten)]
    pub difference: Difference,
}

/// What a shadow came to so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Decisions that were compared.
    pub compared: u64,
    /// Of these, equal in everything.
    pub equal: u64,
    /// Of these, different, by in what.
    #[serde(default)]
    pub different: BTreeMap<Kind, u64>,
    /// Decisions that were not compared, for there were too many at a time, or the host could
    /// not make the call.
    pub passed_over: u64,
    /// The first of each kind of difference.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// As it is kept: by the workflow's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Reports {
    /// Of the shadow that began then.
    since: Timestamp,
    report: Report,
}

impl Record for Reports {
    const KIND: &'static str = "shadow";
}

impl Report {
    fn note(&mut self, about: About, compared: Compared) {
        let difference = match compared {
            Compared::Not => {
                self.passed_over += 1;
                return;
            }
            Compared::Equal => {
                self.compared += 1;
                self.equal += 1;
                return;
            }
            Compared::Different(difference) => difference,
        };
        self.compared += 1;
        *self.different.entry(difference.kind).or_default() += 1;
        self.keep(Example {
            case: about.case,
            sequence: about.sequence,
            stage: about.stage,
            difference,
        });
    }

    fn keep(&mut self, example: Example) {
        let kind = example.difference.kind;
        let known = self.examples.iter();
        let count = known.filter(|known| known.difference.kind == kind).count();
        if count < EXAMPLES_MAX {
            self.examples.push(example);
        }
    }

    fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.equal += other.equal;
        self.passed_over += other.passed_over;
        for (kind, count) in other.different {
            *self.different.entry(kind).or_default() += count;
        }
        other
            .examples
            .into_iter()
            .for_each(|example| self.keep(example));
    }
}

/// Adds up over all nodes.
async fn add(
    store: &dyn TenantStore,
    workflow: &str,
    since: Timestamp,
    more: Report,
) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        let kept = get::<Reports>(store, workflow).await?;
        // Another shadow began meanwhile, or this one ended.
        let Some(mut kept) = kept.filter(|kept| kept.value.since == since) else {
            return Ok(());
        };
        kept.value.report.add(more.clone());
        let seen = Seen::Version(kept.version);
        let write = RecordWrite::put(workflow, seen, &kept.value, None)?;
        match store.write_records(vec![write]).await {
            Err(StoreError::Changed { .. }) if tries < TRIES * 4 => tries += 1,
            done => return done,
        }
    }
}

impl Engine {
    /// Begins to ask a version beside the active one; what was counted of another is gone.
    pub async fn begin_shadow(
        &self,
        open: &Open,
        workflow: &str,
        shadow: Shadow,
    ) -> Result<Rollout, RolloutError> {
        let store = &*open.store;
        let versions = Versions::read(store, workflow).await?;
        versions.check(shadow.version, &shadow.stages)?;
        if versions.active().is_none() {
            return Err(RolloutError::NotActive(workflow.to_owned()));
        }
        if versions.active() == Some(shadow.version) {
            let text = format!("{workflow}@{} is active already", shadow.version);
            return Err(RolloutError::Faults(vec![("/version".to_owned(), text)]));
        }
        let reports = Reports {
            since: shadow.since,
            report: Report::default(),
        };
        let mut rollout = versions.rollout();
        rollout.shadow = Some(shadow);
        let writes = vec![RecordWrite::put(workflow, Seen::Anything, &reports, None)?];
        self.put_rollout(store, &versions, &rollout, writes).await?;
        Ok(rollout)
    }

    /// Ends a shadow; its report stays until the next begins.
    pub async fn end_shadow(&self, open: &Open, workflow: &str) -> Result<Rollout, RolloutError> {
        let store = &*open.store;
        let versions = Versions::read(store, workflow).await?;
        let mut rollout = versions.rollout();
        if rollout.shadow.take().is_none() {
            return Err(RolloutError::NotTried {
                workflow: workflow.to_owned(),
                what: "shadow",
            });
        }
        self.put_rollout(store, &versions, &rollout, Vec::new())
            .await?;
        Ok(rollout)
    }

    /// What the last shadow of a workflow came to so far; none where there was none.
    pub async fn shadowed(
        &self,
        open: &Open,
        workflow: &str,
    ) -> Result<Option<Report>, StoreError> {
        let kept = get::<Reports>(&*open.store, workflow).await?;
        Ok(kept.map(|kept| kept.value.report))
    }
}
