//! The timeline: everything that happened to a customer, append-only, told so that a
//! person can follow it. And the record of every call, so that it can be replayed.

use serde::{Deserialize, Serialize};

use crate::case::{End, WorkflowRef};
use crate::contract::{
    ActionKind, Call, CoverKind, EffectState, Event, FailureKind, Reason, Situation, Verdict,
};
use crate::effect::EffectKey;
use crate::id::{CaseId, TaskId};
use crate::money::Currency;
use crate::rollout::Running;
use crate::time::{Date, Timestamp};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// Counts the customer's entries from 0.
    pub number: u64,
    /// The case, where it belongs to one.
    pub case: Option<CaseId>,
    /// The transition that wrote it; 0 where a fact was taken in.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    tag = "what"
)]
#[allow(missing_docs)]
pub enum Happening {
    /// A fact was taken in.
    Fact {
        event: Event,
        /// The reference of the item it is about, if any: what is settled is no longer among
        /// the items at hand when this is read.
        about: Option<String>,
        /// Of its amount.
        currency: Option<Currency>,
        /// The reference of the payment it is about, if any: the tenant's own word, which no
        /// stage is told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payment: Option<String>,
    },
    /// A fact that could not be carried out as told.
    FactIgnored {
        event: Event,
        because: String,
    },
    CaseOpened {
        workflow: WorkflowRef,
        stage: String,
        days_overdue: i32,
    },
    CaseReopened {
        stage: String,
    },
    /// Another version of its workflow succeeded the one that it was pinned to.
    Transferred {
        from: WorkflowRef,
        to: WorkflowRef,
        /// The stage that it was at.
        left: String,
        /// The stage that it is at.
        stage: String,
        how: Running,
    },
    /// The next stage and the planned instant of its call.
    StageNext {
        stage: String,
        planned: Timestamp,
    },
    StageEntered {
        stage: String,
        visit: u32,
    },
    StagePassedOver {
        stage: String,
        because: String,
    },
    StageLeft {
        stage: String,
        outcome: String,
    },
    /// The oldest item was paid: back to an earlier stage.
    Rewound {
        from: String,
        to: String,
        anchor: Option<Date>,
    },
    /// A stage's decision, and the guard's word on each of its proposals.
    Decided {
        stage: String,
        plugin: String,
        fuel: u64,
        next: String,
        reasons: Vec<Reason>,
        rulings: Vec<Ruled>,
    },
    StageRefused {
        stage: String,
        plugin: String,
        because: String,
    },
    StageFailed {
        stage: String,
        plugin: String,
        kind: FailureKind,
        detail: String,
    },
    StageInconclusive {
        stage: String,
        plugin: String,
        attempt: u8,
    },
    /// A draft that a person approved, and the guard's word on it.
    DraftRuled {
        title: String,
        ruling: Ruled,
    },
    /// Something was done, or is on its way.
    Effected {
        key: EffectKey,
        proposal: String,
        kind: ActionKind,
        summary: String,
    },
    EffectChanged {
        key: EffectKey,
        kind: ActionKind,
        state: EffectState,
        code: String,
    },
    TaskOpened {
        title: String,
        team: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    /// A person took a task on: an API key's id.
    TaskClaimed {
        title: String,
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    /// It was given back.
    TaskReleased {
        title: String,
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    TaskCompleted {
        title: String,
        outcome: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    CoverBegan {
        kind: CoverKind,
        source: String,
        amount: Option<i64>,
        until: Option<Date>,
    },
    CoverEnded {
        kind: CoverKind,
        source: String,
        how: String,
    },
    Note {
        text: String,
    },
    /// A limit of the host's was met.
    LimitMet {
        limit: String,
    },
    CaseEnded {
        end: End,
    },
}

/// The guard's word on one proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Ruled {
    pub kind: ActionKind,
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Happening {
    /// Its kebab-case name, as in the JSON form.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fact { .. } => "fact",
            Self::FactIgnored { .. } => "fact-ignored",
            Self::CaseOpened { .. } => "case-opened",
            Self::CaseReopened { .. } => "case-reopened",
            Self::Transferred { .. } => "transferred",
            Self::StageNext { .. } => "stage-next",
            Self::StageEntered { .. } => "stage-entered",
            Self::StagePassedOver { .. } => "stage-passed-over",
            Self::StageLeft { .. } => "stage-left",
            Self::Rewound { .. } => "rewound",
            Self::Decided { .. } => "decided",
            Self::StageRefused { .. } => "stage-refused",
            Self::StageFailed { .. } => "stage-failed",
            Self::StageInconclusive { .. } => "stage-inconclusive",
            Self::DraftRuled { .. } => "draft-ruled",
            Self::Effected { .. } => "effected",
            Self::EffectChanged { .. } => "effect-changed",
            Self::TaskOpened { .. } => "task-opened",
            Self::TaskClaimed { .. } => "task-claimed",
            Self::TaskReleased { .. } => "task-released",
            Self::TaskCompleted { .. } => "task-completed",
            Self::CoverBegan { .. } => "cover-began",
            Self::CoverEnded { .. } => "cover-ended",
            Self::Note { .. } => "note",
            Self::LimitMet { .. } => "limit-met",
            Self::CaseEnded { .. } => "case-ended",
        }
    }
}

/// One call of a stage, kept for replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// The case.
    pub case: CaseId,
    /// The transition.
    pub sequence: u64,
    /// 0, or 1 where the stage was asked again with `answered`.
    pub attempt: u8,
    /// When.
    pub at: Timestamp,
    /// The stage.
    pub stage: String,
    /// `name@version` of the plugin.
    pub plugin: String,
    /// SHA-256 of the component, hex.
    pub digest: String,
    /// SHA-256 of the canonical config, hex.
    pub config_digest: String,
    /// The engine that ran it: version and compilation settings.
    pub engine: String,
    /// What it was told.
    pub situation: Situation,
    /// What it answered and used.
    pub call: Call,
}
