//! References in a config: strings that its schema marks as names of the tenant's things.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::effort::target;
use super::parts::Parts;
use super::problem::join;
use super::schema::Schema;

/// What a string names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Template,
    Team,
    Agency,
    Segment,
    Terms,
}

impl Kind {
    fn of(format: &str) -> Option<Self> {
        Some(match format {
            "regua-template" => Self::Template,
            "regua-team" => Self::Team,
            "regua-agency" => Self::Agency,
            "regua-segment" => Self::Segment,
            "regua-terms" => Self::Terms,
            _ => return None,
        })
    }

    pub const fn missing(self) -> &'static str {
        match self {
            Self::Template => "is no template",
            Self::Team => "is no team",
            Self::Agency => "is no agency",
            Self::Segment => "is no segment",
            Self::Terms => "are no interest terms",
        }
    }
}

/// One name in a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub kind: Kind,
    pub name: String,
    pub pointer: String,
}

/// All references of an instance that stands at `base`.
///
/// Schema and instance are walked together. Of `anyOf`, `oneOf` and `if` only what the
/// instance fits counts. The schema is known to be bounded for the instance. A member that is not given counts with its schema's default.
pub(super) fn references(schema: &Schema, instance: &Value, base: &str) -> Vec<Reference> {
    let mut walk = Walk {
        root: &schema.value,
        seen: BTreeSet::new(),
        parts: Parts::of(schema),
        found: Vec::new(),
    };
    walk.visit(&schema.value, instance, base, 0);
    walk.found
}

/// How deep schemas and their references may nest.
const DEPTH_MAX: usize = 200;

struct Walk<'a> {
    root: &'a Value,
    /// Pairs of schema and instance, by address: schemas may refer to themselves.
    seen: BTreeSet<(*const Value, *const Value)>,
    parts: Parts<'a>,
    found: Vec<Reference>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, schema: &'a Value, instance: &'a Value, pointer: &str, depth: usize) {
        let Value::Object(keywords) = schema else {
            return;
        };
        if depth > DEPTH_MAX || !self.seen.insert((schema, instance)) {
            return;
        }
        let depth = depth + 1;
        if let (Some(kind), Some(name)) = (kind_of(keywords), instance.as_str()) {
            self.found.push(Reference {
                kind,
                name: name.to_owned(),
                pointer: pointer.to_owned(),
            });
        }
        if let Some(target) = keywords
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|to| target(self.root, to))
        {
            self.visit(target, instance, pointer, depth);
        }
        self.visit_branches(keywords, instance, pointer, depth);
        match instance {
            Value::Object(members) => self.visit_members(keywords, members, pointer, depth),
            Value::Array(items) => {
                let first = keywords
                    .get("prefixItems")
                    .and_then(Value::as_array)
                    .map_or(&[][..], Vec::as_slice);
                for (index, item) in items.iter().enumerate() {
                    if let Some(schema) = first.get(index).or_else(|| keywords.get("items")) {
                        self.visit(schema, item, &format!("{pointer}/{index}"), depth);
                    }
                }
            }
            _ => {}
        }
    }

    fn visit_branches(
        &mut self,
        keywords: &'a Map<String, Value>,
        instance: &'a Value,
        pointer: &str,
        depth: usize,
    ) {
        let branches = |name: &str| {
            keywords
                .get(name)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        for schema in branches("allOf") {
            self.visit(schema, instance, pointer, depth);
        }
        for schema in branches("anyOf").chain(branches("oneOf")) {
            if self.parts.fit(schema, instance) {
                self.visit(schema, instance, pointer, depth);
            }
        }
        let dependent = keywords.get("dependentSchemas").and_then(Value::as_object);
        for (_, schema) in dependent
            .into_iter()
            .flatten()
            .filter(|(name, _)| instance.get(name.as_str()).is_some())
        {
            self.visit(schema, instance, pointer, depth);
        }
        if let Some(condition) = keywords.get("if") {
            let side = if self.parts.fit(condition, instance) {
                "then"
            } else {
                "else"
            };
            if let Some(schema) = keywords.get(side) {
                self.visit(schema, instance, pointer, depth);
            }
        }
    }

    fn visit_members(
        &mut self,
        keywords: &'a Map<String, Value>,
        members: &'a Map<String, Value>,
        pointer: &str,
        depth: usize,
    ) {
        let schemas = |name: &str| keywords.get(name).and_then(Value::as_object);
        let (properties, patterns) = (schemas("properties"), schemas("patternProperties"));
        for (name, value) in members {
            let at = join(pointer, name);
            let named = properties.and_then(|properties| properties.get(name));
            let parts = &mut self.parts;
            let fitting = patterns
                .into_iter()
                .flatten()
                .filter(|(pattern, _)| parts.matches(pattern, name));
            let known: Vec<_> = named
                .into_iter()
                .chain(fitting.map(|(_, schema)| schema))
                .collect();
            let rest = keywords
                .get("additionalProperties")
                .filter(|_| known.is_empty());
            for schema in known.into_iter().chain(rest) {
                self.visit(schema, value, &at, depth);
            }
        }
        for (name, schema) in properties
            .into_iter()
            .flatten()
            .filter(|(name, _)| !members.contains_key(*name))
        {
            if let Some(default) = schema.get("default") {
                self.visit(schema, default, &join(pointer, name), depth);
            }
        }
    }
}

fn kind_of(keywords: &Map<String, Value>) -> Option<Kind> {
    keywords
        .get("format")
        .and_then(Value::as_str)
        .and_then(Kind::of)
}
