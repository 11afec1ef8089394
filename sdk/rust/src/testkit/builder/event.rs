//! Events for tests.

use crate::bindings as wit;

/// Builds an event that happens now.
#[derive(Clone, Debug)]
#[must_use]
pub struct EventBuilder(wit::Event);

impl EventBuilder {
    /// An event of a kind, e.g. `message.bounced`.
    pub fn new(kind: &str) -> Self {
        Self(wit::Event {
            kind: kind.to_owned(),
            subject: None,
            amount: None,
            on: 0,
            at: 0,
            details: Vec::new(),
        })
    }

    /// The item's key, or the key of the proposal that it answers.
    pub fn subject(mut self, key: &str) -> Self {
        self.0.subject = Some(key.to_owned());
        self
    }

    /// The money in it, in minor units.
    pub fn amount(mut self, minor: i64) -> Self {
        self.0.amount = Some(minor);
        self
    }

    /// Adds a detail.
    pub fn detail(mut self, name: &str, value: &str) -> Self {
        self.0.details.push((name.to_owned(), value.to_owned()));
        self.0.details.sort();
        self
    }

    pub(super) fn at(self, now: i64, today: i32) -> wit::Event {
        wit::Event {
            at: now,
            on: today,
            ..self.0
        }
    }
}
