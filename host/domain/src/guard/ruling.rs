//! An objection of one rule.

use crate::contract::{Proposal, Ruling, Verdict};
use crate::time::Timestamp;

/// What a rule has to say of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Objection {
    ruling: Ruling,
    rule: &'static str,
    not_before: Option<Timestamp>,
    at_most: Option<i64>,
}

impl Objection {
    /// Nothing against it.
    pub(crate) const fn none(rule: &'static str) -> Self {
        Self {
            ruling: Ruling::Allowed,
            rule,
            not_before: None,
            at_most: None,
        }
    }

    /// Never.
    pub(crate) const fn refused(rule: &'static str) -> Self {
        Self {
            ruling: Ruling::Refused,
            rule,
            not_before: None,
            at_most: None,
        }
    }

    /// Not before an instant.
    pub(crate) const fn deferred(rule: &'static str, until: Timestamp) -> Self {
        Self {
            ruling: Ruling::Deferred,
            rule,
            not_before: Some(until),
            at_most: None,
        }
    }

    /// At most an amount, minor units.
    pub(crate) const fn reduced(rule: &'static str, at_most: i64) -> Self {
        Self {
            ruling: Ruling::Reduced,
            rule,
            not_before: None,
            at_most: Some(at_most),
        }
    }

    /// What is left of an amount: none where it is not allowed at all.
    pub(crate) fn allowed_of(&self, amount: i64) -> Option<i64> {
        match self.ruling {
            Ruling::Allowed => Some(amount),
            Ruling::Reduced => Some(self.at_most.map_or(amount, |at_most| at_most.min(amount))),
            Ruling::Deferred | Ruling::Refused => None,
        }
    }

    /// Whether it happens, be it less than was proposed.
    pub(crate) fn lets_pass(&self) -> bool {
        matches!(self.ruling, Ruling::Allowed | Ruling::Reduced)
    }

    /// As the contract tells it.
    pub(crate) fn verdict(self, proposal: &Proposal) -> Verdict {
        Verdict {
            key: proposal.key.clone(),
            ruling: self.ruling,
            rule: self.rule.to_owned(),
            not_before: self.not_before,
            at_most: self.at_most,
        }
    }
}
