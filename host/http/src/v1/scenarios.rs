//! Scenarios, played in memory with a tenant's own shelf.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::Method;
use regua_domain::workflow::check::{Form, Problem as Found};
use regua_engine::rehearse::{Bounds, PlayError};
use regua_rehearsal::scenario::{self, Coverage, Covered, Mismatch, Outcome, Scenario};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SHELF;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Json;
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::NoParams;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::POST, "/v1/scenarios/run", "run_scenarios", run)
            .says(
                "Plays scenarios",
                "In memory, under a virtual clock, with the plugins, templates and settings of the \
                 tenant: nothing of it is kept, and nobody is written to. With a draft of a \
                 workflow, where one is given, in place of the active version of its name.",
            )
            .roles(SHELF)
            .looks(),
    ]
}

/// What is played.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "scenarios": [{
        "scenario": "Nobody is written to who owes nothing", "starts": "2026-03-02",
        "story": [{ "on": "day 30", "expect": { "messages": [] } }]
    }]
}))]
pub(crate) struct RunIn {
    /// The draft of a workflow, as it would be published.
    #[serde(default)]
    workflow: Option<serde_json::Map<String, Value>>,
    /// The scenarios: each is a document, or the text of one in YAML.
    #[schemars(length(min = 1, max = 1000))]
    scenarios: Vec<ScenarioIn>,
}

/// A scenario.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum ScenarioIn {
    /// In YAML.
    Text(String),
    /// As JSON.
    Document(serde_json::Map<String, Value>),
}

impl ScenarioIn {
    fn read(self) -> Result<Scenario, Vec<Found>> {
        match self {
            Self::Text(text) => scenario::scenario(&text, Form::Yaml),
            Self::Document(members) => scenario::of_value(Value::Object(members)),
        }
    }
}

/// What scenarios came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RunOut {
    /// How many came as expected.
    as_expected: usize,
    /// Each of them, in the order given.
    scenarios: Vec<PlayedOut>,
    /// How much of each workflow was gone through.
    coverage: Vec<CoverageOut>,
}

/// What a scenario came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlayedOut {
    /// What it is about.
    scenario: String,
    /// `as-expected`, `otherwise`, or `cut-off`: the time that a call may take was over.
    verdict: &'static str,
    /// How many expectations it has.
    expectations: usize,
    /// How many times a stage was asked.
    decisions: u64,
    /// What could not be told as it is written, or was taken where it should not have been.
    faults: Vec<Fault>,
    /// What came otherwise than expected.
    mismatches: Vec<MismatchOut>,
}

/// An expectation that was not met.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MismatchOut {
    /// The entry's place in the scenario: a JSON pointer.
    pointer: String,
    /// Of whom.
    customer: String,
    /// By the end of which day.
    #[schemars(with = "chrono::NaiveDate")]
    on: regua_domain::time::Date,
    /// What is expected.
    expected: Value,
    /// What came, as far as it is compared.
    came: Value,
}

/// How much of a workflow was gone through.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CoverageOut {
    /// Which, `name@version`.
    workflow: String,
    /// Stages that were entered.
    stages: CountOut,
    /// Ways out of stages that were taken: each outcome, and `on_failure`.
    ways: CountOut,
    /// What was not: `stage`, or `stage: outcome`.
    never: Vec<String>,
}

/// So many of so many.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CountOut {
    /// How many.
    count: usize,
    /// Of how many.
    of: usize,
}

impl CountOut {
    const fn of((count, of): (usize, usize)) -> Self {
        Self { count, of }
    }
}

impl PlayedOut {
    fn of(scenario: &Scenario, outcome: Option<Outcome>) -> Self {
        let title = scenario.title.clone();
        let Some(outcome) = outcome else {
            return Self {
                scenario: title,
                verdict: "cut-off",
                expectations: 0,
                decisions: 0,
                faults: Vec::new(),
                mismatches: Vec::new(),
            };
        };
        let faults = outcome.faults.iter();
        let mismatches = outcome.mismatches.iter().cloned();
        Self {
            scenario: title,
            verdict: if outcome.is_as_expected() {
                "as-expected"
            } else {
                "otherwise"
            },
            expectations: outcome.expectations,
            decisions: outcome.decisions,
            faults: faults
                .map(|fault| Fault::at(fault.pointer.clone(), &fault.text))
                .collect(),
            mismatches: mismatches.map(MismatchOut::of).collect(),
        }
    }
}

impl MismatchOut {
    fn of(mismatch: Mismatch) -> Self {
        Self {
            pointer: mismatch.pointer,
            customer: mismatch.customer,
            on: mismatch.on,
            expected: mismatch.expected,
            came: mismatch.came,
        }
    }
}

impl CoverageOut {
    fn of(covered: Covered) -> Self {
        Self {
            workflow: covered.workflow.to_string(),
            stages: CountOut::of(covered.stages),
            ways: CountOut::of(covered.ways),
            never: covered.missing,
        }
    }
}

/// A fault of a document that is a part of the body: with its place in the text, where it has one.
fn within(base: &str, fault: &Found) -> Fault {
    let place = match (fault.line, fault.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        _ => String::new(),
    };
    let pointer = format!("{base}{}", fault.pointer);
    Fault::at(pointer, format!("{place}{}", fault.text))
}

async fn run(call: Call<NoParams, NoParams, Json<RunIn>>) -> Result<Reply<Json<RunOut>>, Problem> {
    let open = call.tenant().await?.open;
    let engine = &call.api.engine;
    let RunIn {
        workflow,
        scenarios,
    } = call.body.0;
    let mut faults = Vec::new();
    let mut read = Vec::new();
    for (at, scenario) in scenarios.into_iter().enumerate() {
        match scenario.read() {
            Ok(scenario) => read.push(Arc::new(scenario)),
            Err(found) => {
                let base = format!("/scenarios/{at}");
                faults.extend(found.iter().map(|fault| within(&base, fault)));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let draft = workflow.map(|workflow| Value::Object(workflow).to_string());
    let draft = draft.as_deref().map(|text| (text, Form::Json));
    let rehearsal = engine.rehearsal(&open, draft).await;
    let rehearsal = Arc::new(rehearsal.map_err(|error| Problem::from(error).below("/workflow"))?);
    let acts = read.iter().map(|scenario| {
        let (rehearsal, scenario) = (Arc::clone(&rehearsal), Arc::clone(scenario));
        move |bounds: Bounds| {
            let stages = bounds.over(&rehearsal.stages);
            scenario::run(&rehearsal.tenant, &stages, &scenario).ok()
        }
    });
    let outcomes = engine.play(&open, acts.collect()).await?;
    let mut coverage = Coverage::default();
    for outcome in outcomes.iter().flatten() {
        coverage.add(outcome.coverage.clone());
    }
    let tenant = &rehearsal.tenant;
    let active = tenant.active.iter().filter_map(|(name, version)| {
        let is_active = |reference: &&regua_domain::case::WorkflowRef| {
            reference.name == *name && reference.version == *version
        };
        let reference = tenant.workflows.keys().find(is_active)?;
        Some((name, coverage.of(&tenant.workflows[reference])))
    });
    let covered: BTreeMap<_, _> = active.collect();
    let scenarios: Vec<_> = read
        .iter()
        .zip(outcomes)
        .map(|(scenario, outcome)| PlayedOut::of(scenario, outcome))
        .collect();
    let as_expected = scenarios.iter();
    Ok(Reply::ok(Json(RunOut {
        as_expected: as_expected
            .filter(|played| played.verdict == "as-expected")
            .count(),
        scenarios,
        coverage: covered.into_values().map(CoverageOut::of).collect(),
    })))
}

impl From<PlayError> for Problem {
    fn from(error: PlayError) -> Self {
        match error {
            PlayError::Busy => Self {
                retry_after: Some(1),
                ..Self::new(Kind::Busy, error)
            },
            PlayError::Engine(error) => error.into(),
        }
    }
}
