//! What is assumed of payers, and what is done costs: as a file says it.

use std::path::Path;

use chrono_tz::Tz;
use regua_domain::workflow::check::{Problem, Schema};
use regua_rehearsal::backtest::Costs;
use regua_rehearsal::simulate::Model;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::document::Document;

/// What is assumed, as it is written.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::command) struct Assumed {
    /// Where payers live: an IANA name.
    #[schemars(with = "String")]
    pub(super) time_zone: Tz,
    /// Their language, BCP 47.
    pub(super) locale: String,
    /// Their country, ISO 3166.
    pub(super) jurisdiction: String,
    /// What they do.
    pub(super) model: Model,
    /// What is done costs so much, minor units.
    pub(super) costs: Costs,
}

impl Assumed {
    /// The default, but for what payers do.
    pub(in crate::command) fn of(model: Model) -> Self {
        Self {
            model,
            ..Self::default()
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

/// What is assumed, of a file. None where it has faults, which were listed.
pub(super) fn read(file: &Path) -> anyhow::Result<Option<Assumed>> {
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
    let read = serde_json::from_value::<Assumed>(document.value.clone());
    let faults = match &read {
        Ok(assumed) => {
            let problems = assumed.model.problems().into_iter();
            let of_model = problems.map(|(at, text)| Problem::new(format!("/model{at}"), text));
            of_model.collect()
        }
        Err(error) => vec![Problem::new("", error.to_string())],
    };
    if faults.is_empty() {
        return Ok(read.ok());
    }
    document.list(faults);
    Ok(None)
}

/// The schema of what is assumed of payers, for editors.
pub(in crate::command) fn payers_schema() -> Value {
    schemars::schema_for!(Assumed).to_value()
}
