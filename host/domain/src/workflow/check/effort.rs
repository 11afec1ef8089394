//! How much work a schema makes of an instance.
//!
//! Schemas come from tenants, and a few lines of `$ref`s that lead to one another twice
//! take longer than anybody waits: the work doubles with each. So it is counted before
//! it is done.

use serde_json::Value;

/// The most visits of a schema to a part of an instance. Ordinary configs take hundreds.
const VISITS_MAX: u32 = 100_000;
/// How deep schemas and their references may nest.
const DEPTH_MAX: u32 = 200;

/// Whether an instance can be checked in bounded time. Schemas that refer by more than
/// JSON pointers into themselves (anchors, inner `$id`s) are not.
pub(super) fn is_bounded(schema: &Value, instance: &Value) -> bool {
    Count {
        root: schema,
        left: VISITS_MAX,
    }
    .visit(schema, instance, 0)
    .is_some()
}

struct Count<'a> {
    root: &'a Value,
    left: u32,
}

impl<'a> Count<'a> {
    fn visit(&mut self, schema: &'a Value, instance: &Value, depth: u32) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        let Value::Object(keywords) = schema else {
            return Some(());
        };
        if depth > DEPTH_MAX {
            return None;
        }
        let depth = depth + 1;
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "$ref" | "$dynamicRef" => {
                    // What cannot be followed cannot be counted.
                    let target = value.as_str().and_then(|to| target(self.root, to))?;
                    self.visit(target, instance, depth)?;
                }
                "$id" if depth > 1 => return None,
                "not" | "if" | "then" | "else" => self.visit(value, instance, depth)?,
                "allOf" | "anyOf" | "oneOf" => self.visit_each(value, instance, depth)?,
                "dependentSchemas" => {
                    for schema in value.as_object()?.values() {
                        self.visit(schema, instance, depth)?;
                    }
                }
                "properties" => {
                    for (name, schema) in value.as_object()? {
                        if let Some(value) = instance.get(name) {
                            self.visit(schema, value, depth)?;
                        }
                    }
                }
                "patternProperties" => {
                    for schema in value.as_object()?.values() {
                        self.visit_parts(schema, instance, depth)?;
                    }
                }
                "prefixItems" => {
                    for (schema, item) in value
                        .as_array()?
                        .iter()
                        .zip(instance.as_array().into_iter().flatten())
                    {
                        self.visit(schema, item, depth)?;
                    }
                }
                "items"
                | "contains"
                | "additionalProperties"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "propertyNames" => self.visit_parts(value, instance, depth)?,
                _ => {}
            }
        }
        Some(())
    }

    fn visit_each(&mut self, schemas: &'a Value, instance: &Value, depth: u32) -> Option<()> {
        schemas
            .as_array()?
            .iter()
            .try_for_each(|schema| self.visit(schema, instance, depth))
    }

    fn visit_parts(&mut self, schema: &'a Value, instance: &Value, depth: u32) -> Option<()> {
        match instance {
            Value::Array(items) => items
                .iter()
                .try_for_each(|item| self.visit(schema, item, depth)),
            Value::Object(members) => members
                .values()
                .try_for_each(|value| self.visit(schema, value, depth)),
            _ => Some(()),
        }
    }
}

/// Where a `$ref` within a schema leads.
pub(super) fn target<'a>(root: &'a Value, to: &str) -> Option<&'a Value> {
    root.pointer(to.strip_prefix('#')?)
}
