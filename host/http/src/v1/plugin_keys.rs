//! `/v1/plugin-keys`: whose signatures of plugins a tenant takes.

use axum::http::{Method, StatusCode};
use regua_engine::signing::{KEYS_MAX, PluginKey, PublicKey, keys};
use regua_storage::{Kept, RecordWrite, Seen, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ADMIN, READERS};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const ALL: &str = "/v1/plugin-keys";
    vec![
        endpoint(Method::GET, ALL, "list_plugin_keys", list)
            .says("The keys that plugins may be signed by", "")
            .roles(READERS),
        endpoint(Method::POST, ALL, "create_plugin_key", create)
            .says(
                "Registers a key that plugins may be signed by",
                "An Ed25519 public key, as `openssl pkey -pubout` or `regua plugin key new` \
                 writes it. Its id is made from the key: whoever has the key can tell it.",
            )
            .roles(ADMIN)
            .answers(StatusCode::CREATED),
        endpoint(
            Method::DELETE,
            "/v1/plugin-keys/{plugin_key}",
            "remove_plugin_key",
            remove,
        )
        .says(
            "Takes a key away",
            "Nothing is taken by its signature from then on. What it signed before stays on the \
             shelf, signed, and is asked as before.",
        )
        .roles(ADMIN)
        .answers(StatusCode::NO_CONTENT),
    ]
}

/// A key to register.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "label": "build server",
    "public_key": "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAUE2T8Q2bGiwSNzPM62r6RGj3fQIGJvGKQIvP3Byfnsw=\n-----END PUBLIC KEY-----\n"
}))]
pub(crate) struct NewPluginKey {
    /// Whose it is, or what it is for.
    #[schemars(length(min = 1, max = 200))]
    label: String,
    /// PEM.
    #[schemars(length(min = 1, max = 4_000))]
    public_key: String,
}

/// A key that plugins may be signed by.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginKeyOut {
    /// `plk_` and 32 hexadecimal digits of the SHA-256 of the key's 32 bytes.
    id: String,
    label: String,
    /// PEM.
    public_key: String,
    created_at: Instant,
}

/// All of a tenant's: they are few.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginKeys {
    data: Vec<PluginKeyOut>,
}

impl PluginKeyOut {
    fn of(id: String, key: PluginKey) -> Self {
        Self {
            id,
            label: key.label,
            public_key: key.public_key.to_pem(),
            created_at: key.created_at.into(),
        }
    }
}

async fn list(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Json<PluginKeys>>, Problem> {
    let found = keys(&*call.store()).await?.into_iter();
    let data = found.map(|kept| PluginKeyOut::of(kept.id, kept.value));
    let data = data.collect();
    Ok(Reply::ok(Json(PluginKeys { data })))
}

async fn create(
    call: Call<NoParams, NoParams, Json<NewPluginKey>>,
) -> Result<Reply<Json<PluginKeyOut>>, Problem> {
    let new = &call.body.0;
    let store = call.store();
    let public_key = PublicKey::from_pem(new.public_key.as_bytes())
        .map_err(|error| Problem::invalid(vec![Fault::at("/public_key", error)]))?;
    let id = public_key.id();
    let known = keys(&*store).await?;
    if let Some(kept) = known.iter().find(|kept| kept.id == id) {
        let text = format!("{id} is registered already, as `{}`", kept.value.label);
        return Err(Problem::new(Kind::Conflict, text));
    }
    if known.len() >= KEYS_MAX as usize {
        let text = format!("a tenant has at most {KEYS_MAX} plugin keys");
        return Err(Problem::new(Kind::Conflict, text));
    }
    let key = PluginKey {
        label: new.label.clone(),
        public_key,
        created_at: call.host_now(),
    };
    let write = RecordWrite::put(&id, Seen::Nothing, &key, None)?;
    store.write_settings(vec![write]).await?;
    Ok(Reply::created(Json(PluginKeyOut::of(id, key))))
}

/// A plugin key, by id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByPluginKey {
    #[schemars(regex(pattern = r"^plk_[0-9a-f]{32}$"))]
    plugin_key: String,
}

async fn remove(call: Call<ByPluginKey, NoParams, Nothing>) -> Result<Reply<()>, Problem> {
    let store = call.store();
    let id = &call.path.plugin_key;
    let found = records::get::<PluginKey>(&*store, id).await?;
    let missing = || Problem::missing("plugin key", id);
    let Kept { id, version, .. } = found.ok_or_else(missing)?;
    let write = RecordWrite::remove::<PluginKey>(id, Seen::Version(version));
    store.write_settings(vec![write]).await?;
    Ok(Reply::done())
}
