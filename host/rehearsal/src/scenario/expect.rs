//! What is expected, and how what came differs from it.
//!
//! An expectation names what matters to it, and nothing else is compared. A list is whole: what
//! is not in it did not happen.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::seen::Seen;

/// What a customer's case has come to by a moment, as far as it matters. See [`Seen`] for its
/// members; empty, it is filled in by `--update`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Expect(pub Value);

impl JsonSchema for Expect {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expect".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Seen>()
    }
}

impl Expect {
    /// Whether nothing is named yet.
    pub fn is_empty(&self) -> bool {
        self.0.as_object().is_none_or(Map::is_empty)
    }

    /// What came, as far as it is compared: equal to what is expected where that is so.
    pub fn narrow(&self, came: &Value) -> Value {
        if self.is_empty() {
            return brief(came);
        }
        narrow(&self.0, came)
    }
}

/// What came without what nothing happened in: what an empty expectation is filled with.
fn brief(came: &Value) -> Value {
    let members = came.as_object().into_iter().flatten();
    // That nobody was written to is what many expect, and is said.
    let told = members.filter(|(name, value)| {
        *name == "messages" || (!matches!(value, Value::Null) && !is_empty(value))
    });
    let told = told.map(|(name, value)| (name.clone(), brief_items(value)));
    Value::Object(told.collect())
}

fn brief_items(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(brief_items).collect(),
        Value::Object(members) => {
            let told = members.iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                told.map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// What came in the shape of what is expected.
fn narrow(expected: &Value, came: &Value) -> Value {
    match (expected, came) {
        (Value::Object(wanted), Value::Object(found)) => {
            let members = wanted.iter().map(|(name, wanted)| {
                let value = match (name.as_str(), found.get(name)) {
                    ("has", _) => pieces(wanted, found.get("text")),
                    (_, Some(found)) => narrow(wanted, found),
                    (_, None) => Value::Null,
                };
                (name.clone(), value)
            });
            Value::Object(members.collect())
        }
        (Value::Array(wanted), Value::Array(found)) => {
            let shape = || union(wanted);
            let items = found.iter().enumerate().map(|(at, found)| {
                if wanted.len() == found_len(came) {
                    narrow(&wanted[at], found)
                } else {
                    shape().map_or_else(|| brief_items(found), |shape| narrow(&shape, found))
                }
            });
            items.collect()
        }
        // What a block of YAML ends with is not meant.
        (Value::String(wanted), Value::String(found)) if wanted.trim_end() == found.trim_end() => {
            expected.clone()
        }
        _ => came.clone(),
    }
}

fn found_len(came: &Value) -> usize {
    came.as_array().map_or(0, Vec::len)
}

/// All members that any of some items names; none where there is no item to go by.
fn union(items: &[Value]) -> Option<Value> {
    let members = items.iter().filter_map(Value::as_object).flatten();
    let named: Map<_, _> = members
        .filter(|(name, _)| *name != "has")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    (!named.is_empty()).then_some(Value::Object(named))
}

/// The pieces that a text has to have: those, where it has all of them, else the text.
fn pieces(wanted: &Value, text: Option<&Value>) -> Value {
    let text = text.and_then(Value::as_str).unwrap_or_default();
    let pieces = wanted.as_array().into_iter().flatten();
    let has_all = pieces
        .filter_map(Value::as_str)
        .all(|piece| text.contains(piece));
    if has_all {
        wanted.clone()
    } else {
        Value::from(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(expected: &Value, came: &Value) -> bool {
        Expect(expected.clone()).narrow(came) == *expected
    }

    #[test]
    fn what_is_not_named_is_not_compared_and_lists_are_whole() {
        let came = json!({
            "messages": [{ "channel": "email", "text": "Pay 250.00 by Friday.\n" }],
            "tasks": [], "balance": "250.00 BRL", "ended": null,
        });
        for expected in [
            json!({ "balance": "250.00 BRL" }),
            json!({ "messages": [{ "channel": "email" }], "tasks": [] }),
            json!({ "messages": [{ "text": "Pay 250.00 by Friday." }] }),
            json!({ "messages": [{ "has": ["250.00", "Friday"] }] }),
            json!({ "ended": null }),
        ] {
            assert!(fits(&expected, &came), "{expected}");
        }
        for expected in [
            json!({ "balance": "25.00 BRL" }),
            json!({ "messages": [] }),
            json!({ "messages": [{ "channel": "sms" }] }),
            json!({ "messages": [{}, {}] }),
            json!({ "messages": [{ "has": ["Monday"] }] }),
            json!({ "tasks": [{ "title": "Call" }] }),
            json!({ "ended": "resolved" }),
        ] {
            assert!(!fits(&expected, &came), "{expected}");
        }
    }

    #[test]
    fn an_empty_expectation_is_filled_with_what_happened() {
        let came = json!({
            "messages": [{ "channel": "email", "subject": null }], "tasks": [],
            "stage": null, "balance": "0.00 BRL",
        });
        let filled = Expect(json!({})).narrow(&came);
        let expected = json!({ "messages": [{ "channel": "email" }], "balance": "0.00 BRL" });
        assert_eq!(filled, expected);
        let silent = json!({ "messages": [], "tasks": [], "stage": null });
        assert_eq!(Expect(json!({})).narrow(&silent), json!({ "messages": [] }));
    }
}
