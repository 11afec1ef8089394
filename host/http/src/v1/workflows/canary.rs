//! A version on trial: a share of customers gets it.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::rollout::Limits;
use regua_engine::rollout::{CanaryWanted, Wanted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SHELF;
use super::rollout::{RolloutOut, told};
use super::running::{ByWorkflow, Counted, RunningCases};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::NoParams;

const CANARY: &str = "/v1/workflows/{workflow}/canary";

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::PUT, CANARY, "begin_canary", begin_canary)
            .says(
                "Gives a version to a share of customers",
                "By their bucket, which never changes: new cases of theirs get it, and with \
                 `migrate` those that run go on under it. It is taken back by itself where its \
                 stages fail or refuse more often than its limits say: then its cases go on \
                 under the active version, and endpoints that ask for \
                 `workflow.canary-taken-back` are told.",
            )
            .roles(SHELF),
        endpoint(Method::DELETE, CANARY, "end_canary", end_canary)
            .says(
                "Takes the version on trial back",
                "Its cases go on under the active version, where they have a place in it.",
            )
            .roles(SHELF),
    ]
}

/// A version for a share of customers.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "version": 2, "percent": 10, "running": "keep" }))]
pub(crate) struct CanaryIn {
    /// The version.
    #[schemars(range(min = 1))]
    version: u32,
    /// Customers of a hundred that get it.
    #[schemars(range(min = 1, max = 99))]
    percent: u8,
    /// What becomes of cases of theirs that run: `keep` or `migrate`.
    running: RunningCases,
    /// Stages that are called otherwise in it.
    #[serde(default)]
    #[schemars(length(max = 100))]
    stages: BTreeMap<String, String>,
    /// It is taken back where more of a hundred calls fail.
    #[serde(default = "failures")]
    #[schemars(range(max = 100))]
    failures_percent: u8,
    /// It is taken back where more of a hundred calls are refused.
    #[serde(default = "refusals")]
    #[schemars(range(max = 100))]
    refusals_percent: u8,
    /// Not before so many calls were made.
    #[serde(default = "calls")]
    #[schemars(range(min = 1))]
    calls_min: u32,
    /// Whether to tell only what would become of cases that run.
    #[serde(default)]
    dry_run: bool,
}

const fn failures() -> u8 {
    Limits::shipped().failures_percent
}

const fn refusals() -> u8 {
    Limits::shipped().refusals_percent
}

const fn calls() -> u32 {
    Limits::shipped().calls_min
}

/// A version on trial, or what would become of cases.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CanaryBegun {
    /// Whether nothing was done.
    dry_run: bool,
    /// Cases that move and stay; told by a dry run.
    #[serde(flatten)]
    counts: Counted,
    /// How versions stand to one another.
    rollout: RolloutOut,
}

async fn begin_canary(
    call: Call<ByWorkflow, NoParams, Json<CanaryIn>>,
) -> Result<Reply<Json<CanaryBegun>>, Problem> {
    let body = call.body.0.clone();
    let canary = CanaryWanted {
        wanted: Wanted {
            workflow: call.path.workflow.clone(),
            version: body.version,
            running: body.running.running(),
            stages: body.stages,
            by: call.caller.key.clone(),
        },
        percent: body.percent,
        limits: Limits {
            failures_percent: body.failures_percent,
            refusals_percent: body.refusals_percent,
            calls_min: body.calls_min,
        },
    };
    let tenancy = call.tenant().await?;
    let (open, now, engine) = (&tenancy.open, tenancy.now, &call.api.engine);
    let (forecast, rollout) = if body.dry_run {
        let forecast = engine.forecast_canary(open, now, &canary).await?;
        let rollout = engine.rollout(open, &call.path.workflow).await?;
        (forecast, rollout)
    } else {
        let rollout = engine.begin_canary(open, now, &canary).await?;
        (regua_engine::rollout::Forecast::default(), rollout)
    };
    Ok(Reply::ok(Json(CanaryBegun {
        dry_run: body.dry_run,
        counts: Counted::of(forecast),
        rollout: told(&call, open, rollout).await?,
    })))
}

async fn end_canary(
    call: Call<ByWorkflow, NoParams, Nothing>,
) -> Result<Reply<Json<RolloutOut>>, Problem> {
    let open = call.tenant().await?.open;
    let (engine, by) = (&call.api.engine, call.caller.key.clone());
    let rollout = engine.end_canary(&open, &call.path.workflow, by).await?;
    Ok(Reply::ok(Json(told(&call, &open, rollout).await?)))
}
