//! What a workflow's author sets.

use regua_sdk::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a workflow's author sets.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The template of the demand, with the parts `subject`, `text` and `short`.
    pub template: TemplateRef,
    /// The least chaseable balance that is worth a letter, by currency; any amount where a
    /// currency is not named.
    #[serde(default)]
    pub minimum: AmountByCurrency,
    /// The channels that may be used. Their order does not matter: the customer's does.
    #[serde(default = "written_channels")]
    #[schemars(length(min = 1))]
    pub channels: Vec<Channel>,
}

/// The channels for which the templates of this crate have a text.
fn written_channels() -> Vec<Channel> {
    vec![Channel::Email, Channel::Sms, Channel::Whatsapp]
}
