//! What a policy's doings cost.

use std::collections::BTreeMap;

use regua_domain::contract::{ActionKind, Channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What each thing that is done costs a tenant, in minor units of its own money.
///
/// The defaults are round figures of the right order, in cents: an e-mail next to nothing, a text
/// message some cents, a letter its postage, a call or a task some minutes of a person. Whoever
/// compares two policies by their cost says what theirs are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Costs {
    /// An e-mail.
    pub email: u32,
    /// A text message.
    pub sms: u32,
    /// A message by `whatsapp`.
    pub whatsapp: u32,
    /// A letter.
    pub letter: u32,
    /// A call.
    pub phone: u32,
    /// A message over any other channel, by its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, u32>,
    /// A task, done by a person.
    pub task: u32,
    /// Placing a case with an agency, beside its commission.
    pub placement: u32,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            email: 1,
            sms: 8,
            whatsapp: 6,
            letter: 150,
            phone: 400,
            others: BTreeMap::new(),
            task: 600,
            placement: 500,
        }
    }
}

impl Costs {
    /// What a message costs.
    pub fn of_channel(&self, channel: &Channel) -> u32 {
        match channel {
            Channel::Email => self.email,
            Channel::Sms => self.sms,
            Channel::Whatsapp => self.whatsapp,
            Channel::Letter => self.letter,
            Channel::Phone => self.phone,
            Channel::Other(name) => self.others.get(name).copied().unwrap_or(0),
        }
    }

    /// What something else costs that was done.
    pub const fn of_action(&self, kind: ActionKind) -> u32 {
        match kind {
            ActionKind::OpenTask => self.task,
            ActionKind::PlaceWithAgency => self.placement,
            _ => 0,
        }
    }
}

/// Minor units of the tenant's own money.
pub type Spent = u64;
