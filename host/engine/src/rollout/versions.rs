//! The versions of one workflow, as the store has them.

use regua_domain::rollout::{Rollout, StageMap};
use regua_storage::records::get;
use regua_storage::{Kept, Seen, TenantStore, WorkflowRow};

use super::RolloutError;
use crate::Open;

/// The versions of one workflow.
pub(super) struct Versions {
    pub rows: Vec<WorkflowRow>,
    kept: Option<Kept<Rollout>>,
}

impl Versions {
    /// Reads them. How they stand to one another is read first, and its version held when it is
    /// written: every activation writes it too, so that whatever is activated between the two
    /// reads, or after them, makes that write lose.
    pub(super) async fn read(
        store: &dyn TenantStore,
        workflow: &str,
    ) -> Result<Self, RolloutError> {
        let kept = get::<Rollout>(store, workflow).await?;
        let mut rows = store.workflows().await?;
        rows.retain(|row| row.name == workflow);
        if rows.is_empty() {
            return Err(RolloutError::NoWorkflow(workflow.to_owned()));
        }
        Ok(Self { rows, kept })
    }

    pub(super) fn active(&self) -> Option<u32> {
        self.rows
            .iter()
            .find(|row| row.active)
            .map(|row| row.version)
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.rows.iter().map(|row| row.version)
    }

    pub(super) fn rollout(&self) -> Rollout {
        let kept = self.kept.as_ref();
        kept.map_or_else(Rollout::default, |kept| kept.value.clone())
    }

    pub(super) fn seen(&self) -> Seen {
        let kept = self.kept.as_ref();
        kept.map_or(Seen::Nothing, |kept| Seen::Version(kept.version))
    }

    /// That a version has a stage that is not to be asked any more, if it has.
    pub(super) fn revoked(&self, open: &Open, version: u32) -> Option<RolloutError> {
        let row = self.rows.iter().find(|row| row.version == version)?;
        let mut plugins = row.plugins.iter();
        plugins.find_map(|(plugin, digest)| {
            let because = open.tenant.revoked.get(digest)?;
            Some(RolloutError::Revoked {
                workflow: row.name.clone(),
                version,
                plugin: plugin.clone(),
                because: because.clone(),
            })
        })
    }

    /// That a version is published, and that a map is of stages that there are.
    pub(super) fn check(&self, version: u32, stages: &StageMap) -> Result<(), RolloutError> {
        let Some(target) = self.rows.iter().find(|row| row.version == version) else {
            let workflow = self.rows[0].name.clone();
            return Err(RolloutError::NoVersion { workflow, version });
        };
        let has = |row: &WorkflowRow, id: &str| stage_ids(row).any(|known| known == id);
        let mut faults = Vec::new();
        for (from, to) in stages {
            let pointer = format!("/stages/{}", from.replace('~', "~0").replace('/', "~1"));
            let mut others = self.rows.iter().filter(|row| row.version != version);
            if !others.any(|row| has(row, from)) {
                let text = format!("no other version has a stage `{from}`");
                faults.push((pointer.clone(), text));
            }
            if !has(target, to) {
                let text = format!("{}@{version} has no stage `{to}`", target.name);
                faults.push((pointer, text));
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(RolloutError::Faults(faults))
        }
    }
}

fn stage_ids(row: &WorkflowRow) -> impl Iterator<Item = &str> {
    let stages = row
        .document
        .get("stages")
        .and_then(|stages| stages.as_array());
    let stages = stages.into_iter().flatten();
    stages.filter_map(|stage| stage.get("id")?.as_str())
}
