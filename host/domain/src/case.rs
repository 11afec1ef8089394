//! Cases: what one customer owes in one currency, followed to an end.

use serde::{Deserialize, Serialize};

use crate::effect::EffectKey;
use crate::id::CaseId;
use crate::money::Currency;
use crate::time::{Date, Timestamp};

/// A version of a workflow. Immutable once published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WorkflowRef {
    /// The document's name.
    pub name: String,
    /// Counts its versions from 1.
    pub version: u32,
}

impl std::fmt::Display for WorkflowRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Nothing past due is left beyond the tolerance.
    Resolved,
    /// An agency returned it.
    Returned,
    /// Given up.
    WrittenOff,
    /// Closed by the workflow or by hand.
    Closed,
}

impl End {
    /// Its kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Returned => "returned",
            Self::WrittenOff => "written-off",
            Self::Closed => "closed",
        }
    }
}

/// A dunning case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// In which currency.
    pub currency: Currency,
    /// The workflow version it is pinned to.
    pub workflow: WorkflowRef,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Counts its transitions: the next one's number.
    pub sequence: u64,
    /// The one that its place on the ladder goes by; what moves later is seen against it.
    pub anchor: Option<Date>,
    /// Where it stands, in which state.
    pub state: CaseState,
    /// How often each stage was entered, in the order of their first visits.
    pub visits: Vec<(String, u32)>,
    /// When the last stage was left: what `after_previous` counts from.
    pub left_previous: Option<Timestamp>,
    /// Transitions on the current local day.
    pub pace: Pace,
}

/// How many transitions a local day has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// The local day.
    pub day: Date,
    /// Transitions on it.
    pub count: u16,
}

/// A case's state carries what it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// A stage is next; its earliest instant has not come.
    Waiting(Waiting),
    /// In a stage.
    Visiting(Visit),
    /// It came to an end.
    Ended {
        /// Which.
        end: End,
        /// When.
        at: Timestamp,
        /// The stage it was at: a reopened case goes on there.
        stage: String,
    },
}

/// Before a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which stage.
    pub stage: String,
    /// Since when.
    pub since: Timestamp,
    /// The planned instant of the call.
    pub planned: Timestamp,
}

/// In a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Which stage.
    pub stage: String,
    /// Since when.
    pub entered: Timestamp,
    /// Answered calls of this visit.
    pub calls: u32,
    /// What the stage left, and under which version of its shape.
    pub memory: Vec<u8>,
    /// The plugin's `memory-version` when it did.
    pub memory_version: u32,
    /// When it is asked again without a fact.
    pub planned: Timestamp,
    /// Where a debtor's own word led in early: before this nothing is demanded.
    pub not_before: Timestamp,
    /// Left once these effects are handed over.
    pub armed: Option<Armed>,
    /// The call to be made again, where the deadline of the last one passed.
    pub retry: Option<Retry>,
}

impl Visit {
    /// When it is asked next, if nothing happens before.
    pub fn next_call(&self) -> Timestamp {
        self.retry.as_ref().map_or(self.planned, |retry| retry.at)
    }
}

/// A call whose deadline passed, to be made again as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Counts the calls in a row whose deadline passed, from 1.
    pub attempt: u8,
    /// When.
    pub at: Timestamp,
    /// The number of the fact it was asked about.
    pub about: Option<u64>,
}

/// An armed `leave`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Armed {
    /// By which outcome.
    pub outcome: String,
    /// External effects not yet handed over.
    pub awaits: Vec<EffectKey>,
}

impl Case {
    /// Whether it is still followed.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, CaseState::Ended { .. })
    }

    /// The stage it is at, before or was last at.
    pub fn stage(&self) -> &str {
        match &self.state {
            CaseState::Waiting(waiting) => &waiting.stage,
            CaseState::Visiting(visit) => &visit.stage,
            CaseState::Ended { stage, .. } => stage,
        }
    }

    /// How often a stage was entered.
    pub fn visits_of(&self, stage: &str) -> u32 {
        self.visits
            .iter()
            .find(|(id, _)| id == stage)
            .map_or(0, |(_, count)| *count)
    }
}
