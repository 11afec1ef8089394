//! What a stage wants done, and when it wants to be asked again.

mod action;
mod charging;
mod message;
mod offer;
mod people;
mod recovery;
mod wake;

use std::fmt;

use crate::bindings as wit;
use crate::{Outcome, Refusal, Stage};

pub use action::Action;
pub use charging::{Charge, Fee, Interest};
pub use message::{Draft, Message};
pub use offer::{Discount, Plan, PlanOffer};
pub use people::{Custom, Note, Notice, Task};
pub use recovery::{Hold, Placement, Recall, Service, WriteOff};
pub use wake::Wake;

const REASON_TEXT_MAX: usize = 500;

/// What a stage wants done, and where the case goes from there. It begins with the latter,
/// which no decision can do without:
///
/// ```
/// # use regua_sdk::prelude::*;
/// # regua_sdk::outcomes! { enum Outcome { Sent = "sent" } }
/// # struct Example;
/// # impl Stage for Example {
/// # const NAME: &'static str = "example"; const VERSION: &'static str = "1.0.0";
/// # const SUMMARY: &'static str = ""; const PROPOSES: &'static [ActionKind] = &[];
/// # type Config = (); type Memory = (); type Outcome = Outcome;
/// # fn decide(_: &Situation, (): &(), (): ()) -> Result<Decision<Self>, Refusal> {
/// Ok(Decision::leave(Outcome::Sent)
///     .propose("demand:email", Message::demand(Channel::Email).template("first-day-late"))
///     .because("late", "one day overdue"))
/// # } }
/// ```
pub struct Decision<S: Stage> {
    proposals: Vec<wit::Proposal>,
    next: Next<S::Outcome>,
    memory: Option<S::Memory>,
    reasons: Vec<wit::Reason>,
}

enum Next<O> {
    Stay(Wake),
    Leave(O),
}

impl<S: Stage> Decision<S> {
    /// The case stays in the stage, which is asked again at the wake-up or on an event.
    pub fn stay(wake: Wake) -> Self {
        Self::new(Next::Stay(wake))
    }

    /// The case leaves by an outcome, once the effects of this decision have been handed
    /// over. If one of them fails first, the stage is asked again.
    pub fn leave(outcome: S::Outcome) -> Self {
        Self::new(Next::Leave(outcome))
    }

    fn new(next: Next<S::Outcome>) -> Self {
        Self {
            proposals: Vec::new(),
            next,
            memory: None,
            reasons: Vec::new(),
        }
    }

    /// Proposes an action under a key of the stage's own: 1 to 64 characters of `a-z`,
    /// `0-9`, `-`, `.` and `:`. One key is done once per visit; at most 32 are carried
    /// out, in this order.
    #[must_use]
    pub fn propose(mut self, key: impl Into<String>, action: impl Into<Action>) -> Self {
        let action = action.into().into_contract();
        self.proposals.push(wit::Proposal {
            key: key.into(),
            action,
        });
        self
    }

    /// Gives a reason in words that a person at the tenant can check: at most 16. A text
    /// above 500 characters is cut, for an explanation must not undo a decision.
    #[must_use]
    pub fn because(mut self, code: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if let Some((end, _)) = text.char_indices().nth(REASON_TEXT_MAX) {
            text.truncate(end);
        }
        self.reasons.push(wit::Reason {
            code: code.into(),
            text,
        });
        self
    }

    /// Leaves something for the next call of this visit. Without it, memory stays as it was.
    #[must_use]
    pub fn remember(mut self, memory: S::Memory) -> Self {
        self.memory = Some(memory);
        self
    }

    /// To the contract's record; `memory` can fail to be written as JSON.
    pub(crate) fn lower(self) -> Result<wit::Decision, Refusal> {
        let memory = self.memory.as_ref().map(serde_json::to_vec).transpose();
        Ok(wit::Decision {
            memory: memory
                .map_err(|error| Refusal::other("memory-unwritable", error.to_string()))?,
            proposals: self.proposals,
            next: match self.next {
                Next::Stay(wake) => wit::Next::Stay(wake.into()),
                Next::Leave(outcome) => wit::Next::Leave(outcome.name().to_owned()),
            },
            reasons: self.reasons,
        })
    }
}

impl<S: Stage> fmt::Debug for Decision<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut output = f.debug_struct("Decision");
        match &self.next {
            Next::Stay(wake) => output.field("stay", wake),
            Next::Leave(outcome) => output.field("leave", &outcome.name()),
        };
        output
            .field("proposals", &self.proposals)
            .field("reasons", &self.reasons);
        output.finish_non_exhaustive()
    }
}
