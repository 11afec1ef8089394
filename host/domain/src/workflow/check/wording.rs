//! Values and types in words.

use jsonschema::error::TypeKind;
use jsonschema::types::JsonType;
use serde_json::Value;

use super::closest::hint;
use super::problem::list;

/// The types that are wanted, but for null, which nobody writes.
pub(super) fn wanted(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(JsonType::Null) => String::new(),
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => {
            let kinds = kinds
                .iter()
                .filter(|kind| *kind != JsonType::Null)
                .map(|kind| kind.to_string());
            kinds.collect::<Vec<_>>().join(" or ")
        }
    }
}

pub(super) fn wrong_type(instance: &Value, wanted: &str) -> String {
    let quotes = matches!(instance, Value::Number(_) | Value::Bool(_)) && wanted == "string";
    let hint = if quotes {
        format!(": write it in quotes, \"{instance}\"")
    } else {
        String::new()
    };
    format!(
        "{} is {}, and has to be {}{hint}",
        shown(instance),
        kind_of(instance),
        article(wanted)
    )
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn article(kinds: &str) -> String {
    let named = kinds.split(" or ").map(|kind| match kind {
        "array" => "a list".to_owned(),
        "object" => "an object".to_owned(),
        "integer" => "a whole number".to_owned(),
        "" => "nothing".to_owned(),
        other => format!("a {other}"),
    });
    named.collect::<Vec<_>>().join(" or ")
}

pub(super) fn none_of(instance: &Value, options: &[Value]) -> String {
    let names: Vec<_> = options
        .iter()
        .map(|option| {
            option
                .as_str()
                .map_or_else(|| option.to_string(), str::to_owned)
        })
        .collect();
    let hint = hint(
        instance.as_str().unwrap_or_default(),
        names.iter().map(String::as_str),
    );
    match names.as_slice() {
        [one] => format!("{} is not `{one}`", shown(instance)),
        _ => format!(
            "{} is none of {}{hint}",
            shown(instance),
            list(&names, "and")
        ),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", clipped(text)),
        Value::Array(_) | Value::Object(_) => "this".to_owned(),
        Value::Null => "`null`".to_owned(),
        other => format!("`{other}`"),
    }
}

/// At most 200 characters.
pub(super) fn clipped(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
