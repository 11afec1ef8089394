//! Work for people at the tenant, and word to their systems.

use serde::Serialize;

use super::action::builders;
use super::message::Message;
use crate::bindings as wit;
use crate::{Date, Refusal};

builders! {
    /// A person's work.
    Task(wit::Task) = OpenTask;
    /// Word to a team.
    Notice(wit::Notice) = NotifyTeam;
    /// A note on the timeline.
    Note(String) = AddNote;
    /// A webhook event of the stage's own.
    Custom(wit::NamedJson) = Custom;
}

/// The middle of 0 to 9.
const PRIORITY_DEFAULT: u8 = 5;

impl Task {
    /// Work for a team, to be done by the day. Title at most 200 characters.
    pub fn new(team: impl Into<String>, title: impl Into<String>, due_on: Date) -> Self {
        Self(wit::Task {
            title: title.into(),
            details: String::new(),
            due_on: due_on.days(),
            team: team.into(),
            priority: PRIORITY_DEFAULT,
            draft: None,
        })
    }

    /// What there is to know about it, at most 4 KiB.
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.0.details = details.into();
        self
    }

    /// 0 (lowest) to 9; 5 without this.
    pub fn priority(mut self, priority: u8) -> Self {
        self.0.priority = priority;
        self
    }

    /// A message that is sent, through the guard, when the person approves it.
    pub fn draft(mut self, message: Message) -> Self {
        self.0.draft = Some(message.0);
        self
    }
}

impl Notice {
    /// A text of at most 4 KiB for a team.
    pub fn new(team: impl Into<String>, text: impl Into<String>) -> Self {
        Self(wit::Notice {
            team: team.into(),
            text: text.into(),
        })
    }
}

impl Note {
    /// A note of this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Custom {
    /// An event of this name with a value that becomes at most 16 KiB of JSON.
    pub fn new(name: impl Into<String>, value: &impl Serialize) -> Result<Self, Refusal> {
        let json = serde_json::to_string(value)
            .map_err(|error| Refusal::other("custom-unwritable", error.to_string()))?;
        Ok(Self(wit::NamedJson {
            name: name.into(),
            json,
        }))
    }
}
