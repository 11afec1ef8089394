//! Broken rules of the schema, in words.

use regua_storage::refusal::{self, Rule};

use crate::rows::{Broken, Value};

/// What rule a row broke.
pub(crate) fn words(broken: &Broken) -> String {
    let message = broken
        .source
        .as_database_error()
        .map_or_else(String::new, |error| error.message().to_owned());
    let rule = if let Some((_, name)) = message.split_once("CHECK constraint failed: ") {
        Rule::Bound(name)
    } else if !message.contains("UNIQUE constraint failed") {
        Rule::Other(&message)
    } else if broken.table == "dunning_case" && message.contains("currency") {
        Rule::OpenCase
    } else {
        Rule::Key
    };
    // A row begins with its tenant and customer.
    refusal::words(broken.table, rule, |nth| match broken.row.get(nth + 2) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Int(number)) => number.to_string(),
        _ => String::new(),
    })
}
