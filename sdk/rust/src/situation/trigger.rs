//! Why the stage is asked.

use super::{date, named, timestamp};
use crate::bindings as wit;
use crate::{Amount, Date, Timestamp};

/// Why the stage is asked.
#[derive(Clone, Copy, Debug)]
pub enum Trigger<'a> {
    /// The first call of this visit.
    Entered,
    /// The wake-up that an earlier decision asked for, or one that was deferred.
    Woken {
        /// When it was to be.
        planned: Timestamp,
        /// By how much it is late.
        late_by_ms: i64,
    },
    /// Not all of the decision just made was allowed, and nothing of it was done: decide
    /// again, once. [`Situation::verdicts`](super::Situation::verdicts) tells what was
    /// ruled, and [`Situation::event`](super::Situation::event) what it was about.
    Answered,
    /// Something that the stage listens to happened.
    Event(Event<'a>),
}

impl<'a> Trigger<'a> {
    pub(super) fn of(trigger: &'a wit::Trigger) -> Self {
        match trigger {
            wit::Trigger::Entered => Self::Entered,
            wit::Trigger::Woken(lateness) => Self::Woken {
                planned: timestamp(lateness.planned),
                late_by_ms: lateness.late_by_ms,
            },
            wit::Trigger::Answered(_) => Self::Answered,
            wit::Trigger::Event(event) => Self::Event(Event(event)),
        }
    }
}

pub(super) fn verdicts(trigger: &wit::Trigger) -> impl Iterator<Item = Verdict<'_>> + Clone {
    let verdicts = match trigger {
        wit::Trigger::Answered(answer) => answer.verdicts.as_slice(),
        _ => &[],
    };
    verdicts.iter().map(Verdict)
}

pub(super) fn event(trigger: &wit::Trigger) -> Option<Event<'_>> {
    match trigger {
        wit::Trigger::Event(event) => Some(Event(event)),
        wit::Trigger::Answered(answer) => answer.event.as_ref().map(Event),
        wit::Trigger::Entered | wit::Trigger::Woken(_) => None,
    }
}

/// What the guard said of one proposal.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'a>(&'a wit::Verdict);

/// How the guard ruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// As proposed.
    Allowed,
    /// Up to an amount.
    Reduced {
        /// The most that is allowed.
        at_most: Amount,
    },
    /// Not yet.
    Deferred {
        /// The earliest instant, where the rule knows it.
        not_before: Option<Timestamp>,
    },
    /// Not at all.
    Refused,
}

impl<'a> Verdict<'a> {
    /// The proposal's key.
    pub fn key(self) -> &'a str {
        &self.0.key
    }

    /// The rule that spoke, e.g. `contact-cap`, `quiet-hours`, `fee-once`.
    pub fn rule(self) -> &'a str {
        &self.0.rule
    }

    /// How it ruled.
    pub fn ruling(self) -> Ruling {
        match self.0.ruling {
            wit::Ruling::Allowed => Ruling::Allowed,
            wit::Ruling::Reduced => Ruling::Reduced {
                at_most: Amount::from_minor(self.0.at_most.unwrap_or_default()),
            },
            wit::Ruling::Deferred => Ruling::Deferred {
                not_before: self.0.not_before.map(timestamp),
            },
            wit::Ruling::Refused => Ruling::Refused,
        }
    }
}

/// Ways to choose among verdicts: `situation.verdicts().of_key("fee")`.
pub trait VerdictsExt<'a>: Iterator<Item = Verdict<'a>> + Sized {
    /// The one on a proposal's key.
    fn of_key(mut self, key: &str) -> Option<Verdict<'a>> {
        self.find(|verdict| verdict.key() == key)
    }

    /// Those on proposals that were refused.
    fn refused(self) -> impl Iterator<Item = Verdict<'a>> {
        self.filter(|verdict| verdict.ruling() == Ruling::Refused)
    }

    /// The earliest instant to which something was deferred.
    fn earliest_not_before(self) -> Option<Timestamp> {
        self.filter_map(|verdict| match verdict.ruling() {
            Ruling::Deferred { not_before } => not_before,
            _ => None,
        })
        .min()
    }
}

impl<'a, I: Iterator<Item = Verdict<'a>>> VerdictsExt<'a> for I {}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a>(&'a wit::Event);

impl<'a> Event<'a> {
    /// From an open register: `payment.received`, `message.bounced`, ...
    pub fn kind(self) -> &'a str {
        &self.0.kind
    }

    /// An item's key, the key of the proposal that this answers, or what a cover is called:
    /// the contract says which, by the kind.
    pub fn subject(self) -> Option<&'a str> {
        self.0.subject.as_deref()
    }

    /// The money in it.
    pub fn amount(self) -> Option<Amount> {
        self.0.amount.map(Amount::from_minor)
    }

    /// The customer's civil date of it.
    pub fn on(self) -> Date {
        date(self.0.on)
    }

    /// When the host learned of it.
    pub fn at(self) -> Timestamp {
        timestamp(self.0.at)
    }

    /// A detail by its name.
    pub fn detail(self, name: &str) -> Option<&'a str> {
        named(&self.0.details, name)
    }
}
