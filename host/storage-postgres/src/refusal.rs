//! Broken rules of the schema, in words.

use regua_storage::refusal::{self, Rule};
use sqlx::postgres::PgDatabaseError;

use crate::rows::{Broken, Value};

/// What rule a row broke.
pub(crate) fn words(broken: &Broken) -> String {
    let error = broken
        .source
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    // By the rule's name: messages are in the server's language.
    let (code, name, message) = error.map_or(("", "", ""), |error| {
        let name = error.constraint().unwrap_or_default();
        (error.code(), name, error.message())
    });
    let rule = match (code, name) {
        ("23514", name) => Rule::Bound(name),
        ("23505", "dunning_case_open") => Rule::OpenCase,
        ("23505", _) => Rule::Key,
        ("22021", _) => Rule::Other("a text has a zero byte"),
        _ => Rule::Other(message),
    };
    // A row begins with its customer.
    refusal::words(broken.table, rule, |nth| match broken.row.get(nth + 1) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Int(number)) => number.to_string(),
        _ => String::new(),
    })
}
