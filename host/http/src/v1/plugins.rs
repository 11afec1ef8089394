//! `/v1/plugins`: what stages are made of.

mod logs;
mod usage;

use axum::http::{Method, StatusCode};
use regua_storage::{PluginRow, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{READERS, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing, Wasm};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Instant, NoParams};

/// The longest upload.
const WASM_BYTES_MAX: usize = 32 << 20;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/plugins", "list_plugins", list)
            .says("Plugin versions on the shelf, by name and version", "")
            .roles(READERS),
        endpoint(Method::POST, "/v1/plugins", "add_plugin", add)
            .says(
                "Puts a plugin on the shelf",
                "A WebAssembly component, or a core module that embeds its component type, of \
                 at most 32 MiB. It is admitted first: form, imports, exports, resources, a \
                 compilation and a first `describe`. The same bytes again change nothing \
                 (200); other bytes under a version that is taken are refused.",
            )
            .roles(SHELF)
            .answers(StatusCode::CREATED)
            .takes_bytes(WASM_BYTES_MAX),
        endpoint(
            Method::GET,
            "/v1/plugins/{plugin}/versions/{version}",
            "get_plugin",
            get,
        )
        .says("A plugin version: all that it says of itself", "")
        .roles(READERS),
        usage::endpoint(),
        logs::endpoint(),
    ]
}

/// A plugin version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByPlugin {
    /// Its name.
    #[schemars(length(min = 1, max = 128))]
    plugin: String,
    /// Its semantic version, whole.
    #[schemars(length(min = 1, max = 128))]
    version: String,
}

/// A plugin version on the shelf.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginOut {
    /// Its name.
    name: String,
    /// Its semantic version.
    version: String,
    /// What it does, in its own words.
    summary: String,
    /// SHA-256 of the component, hex: what workflows lock.
    digest: String,
    /// When it was added.
    added_at: Instant,
    /// How a stage of it may end.
    outcomes: Vec<String>,
    /// What it may propose.
    proposes: Vec<String>,
    /// What it hears of.
    listens: Vec<String>,
    /// JSON Schema of its settings.
    config_schema: serde_json::Value,
    /// Of what it remembers.
    memory_version: u32,
}

impl PluginOut {
    fn of(row: PluginRow) -> Self {
        let manifest = row.manifest;
        let proposes = manifest.proposes.iter().map(|kind| kind.name().to_owned());
        Self {
            proposes: proposes.collect(),
            // It was read when the plugin was admitted.
            config_schema: serde_json::from_str(&manifest.config_schema).unwrap_or_default(),
            name: manifest.name,
            version: manifest.version,
            summary: manifest.summary,
            digest: row.digest,
            added_at: row.added_at.into(),
            outcomes: manifest.outcomes,
            listens: manifest.listens,
            memory_version: manifest.memory_version,
        }
    }
}

/// A plugin that was put on the shelf.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginAdded {
    #[serde(flatten)]
    plugin: PluginOut,
    /// Whether it is new; else these bytes were there already.
    is_new: bool,
    /// What of it is nearly as much as a stage may have: in the next version it may be too much.
    warnings: Vec<String>,
}

fn label(row: &PluginRow) -> String {
    format!("{}@{}", row.manifest.name, row.manifest.version)
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<PluginOut>>>, Problem> {
    let all = call.store().plugins().await?;
    let page = call.query.page_of_all(all, label, PluginOut::of)?;
    Ok(Reply::ok(Json(page)))
}

async fn add(call: Call<NoParams, NoParams, Wasm>) -> Result<Reply<Json<PluginAdded>>, Problem> {
    let store = call.store();
    let added = call
        .api
        .engine
        .add_plugin(&store, call.body.0.to_vec())
        .await?;
    let status = if added.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let answer = PluginAdded {
        plugin: PluginOut::of(added.plugin),
        is_new: added.is_new,
        warnings: added.near,
    };
    Ok(Reply::with(status, Json(answer)))
}

async fn get(call: Call<ByPlugin, NoParams, Nothing>) -> Result<Reply<Json<PluginOut>>, Problem> {
    let found = version(&*call.store(), &call.path).await?;
    Ok(Reply::ok(Json(PluginOut::of(found))))
}

/// The version on the shelf that a path names.
async fn version(
    store: &dyn TenantStore,
    ByPlugin { plugin, version }: &ByPlugin,
) -> Result<PluginRow, Problem> {
    let all = store.plugins().await?;
    let found = all
        .into_iter()
        .find(|row| row.manifest.name == *plugin && row.manifest.version == *version);
    found.ok_or_else(|| Problem::missing("plugin", format!("{plugin}@{version}")))
}
