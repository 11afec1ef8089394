//! One decision of the active version, and what the other version says to the same situation.

use std::sync::Arc;

use regua_domain::contract::{Answer, FailureKind, Situation};
use regua_domain::rollout::Shadow;
use regua_domain::timeline::DecisionRecord;
use regua_runtime::Stage;

use super::Which;
use crate::Open;
use crate::compare::{Difference, Kind, difference};

/// A call of the active version, to be compared.
pub(in crate::rollout) struct Call {
    pub(super) which: Which,
    other: Other,
    situation: Situation,
    answer: Answer,
    pub(super) about: About,
}

/// What the other version has at a stage.
enum Other {
    /// No such stage.
    Nothing,
    /// A component that is not to be asked any more.
    Revoked,
    /// A component, and its config.
    Stage(Arc<Stage>, Arc<str>),
}

/// Which decision.
pub(super) struct About {
    pub case: String,
    pub sequence: u64,
    pub stage: String,
}

/// What a comparison came to.
pub(super) enum Compared {
    Equal,
    Different(Difference),
    /// The host could not make the call.
    Not,
}

impl Call {
    /// The call of the other version that a decision is compared with.
    pub(in crate::rollout) fn of(
        open: &Open,
        workflow: &str,
        shadow: &Shadow,
        record: &DecisionRecord,
    ) -> Option<Self> {
        let mut versions = open.tenant.workflows.values();
        let other = versions.find(|known| {
            known.reference.name == workflow && known.reference.version == shadow.version
        })?;
        let called = shadow.stages.get(&record.stage).unwrap_or(&record.stage);
        let mut situation = record.situation.clone();
        let stage = other.stage(called);
        let component = stage.and_then(|stage| open.stages.get(&stage.plugin.digest));
        let other = match stage.zip(component) {
            None => Other::Nothing,
            Some((stage, _)) if open.tenant.revoked(stage).is_some() => Other::Revoked,
            Some((stage, component)) => {
                if !remembers(open, record, stage) {
                    situation.stage.memory.clear();
                }
                Other::Stage(Arc::clone(component), Arc::clone(&stage.config))
            }
        };
        Some(Self {
            which: (open.row.id, workflow.to_owned(), shadow.since),
            other,
            situation,
            answer: record.call.answer.clone(),
            about: About {
                case: record.case.to_string(),
                sequence: record.sequence,
                stage: record.stage.clone(),
            },
        })
    }

    /// Asks the other version.
    pub(super) fn compare(&self) -> Compared {
        let answer = match &self.other {
            Other::Nothing => {
                return Compared::Different(Difference {
                    kind: Kind::Stage,
                    active: self.about.stage.clone(),
                    other: String::new(),
                });
            }
            Other::Revoked => Answer::Failure {
                kind: FailureKind::Revoked,
                detail: String::new(),
            },
            Other::Stage(component, config) => component.decide(&self.situation, config).answer,
        };
        if matches!(answer, Answer::HostFault { .. } | Answer::Inconclusive) {
            return Compared::Not;
        }
        difference(&self.answer, &answer).map_or(Compared::Equal, Compared::Different)
    }
}

/// Whether what the active version's plugin left is what the other's would have left.
fn remembers(open: &Open, record: &DecisionRecord, other: &regua_domain::workflow::Stage) -> bool {
    let Some(active) = open.stages.get(&record.digest) else {
        return false;
    };
    let (a, b) = (active.manifest(), &other.plugin.manifest);
    a.name == b.name && a.memory_version == b.memory_version
}
