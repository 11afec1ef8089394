//! Verdicts for tests.

use crate::bindings as wit;
use crate::{Amount, Timestamp};

/// Builds what the guard said of a proposal.
#[derive(Clone, Debug)]
#[must_use]
pub struct VerdictBuilder(wit::Verdict);

impl VerdictBuilder {
    /// As proposed.
    pub fn allowed(key: &str) -> Self {
        Self::new(key, wit::Ruling::Allowed, "")
    }

    /// At most an amount, by a rule.
    pub fn reduced(key: &str, rule: &str, at_most: Amount) -> Self {
        let mut builder = Self::new(key, wit::Ruling::Reduced, rule);
        builder.0.at_most = Some(at_most.minor());
        builder
    }

    /// Not before an instant, by a rule.
    pub fn deferred(key: &str, rule: &str, not_before: Timestamp) -> Self {
        let mut builder = Self::new(key, wit::Ruling::Deferred, rule);
        builder.0.not_before = Some(not_before.millis());
        builder
    }

    /// Not at all, by a rule.
    pub fn refused(key: &str, rule: &str) -> Self {
        Self::new(key, wit::Ruling::Refused, rule)
    }

    fn new(key: &str, ruling: wit::Ruling, rule: &str) -> Self {
        Self(wit::Verdict {
            key: key.to_owned(),
            ruling,
            rule: rule.to_owned(),
            not_before: None,
            at_most: None,
        })
    }

    pub(super) fn build(self) -> wit::Verdict {
        self.0
    }
}
