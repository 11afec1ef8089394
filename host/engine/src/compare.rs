//! How two answers to the same situation differ.

use std::fmt;

use regua_domain::contract::{Answer, Call, Decision};
use serde::{Deserialize, Serialize};

/// In what two answers differ: the first of these that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The other has no such stage.
    Stage,
    /// One decided, the other refused or failed.
    Ending,
    /// Where the case goes next, or when.
    Next,
    /// What is proposed.
    Proposals,
    /// Why.
    Reasons,
    /// What is remembered.
    Memory,
    /// Fuel or memory: the answers are equal.
    Cost,
}

impl Kind {
    /// Its kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Ending => "ending",
            Self::Next => "next",
            Self::Proposals => "proposals",
            Self::Reasons => "reasons",
            Self::Memory => "memory",
            Self::Cost => "cost",
        }
    }
}

/// In what an answer differs from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// In what.
    pub kind: Kind,
    /// What the active version said of it, or what was recorded.
    pub active: String,
    /// What the other said, or what was said again.
    pub other: String,
}

/// The first difference of two calls about the same situation, to the byte; what they cost is
/// looked at where it has to be the same.
pub(crate) fn exact(recorded: &Call, again: &Call, same_cost: bool) -> Option<Difference> {
    let (a, b) = (&recorded.answer, &again.answer);
    if let Some(found) = difference(a, b) {
        return Some(found);
    }
    if a != b {
        return Some(told(Kind::Ending, a, b));
    }
    let cost = |call: &Call| (call.fuel, call.memory_peak);
    let (a, b) = (cost(recorded), cost(again));
    (same_cost && a != b).then(|| told(Kind::Cost, a, b))
}

/// The first difference of two answers; none where they are equal.
pub(crate) fn difference(active: &Answer, other: &Answer) -> Option<Difference> {
    match (active, other) {
        (Answer::Decision(a), Answer::Decision(b)) => decisions(a, b),
        (Answer::Refusal(a), Answer::Refusal(b)) => (a != b).then(|| told(Kind::Reasons, a, b)),
        // What a failure says of itself is for its developer.
        (Answer::Failure { kind: a, .. }, Answer::Failure { kind: b, .. }) => {
            (a != b).then(|| told(Kind::Ending, a, b))
        }
        (a, b) => Some(told(Kind::Ending, ending(a), ending(b))),
    }
}

fn decisions(a: &Decision, b: &Decision) -> Option<Difference> {
    if a.next != b.next {
        return Some(told(Kind::Next, &a.next, &b.next));
    }
    if a.proposals != b.proposals {
        return Some(told(Kind::Proposals, &a.proposals, &b.proposals));
    }
    if a.reasons != b.reasons {
        return Some(told(Kind::Reasons, &a.reasons, &b.reasons));
    }
    (a.memory != b.memory).then(|| told(Kind::Memory, &a.memory, &b.memory))
}

/// The most bytes that are kept of either side.
const TEXT_BYTES_MAX: usize = 2_000;

fn told<T: fmt::Debug + Serialize>(kind: Kind, active: T, other: T) -> Difference {
    let text = |value: &T| {
        let text = serde_json::to_string(value).unwrap_or_else(|_| format!("{value:?}"));
        regua_domain::cut::cut(&text, TEXT_BYTES_MAX).into_owned()
    };
    Difference {
        kind,
        active: text(&active),
        other: text(&other),
    }
}

const fn ending(answer: &Answer) -> &'static str {
    match answer {
        Answer::Decision(_) => "decision",
        Answer::Refusal(_) => "refusal",
        Answer::Failure { kind, .. } => kind.name(),
        Answer::Inconclusive => "inconclusive",
        Answer::HostFault { .. } => "host-fault",
    }
}
