//! What is assumed of payers, and what is done costs: as a file says it.

use std::path::Path;

use chrono_tz::Tz;
use regua_domain::workflow::check::{Problem, Schema};
use regua_rehearsal::backtest::Costs;
use regua_rehearsal::simulate::fit::People;
use regua_rehearsal::simulate::{Model, Setting};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Args;
use crate::command::document::Document;

/// What is assumed, as it is written.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::command) struct Assumed {
    /// Where payers live: an IANA name.
    #[schemars(with = "String")]
    pub(in crate::command) time_zone: Tz,
    /// Their language, BCP 47.
    pub(in crate::command) locale: String,
    /// Their country, ISO 3166.
    pub(in crate::command) jurisdiction: String,
    /// What they do.
    pub(in crate::command) model: Model,
    /// What is done costs so much, minor units.
    pub(in crate::command) costs: Costs,
}

impl Assumed {
    /// What was fitted to a past, and what its customers have in common; all else is the default.
    pub(in crate::command) fn of(model: Model, people: People) -> Self {
        let default = Self::default();
        Self {
            time_zone: people.time_zone.unwrap_or(default.time_zone),
            locale: people.locale.unwrap_or(default.locale),
            jurisdiction: people.jurisdiction.unwrap_or(default.jurisdiction),
            model,
            costs: default.costs,
        }
    }

    /// What is simulated with it.
    pub(super) fn setting(self, args: &Args) -> Setting {
        Setting {
            asked: args.customers,
            seed: args.seed,
            starts: args.starts,
            days: args.days,
            time_zone: self.time_zone,
            locale: self.locale,
            jurisdiction: self.jurisdiction,
            model: self.model,
            costs: self.costs,
        }
    }
}

impl Default for Assumed {
    fn default() -> Self {
        Self {
            time_zone: Tz::America__Sao_Paulo,
            locale: "pt-BR".to_owned(),
            jurisdiction: "BR".to_owned(),
            model: Model::default(),
            costs: Costs::default(),
        }
    }
}

/// What is simulated by a file's assumptions. None where it has faults, which were listed.
pub(super) fn read(file: &Path, args: &Args) -> anyhow::Result<Option<Setting>> {
    let Some(document) = Document::read(file)? else {
        return Ok(None);
    };
    let schema = Schema::new(payers_schema());
    let schema = schema.map_err(|error| anyhow::anyhow!("the schema of payers: {error}"))?;
    let faults = schema.problems(&document.value);
    if !faults.is_empty() {
        document.list(faults);
        return Ok(None);
    }
    let setting = match serde_json::from_value::<Assumed>(document.value.clone()) {
        Ok(assumed) => assumed.setting(args),
        Err(error) => {
            document.list(vec![Problem::new("", error.to_string())]);
            return Ok(None);
        }
    };
    let faults = setting.problems().into_iter();
    let faults: Vec<_> = faults.map(|(at, text)| Problem::new(at, text)).collect();
    if faults.is_empty() {
        return Ok(Some(setting));
    }
    document.list(faults);
    Ok(None)
}

/// The schema of what is assumed of payers, for editors.
pub(in crate::command) fn payers_schema() -> Value {
    schemars::schema_for!(Assumed).to_value()
}
