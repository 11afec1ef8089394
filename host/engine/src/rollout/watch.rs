//! What is seen of the calls of a commit, once it is done: of workflows that are on trial, and of
//! decisions that are samples.

use std::collections::BTreeMap;
use std::sync::Arc;

use regua_domain::case::WorkflowRef;
use regua_domain::contract::Answer;
use regua_domain::rollout::Trial;
use regua_domain::timeline::DecisionRecord;
use regua_storage::Commit;

use super::shadow::Call;
use crate::open::chain;
use crate::samples::{Sample, Samples};
use crate::{Engine, Open};

/// What is seen of one commit.
#[derive(Default)]
pub(crate) struct Observed {
    trials: BTreeMap<String, Trial>,
    calls: Vec<Call>,
    samples: Vec<Sample>,
}

impl Observed {
    /// Looks at a commit.
    pub(crate) fn of(open: &Open, samples: &Samples, commit: &Commit) -> Self {
        let is_tried = |rollout: &regua_domain::rollout::Rollout| {
            rollout.canary.is_some() || rollout.shadow.is_some()
        };
        let decisions = &commit.changes.journal.decisions;
        let mut observed = Self {
            samples: decisions
                .iter()
                .filter_map(|it| samples.of(open, it))
                .collect(),
            ..Self::default()
        };
        if !open.tenant.rollouts.values().any(is_tried) {
            return observed;
        }
        for record in decisions {
            let cases = &commit.changes.cases;
            if let Some(case) = cases.iter().find(|case| case.id == record.case) {
                observed.look(open, &case.workflow, record);
            }
        }
        observed
    }

    fn look(&mut self, open: &Open, workflow: &WorkflowRef, record: &DecisionRecord) {
        let Some(rollout) = open.tenant.rollouts.get(&workflow.name) else {
            return;
        };
        let canary = rollout.canary.as_ref();
        if canary.is_some_and(|canary| canary.version == workflow.version) {
            let trial = self.trials.entry(workflow.name.clone()).or_default();
            trial.calls += 1;
            match &record.call.answer {
                Answer::Refusal(_) => trial.refusals += 1,
                Answer::Failure { .. } => trial.failures += 1,
                Answer::Decision(_) | Answer::Inconclusive | Answer::HostFault { .. } => {}
            }
        }
        // What is asked again is about verdicts on what the active version proposed, or for a
        // deadline that passed: then it is compared once there is an answer.
        if let Some(shadow) = &rollout.shadow
            && record.attempt == 0
            && record.call.answer != Answer::Inconclusive
            && open.tenant.active.get(&workflow.name) == Some(&workflow.version)
        {
            self.calls
                .extend(Call::of(open, &workflow.name, shadow, record));
        }
    }
}

impl Engine {
    /// Takes note of what was seen of commits that are done.
    pub(crate) async fn observe(&self, open: &Arc<Open>, observed: impl Iterator<Item = Observed>) {
        let mut trials: BTreeMap<String, Trial> = BTreeMap::new();
        for observed in observed {
            for (workflow, trial) in observed.trials {
                trials.entry(workflow).or_default().add(trial);
            }
            self.shadows.take(&self.behind, &self.store, observed.calls);
            self.take_again(open, observed.samples);
        }
        for (workflow, trial) in trials {
            // What the cases did is done: that it was not counted is the operator's to know.
            if let Err(error) = self.tried(open, &workflow, trial).await {
                let error = chain(&error);
                tracing::error!(error, workflow, "the calls of a canary were not counted");
            }
        }
    }
}
