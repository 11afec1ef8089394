//! `/v1/tasks`: what people have to do.

pub(crate) mod work;

use axum::http::Method;
use regua_domain::effect::{Task, TaskState};
use regua_domain::id::TaskId;
use regua_domain::time::{Date, Timestamp};
use regua_storage::{Of, Page, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::READERS;
use super::effects::RenderedOut;
use crate::call::{Call, customer};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Instant, NoParams};

/// Rows read at once where some of them are left out.
const ROWS: u32 = 500;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/tasks", "list_tasks", list)
            .says("Tasks that are to be done, by id", "")
            .roles(READERS),
        endpoint(Method::GET, "/v1/tasks/{task}", "get_task", get)
            .says(
                "A task, whatever its state",
                "Its ETag is what claiming, approving and completing it ask for.",
            )
            .roles(READERS),
    ]
}

/// A task, by id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByTask {
    /// The task's id.
    #[schemars(regex(pattern = r"^task_[0-9a-f]{32}$"))]
    pub task: String,
}

/// A task by id, with the customer's reference.
pub(crate) async fn task(store: &dyn TenantStore, text: &str) -> Result<Of<Task>, Problem> {
    let missing = || Problem::missing("task", text);
    let id: TaskId = text.parse().map_err(|_| missing())?;
    store.task(id).await?.ok_or_else(missing)
}

/// A task's version. It has none of its own in the store; the customer's would change with
/// every payment, so this is a hash of all that the task is.
pub(crate) fn version(task: &Task) -> u64 {
    let digest = Sha256::digest(serde_json::to_vec(task).unwrap_or_default());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first)
}

/// A page of tasks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TasksOf {
    /// Of this customer only, by reference.
    customer: Option<String>,
    /// Of this team only.
    #[schemars(length(min = 1, max = 64))]
    team: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many on it.
    #[serde(default = "crate::reply::fifty")]
    #[schemars(range(min = 1, max = 500))]
    limit: u32,
}

/// A task.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TaskOut {
    id: String,
    case: String,
    /// Whose debt.
    customer: String,
    /// The effect it came from; none where the host opened it.
    effect: Option<String>,
    title: String,
    /// What to know and do.
    details: String,
    #[schemars(with = "chrono::NaiveDate")]
    due_on: Date,
    team: String,
    /// 0 (lowest) to 9.
    priority: u8,
    /// A message that goes out, through the guard, once it is approved: as it would be now.
    draft: Option<RenderedOut>,
    opened_at: Instant,
    /// The key that claimed it.
    claimed_by: Option<String>,
    /// open, approved, completed or dropped.
    state: &'static str,
    /// Of an approved one: its draft does not leave before.
    not_before: Option<Instant>,
    /// Of a completed one: what came of it.
    outcome: Option<String>,
    completed_at: Option<Instant>,
}

impl TaskOut {
    pub(crate) fn of(task: Task, customer: String) -> Self {
        let (state, not_before, outcome, completed_at) = match task.state {
            TaskState::Open => ("open", None, None, None),
            TaskState::Approved { not_before } => ("approved", Some(not_before), None, None),
            TaskState::Completed { outcome, at } => ("completed", None, Some(outcome), Some(at)),
            TaskState::Dropped => ("dropped", None, None, None),
        };
        let at = |at: Option<Timestamp>| at.map(Instant::from);
        Self {
            id: task.id.to_string(),
            case: task.case.to_string(),
            customer,
            effect: task.effect.map(|key| key.to_string()),
            title: task.title,
            details: task.details,
            due_on: task.due_on,
            team: task.team,
            priority: task.priority,
            draft: task.preview.map(RenderedOut::of),
            opened_at: task.opened_at.into(),
            claimed_by: task.claimed_by,
            state,
            not_before: at(not_before),
            outcome,
            completed_at: at(completed_at),
        }
    }
}

async fn list(
    call: Call<NoParams, TasksOf, Nothing>,
) -> Result<Reply<Json<PageOf<TaskOut>>>, Problem> {
    let store = call.store();
    let asked = &call.query;
    let paging = PageQuery {
        after: asked.after.clone(),
        limit: asked.limit,
    };
    let mut page: Page<TaskId> = Page {
        customer: match &asked.customer {
            Some(reference) => Some(customer(&*store, reference).await?),
            None => None,
        },
        after: paging.key()?,
        limit: asked.team.as_ref().map_or(paging.rows(), |_| ROWS),
    };
    let is_of = |of: &Of<Task>| {
        let team = asked.team.as_ref();
        team.is_none_or(|team| *team == of.value.team)
    };
    let mut found = Vec::new();
    loop {
        let read = store.tasks(&page).await?;
        let is_last = read.len() < page.limit as usize;
        page.after = read.last().map(|of| of.value.id);
        found.extend(read.into_iter().filter(is_of));
        if is_last || found.len() >= paging.rows() as usize {
            break;
        }
    }
    let page = paging.page(
        found,
        |of| of.value.id.to_string(),
        |of| TaskOut::of(of.value, of.reference),
    );
    Ok(Reply::ok(Json(page)))
}

async fn get(call: Call<ByTask, NoParams, Nothing>) -> Result<Reply<Json<TaskOut>>, Problem> {
    let of = task(&*call.store(), &call.path.task).await?;
    let version = version(&of.value);
    Ok(Reply::ok(Json(TaskOut::of(of.value, of.reference))).at(version))
}
