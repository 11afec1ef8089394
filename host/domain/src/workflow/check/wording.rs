//! Values and types in words.

use jsonschema::error::TypeKind;
use jsonschema::types::JsonType;
use serde_json::Value;

use super::closest::hint;
use super::problem::list;
use crate::cut::cut;

/// The longest piece of another's text that is repeated.
pub(super) const MESSAGE_CHARS_MAX: usize = 200;
/// The longest name in a list of them, and the most of them that are listed.
const NAME_CHARS_MAX: usize = 60;
const OPTIONS_MAX: usize = 10;

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

/// A text of another form than the one of which this is said. An example in that says more than the
/// pattern does.
pub(super) fn unfit(instance: &Value, pattern: &str, about: &str) -> String {
    let about = cut(about.trim(), MESSAGE_CHARS_MAX);
    let shown = shown(instance);
    if about.contains('`') {
        return format!("{shown} does not fit: {about}");
    }
    let pattern = cut(pattern, MESSAGE_CHARS_MAX);
    format!("{shown} does not fit `{pattern}`: {about}")
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
    let name = |option: &Value| match option {
        Value::String(text) => cut(text, NAME_CHARS_MAX).into_owned(),
        other => cut(&other.to_string(), NAME_CHARS_MAX).into_owned(),
    };
    let names: Vec<_> = options.iter().take(OPTIONS_MAX).map(name).collect();
    let shown = shown(instance);
    if let [one] = names.as_slice() {
        return format!("{shown} is not `{one}`");
    }
    let hint = hint(
        instance.as_str().unwrap_or_default(),
        options.iter().filter_map(Value::as_str),
    );
    let more = options.len() - names.len();
    if more == 0 {
        return format!("{shown} is none of {}{hint}", list(&names, "and"));
    }
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let listed = quoted.join(", ");
    format!("{shown} is none of {listed} and {more} more{hint}")
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", cut(text, MESSAGE_CHARS_MAX)),
        Value::Array(_) | Value::Object(_) => "this".to_owned(),
        Value::Null => "`null`".to_owned(),
        other => format!("`{other}`"),
    }
}
