//! What a stage answers.

use serde::{Deserialize, Serialize};

use super::Channel;
use crate::time::{Date, Timestamp};

/// Why a debtor is written to. Guards differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Purpose {
    Reminder,
    Demand,
    LegalNotice,
    Offer,
    Confirmation,
}

impl Purpose {
    /// The contract's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::Demand => "demand",
            Self::LegalNotice => "legal-notice",
            Self::Offer => "offer",
            Self::Confirmation => "confirmation",
        }
    }
}

/// A published template, or plain text of the stage's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Content {
    Template(String),
    Inline { subject: String, body: String },
}

/// What to write to a debtor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Message {
    pub purpose: Purpose,
    pub channel: Channel,
    pub content: Content,
    pub variables: Vec<(String, String)>,
}

/// One instalment of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Instalment {
    pub due_on: Date,
    pub amount: i64,
}

/// One way to pay in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Plan {
    pub instalments: Vec<Instalment>,
    pub waive_fees: bool,
}

/// What a service change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ServiceChange {
    Restrict,
    Suspend,
    Restore,
    Terminate,
}

impl ServiceChange {
    /// Whether the customer has less of the service after it.
    pub const fn takes_away(self) -> bool {
        match self {
            Self::Restrict | Self::Suspend | Self::Terminate => true,
            Self::Restore => false,
        }
    }
}

/// One thing a stage wants done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[allow(missing_docs)]
pub enum Action {
    SendMessage(Message),
    Charge {
        amount: Option<i64>,
        method: Option<String>,
        on: Option<Date>,
    },
    AddFee {
        kind: String,
        item: String,
        occurrence: String,
        amount: i64,
    },
    AddInterest {
        terms: String,
        item: String,
        until: Date,
    },
    OfferDiscount {
        items: Vec<String>,
        basis_points: u32,
        valid_until: Date,
    },
    OfferPlan {
        items: Vec<String>,
        plans: Vec<Plan>,
        valid_until: Date,
    },
    OpenTask {
        title: String,
        details: String,
        due_on: Date,
        team: String,
        priority: u8,
        draft: Option<Message>,
    },
    NotifyTeam {
        team: String,
        text: String,
    },
    ChangeService {
        contract: String,
        change: ServiceChange,
    },
    PlaceWithAgency {
        agency: String,
        items: Vec<String>,
        commission_bps: u32,
        term_days: u16,
    },
    RecallPlacement {
        placement: String,
        items: Vec<String>,
        reason: String,
    },
    Hold {
        reason: String,
        until: Date,
    },
    WriteOff {
        items: Vec<String>,
        reason: String,
    },
    AddNote(String),
    Custom {
        name: String,
        json: String,
    },
}

/// The kinds of [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ActionKind {
    SendMessage,
    Charge,
    AddFee,
    AddInterest,
    OfferDiscount,
    OfferPlan,
    OpenTask,
    NotifyTeam,
    ChangeService,
    PlaceWithAgency,
    RecallPlacement,
    Hold,
    WriteOff,
    AddNote,
    Custom,
}

impl ActionKind {
    /// All of them, in the contract's order.
    pub const ALL: [Self; 15] = [
        Self::SendMessage,
        Self::Charge,
        Self::AddFee,
        Self::AddInterest,
        Self::OfferDiscount,
        Self::OfferPlan,
        Self::OpenTask,
        Self::NotifyTeam,
        Self::ChangeService,
        Self::PlaceWithAgency,
        Self::RecallPlacement,
        Self::Hold,
        Self::WriteOff,
        Self::AddNote,
        Self::Custom,
    ];

    /// The contract's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SendMessage => "send-message",
            Self::Charge => "charge",
            Self::AddFee => "add-fee",
            Self::AddInterest => "add-interest",
            Self::OfferDiscount => "offer-discount",
            Self::OfferPlan => "offer-plan",
            Self::OpenTask => "open-task",
            Self::NotifyTeam => "notify-team",
            Self::ChangeService => "change-service",
            Self::PlaceWithAgency => "place-with-agency",
            Self::RecallPlacement => "recall-placement",
            Self::Hold => "hold",
            Self::WriteOff => "write-off",
            Self::AddNote => "add-note",
            Self::Custom => "custom",
        }
    }

    /// Whether it leaves the host, by a channel or as a webhook.
    pub const fn is_external(self) -> bool {
        matches!(
            self,
            Self::SendMessage
                | Self::Charge
                | Self::NotifyTeam
                | Self::ChangeService
                | Self::PlaceWithAgency
                | Self::RecallPlacement
                | Self::Custom
        )
    }
}

impl Action {
    /// Which kind it is.
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::SendMessage(_) => ActionKind::SendMessage,
            Self::Charge { .. } => ActionKind::Charge,
            Self::AddFee { .. } => ActionKind::AddFee,
            Self::AddInterest { .. } => ActionKind::AddInterest,
            Self::OfferDiscount { .. } => ActionKind::OfferDiscount,
            Self::OfferPlan { .. } => ActionKind::OfferPlan,
            Self::OpenTask { .. } => ActionKind::OpenTask,
            Self::NotifyTeam { .. } => ActionKind::NotifyTeam,
            Self::ChangeService { .. } => ActionKind::ChangeService,
            Self::PlaceWithAgency { .. } => ActionKind::PlaceWithAgency,
            Self::RecallPlacement { .. } => ActionKind::RecallPlacement,
            Self::Hold { .. } => ActionKind::Hold,
            Self::WriteOff { .. } => ActionKind::WriteOff,
            Self::AddNote(_) => ActionKind::AddNote,
            Self::Custom { .. } => ActionKind::Custom,
        }
    }
}

/// A stage's proposal under its own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Proposal {
    pub key: String,
    pub action: Action,
}

/// When to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Wake {
    AfterMinutes(u32),
    AfterDays(u16),
    AfterBusinessDays(u16),
    OnDate(Date),
    OnEvent,
}

/// Whether the case stays in the stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Next {
    Stay(Wake),
    Leave(String),
}

/// Why, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Reason {
    pub code: String,
    pub text: String,
}

/// A stage's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Decision {
    pub proposals: Vec<Proposal>,
    pub next: Next,
    pub memory: Option<Vec<u8>>,
    pub reasons: Vec<Reason>,
}

/// A fault in a stage's config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ConfigProblem {
    pub pointer: String,
    pub text: String,
}

/// A stage's own way of saying no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Refusal {
    BadConfig(Vec<ConfigProblem>),
    Unsupported(String),
    Other(Reason),
}

/// What the guard said of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Ruling {
    Allowed,
    Reduced,
    Deferred,
    Refused,
}

/// The guard's word on one proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Verdict {
    pub key: String,
    pub ruling: Ruling,
    pub rule: String,
    pub not_before: Option<Timestamp>,
    pub at_most: Option<i64>,
}

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Manifest {
    pub name: String,
    pub version: String,
    pub summary: String,
    pub config_schema: String,
    pub outcomes: Vec<String>,
    pub proposes: Vec<ActionKind>,
    pub listens: Vec<String>,
    pub memory_version: u32,
}

/// How a plugin failure is named. All but `Deadline` are deterministic: the same call would
/// fail again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum FailureKind {
    OutOfFuel,
    OutOfMemory,
    StackOverflow,
    Trap,
    BadOutput,
    ContractMismatch,
    /// Its deadline passed as often as it was asked.
    Deadline,
    /// Its tenant revoked it: it was not asked.
    Revoked,
}

impl FailureKind {
    /// Its kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutOfFuel => "out-of-fuel",
            Self::OutOfMemory => "out-of-memory",
            Self::StackOverflow => "stack-overflow",
            Self::Trap => "trap",
            Self::BadOutput => "bad-output",
            Self::ContractMismatch => "contract-mismatch",
            Self::Deadline => "deadline",
            Self::Revoked => "revoked",
        }
    }
}

/// How a call ended. The kinds never mix: see "Three kinds of not-working" in ARCHITECTURE.md.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Answer {
    /// A decision within the contract's bounds.
    Decision(Decision),
    /// The plugin's typed no.
    Refusal(Refusal),
    /// A deterministic failure: the same call would fail again.
    Failure {
        /// Which.
        kind: FailureKind,
        /// For the plugin's developer.
        detail: String,
    },
    /// The wall-clock deadline passed; asking again may help.
    Inconclusive,
    /// The host could not make the call; never the plugin's fault.
    HostFault {
        /// For the operator.
        detail: String,
    },
}

/// A line of the plugin's own log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// debug, info, warn or error.
    pub level: String,
    /// At most 1 KiB.
    pub text: String,
}

/// One call and what it used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// How it ended.
    pub answer: Answer,
    /// Fuel burned by `decide`.
    pub fuel: u64,
    /// Peak of all linear memories, bytes.
    pub memory_peak: u64,
    /// Wall time of the whole call, microseconds.
    pub wall_us: u64,
    /// The plugin's own lines.
    pub logs: Vec<LogLine>,
    /// How many further lines were dropped.
    pub logs_dropped: u32,
}

impl Call {
    /// A call that was not made.
    pub const fn unmade(answer: Answer) -> Self {
        Self {
            answer,
            fuel: 0,
            memory_peak: 0,
            wall_us: 0,
            logs: Vec::new(),
            logs_dropped: 0,
        }
    }
}
