//! A shelf by hand and a realistic workflow, for this module's tests.

use serde_json::{Value, json};

use super::check::{Form, Problem, Shelf, check, check_text, read};
use super::{PluginLock, Workflow};
use crate::contract::{ActionKind, ConfigProblem, Manifest};
use crate::policy::{ChargesOnPaid, Policy};
use crate::template::{Template, TemplateSet};

pub(super) const STANDARD: &str = include_str!("sample/standard.yaml");

const TEMPLATES: [&str; 5] = [
    "first-day-late",
    "second-reminder",
    "final-demand",
    "plan-offer",
    "placement-notice",
];

/// The standard workflow's plugins, each in the versions given.
pub(super) struct FakeShelf(pub Vec<Manifest>);

impl FakeShelf {
    pub fn new() -> Self {
        Self(vec![
            first_day_late(),
            escalation(),
            plan_offer("1.2.0"),
            plan_offer("1.10.0"),
            agency(),
            person(),
        ])
    }
}

impl Shelf for FakeShelf {
    fn plugins(&self) -> Vec<(String, String)> {
        self.0
            .iter()
            .map(|manifest| (manifest.name.clone(), manifest.version.clone()))
            .collect()
    }
    fn plugin(&self, name: &str, version: &str) -> Option<PluginLock> {
        let manifest = self
            .0
            .iter()
            .find(|manifest| manifest.name == name && manifest.version == version)?;
        Some(PluginLock {
            digest: "00".repeat(32),
            manifest: manifest.clone(),
        })
    }
    fn templates(&self) -> Vec<String> {
        TEMPLATES.map(str::to_owned).to_vec()
    }
    fn template(&self, name: &str) -> Option<TemplateSet> {
        TEMPLATES.contains(&name).then(|| {
            let template =
                Template::from_yaml(name, "en", "subject: A word\ntext: Please pay.").unwrap();
            TemplateSet::new(name, vec![template]).unwrap()
        })
    }
    fn segments(&self) -> Option<Vec<String>> {
        Some(vec!["retail".to_owned(), "wholesale".to_owned()])
    }
    fn check_config(&self, lock: &PluginLock, config: &str) -> Result<Vec<ConfigProblem>, String> {
        let config: Value = serde_json::from_str(config).unwrap();
        match config.get("title").and_then(Value::as_str) {
            Some("trap") => Err("it trapped: unreachable".to_owned()),
            Some("rude") => Ok(vec![
                ConfigProblem {
                    pointer: "/title".to_owned(),
                    text: format!("{} minds its words", lock.manifest.name),
                },
                ConfigProblem {
                    pointer: "title".to_owned(),
                    text: "not a pointer".to_owned(),
                },
            ]),
            _ => Ok(Vec::new()),
        }
    }
}

/// Settings that the standard workflow is at home under.
pub(super) fn policy() -> Policy {
    let mut policy = Policy::new("Acme", ChargesOnPaid::Keep);
    policy.teams = ["credit".to_owned()].into();
    policy.agencies = ["acme".to_owned()].into();
    let terms = json!({
        "rates": [{ "percent": "2" }], "per": "month", "day_count": "act/360", "rounding": "half-up",
    });
    let terms = serde_json::from_value(terms).unwrap();
    policy.interest_terms = [("late-2-percent".to_owned(), terms)].into();
    policy
}

pub(super) fn standard() -> Workflow {
    check_text(STANDARD, Form::Yaml, &FakeShelf::new(), &policy(), 3).unwrap()
}

/// The standard document's value.
pub(super) fn standard_value() -> Value {
    read(STANDARD, Form::Yaml).unwrap()
}

/// What is wrong with a document: `pointer: text` for each problem.
pub(super) fn faults(value: &Value) -> Vec<String> {
    check(value, &FakeShelf::new(), &policy(), 1)
        .err()
        .unwrap_or_default()
        .iter()
        .map(Problem::to_string)
        .collect()
}

fn manifest(
    name: &str,
    version: &str,
    summary: &str,
    outcomes: &[&str],
    config_schema: &Value,
) -> Manifest {
    Manifest {
        name: name.to_owned(),
        version: version.to_owned(),
        summary: summary.to_owned(),
        config_schema: config_schema.to_string(),
        outcomes: outcomes
            .iter()
            .map(|outcome| (*outcome).to_owned())
            .collect(),
        proposes: vec![ActionKind::SendMessage],
        listens: Vec::new(),
        memory_version: 1,
    }
}

fn first_day_late() -> Manifest {
    let schema = json!({
        "type": "object",
        "properties": {
            "template": { "title": "Template", "type": "string", "format": "regua-template" },
            "channels": { "type": "array", "items": { "enum": ["email", "sms", "letter"] }, "maxItems": 3 }
        },
        "required": ["template"],
        "additionalProperties": false
    });
    let summary = "Writes to the customer once, on the first channel that reaches them.";
    manifest(
        "first-day-late-email",
        "1.0.0",
        summary,
        &["sent", "unreachable"],
        &schema,
    )
}

fn escalation() -> Manifest {
    let schema = json!({
        "type": "object",
        "properties": {
            "steps": { "type": "array", "items": { "$ref": "#/$defs/Step" }, "minItems": 1 },
            "late_fee": { "type": "object", "additionalProperties": { "type": "string", "format": "regua-terms" } },
            "except": { "type": "array", "items": { "type": "string", "format": "regua-segment" } },
            "closing": { "anyOf": [{ "type": "string", "format": "regua-template" }, { "type": "null" }] }
        },
        "required": ["steps"],
        "additionalProperties": false,
        "$defs": { "Step": {
            "type": "object",
            "properties": {
                "after_days": { "type": "integer", "minimum": 0 },
                "template": { "type": "string", "format": "regua-template" },
                "notify": { "type": "string", "format": "regua-team" }
            },
            "required": ["after_days", "template"]
        } }
    });
    let summary = "Writes again in a firmer tone, step by step";
    manifest(
        "escalation",
        "1.0.0",
        summary,
        &["exhausted", "wants-plan", "disputed"],
        &schema,
    )
}

fn plan_offer(version: &str) -> Manifest {
    let schema = json!({
        "type": "object",
        "properties": {
            "template": { "type": "string", "format": "regua-template", "default": "plan-offer" },
            "instalments": { "type": "array", "items": { "type": "integer", "minimum": 2, "maximum": 24 } },
            "valid_days": { "type": "integer", "minimum": 1 }
        }
    });
    let outcomes = ["accepted", "declined", "expired", "broken", "not-eligible"];
    manifest(
        "payment-plan-offer",
        version,
        "Offers to pay in parts.",
        &outcomes,
        &schema,
    )
}

fn agency() -> Manifest {
    let schema = json!({
        "type": "object",
        "properties": {
            "agency": { "type": "string", "format": "regua-agency" },
            "notice": { "type": "string", "format": "regua-template" },
            "commission_percent": { "type": "integer" }
        },
        "required": ["agency"]
    });
    let summary = "Places the debt with an agency, and takes it back when the term closes.";
    let mut manifest = manifest(
        "agency-handoff",
        "1.0.0",
        summary,
        &["returned", "remitted", "not-eligible"],
        &schema,
    );
    manifest.proposes.push(ActionKind::PlaceWithAgency);
    manifest
}

fn person() -> Manifest {
    let schema = json!({
        "type": "object",
        "properties": { "title": { "type": "string" }, "team": { "type": "string", "format": "regua-team" } },
        "required": ["title"]
    });
    manifest(
        "person",
        "1.0.0",
        "Opens a task and waits for it.",
        &["done", "given-up"],
        &schema,
    )
}
