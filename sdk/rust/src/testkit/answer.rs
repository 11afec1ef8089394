//! What a stage answered.

mod debt;

use std::fmt;

use crate::bindings as wit;
use crate::testkit::{EffectBuilder, SituationBuilder};
use crate::{Amount, Channel, Date, EffectState, Purpose, Wake};

pub use debt::{SentOffer, SentPlacement, SentPlan, SentRecall};

/// A decision, as its reader sees it. Its `assert_` methods panic with the whole decision,
/// and return it, so that they chain.
#[derive(Clone, PartialEq)]
pub struct Answer {
    pub(super) situation: wit::Situation,
    pub(super) decision: wit::Decision,
}

/// A message in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// Why the debtor is written to.
    pub purpose: Purpose,
    /// How.
    pub channel: Channel,
    /// The name of the template; none for inline text.
    pub template: Option<String>,
    /// Further text for the template.
    pub variables: Vec<(String, String)>,
}

/// A task in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedTask {
    /// Its title.
    pub title: String,
    /// What there is to know about it.
    pub details: String,
    /// By when.
    pub due_on: Date,
    /// Whose it is.
    pub team: String,
    /// 0 (lowest) to 9.
    pub priority: u8,
    /// The message that is sent when a person approves it.
    pub draft: Option<SentMessage>,
}

impl SentMessage {
    fn of(message: &wit::Message) -> Self {
        Self {
            purpose: message.purpose.into(),
            channel: Channel::from(&message.channel),
            template: match &message.content {
                wit::Content::Template(template) => Some(template.clone()),
                wit::Content::Inline(_) => None,
            },
            variables: message.variables.clone(),
        }
    }
}

/// The decision alone, and memory as the JSON it is.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.decision.memory.as_deref();
        f.debug_struct("Answer")
            .field("next", &self.decision.next)
            .field("proposals", &self.decision.proposals)
            .field("reasons", &self.decision.reasons)
            .field("memory", &memory.map(String::from_utf8_lossy))
            .finish_non_exhaustive()
    }
}

impl Answer {
    pub(super) fn new(situation: wit::Situation, decision: wit::Decision) -> Self {
        Self {
            situation,
            decision,
        }
    }

    /// The outcome by which the case leaves, if it does.
    pub fn outcome(&self) -> Option<&str> {
        match &self.decision.next {
            wit::Next::Leave(outcome) => Some(outcome),
            wit::Next::Stay(_) => None,
        }
    }

    /// The wake-up, if the case stays.
    pub fn wake(&self) -> Option<Wake> {
        match &self.decision.next {
            wit::Next::Stay(wake) => Some(wake.into()),
            wit::Next::Leave(_) => None,
        }
    }

    /// The proposals' keys, in their order.
    pub fn keys(&self) -> Vec<&str> {
        self.decision
            .proposals
            .iter()
            .map(|proposal| proposal.key.as_str())
            .collect()
    }

    /// The codes of the reasons, in their order.
    pub fn reason_codes(&self) -> Vec<&str> {
        self.decision
            .reasons
            .iter()
            .map(|reason| reason.code.as_str())
            .collect()
    }

    /// The message proposed under a key.
    pub fn message(&self, key: &str) -> Option<SentMessage> {
        match self.action(key)? {
            wit::Action::SendMessage(message) => Some(SentMessage::of(message)),
            _ => None,
        }
    }

    /// The task proposed under a key.
    pub fn task(&self, key: &str) -> Option<OpenedTask> {
        match self.action(key)? {
            wit::Action::OpenTask(task) => Some(OpenedTask {
                title: task.title.clone(),
                details: task.details.clone(),
                due_on: Date::from_days(task.due_on),
                team: task.team.clone(),
                priority: task.priority,
                draft: task.draft.as_ref().map(SentMessage::of),
            }),
            _ => None,
        }
    }

    /// The team and the text of the notice proposed under a key.
    pub fn notice(&self, key: &str) -> Option<(&str, &str)> {
        match self.action(key)? {
            wit::Action::NotifyTeam(notice) => Some((&notice.team, &notice.text)),
            _ => None,
        }
    }

    /// The item and the amount of the fee proposed under a key.
    pub fn fee(&self, key: &str) -> Option<(&str, Amount)> {
        match self.action(key)? {
            wit::Action::AddFee(fee) => Some((&fee.item, Amount::from_minor(fee.amount))),
            _ => None,
        }
    }

    /// The last day of the hold proposed under a key.
    pub fn hold(&self, key: &str) -> Option<Date> {
        match self.action(key)? {
            wit::Action::Hold(hold) => Some(Date::from_days(hold.until)),
            _ => None,
        }
    }

    fn action(&self, key: &str) -> Option<&wit::Action> {
        self.decision
            .proposals
            .iter()
            .find(|proposal| proposal.key == key)
            .map(|proposal| &proposal.action)
    }

    /// The situation in which this answer's proposals have come so far: for the next call.
    pub fn then(&self, state: EffectState, code: &str) -> SituationBuilder {
        let builder = SituationBuilder::from_contract(self.situation.clone());
        let builder = match &self.decision.memory {
            Some(memory) => builder.memory_bytes(memory.clone()),
            None => builder,
        };
        self.decision
            .proposals
            .iter()
            .fold(builder, |builder, proposal| {
                builder.effect(EffectBuilder::of_proposal(proposal, state).code(code))
            })
    }

    /// Panics unless the case leaves by the outcome.
    #[track_caller]
    pub fn assert_leaves(&self, outcome: &str) -> &Self {
        assert_eq!(self.outcome(), Some(outcome), "{self:#?}");
        self
    }

    /// Panics unless the case stays until the wake-up.
    #[track_caller]
    pub fn assert_stays(&self, wake: Wake) -> &Self {
        assert_eq!(self.wake(), Some(wake), "{self:#?}");
        self
    }

    /// Panics unless these keys are proposed, in this order, and no others.
    #[track_caller]
    pub fn assert_proposes(&self, keys: &[&str]) -> &Self {
        assert_eq!(self.keys(), keys, "{self:#?}");
        self
    }

    /// Panics unless this is among the reasons.
    #[track_caller]
    pub fn assert_because(&self, code: &str) -> &Self {
        assert!(
            self.reason_codes().contains(&code),
            "no reason {code:?}: {self:#?}"
        );
        self
    }
}
