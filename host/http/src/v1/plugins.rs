//! `/v1/plugins`: what stages are made of.

mod logs;
mod out;
mod revocation;
mod usage;

use axum::http::{Method, StatusCode};
use regua_engine::signing::Given;
use regua_storage::{PluginRow, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::out::{Marks, PluginOut, label};
use super::{ADMIN, READERS, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing, Wasm};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::NoParams;

/// The longest upload.
const WASM_BYTES_MAX: usize = 32 << 20;

const VERSION: &str = "/v1/plugins/{plugin}/versions/{version}";

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
                 (200), but that a signature is kept where there was none; other bytes under a \
                 version that was there before are refused. Signed is, by Ed25519, \
                 `regua-plugin-v1:` and the SHA-256 of the body in 64 lower-case hexadecimal \
                 digits. A signature is looked at wherever there is one, and needed where the \
                 policy says `signed_plugins`.",
            )
            .roles(SHELF)
            .answers(StatusCode::CREATED)
            .takes_bytes(WASM_BYTES_MAX),
        endpoint(Method::GET, VERSION, "get_plugin", get)
            .says(
                "A plugin version: all that it says of itself, and what it is granted",
                "",
            )
            .roles(READERS),
        endpoint(Method::DELETE, VERSION, "remove_plugin", remove)
            .says(
                "Takes a plugin version off the shelf",
                "One that a published workflow locks stays (409, with the versions that lock \
                 it). What was removed may be added again with the same bytes alone.",
            )
            .roles(SHELF)
            .answers(StatusCode::NO_CONTENT),
        revocation::endpoint(),
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

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<PluginOut>>>, Problem> {
    let store = call.store();
    let policy = store.row().await?.policy;
    let all = store.plugins().await?;
    let marks = Marks::read(&*store).await?;
    let out = |row| PluginOut::of(row, &policy, &marks);
    let page = call.query.page_of_all(all, label, out)?;
    Ok(Reply::ok(Json(page)))
}

/// By what an upload is signed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureQuery {
    /// The id of the plugin key.
    #[schemars(length(max = 200))]
    signed_by: Option<String>,
    /// The signature: 128 hexadecimal digits.
    #[schemars(length(max = 200))]
    signature: Option<String>,
}

async fn add(
    call: Call<NoParams, SignatureQuery, Wasm>,
) -> Result<Reply<Json<PluginAdded>>, Problem> {
    let store = call.store();
    let given = Given {
        signed_by: call.query.signed_by.as_deref(),
        signature: call.query.signature.as_deref(),
    };
    let wasm = call.body.0.to_vec();
    let added = call.api.engine.add_signed_plugin(&store, wasm, given);
    let added = added.await?;
    let policy = store.row().await?.policy;
    let marks = Marks::read(&*store).await?;
    let status = if added.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let answer = PluginAdded {
        plugin: PluginOut::of(added.plugin, &policy, &marks),
        is_new: added.is_new,
        warnings: added.near,
    };
    Ok(Reply::with(status, Json(answer)))
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

async fn get(call: Call<ByPlugin, NoParams, Nothing>) -> Result<Reply<Json<PluginOut>>, Problem> {
    let found = version(&*call.store(), &call.path).await?;
    let store = call.store();
    let policy = store.row().await?.policy;
    let marks = Marks::read(&*store).await?;
    Ok(Reply::ok(Json(PluginOut::of(found, &policy, &marks))))
}

async fn remove(call: Call<ByPlugin, NoParams, Nothing>) -> Result<Reply<()>, Problem> {
    let ByPlugin { plugin, version } = &call.path;
    let engine = &call.api.engine;
    engine
        .remove_plugin(&*call.store(), plugin, version)
        .await?;
    Ok(Reply::done())
}
