//! Which version new cases get, and what becomes of those that are open.

use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SHELF;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Json;
use crate::problem::{Fault, Problem};
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
            "Says which version new cases get",
            "What becomes of running cases has to be said: with `keep`, each stays pinned to \
             the version that it began with. The answer tells how many are pinned to which.",
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
    workflow: String,
}

/// Which version new cases get.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "version": 1, "running": "keep" }))]
pub(crate) struct Activation {
    /// The version.
    #[schemars(range(min = 1))]
    version: u32,
    /// What becomes of running cases: `keep`.
    #[schemars(length(max = 64))]
    running: String,
}

/// A workflow of which another version is active now.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Activated {
    /// Its name.
    name: String,
    /// The version that new cases get.
    version: u32,
    /// Open cases, by the version that they stay pinned to.
    open_cases: Vec<Pinned>,
    /// What may not be meant.
    warnings: Vec<Warning>,
}

/// Open cases of a version.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Pinned {
    /// The version.
    version: u32,
    /// How many.
    open_cases: u64,
}

async fn activate(
    call: Call<ByWorkflow, NoParams, Json<Activation>>,
) -> Result<Reply<Json<Activated>>, Problem> {
    let Activation { version, running } = &call.body.0;
    let name = &call.path.workflow;
    let store = call.store();
    let known = store.workflows().await?;
    if !known.iter().any(|row| row.name == *name) {
        return Err(Problem::missing("workflow", name));
    }
    let mut faults = Vec::new();
    if running != "keep" {
        let text = "only `keep` is possible: running cases stay with the version they began with";
        faults.push(Fault::at("/running", text));
    }
    if !known
        .iter()
        .any(|row| row.name == *name && row.version == *version)
    {
        faults.push(Fault::at(
            "/version",
            format!("{name}@{version} is not published"),
        ));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    store.activate(name, *version).await?;
    let pinned = store.pinned().await?;
    let policy = store.row().await?.policy;
    let warnings = regua_engine::policy::warnings(&policy, &store.workflows().await?);
    Ok(Reply::ok(Json(Activated {
        name: name.clone(),
        version: *version,
        open_cases: pinned
            .into_iter()
            .filter(|(reference, _)| reference.name == *name)
            .map(|(reference, open_cases)| Pinned {
                version: reference.version,
                open_cases,
            })
            .collect(),
        warnings: warnings.into_iter().map(Warning::of).collect(),
    })))
}
