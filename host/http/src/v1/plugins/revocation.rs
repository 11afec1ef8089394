//! Revoking a plugin version.

use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ADMIN, ByPlugin, version};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint as made};
use crate::input::Json;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

pub(super) fn endpoint() -> Endpoint {
    made(
        Method::POST,
        "/v1/plugins/{plugin}/versions/{version}/revoke",
        "revoke_plugin",
        revoke,
    )
    .says(
        "Says that a plugin version is not to be asked any more",
        "It is not asked from now on, by whatever workflow locks it: cases at a stage of it go \
         where their workflow says that a failure leads, at once, and those that come to one do so \
         then. It stays revoked.",
    )
    .roles(ADMIN)
}

/// Why a version is revoked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "because": "it asks for fees that were waived" }))]
pub(crate) struct RevocationIn {
    /// In a person's words, for the record.
    #[schemars(length(min = 1, max = 500))]
    because: String,
}

/// That a version is revoked.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RevocationOut {
    /// The plugin's name.
    name: String,
    /// The version.
    version: String,
    /// When.
    at: Instant,
    /// By which key.
    by: String,
    /// Why.
    because: String,
}

async fn revoke(
    call: Call<ByPlugin, NoParams, Json<RevocationIn>>,
) -> Result<Reply<Json<RevocationOut>>, Problem> {
    let row = version(&*call.store(), &call.path).await?;
    let (by, because) = (call.caller.key.clone(), call.body.0.because.clone());
    let engine = &call.api.engine;
    let revoked = engine.revoke(&*call.store(), &row, by, because).await?;
    Ok(Reply::ok(Json(RevocationOut {
        name: row.manifest.name,
        version: row.manifest.version,
        at: revoked.at.into(),
        by: revoked.by,
        because: revoked.because,
    })))
}
