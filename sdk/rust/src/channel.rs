//! Ways to reach a debtor.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::bindings as wit;
use crate::text;

/// A way to reach a debtor; in a config, its name as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// E-mail.
    Email,
    /// A text message.
    Sms,
    /// `WhatsApp`.
    Whatsapp,
    /// A letter on paper.
    Letter,
    /// A call.
    Phone,
    /// One the tenant added: 1 to 32 characters of `a-z`, `0-9` and `-`.
    Other(String),
}

impl Channel {
    /// Its name, e.g. `email`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
            Self::Letter => "letter",
            Self::Phone => "phone",
            Self::Other(name) => name,
        }
    }

    /// None where the text cannot name a channel.
    pub fn from_name(name: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        Some(match name {
            "email" => Self::Email,
            "sms" => Self::Sms,
            "whatsapp" => Self::Whatsapp,
            "letter" => Self::Letter,
            "phone" => Self::Phone,
            _ if (1..=32).contains(&name.len()) && name.bytes().all(allowed) => {
                Self::Other(name.to_owned())
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&wit::Channel> for Channel {
    fn from(channel: &wit::Channel) -> Self {
        match channel {
            wit::Channel::Email => Self::Email,
            wit::Channel::Sms => Self::Sms,
            wit::Channel::Whatsapp => Self::Whatsapp,
            wit::Channel::Letter => Self::Letter,
            wit::Channel::Phone => Self::Phone,
            wit::Channel::Other(name) => Self::Other(name.clone()),
        }
    }
}

impl From<Channel> for wit::Channel {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Sms => Self::Sms,
            Channel::Whatsapp => Self::Whatsapp,
            Channel::Letter => Self::Letter,
            Channel::Phone => Self::Phone,
            Channel::Other(name) => Self::Other(name),
        }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(
            deserializer,
            "a channel: 1 to 32 characters of a-z, 0-9 and -",
            Self::from_name,
        )
    }
}

impl JsonSchema for Channel {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Channel".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[a-z0-9-]{1,32}$",
            "examples": ["email", "sms", "whatsapp", "letter", "phone"],
        })
    }
}
