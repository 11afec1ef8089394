//! `/v1/keys`: who may call for a tenant.

use axum::http::{Method, StatusCode};
use regua_domain::id::TenantId;
use regua_storage::{Kept, RecordWrite, RecordsQuery, Seen, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::key::{self, Key, Role};
use crate::problem::{Fault, Problem};
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Instant, NoParams};

/// Who has keys of their own to look after.
const HOLDERS: &[Role] = &[Role::Operator, Role::Admin];

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/keys", "list_keys", list)
            .says("The keys of the caller's tenant, or of the operator", "")
            .roles(HOLDERS),
        endpoint(Method::POST, "/v1/keys", "create_key", create)
            .says(
                "Makes a key",
                "The token is told once, in this answer; the host keeps its SHA-256 alone.",
            )
            .roles(HOLDERS)
            .tells_a_secret()
            .answers(StatusCode::CREATED),
        endpoint(Method::DELETE, "/v1/keys/{key}", "revoke_key", revoke)
            .says("Revokes a key at once", "")
            .roles(HOLDERS)
            .answers(StatusCode::NO_CONTENT),
    ]
}

/// A new key.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "label": "billing system", "role": "ingest" }))]
pub(crate) struct NewKey {
    /// What it is for.
    #[schemars(length(min = 1, max = 200))]
    label: String,
    /// What it may do.
    role: Role,
    /// When it ends by itself.
    #[serde(default)]
    expires_at: Option<Instant>,
}

/// A key.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct KeyOut {
    id: String,
    label: String,
    role: Role,
    created_at: Instant,
    expires_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

impl KeyOut {
    fn of(id: String, key: Key) -> Self {
        Self {
            id,
            label: key.label,
            role: key.role,
            created_at: key.created_at.into(),
            expires_at: key.expires_at.map(Instant::from),
            revoked_at: key.revoked_at.map(Instant::from),
        }
    }
}

/// A key that was made.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Made {
    #[serde(flatten)]
    key: KeyOut,
    /// What calls are made with; it is told this once.
    token: String,
}

/// Makes a key of a tenant.
pub(crate) async fn make<P, Q, B>(
    call: &Call<P, Q, B>,
    tenant: TenantId,
    new: &NewKey,
) -> Result<Reply<Json<Made>>, Problem> {
    let is_operators = tenant == regua_storage::OPERATOR;
    if is_operators != (new.role == Role::Operator) {
        let text = "the operator's keys are operator keys, and a tenant's are not";
        return Err(Problem::invalid(vec![Fault::at("/role", text)]));
    }
    let now = call.host_now();
    let expires_at = new
        .expires_at
        .as_ref()
        .map(|at| match at.timestamp("/expires_at")? {
            at if at <= now => Err(Fault::at("/expires_at", "is over already")),
            at => Ok(at),
        })
        .transpose()
        .map_err(|fault| Problem::invalid(vec![fault]))?;
    let store = call.api.engine.store().tenant(tenant);
    let wanted = key::NewKey {
        label: &new.label,
        role: new.role,
        expires_at,
    };
    let (token, key) = key::create(&*store, wanted, now, &call.api.chance).await?;
    Ok(Reply::created(Json(Made {
        token: token.reveal(),
        key: KeyOut::of(token.id, key),
    })))
}

async fn create(
    call: Call<NoParams, NoParams, Json<NewKey>>,
) -> Result<Reply<Json<Made>>, Problem> {
    make(&call, call.caller.tenant, &call.body.0).await
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<KeyOut>>>, Problem> {
    let query = RecordsQuery {
        after: call.query.key()?,
        limit: call.query.rows(),
        backwards: false,
    };
    let found = records::list::<Key>(&*call.store(), &query).await?;
    let page = call.query.page(
        found,
        |kept| kept.id.clone(),
        |kept| KeyOut::of(kept.id, kept.value),
    );
    Ok(Reply::ok(Json(page)))
}

/// A key, by id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByKey {
    #[schemars(regex(pattern = r"^key_[0-9a-f]{16}$"))]
    key: String,
}

async fn revoke(call: Call<ByKey, NoParams, Nothing>) -> Result<Reply<()>, Problem> {
    let store = call.store();
    let missing = || Problem::missing("key", &call.path.key);
    let found = records::get::<Key>(&*store, &call.path.key).await?;
    let Kept { id, version, value } = found.ok_or_else(missing)?;
    if value.revoked_at.is_none() {
        let revoked = Key {
            revoked_at: Some(call.host_now()),
            ..value
        };
        let write = RecordWrite::put(id, Seen::Version(version), &revoked, None)?;
        store.write_settings(vec![write]).await?;
    }
    Ok(Reply::done())
}
