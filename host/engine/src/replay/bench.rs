//! Recorded decisions, taken again one by one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use regua_domain::contract::{Answer, FailureKind};
use regua_domain::timeline::DecisionRecord;
use regua_runtime::{SLICE, Stage};
use regua_storage::Recorded;

use super::Replayed;
use crate::compare::{Difference, exact};
use crate::places::Place;

/// What a decision came to when it was taken again.
pub(super) enum Again {
    /// How it differs; none: it is equal.
    Compared(Option<Difference>),
    /// It was not taken again.
    Not(&'static str),
}

/// What decisions are taken again with.
pub(super) struct Bench {
    pub engine: String,
    /// By digest; none, of a component that this host does not load any more.
    pub stages: HashMap<String, Option<Arc<Stage>>>,
    /// By digest, as stages were given them.
    pub configs: HashMap<String, Arc<str>>,
}

impl Bench {
    fn again(&self, record: &DecisionRecord) -> Again {
        match &record.call.answer {
            // The call was not made.
            Answer::Failure {
                kind: FailureKind::Revoked,
                ..
            } => return Again::Not("revoked"),
            // There is no answer to hold another against.
            Answer::Failure {
                kind: FailureKind::Deadline,
                ..
            }
            | Answer::Inconclusive => return Again::Not("deadline"),
            Answer::HostFault { .. } => return Again::Not("host-fault"),
            Answer::Decision(_) | Answer::Refusal(_) | Answer::Failure { .. } => {}
        }
        let Some(config) = self.configs.get(&record.config_digest) else {
            return Again::Not("config-gone");
        };
        let Some(Some(stage)) = self.stages.get(&record.digest) else {
            return Again::Not("component-gone");
        };
        let call = stage.decide(&record.situation, config);
        match call.answer {
            Answer::HostFault { .. } => return Again::Not("host-fault"),
            Answer::Inconclusive => return Again::Not("deadline"),
            Answer::Decision(_) | Answer::Refusal(_) | Answer::Failure { .. } => {}
        }
        // What an answer costs is the engine's.
        let same_engine = record.engine == self.engine;
        Again::Compared(exact(&record.call, &call, same_engine))
    }
}

/// A share of a page on a stage thread.
pub(super) struct Share {
    pub bench: Arc<Bench>,
    /// Kept until the last share has come to its end, also where nobody waits any more. Whoever does
    /// wait may begin the next replay at once.
    pub place: Option<Arc<Place>>,
    pub left: std::vec::IntoIter<Recorded>,
    pub replayed: Replayed,
}

impl Share {
    pub(super) fn slice(&mut self) -> Option<Replayed> {
        let began = Instant::now();
        for recorded in self.left.by_ref() {
            let again = self.bench.again(&recorded.record);
            self.replayed.note(&recorded, &self.bench.engine, again);
            if began.elapsed() >= SLICE {
                return None;
            }
        }
        self.place = None;
        Some(std::mem::take(&mut self.replayed))
    }
}
