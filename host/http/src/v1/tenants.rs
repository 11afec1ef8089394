//! `/v1/tenants`: the operator's.

use axum::http::{Method, StatusCode};
use regua_domain::id::TenantId;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_storage::{Store, TenantRow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::keys::{Made, NewKey, make};
use super::{OPERATOR, TENANTS_OWN};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::ids;
use crate::input::{Json, Nothing};
use crate::problem::{Fault, Problem};
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/tenants", "list_tenants", list)
            .says("All tenants, by name", "")
            .roles(OPERATOR),
        endpoint(Method::POST, "/v1/tenants", "create_tenant", create)
            .says(
                "Creates a tenant",
                "A sandbox has a clock of its own, and what it sends is captured, never \
                 delivered; a tenant stays what it was created as.",
            )
            .roles(OPERATOR)
            .answers(StatusCode::CREATED),
        endpoint(Method::GET, "/v1/tenant", "get_own_tenant", own)
            .says("The tenant that the key is of", "")
            .roles(TENANTS_OWN),
        endpoint(
            Method::POST,
            "/v1/tenants/{tenant}/keys",
            "create_tenant_key",
            create_key,
        )
        .says(
            "Makes a key of a tenant",
            "The token is told once, in this answer.",
        )
        .roles(OPERATOR)
        .tells_a_secret()
        .answers(StatusCode::CREATED),
    ]
}

/// A new tenant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "name": "acme", "display_name": "Acme Ltd", "charges_on_paid_principal": "waive",
    "sandbox": { "clock": "2026-03-02T00:00:00Z" }
}))]
pub(crate) struct NewTenant {
    /// Unique in the host.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,64}$"))]
    name: String,
    /// How it signs what it writes.
    #[schemars(length(min = 1, max = 200))]
    display_name: String,
    /// What becomes of unpaid fees and interest on principal that was paid.
    charges_on_paid_principal: ChargesOnPaid,
    /// Where links in letters lead, an https:// address: a template that has one needs it.
    #[serde(default)]
    link_base: String,
    /// Given, it is a sandbox.
    #[serde(default)]
    sandbox: Option<SandboxIn>,
}

/// A sandbox.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SandboxIn {
    /// Where its clock stands at first; where the machine's does, where it is left out.
    #[serde(default)]
    clock: Option<Instant>,
}

/// A tenant. What it has is its own: nothing of it is told to the operator.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TenantOut {
    id: String,
    name: String,
    display_name: String,
    /// Where a sandbox's clock stands.
    clock: Option<Instant>,
}

impl TenantOut {
    fn of(row: TenantRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            display_name: row.policy.display_name,
            clock: row.clock.map(Instant::from),
        }
    }
}

/// All of them: there are thousands at most.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Tenants {
    data: Vec<TenantOut>,
}

async fn list(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Json<Tenants>>, Problem> {
    let rows = call.api.engine.store().tenants().await?;
    let data = rows.into_iter().map(TenantOut::of).collect();
    Ok(Reply::ok(Json(Tenants { data })))
}

async fn own(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Json<TenantOut>>, Problem> {
    let row = call.store().row().await?;
    Ok(Reply::ok(Json(TenantOut::of(row))))
}

async fn create(
    call: Call<NoParams, NoParams, Json<NewTenant>>,
) -> Result<Reply<Json<TenantOut>>, Problem> {
    let new = call.body.0.clone();
    let first = |sandbox: &SandboxIn| match &sandbox.clock {
        Some(clock) => clock.timestamp("/sandbox/clock"),
        None => Ok(call.host_now()),
    };
    let clock = new.sandbox.as_ref().map(first).transpose();
    let clock = clock.map_err(|fault| Problem::invalid(vec![fault]))?;
    let policy = Policy {
        sandbox: clock.is_some(),
        link_base: new.link_base,
        ..Policy::new(&new.display_name, new.charges_on_paid_principal)
    };
    let faults: Vec<_> = policy
        .problems()
        .into_iter()
        .map(|problem| Fault::at(problem.pointer, problem.text))
        .collect();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let row = TenantRow {
        id: TenantId(ids::ordered(call.host_now(), &call.api.chance)),
        name: new.name,
        policy,
        clock,
        revision: 0,
    };
    call.api.engine.store().create_tenant(&row).await?;
    Ok(Reply::created(Json(TenantOut::of(row))))
}

/// A tenant, by id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByTenant {
    /// The tenant's id.
    #[schemars(regex(pattern = r"^ten_[0-9a-f]{32}$"))]
    tenant: String,
}

impl ByTenant {
    /// The tenant that is named, where there is one.
    pub(crate) async fn find(&self, store: &dyn Store) -> Result<TenantId, Problem> {
        let missing = || Problem::missing("tenant", &self.tenant);
        let tenant: TenantId = self.tenant.parse().map_err(|_| missing())?;
        let rows = store.tenants().await?;
        let is_there = rows.iter().any(|row| row.id == tenant);
        is_there.then_some(tenant).ok_or_else(missing)
    }
}

async fn create_key(
    call: Call<ByTenant, NoParams, Json<NewKey>>,
) -> Result<Reply<Json<Made>>, Problem> {
    let tenant = call.path.find(&**call.api.engine.store()).await?;
    make(&call, tenant, &call.body.0).await
}
