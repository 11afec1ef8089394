//! Writing to the debtor.

use super::action::builders;
use crate::bindings as wit;
use crate::{Channel, Purpose};

builders! {
    /// A message to the debtor:
    /// `Message::demand(Channel::Email).template("first-day-late").var("tone", "kind")`.
    Message(wit::Message) = SendMessage;
}

/// A message that lacks its content.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a message needs its content: `template` or `inline`"]
pub struct Draft {
    purpose: Purpose,
    channel: Channel,
}

impl Message {
    /// A message of a purpose.
    pub fn of(purpose: Purpose, channel: Channel) -> Draft {
        Draft { purpose, channel }
    }

    /// A message before anything is late.
    pub fn reminder(channel: Channel) -> Draft {
        Self::of(Purpose::Reminder, channel)
    }

    /// A message that asks for what is late.
    pub fn demand(channel: Channel) -> Draft {
        Self::of(Purpose::Demand, channel)
    }

    /// A message with legal consequences.
    pub fn legal_notice(channel: Channel) -> Draft {
        Self::of(Purpose::LegalNotice, channel)
    }

    /// A message that carries an offer.
    pub fn offer(channel: Channel) -> Draft {
        Self::of(Purpose::Offer, channel)
    }

    /// A message that confirms what was agreed or paid.
    pub fn confirmation(channel: Channel) -> Draft {
        Self::of(Purpose::Confirmation, channel)
    }

    /// Adds text that the template reads as `vars.<name>`: at most 16, each at most 1 KiB
    /// and without a web address. The name is a letter and up to 63 letters, digits and `_`.
    pub fn var(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.variables.push((name.into(), value.into()));
        self
    }
}

impl Draft {
    /// By a template that an admin published; the host picks the customer's language.
    pub fn template(self, template: impl Into<String>) -> Message {
        self.with(wit::Content::Template(template.into()))
    }

    /// By plain text of the stage's own, without a web address: subject one line of at most
    /// 200 characters, body at most 8 KiB.
    pub fn inline(self, subject: impl Into<String>, body: impl Into<String>) -> Message {
        self.with(wit::Content::Inline(wit::InlineContent {
            subject: subject.into(),
            body: body.into(),
        }))
    }

    fn with(self, content: wit::Content) -> Message {
        Message(wit::Message {
            purpose: self.purpose.into(),
            channel: self.channel.into(),
            content,
            variables: Vec::new(),
        })
    }
}
