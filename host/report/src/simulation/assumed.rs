//! What was assumed, member by member.

use regua_rehearsal::simulate::Setting;
use serde::Serialize;
use serde_json::Value;

use crate::ReportError;
use crate::numbers::rounded;
use crate::page::{Section, Table};

/// What a simulation assumed, and of what it is made.
pub(super) fn section(setting: &Setting) -> Result<Section, ReportError> {
    let mut made = vec![
        vec!["seed".to_owned(), setting.seed.to_string()],
        vec!["first day".to_owned(), setting.starts.to_string()],
        vec!["days".to_owned(), setting.days.to_string()],
        vec!["time zone".to_owned(), setting.time_zone.to_string()],
        vec!["language".to_owned(), setting.locale.clone()],
        vec!["country".to_owned(), setting.jurisdiction.clone()],
    ];
    members("costs", &told(&setting.costs)?, &mut made);
    let mut model = Vec::new();
    members("", &told(&setting.model)?, &mut model);
    let table = |title: &str, rows| Table {
        title: title.to_owned(),
        head: vec!["Assumed".to_owned(), "Value".to_owned()],
        rows,
    };
    Ok(Section {
        title: "What is assumed",
        notes: vec![
            "Payers are made up: what comes of it is as good as what is assumed here. The same seed \
             gives the same result. Costs and amounts are in minor units."
                .to_owned(),
        ],
        folded: vec![
            table("Seed, days and costs", made),
            table("The model of payers", model),
        ],
        ..Section::default()
    })
}

fn told(of: &impl Serialize) -> Result<Value, ReportError> {
    serde_json::to_value(of).map_err(ReportError::Assumed)
}

/// Each member that is no object, by the names that lead to it.
fn members(name: &str, value: &Value, rows: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(of) => {
            for (member, value) in of {
                let name = if name.is_empty() {
                    member.clone()
                } else {
                    format!("{name}.{member}")
                };
                members(&name, value, rows);
            }
        }
        Value::Array(of) => {
            let values: Vec<_> = of.iter().map(plainly).collect();
            rows.push(vec![name.to_owned(), values.join(", ")]);
        }
        value => rows.push(vec![name.to_owned(), plainly(value)]),
    }
}

fn plainly(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(String::new, rounded)
        }
        value => value.to_string(),
    }
}
