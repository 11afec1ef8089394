//! How the versions of a workflow stand to one another.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::rollout::{self, Canary, EndedCanary, Rollout};
use regua_engine::Open;
use schemars::JsonSchema;
use serde::Serialize;

use super::READERS;
use super::running::{ByWorkflow, RunningCases};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(
            Method::GET,
            "/v1/workflows/{workflow}/rollout",
            "get_rollout",
            get,
        )
        .says(
            "How the versions of a workflow stand to one another",
            "What was activated when and by whom, where cases of other versions go, the version \
             on trial with what became of its calls, and the last one that was taken back.",
        )
        .roles(READERS),
    ]
}

/// How the versions of a workflow stand to one another.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RolloutOut {
    /// The workflow.
    name: String,
    /// The version that new cases get.
    active: Option<u32>,
    /// What was activated, the last first; the last hundred.
    activations: Vec<ActivationOut>,
    /// Where cases of other versions go.
    successions: Vec<SuccessionOut>,
    /// The version on trial.
    canary: Option<CanaryOut>,
    /// The last that was taken back.
    taken_back: Option<TakenBackOut>,
    /// The version that is asked with no effect.
    shadow: Option<u32>,
}

/// That a version was activated.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ActivationOut {
    /// Which.
    version: u32,
    /// The one that was active until then.
    former: Option<u32>,
    /// When.
    at: Instant,
    /// By which key.
    by: String,
    /// What became of cases that ran.
    running: RunningCases,
    /// Stages that are called otherwise than before.
    stages: BTreeMap<String, String>,
    /// Cases that were left behind.
    stranded: u64,
}

/// Where the cases of a version go.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SuccessionOut {
    /// The version that they are pinned to.
    from: u32,
    /// The version that they go on under.
    to: u32,
    /// How.
    running: RunningCases,
    /// Of so many customers in a hundred alone.
    percent: Option<u8>,
    /// Not of the first so many in a hundred: they are the canary's.
    beyond: Option<u8>,
}

/// A version on trial.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CanaryOut {
    /// Which.
    version: u32,
    /// Customers of a hundred that get it.
    percent: u8,
    /// Since when.
    since: Instant,
    /// By which key it was begun.
    by: String,
    /// It is taken back where more of a hundred calls fail.
    failures_percent: u8,
    /// It is taken back where more of a hundred calls are refused.
    refusals_percent: u8,
    /// Not before so many calls were made.
    calls_min: u32,
    /// What became of its calls.
    #[serde(flatten)]
    trial: TrialOut,
}

/// What became of calls.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TrialOut {
    /// Calls that ended.
    calls: u64,
    /// Of these, refusals.
    refusals: u64,
    /// Of these, failures.
    failures: u64,
}

/// A version that was taken back.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TakenBackOut {
    /// Which.
    version: u32,
    /// When.
    at: Instant,
    /// By whose key; none: by itself.
    by: Option<String>,
    /// Why.
    because: String,
    /// What became of its calls.
    #[serde(flatten)]
    trial: TrialOut,
}

impl TrialOut {
    const fn of(trial: rollout::Trial) -> Self {
        Self {
            calls: trial.calls,
            refusals: trial.refusals,
            failures: trial.failures,
        }
    }
}

impl CanaryOut {
    fn of(canary: Canary, trial: rollout::Trial) -> Self {
        Self {
            version: canary.version,
            percent: canary.percent,
            since: canary.since.into(),
            by: canary.by,
            failures_percent: canary.limits.failures_percent,
            refusals_percent: canary.limits.refusals_percent,
            calls_min: canary.limits.calls_min,
            trial: TrialOut::of(trial),
        }
    }
}

impl TakenBackOut {
    fn of(ended: EndedCanary) -> Self {
        Self {
            version: ended.canary.version,
            at: ended.at.into(),
            by: ended.by,
            because: ended.because,
            trial: TrialOut::of(ended.trial),
        }
    }
}

pub(super) async fn told<Q, B>(
    call: &Call<ByWorkflow, Q, B>,
    open: &Open,
    rollout: Rollout,
) -> Result<RolloutOut, Problem> {
    let name = call.path.workflow.clone();
    let rows = call.store().workflows().await?;
    let active = rows.iter().find(|row| row.name == name && row.active);
    let trial = call.api.engine.trial(open, &rollout, &name).await?;
    let activations = rollout.activations.into_iter();
    let successions = rollout.successions.into_iter();
    Ok(RolloutOut {
        name,
        active: active.map(|row| row.version),
        activations: activations
            .map(|known| ActivationOut {
                version: known.version,
                former: known.former,
                at: known.at.into(),
                by: known.by,
                running: known.running.into(),
                stages: known.stages,
                stranded: known.stranded,
            })
            .collect(),
        successions: successions
            .map(|known| SuccessionOut {
                from: known.from,
                to: known.to,
                running: known.running.into(),
                percent: known.percent,
                beyond: known.beyond,
            })
            .collect(),
        canary: rollout
            .canary
            .map(|canary| CanaryOut::of(canary, trial.unwrap_or_default())),
        taken_back: rollout.ended_canary.map(TakenBackOut::of),
        shadow: rollout.shadow.map(|shadow| shadow.version),
    })
}

async fn get(
    call: Call<ByWorkflow, NoParams, Nothing>,
) -> Result<Reply<Json<RolloutOut>>, Problem> {
    let open = call.tenant().await?.open;
    let rollout = call.api.engine.rollout(&open, &call.path.workflow).await?;
    Ok(Reply::ok(Json(told(&call, &open, rollout).await?)))
}
