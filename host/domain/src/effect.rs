//! Effects: what committed decisions do, and what becomes of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::contract::{Action, ActionKind, Channel, EffectState, Message, Purpose};
use crate::id::{CaseId, TaskId};
use crate::template::Rendered;
use crate::time::{Date, Timestamp};

/// Names an effect for ever: the outbox's key and the idempotency key that goes outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EffectKey {
    /// The case.
    pub case: CaseId,
    /// The transition that made it.
    pub sequence: u64,
    /// Which of that transition's effects.
    pub index: u32,
}

impl fmt::Display for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.case, self.sequence, self.index)
    }
}

/// A text that is no effect key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an effect key of the form case_<id>.<sequence>.<index>")]
pub struct ParseEffectKeyError(String);

impl FromStr for EffectKey {
    type Err = ParseEffectKeyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (rest, index) = text.rsplit_once('.')?;
            let (case, sequence) = rest.rsplit_once('.')?;
            Some(Self {
                case: case.parse().ok()?,
                sequence: sequence.parse().ok()?,
                index: index.parse().ok()?,
            })
        };
        parse().ok_or_else(|| ParseEffectKeyError(text.to_owned()))
    }
}

/// One thing done, or on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Its name.
    pub key: EffectKey,
    /// The proposal's key, unique within the visit.
    pub proposal: String,
    /// The stage that proposed it, and on which visit (from 0).
    pub stage: String,
    /// Counts that stage's visits from 0.
    pub visit: u32,
    /// What is done.
    pub action: Action,
    /// Of messages: as it goes out.
    pub letter: Option<Letter>,
    /// How far it has come.
    pub state: EffectState,
    /// What the answer says, e.g. `accepted:2`, `bounced`, `stale: paid`.
    pub code: String,
    /// When it was committed.
    pub at: Timestamp,
    /// Until when an offer stands or a placement runs.
    pub until: Option<Date>,
}

/// A message as it goes out. Personal data: sealed in storage, never lowered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Why.
    pub purpose: Purpose,
    /// How.
    pub channel: Channel,
    /// Where to.
    pub address: String,
    /// Which locale it was written in.
    pub locale: String,
    /// The text.
    pub rendered: Rendered,
    /// What it asked for when it was written, minor units: a hand-over re-checks it.
    pub chaseable: i64,
}

impl Effect {
    /// Its kind.
    pub const fn kind(&self) -> ActionKind {
        self.action.kind()
    }

    /// Of messages: the channel.
    pub fn channel(&self) -> Option<&Channel> {
        self.letter.as_ref().map(|letter| &letter.channel)
    }

    /// Whether a debtor was, or is about to be, contacted by it.
    pub fn is_contact(&self) -> bool {
        self.letter.is_some()
            && matches!(
                self.state,
                EffectState::Queued | EffectState::Done | EffectState::Confirmed
            )
    }

    /// Whether it is done for a debt that is chased, and for nothing once its case ended.
    pub fn is_for_the_debt(&self) -> bool {
        let presses = match &self.action {
            Action::Charge { .. } | Action::PlaceWithAgency { .. } => true,
            Action::ChangeService { change, .. } => change.takes_away(),
            _ => false,
        };
        presses || self.letter.is_some()
    }

    /// Whether it is a charge that nobody has answered: it may have been made or not.
    pub fn is_unanswered_charge(&self) -> bool {
        self.kind() == ActionKind::Charge
            && matches!(self.state, EffectState::Queued | EffectState::Done)
    }

    /// Whether it is an offer of plans that still stands.
    pub fn is_open_plan_offer(&self) -> bool {
        self.kind() == ActionKind::OfferPlan && self.is_open_offer()
    }

    /// Whether it is an offer that still stands.
    pub fn is_open_offer(&self) -> bool {
        matches!(
            self.kind(),
            ActionKind::OfferPlan | ActionKind::OfferDiscount
        ) && self.state == EffectState::Done
    }
}

/// Whose a task is that nobody gave to a team.
pub const COLLECTIONS: &str = "collections";

/// A person's work on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The case.
    pub case: CaseId,
    /// The effect it came from; none where the host opened it.
    pub effect: Option<EffectKey>,
    /// One line.
    pub title: String,
    /// What to know and do.
    pub details: String,
    /// By when.
    pub due_on: Date,
    /// Whose.
    pub team: String,
    /// 0 (lowest) to 9.
    pub priority: u8,
    /// Sent, through the guard, when a person approves it.
    pub draft: Option<Message>,
    /// The draft as it would go out.
    pub preview: Option<Rendered>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who works on it: the id of an API key. Nobody else approves or completes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    /// How it stands.
    pub state: TaskState,
}

/// How a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// To be done.
    Open,
    /// A person approved the draft; it leaves as soon as the guard lets it.
    Approved {
        /// Not before this instant.
        not_before: Timestamp,
    },
    /// Done, with what came of it.
    Completed {
        /// E.g. `approved`, `resent`, `called`.
        outcome: String,
        /// When.
        at: Timestamp,
    },
    /// No longer needed: its case ended.
    Dropped,
}
