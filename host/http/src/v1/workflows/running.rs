//! Which version new cases get, and what becomes of those that run.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::rollout::Running;
use regua_engine::rollout::{Forecast, RolloutError, Wanted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SHELF;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Json;
use crate::key::Role;
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::{NoParams, Warning};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(
            Method::POST,
            "/v1/workflows/{workflow}/activate",
            "activate_workflow",
            activate,
        )
        .says(
            "Says which version new cases get, and what becomes of those that run",
            "With `keep`, each stays pinned to the version that it began with. With `migrate`, \
             each goes on where it stands, at the stage of the same name or the one that \
             `stages` names for it: what is queued stands, and `after_previous` goes on \
             counting. With `restart`, each begins anew where its debt's age puts it. With \
             `dry_run` nothing is done: the answer tells, stage by stage, how many cases would \
             move, stay, or be left behind, and which effects would be due at once. While any \
             would be left behind it is refused (409), unless an admin forces it: they stay with \
             the version that they have.",
        )
        .roles(SHELF),
        endpoint(
            Method::POST,
            "/v1/workflows/{workflow}/rollback",
            "roll_workflow_back",
            roll_back,
        )
        .says(
            "Makes the version active again that was so before",
            "Stages are mapped back as they were mapped forth. It counts first, and is refused, \
             as an activation is.",
        )
        .roles(SHELF),
    ]
}

/// A workflow, by name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByWorkflow {
    /// Its name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,64}$"))]
    pub(super) workflow: String,
}

/// What becomes of cases that run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RunningCases {
    /// Each stays with the version that it began with.
    Keep,
    /// Each goes on where it stands.
    Migrate,
    /// Each begins anew where its debt's age puts it.
    Restart,
}

impl RunningCases {
    pub(super) const fn running(self) -> Running {
        match self {
            Self::Keep => Running::Keep,
            Self::Migrate => Running::Migrate,
            Self::Restart => Running::Restart,
        }
    }
}

impl From<Running> for RunningCases {
    fn from(running: Running) -> Self {
        match running {
            Running::Keep => Self::Keep,
            Running::Migrate => Self::Migrate,
            Running::Restart => Self::Restart,
        }
    }
}

/// Which version new cases get.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "version": 1, "running": "migrate", "stages": { "nudge": "first-day-late" }, "dry_run": true,
}))]
pub(crate) struct Activation {
    /// The version.
    #[schemars(range(min = 1))]
    version: u32,
    /// What becomes of cases that run.
    running: RunningCases,
    /// Stages that are called otherwise in it: by the name in versions before, the name there.
    #[serde(default)]
    #[schemars(length(max = 100))]
    stages: BTreeMap<String, String>,
    /// Whether to tell only what would become of them.
    #[serde(default)]
    dry_run: bool,
    /// Whether to leave cases behind that have no place in it.
    #[serde(default)]
    force: bool,
}

/// How to go back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "running": "migrate", "dry_run": true }))]
pub(crate) struct Rollback {
    /// What becomes of cases that run.
    running: RunningCases,
    /// Whether to tell only what would become of them.
    #[serde(default)]
    dry_run: bool,
    /// Whether to leave cases behind that have no place in the version before.
    #[serde(default)]
    force: bool,
}

/// What became of running cases, or would.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Activated {
    /// The workflow.
    name: String,
    /// The version that new cases get.
    version: u32,
    /// Whether nothing was done.
    dry_run: bool,
    /// Cases that move, stay and are left behind.
    #[serde(flatten)]
    counts: Counted,
    /// What may not be meant.
    warnings: Vec<Warning>,
}

/// Open cases, counted.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Counted {
    /// Open cases by the version that they are pinned to and the stage that they are at.
    places: Vec<PlaceOut>,
    /// Effects that would be due at once; told by a dry run.
    effects: Vec<DueOut>,
    /// Of how many cases that move this was asked: of the first of them.
    asked: u64,
}

/// What becomes of the cases at one stage.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlaceOut {
    /// The version that they are pinned to.
    version: u32,
    /// The stage that they are at.
    stage: String,
    /// They go on under the other version.
    moves: u64,
    /// They stay with the version that they have.
    stays: u64,
    /// They have no place in the other version.
    strands: u64,
}

/// Effects that would be due at once.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DueOut {
    /// The stage that would propose them.
    stage: String,
    /// Their kind.
    kind: &'static str,
    /// How many.
    count: u64,
}

impl Counted {
    pub(super) fn of(forecast: Forecast) -> Self {
        let places = forecast.places.into_iter();
        let effects = forecast.effects.into_iter();
        Self {
            places: places
                .map(|((version, stage), place)| PlaceOut {
                    version,
                    stage,
                    moves: place.moves,
                    stays: place.stays,
                    strands: place.strands,
                })
                .collect(),
            effects: effects
                .map(|(due, count)| DueOut {
                    stage: due.stage,
                    kind: due.kind,
                    count,
                })
                .collect(),
            asked: forecast.asked,
        }
    }
}

async fn activate(
    call: Call<ByWorkflow, NoParams, Json<Activation>>,
) -> Result<Reply<Json<Activated>>, Problem> {
    let Activation {
        version,
        running,
        stages,
        dry_run,
        force,
    } = call.body.0.clone();
    let wanted = Wanted {
        workflow: call.path.workflow.clone(),
        version,
        running: running.running(),
        stages,
        by: call.caller.key.clone(),
    };
    roll_out(&call, wanted, dry_run, force).await
}

async fn roll_back(
    call: Call<ByWorkflow, NoParams, Json<Rollback>>,
) -> Result<Reply<Json<Activated>>, Problem> {
    let Rollback {
        running,
        dry_run,
        force,
    } = call.body.0;
    let open = call.tenant().await?.open;
    let (workflow, by) = (&call.path.workflow, call.caller.key.clone());
    let engine = &call.api.engine;
    let wanted = engine.way_back(&open, workflow, running.running(), by);
    let wanted = wanted.await?;
    roll_out(&call, wanted, dry_run, force).await
}

async fn roll_out<B>(
    call: &Call<ByWorkflow, NoParams, B>,
    wanted: Wanted,
    dry_run: bool,
    force: bool,
) -> Result<Reply<Json<Activated>>, Problem> {
    if force && call.caller.role != Role::Admin {
        let text = "cases are left behind by an admin alone";
        return Err(Problem::new(Kind::Forbidden, text));
    }
    let tenancy = call.tenant().await?;
    let (open, now) = (&tenancy.open, tenancy.now);
    let engine = &call.api.engine;
    let forecast = if dry_run {
        engine.forecast(open, now, &wanted).await?
    } else {
        engine.activate(open, now, &wanted, force).await?.forecast
    };
    let stranded = forecast.strands();
    let note = (stranded > 0 && !dry_run).then(|| {
        let (name, version) = (&wanted.workflow, wanted.version);
        format!("forced: {stranded} cases have no place in {name}@{version}")
    });
    let store = call.store();
    let policy = store.row().await?.policy;
    let warnings = regua_engine::policy::warnings(&policy, &store.workflows().await?);
    let done = Activated {
        name: wanted.workflow,
        version: wanted.version,
        dry_run,
        counts: Counted::of(forecast),
        warnings: warnings.into_iter().map(Warning::of).collect(),
    };
    Ok(Reply::ok(Json(done)).noting(note))
}

impl From<RolloutError> for Problem {
    fn from(error: RolloutError) -> Self {
        match error {
            RolloutError::NoWorkflow(name) => Self::missing("workflow", name),
            RolloutError::NoVersion { .. } => Self::invalid(vec![Fault::at("/version", error)]),
            RolloutError::Faults(faults) => {
                let faults = faults.into_iter();
                Self::invalid(faults.map(|(at, text)| Fault::at(at, text)).collect())
            }
            RolloutError::Stranded { .. }
            | RolloutError::Revoked { .. }
            | RolloutError::NothingBefore(_)
            | RolloutError::NotActive(_) => Self::new(Kind::Conflict, error),
            RolloutError::NotTried { .. } => Self::new(Kind::NotFound, error),
            RolloutError::Busy => Self {
                retry_after: Some(20),
                ..Self::new(Kind::Busy, error)
            },
            RolloutError::Engine(error) => error.into(),
        }
    }
}
