//! Taking a version of a workflow away.

use axum::http::{Method, StatusCode};

use super::{ByVersion, SHELF, VERSION};
use crate::call::Call;
use crate::endpoint::{self, Endpoint};
use crate::input::Nothing;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::NoParams;

pub(super) fn endpoint() -> Endpoint {
    endpoint::endpoint(Method::DELETE, VERSION, "remove_workflow", remove)
        .says(
            "Takes a version of a workflow away",
            "One that is or was active or on trial, or has a case pinned to it, \
             open or ended, stays (409, with how many). No other is ever published under its \
             number; what it locked is free.",
        )
        .roles(SHELF)
        .answers(StatusCode::NO_CONTENT)
}

async fn remove(call: Call<ByVersion, NoParams, Nothing>) -> Result<Reply<()>, Problem> {
    let ByVersion { workflow, version } = &call.path;
    let store = call.store();
    let removed = store.remove_workflow(workflow, *version, call.host_now());
    removed.await?;
    Ok(Reply::done())
}
