//! What people do with tasks: claim, give back, approve, complete.

use axum::http::Method;
use regua_domain::effect::TaskState;
use regua_domain::fact::Fact;
use regua_domain::id::TaskId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{ByTask, task, version};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::faults::in_path;
use crate::ids;
use crate::input::{Json, Nothing};
use crate::key::Role;
use crate::problem::{Kind, Problem};
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};
use crate::tell::{Told, tell};
use crate::v1::DESK;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const CLAIM: &str = "/v1/tasks/{task}/claim";
    const RELEASE: &str = "/v1/tasks/{task}/release";
    const APPROVE: &str = "/v1/tasks/{task}/approve";
    const COMPLETE: &str = "/v1/tasks/{task}/complete";
    vec![
        endpoint(Method::POST, CLAIM, "claim_task", claim)
            .says(
                "Takes a task on",
                "No other key can claim, approve or complete it until it is released.",
            )
            .roles(DESK)
            .tells()
            .matched(),
        endpoint(Method::POST, RELEASE, "release_task", release)
            .says(
                "Gives a task back",
                "The key that claimed it does, or an admin.",
            )
            .roles(DESK)
            .tells(),
        endpoint(Method::POST, APPROVE, "approve_task", approve)
            .says(
                "Approves a task's draft",
                "It goes out as soon as the guard lets it; what the guard refuses is given \
                 back.",
            )
            .roles(DESK)
            .tells()
            .matched(),
        endpoint(Method::POST, COMPLETE, "complete_task", complete)
            .says("Finishes a task, with what came of it", "")
            .roles(DESK)
            .tells()
            .matched(),
    ]
}

/// Whether the task has to be as the caller read it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Needed,
    Free,
}

/// Tells a fact of the task in the path, and of which version the task is then.
async fn act<B>(
    call: &Call<ByTask, NoParams, B>,
    matched: Match,
    at: Option<&Instant>,
    fact: impl FnOnce(TaskId) -> Fact,
) -> Result<Reply<Json<Told>>, Problem> {
    let store = call.store();
    let of = task(&*store, &call.path.task).await?;
    // What was told under the same Idempotency-Key changed the task: its version was looked
    // at then.
    let is_again = match &call.idempotency_key {
        Some(key) => {
            let id = ids::keyed(call.caller.tenant, key);
            store.known_facts(&[id]).await?.pop().flatten().is_some()
        }
        None => false,
    };
    if !is_again {
        if matched == Match::Needed
            && call
                .expected()?
                .is_some_and(|seen| seen != version(&of.value))
        {
            let text = "the task was changed since it was read";
            return Err(Problem::new(Kind::Changed, text));
        }
        if matches!(
            of.value.state,
            TaskState::Completed { .. } | TaskState::Dropped
        ) {
            let text = format!("task `{}` is not open any more", of.value.id);
            return Err(Problem::new(Kind::Conflict, text));
        }
    }
    let told = tell(call, of.reference, fact(of.value.id), at)
        .await
        .map_err(|problem| in_path(problem, "task"))?;
    let now = task(&*store, &call.path.task).await?;
    Ok(told.at(version(&now.value)))
}

async fn claim(call: Call<ByTask, NoParams, Nothing>) -> Result<Reply<Json<Told>>, Problem> {
    let by = call.caller.key.clone();
    act(&call, Match::Needed, None, |task| Fact::TaskClaimed {
        task,
        by,
    })
    .await
}

async fn release(call: Call<ByTask, NoParams, Nothing>) -> Result<Reply<Json<Told>>, Problem> {
    let by = (call.caller.role != Role::Admin).then(|| call.caller.key.clone());
    act(&call, Match::Free, None, |task| Fact::TaskReleased {
        task,
        by,
    })
    .await
}

async fn approve(call: Call<ByTask, NoParams, Nothing>) -> Result<Reply<Json<Told>>, Problem> {
    let by = call.caller.by();
    act(&call, Match::Needed, None, |task| Fact::DraftApproved {
        task,
        by,
    })
    .await
}

/// What came of a task.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "outcome": "called" }))]
pub(crate) struct CompleteIn {
    /// In a word: called, resent, … Stages see it.
    #[schemars(length(min = 1, max = 64))]
    pub outcome: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

async fn complete(
    call: Call<ByTask, NoParams, Json<CompleteIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let by = call.caller.by();
    let outcome = call.body.0.outcome.clone();
    let at = call.body.0.at.as_ref();
    act(&call, Match::Needed, at, |task| Fact::TaskCompleted {
        task,
        outcome,
        by,
    })
    .await
}
