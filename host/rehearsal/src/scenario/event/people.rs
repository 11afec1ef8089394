//! What debtors say, and what is agreed with them.

use regua_domain::contract::Channel;
use regua_domain::fact::Fact;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Amount, Ground, Person, Told};
use crate::scenario::moment::Day;

impl Told for Person {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::Customer(self.facts()))
    }
}

/// An answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// In a word: not-received, cash-flow, goods-or-service, hardship, …
    #[schemars(length(min = 1, max = 64))]
    pub reason: String,
    /// What they wrote.
    #[serde(default)]
    pub text: String,
}

impl Told for Reply {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::Replied {
            reason: self.reason.clone(),
            text: self.text.clone(),
        })
    }
}

/// A promise.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// How much.
    pub amount: Amount,
    /// By when.
    pub due_on: Day,
}

impl Told for Promise {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::PromiseMade {
            amount: self.amount.0,
            due_on: ground.date(self.due_on),
        })
    }
}

/// A channel.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfChannel {
    /// email, sms, whatsapp, letter, phone, or another's name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,32}$"))]
    pub channel: String,
}

impl OfChannel {
    fn channel(&self) -> Result<Channel, String> {
        let channel = Channel::try_from(self.channel.clone());
        channel.map_err(|error| error.to_string())
    }
}

/// Not on this channel.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OptOut(OfChannel);

impl Told for OptOut {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        let channel = self.0.channel()?;
        Ok(Fact::OptedOut { channel })
    }
}

/// On this channel again.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OptIn(OfChannel);

impl Told for OptIn {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        let channel = self.0.channel()?;
        Ok(Fact::OptedIn { channel })
    }
}

/// A hold.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Why.
    #[schemars(length(min = 1, max = 200))]
    pub reason: String,
    /// The last day of it.
    pub until: Day,
}

impl Told for Hold {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::HoldPlaced {
            reason: self.reason.clone(),
            until: ground.date(self.until),
        })
    }
}

/// The end of a hold.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftHold {}

impl Told for LiftHold {
    fn fact(&self, _: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::HoldLifted)
    }
}
