//! Parts of a schema, each compiled by itself when it is first asked for.

use std::collections::BTreeMap;

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::problem::join;
use super::schema::Schema;

/// What a schema is known as while its parts are compiled.
const WHOLE: &str = "urn:regua:whole";

/// The parts of one schema.
pub(super) struct Parts<'a> {
    schema: &'a Schema,
    /// The whole, once a part of it was asked for.
    whole: Option<Whole>,
    /// By address.
    compiled: BTreeMap<*const Value, Option<Validator>>,
    patterns: BTreeMap<&'a str, Option<Validator>>,
}

/// The whole as parts refer to it: one copy for all of them.
struct Whole {
    registry: Option<Registry<'static>>,
    /// Where each part stands, by address.
    pointers: BTreeMap<*const Value, String>,
}

impl<'a> Parts<'a> {
    pub fn of(schema: &'a Schema) -> Self {
        Self {
            schema,
            whole: None,
            compiled: BTreeMap::new(),
            patterns: BTreeMap::new(),
        }
    }

    /// Whether an instance fits a part; in doubt it does.
    pub fn fit(&mut self, part: &'a Value, instance: &Value) -> bool {
        let schema = self.schema;
        let whole = self.whole.get_or_insert_with(|| Whole::of(&schema.value));
        let compiled = self
            .compiled
            .entry(part)
            .or_insert_with(|| whole.part(schema, part));
        compiled
            .as_ref()
            .is_none_or(|compiled| compiled.is_valid(instance))
    }

    /// Whether a member's name fits a pattern.
    pub fn matches(&mut self, pattern: &'a str, name: &str) -> bool {
        let schema = self.schema;
        let compiled = self.patterns.entry(pattern).or_insert_with(|| {
            let options = schema.options();
            options.build(&json!({ "pattern": pattern })).ok()
        });
        compiled
            .as_ref()
            .is_some_and(|compiled| compiled.is_valid(&name.into()))
    }
}

impl Whole {
    fn of(schema: &Value) -> Self {
        let mut pointers = BTreeMap::new();
        locate(schema, String::new(), &mut pointers);
        let mut named = schema.clone();
        if let Value::Object(keywords) = &mut named {
            // Whatever it calls itself, its parts are to be found.
            keywords.insert("$id".to_owned(), WHOLE.into());
        }
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(WHOLE, named)
            .and_then(jsonschema::RegistryBuilder::prepare);
        Self {
            registry: registry.ok(),
            pointers,
        }
    }

    /// A part, whose `$ref`s lead where they did.
    fn part(&self, schema: &Schema, part: &Value) -> Option<Validator> {
        let pointer = self.pointers.get(&std::ptr::from_ref(part))?;
        let reference = json!({ "$ref": format!("{WHOLE}#{}", escaped(pointer)) });
        let options = schema.options().with_registry(self.registry.as_ref()?);
        options.build(&reference).ok()
    }
}

fn locate(value: &Value, pointer: String, pointers: &mut BTreeMap<*const Value, String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                locate(item, format!("{pointer}/{index}"), pointers);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                locate(member, join(&pointer, name), pointers);
            }
        }
        _ => {}
    }
    pointers.insert(value, pointer);
}

/// A pointer as the fragment of an address (RFC 6901, 6.).
fn escaped(pointer: &str) -> String {
    use std::fmt::Write as _;
    pointer
        .bytes()
        .fold(String::with_capacity(pointer.len()), |mut text, byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
            text
        })
}
