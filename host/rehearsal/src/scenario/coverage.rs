//! Which parts of workflows scenarios went through.

use std::collections::{BTreeMap, BTreeSet};

use regua_domain::case::WorkflowRef;
use regua_domain::dossier::Dossier;
use regua_domain::timeline::{Happening, TimelineEntry};
use regua_domain::workflow::Workflow;

/// Stages that were entered, and by which outcomes each was left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    stages: BTreeMap<WorkflowRef, BTreeMap<String, BTreeSet<String>>>,
    failed: BTreeMap<WorkflowRef, BTreeSet<String>>,
}

/// How much of a workflow was gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The workflow.
    pub workflow: WorkflowRef,
    /// Stages that were entered, of how many.
    pub stages: (usize, usize),
    /// Ways out of stages that were taken, of how many: each outcome, and what is done about a
    /// failure.
    pub ways: (usize, usize),
    /// What was not: `stage`, or `stage: outcome`.
    pub missing: Vec<String>,
}

/// How a stage's failure is told among its outcomes.
const FAILURE: &str = "on_failure";

impl Coverage {
    /// Notes what a customer's timeline went through.
    pub fn note(&mut self, dossier: &Dossier, timeline: &[TimelineEntry]) {
        let mut pinned: BTreeMap<_, WorkflowRef> = BTreeMap::new();
        for entry in timeline {
            let Some(case) = entry.case else { continue };
            match &entry.what {
                Happening::CaseOpened { workflow, .. } => {
                    pinned.insert(case, workflow.clone());
                }
                Happening::Transferred { to, .. } => {
                    pinned.insert(case, to.clone());
                }
                _ => {}
            }
            let workflow = pinned.get(&case).cloned();
            let workflow = workflow.or_else(|| Some(dossier.case(case)?.workflow.clone()));
            if let Some(workflow) = workflow {
                self.passed(workflow, &entry.what);
            }
        }
    }

    fn passed(&mut self, workflow: WorkflowRef, what: &Happening) {
        match what {
            Happening::StageEntered { stage, .. } => {
                let stages = self.stages.entry(workflow).or_default();
                stages.entry(stage.clone()).or_default();
            }
            Happening::StageLeft { stage, outcome } => {
                let stages = self.stages.entry(workflow).or_default();
                stages
                    .entry(stage.clone())
                    .or_default()
                    .insert(outcome.clone());
            }
            Happening::StageFailed { stage, .. } | Happening::StageRefused { stage, .. } => {
                self.failed
                    .entry(workflow)
                    .or_default()
                    .insert(stage.clone());
            }
            _ => {}
        }
    }

    /// Adds what others went through.
    pub fn add(&mut self, other: Self) {
        for (workflow, stages) in other.stages {
            let known = self.stages.entry(workflow).or_default();
            for (stage, outcomes) in stages {
                known.entry(stage).or_default().extend(outcomes);
            }
        }
        for (workflow, stages) in other.failed {
            self.failed.entry(workflow).or_default().extend(stages);
        }
    }

    /// How much of a workflow was gone through.
    pub fn of(&self, workflow: &Workflow) -> Covered {
        let none = BTreeMap::new();
        let entered = self.stages.get(&workflow.reference).unwrap_or(&none);
        let failed = self.failed.get(&workflow.reference);
        let (mut missing, mut stages, mut ways, mut ways_of) = (Vec::new(), 0, 0, 0);
        for stage in &workflow.stages {
            let left = entered.get(&stage.id);
            stages += usize::from(left.is_some());
            if left.is_none() {
                missing.push(stage.id.clone());
            }
            let mut way = |name: &str, taken: bool| {
                ways_of += 1;
                ways += usize::from(taken);
                if !taken && left.is_some() {
                    missing.push(format!("{}: {name}", stage.id));
                }
            };
            for outcome in stage.on.keys() {
                way(outcome, left.is_some_and(|left| left.contains(outcome)));
            }
            way(
                FAILURE,
                failed.is_some_and(|failed| failed.contains(&stage.id)),
            );
        }
        Covered {
            workflow: workflow.reference.clone(),
            stages: (stages, workflow.stages.len()),
            ways: (ways, ways_of),
            missing,
        }
    }
}
