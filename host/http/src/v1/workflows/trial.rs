//! Versions on trial: for a share of customers, or with no effect at all; and how the versions of
//! a workflow stand to one another.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::rollout::{self, Canary, EndedCanary, Limits, Rollout, Shadow};
use regua_engine::Open;
use regua_engine::rollout::{CanaryWanted, Report, Wanted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::running::{ByWorkflow, Counted, RunningCases};
use super::{READERS, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

const CANARY: &str = "/v1/workflows/{workflow}/canary";
const SHADOW: &str = "/v1/workflows/{workflow}/shadow";

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

async fn told<Q, B>(
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
    let (engine, by) = (&call.api.engine, Some(call.caller.key.clone()));
    let because = "taken back by hand".to_owned();
    let rollout = engine.end_canary(&open, &call.path.workflow, by, because);
    let rollout = rollout.await?;
    Ok(Reply::ok(Json(told(&call, &open, rollout).await?)))
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
