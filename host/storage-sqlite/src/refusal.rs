//! Broken rules of the schema, in words.

use crate::rows::{Broken, Value};

/// What rule a row broke.
pub(crate) fn words(broken: &Broken) -> String {
    let message = broken
        .source
        .as_database_error()
        .map_or_else(String::new, |error| error.message().to_owned());
    let value = |column: usize| match broken.row.get(column) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Int(number)) => number.to_string(),
        _ => String::new(),
    };
    if let Some((_, rule)) = message.split_once("CHECK constraint failed: ") {
        return format!("a value of `{}` breaks the rule `{rule}`", broken.table);
    }
    // Columns are those of each table's INSERT.
    match broken.table {
        "customer" => format!(
            "customer reference `{}` is taken by another customer",
            value(2)
        ),
        "item" => format!(
            "invoice reference `{}` is taken by another customer",
            value(3)
        ),
        "payment" => format!(
            "payment reference `{}` is taken by another customer",
            value(3)
        ),
        "dunning_case" if message.contains("currency") => {
            format!("the customer has an open case in {} already", value(3))
        }
        "dunning_case" => "the case id is another customer's".to_owned(),
        "ledger" => format!("ledger entry {} is written already", value(2)),
        "timeline" => format!("timeline entry {} is written already", value(2)),
        "fact" => "the fact was told of another customer".to_owned(),
        "inbox" => format!("fact {} waits already", value(2)),
        "decision" => format!("the decision of transition {} is written already", value(3)),
        table => format!("a rule of `{table}` is broken: {message}"),
    }
}
