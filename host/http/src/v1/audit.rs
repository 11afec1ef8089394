//! `/v1/audit`: who changed what.

use axum::http::Method;
use regua_storage::{Kept, RecordsQuery, records};
use schemars::JsonSchema;
use serde::Serialize;

use crate::audit::Audit;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::key::Role;
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Instant, NoParams};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/audit", "list_audit", list)
            .says(
                "Who changed what, the last change first",
                "Of the caller's tenant; of the operator, what the operator changed. An entry \
                 is written before its change is made, and its status after.",
            )
            .roles(&[Role::Operator, Role::Admin]),
    ]
}

/// A change that somebody made, or tried to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AuditOut {
    id: String,
    /// When it was begun, by the machine's clock.
    at: Instant,
    /// The id of the key.
    key: String,
    role: Role,
    /// The operation's id.
    what: String,
    /// The path that was called.
    path: String,
    /// The status that was answered. None: the host died before it was over.
    status: Option<u16>,
    /// What else there is to say of it: that something was forced, and over what.
    note: Option<String>,
}

impl AuditOut {
    fn of(kept: Kept<Audit>) -> Self {
        let Audit {
            at,
            key,
            role,
            what,
            path,
            status,
            note,
        } = kept.value;
        Self {
            id: kept.id,
            at: at.into(),
            key,
            role,
            what,
            path,
            status,
            note,
        }
    }
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<AuditOut>>>, Problem> {
    let query = RecordsQuery {
        after: call.query.key()?,
        limit: call.query.rows(),
        backwards: true,
    };
    let found = records::list::<Audit>(&*call.store(), &query).await?;
    let page = call.query.page(found, |kept| kept.id.clone(), AuditOut::of);
    Ok(Reply::ok(Json(page)))
}
