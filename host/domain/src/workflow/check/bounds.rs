//! How large the config schema of a plugin may be.
//!
//! It comes from a tenant, and is compiled and held against configs whenever a workflow is
//! checked: what takes long or fills memory is refused before that. The schemas of shipped
//! plugins have a few hundred nodes.

use serde_json::Value;

/// The most values of JSON in a schema.
const NODES_MAX: usize = 4_096;
/// The most alternatives: members of `anyOf` and `oneOf`, and each `if`. Every one is
/// compiled by itself, to see which of them a config fits.
const BRANCHES_MAX: usize = 128;
/// The most patterns.
const PATTERNS_MAX: usize = 16;
/// The longest pattern.
const PATTERN_BYTES_MAX: usize = 1_024;
/// The most values of an `enum`: each fault of a config repeats them.
const OPTIONS_MAX: usize = 512;

/// What is too large in a schema.
pub(super) fn excess(schema: &Value) -> Option<String> {
    let mut count = Count::default();
    count.visit(schema);
    let counted = [
        (count.nodes, NODES_MAX, "values"),
        (
            count.branches,
            BRANCHES_MAX,
            "alternatives (`anyOf`, `oneOf`, `if`)",
        ),
        (count.patterns, PATTERNS_MAX, "patterns"),
        (count.pattern_bytes, PATTERN_BYTES_MAX, "bytes in a pattern"),
        (count.options, OPTIONS_MAX, "values in an `enum`"),
    ];
    counted
        .into_iter()
        .find(|(found, most, _)| found > most)
        .map(|(found, most, what)| format!("it has {found} {what}, at most {most} are possible"))
}

#[derive(Default)]
struct Count {
    nodes: usize,
    branches: usize,
    patterns: usize,
    pattern_bytes: usize,
    options: usize,
}

impl Count {
    fn visit(&mut self, value: &Value) {
        self.nodes += 1;
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.visit(item)),
            Value::Object(members) => {
                for (keyword, value) in members {
                    self.weigh(keyword, value);
                    self.visit(value);
                }
            }
            _ => {}
        }
    }

    fn weigh(&mut self, keyword: &str, value: &Value) {
        match (keyword, value) {
            ("anyOf" | "oneOf", Value::Array(branches)) => self.branches += branches.len(),
            ("if", _) => self.branches += 1,
            ("enum", Value::Array(options)) => self.options = self.options.max(options.len()),
            ("pattern", Value::String(pattern)) => self.pattern(pattern),
            ("patternProperties", Value::Object(members)) => {
                members.keys().for_each(|pattern| self.pattern(pattern));
            }
            _ => {}
        }
    }

    fn pattern(&mut self, pattern: &str) {
        self.patterns += 1;
        self.pattern_bytes = self.pattern_bytes.max(pattern.len());
    }
}
