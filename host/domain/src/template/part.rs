//! The parts of a template, and which of them a channel carries.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contract::Channel;

/// The sources of a template in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// One line: the subject of an e-mail, the heading of a letter.
    pub subject: String,
    /// Plain text: of an e-mail, a letter, a call; of a message where there is no `short`.
    pub text: String,
    /// Plain text for SMS and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The HTML of an e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The subject.
    Subject,
    /// The text.
    Text,
    /// The short text.
    Short,
    /// The HTML.
    Html,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Subject => "subject",
            Self::Text => "text",
            Self::Short => "short",
            Self::Html => "html",
        })
    }
}

/// Which parts a channel carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartSet {
    /// Subject, text and HTML.
    Email,
    /// The short text, or else the text.
    Message,
    /// Subject and text.
    Letter,
    /// The text.
    Script,
}

impl PartSet {
    /// The parts for a channel; other channels get subject and text.
    pub fn of(channel: &Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Sms | Channel::Whatsapp => Self::Message,
            Channel::Phone => Self::Script,
            Channel::Letter | Channel::Other(_) => Self::Letter,
        }
    }
}

/// What a debtor gets to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// One line without control characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Plain text.
    pub text: String,
    /// HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}
