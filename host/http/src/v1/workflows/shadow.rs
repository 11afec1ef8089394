//! A version that is asked beside the active one, with no effect.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::rollout::Shadow;
use regua_engine::rollout::Report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rollout::{RolloutOut, told};
use super::running::ByWorkflow;
use super::{READERS, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::NoParams;

const SHADOW: &str = "/v1/workflows/{workflow}/shadow";

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::PUT, SHADOW, "begin_shadow", begin_shadow)
            .says(
                "Asks a version beside the active one, with no effect",
                "Once a decision of the active version is made, the other is asked about the \
                 same situation, on a thread that gives way to everything else. Nothing comes \
                 of its answers but this report.",
            )
            .roles(SHELF),
        endpoint(Method::GET, SHADOW, "get_shadow", shadow)
            .says(
                "How often a version would have decided as the active one did",
                "Of the shadow that runs, or of the last one.",
            )
            .roles(READERS),
        endpoint(Method::DELETE, SHADOW, "end_shadow", end_shadow)
            .says("Stops asking the other version", "Its report stays.")
            .roles(SHELF),
    ]
}

/// A version that is asked with no effect.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "version": 2 }))]
pub(crate) struct ShadowIn {
    /// The version.
    #[schemars(range(min = 1))]
    version: u32,
    /// Stages that are called otherwise in it.
    #[serde(default)]
    #[schemars(length(max = 100))]
    stages: BTreeMap<String, String>,
}

/// How often two versions decided alike.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ShadowOut {
    /// The version that is asked now; none: it was ended.
    version: Option<u32>,
    /// Decisions that were compared.
    compared: u64,
    /// Of these, equal in everything.
    equal: u64,
    /// Their share, 0 to 1; none where nothing was compared.
    equal_share: Option<f64>,
    /// Of these, different, by in what.
    different: BTreeMap<String, u64>,
    /// Decisions that were not compared: there were too many at a time.
    passed_over: u64,
    /// The first ten of each kind of difference.
    examples: Vec<ExampleOut>,
}

/// A decision that the other version would have taken otherwise.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExampleOut {
    /// Of which case.
    case: String,
    /// Which of its transitions.
    sequence: u64,
    /// At which stage.
    stage: String,
    /// In what: `stage`, `ending`, `next`, `proposals`, `reasons` or `memory`.
    kind: &'static str,
    /// What the active version said of it, JSON.
    active: String,
    /// What the other said, JSON.
    other: String,
}

impl ShadowOut {
    fn of(shadow: Option<&Shadow>, report: Report) -> Self {
        let different = report.different.into_iter();
        let examples = report.examples.into_iter();
        Self {
            version: shadow.map(|shadow| shadow.version),
            compared: report.compared,
            equal: report.equal,
            equal_share: (report.compared > 0)
                .then(|| report.equal as f64 / report.compared as f64),
            different: different
                .map(|(kind, count)| (kind.name().to_owned(), count))
                .collect(),
            passed_over: report.passed_over,
            examples: examples
                .map(|example| ExampleOut {
                    case: example.case,
                    sequence: example.sequence,
                    stage: example.stage,
                    kind: example.difference.kind.name(),
                    active: example.difference.active,
                    other: example.difference.other,
                })
                .collect(),
        }
    }
}

async fn begin_shadow(
    call: Call<ByWorkflow, NoParams, Json<ShadowIn>>,
) -> Result<Reply<Json<RolloutOut>>, Problem> {
    let ShadowIn { version, stages } = call.body.0.clone();
    let tenancy = call.tenant().await?;
    let (open, engine) = (&tenancy.open, &call.api.engine);
    let shadow = Shadow {
        version,
        stages,
        since: call.host_now(),
    };
    let rollout = engine
        .begin_shadow(open, &call.path.workflow, shadow)
        .await?;
    Ok(Reply::ok(Json(told(&call, open, rollout).await?)))
}

async fn shadow(
    call: Call<ByWorkflow, NoParams, Nothing>,
) -> Result<Reply<Json<ShadowOut>>, Problem> {
    let open = call.tenant().await?.open;
    let (engine, workflow) = (&call.api.engine, &call.path.workflow);
    let rollout = engine.rollout(&open, workflow).await?;
    let report = engine.shadowed(&open, workflow).await?;
    let missing = || Problem::missing("shadow of workflow", workflow);
    let report = report.ok_or_else(missing)?;
    Ok(Reply::ok(Json(ShadowOut::of(
        rollout.shadow.as_ref(),
        report,
    ))))
}

async fn end_shadow(
    call: Call<ByWorkflow, NoParams, Nothing>,
) -> Result<Reply<Json<RolloutOut>>, Problem> {
    let open = call.tenant().await?.open;
    let ended = call
        .api
        .engine
        .end_shadow(&open, &call.path.workflow)
        .await?;
    Ok(Reply::ok(Json(told(&call, &open, ended).await?)))
}
