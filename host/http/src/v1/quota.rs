//! `/v1/quota`: what a tenant may use of the host, and what it used. Its operator says what.

use axum::http::Method;
use regua_domain::id::TenantId;
use regua_domain::time::{Timestamp, plus_days};
use regua_engine::Engine;
use regua_engine::meter::quota::{Limit, QUOTA, Quota};
use regua_engine::meter::usage::Day;
use regua_engine::meter::{day_of, uploads};
use regua_storage::{RecordWrite, Seen, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tenants::ByTenant;
use super::{OPERATOR, READERS};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const OF_TENANT: &str = "/v1/tenants/{tenant}/quota";
    vec![
        endpoint(Method::GET, "/v1/quota", "get_quota", own)
            .says(
                "What the tenant may use of the host, and what it used",
                "Cases whose calls a limit keeps from being made wait, and are late: nothing \
                 else becomes of them. `waits` tells which limits cases waited for today. The \
                 operator sets the quota.",
            )
            .roles(READERS),
        endpoint(Method::GET, OF_TENANT, "get_tenant_quota", get)
            .says("What a tenant may use of the host, and what it used", "")
            .roles(OPERATOR),
        endpoint(Method::PUT, OF_TENANT, "put_tenant_quota", put)
            .says(
                "Says what a tenant may use of the host",
                "What is left out is as it ships. Every node goes by it from its next batch on.",
            )
            .roles(OPERATOR),
    ]
}

/// A quota.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(example = serde_json::json!({
    "calls_per_second": 500, "fuel_per_day": 5_000_000_000_000_u64, "workers_percent": 50,
}))]
pub(crate) struct QuotaShape {
    /// Calls of plugins a second, of all nodes together; a second's worth may come at once. None:
    /// as many as there is room for, which is how it ships.
    #[schemars(range(min = 1, max = 1_000_000))]
    calls_per_second: Option<u32>,
    /// Fuel of all calls of a day (UTC). It ships as 100,000,000,000,000: half a million calls
    /// that burn all that one may. What is under way when it is used up is finished.
    #[schemars(range(min = 0, max = 1_000_000_000_000_000_000_u64))]
    fuel_per_day: u64,
    /// Of the time of a node's threads, percent: a bound, also where they have nothing else to
    /// do. Up to it each tenant gets as much as any other who wants some. It ships as 100.
    #[schemars(range(min = 1, max = 100))]
    workers_percent: u8,
    /// Bytes of all components on the shelf. It ships as 1 GiB.
    #[schemars(range(min = 0, max = 1_000_000_000_000_000_u64))]
    component_bytes: u64,
    /// Uploads of components in an hour, whatever becomes of them. It ships as 600.
    #[schemars(range(min = 0, max = 10_000))]
    uploads_per_hour: u32,
    /// Bytes of plugins' log lines that are kept of a day (UTC); further lines are dropped, and
    /// counted. It ships as 64 MiB.
    #[schemars(range(min = 0, max = 1_000_000_000_000_u64))]
    log_bytes_per_day: u64,
}

impl From<Quota> for QuotaShape {
    fn from(quota: Quota) -> Self {
        Self {
            calls_per_second: quota.calls_per_second,
            fuel_per_day: quota.fuel_per_day,
            workers_percent: quota.workers_percent,
            component_bytes: quota.component_bytes,
            uploads_per_hour: quota.uploads_per_hour,
            log_bytes_per_day: quota.log_bytes_per_day,
        }
    }
}

impl Default for QuotaShape {
    fn default() -> Self {
        Quota::shipped().into()
    }
}

impl QuotaShape {
    const fn quota(&self) -> Quota {
        Quota {
            calls_per_second: self.calls_per_second,
            fuel_per_day: self.fuel_per_day,
            workers_percent: self.workers_percent,
            component_bytes: self.component_bytes,
            uploads_per_hour: self.uploads_per_hour,
            log_bytes_per_day: self.log_bytes_per_day,
        }
    }
}

/// A quota, and what is used of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct QuotaOut {
    quota: QuotaShape,
    used: UsedOut,
    /// Limits that cases waited for today, or wait for.
    waits: Vec<WaitOut>,
}

/// What was used: today is the day in UTC, by the machine's clock.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UsedOut {
    /// Calls that are recorded as decisions.
    calls_today: u64,
    fuel_today: u64,
    /// What calls took of threads, all nodes together.
    thread_ms_today: u64,
    component_bytes: u64,
    uploads_last_hour: u64,
    log_bytes_today: u64,
}

/// Cases waited for a limit.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WaitOut {
    /// calls-per-second or fuel-per-day.
    limit: &'static str,
    /// The first time today.
    first_at: Instant,
    /// The last time, to the minute.
    last_at: Instant,
    /// When they go on, where they wait for a new day.
    until: Option<Instant>,
}

async fn standing(
    engine: &Engine,
    tenant: TenantId,
    now: Timestamp,
) -> Result<Reply<Json<QuotaOut>>, Problem> {
    // What this process has counted is to be in it.
    engine.write_usage(tenant).await?;
    let store = engine.store().tenant(tenant);
    let quota = Quota::read(&*store).await?;
    let today = day_of(now);
    let day = records::get::<Day>(&*store, &today.to_string()).await?;
    let day = day.map(|kept| kept.value).unwrap_or_default();
    let tomorrow = Timestamp::start_of(plus_days(today, 1), chrono_tz::Tz::UTC);
    let used_up = day.fuel >= quota.fuel_per_day;
    let waits = day.waits.iter().map(|(limit, waited)| WaitOut {
        limit: limit.name(),
        first_at: waited.first_at.into(),
        last_at: waited.last_at.into(),
        until: (*limit == Limit::FuelPerDay && used_up).then(|| tomorrow.into()),
    });
    Ok(Reply::ok(Json(QuotaOut {
        quota: quota.into(),
        used: UsedOut {
            calls_today: day.calls,
            fuel_today: day.fuel,
            thread_ms_today: day.wall_us / 1_000,
            component_bytes: store.component_bytes().await?,
            uploads_last_hour: uploads::count(&*store, now).await?,
            log_bytes_today: day.log_bytes,
        },
        waits: waits.collect(),
    })))
}

async fn own(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Json<QuotaOut>>, Problem> {
    standing(&call.api.engine, call.caller.tenant, call.host_now()).await
}

async fn get(call: Call<ByTenant, NoParams, Nothing>) -> Result<Reply<Json<QuotaOut>>, Problem> {
    let engine = &call.api.engine;
    let tenant = call.path.find(&**engine.store()).await?;
    standing(engine, tenant, call.host_now()).await
}

async fn put(
    call: Call<ByTenant, NoParams, Json<QuotaShape>>,
) -> Result<Reply<Json<QuotaOut>>, Problem> {
    let engine = &call.api.engine;
    let tenant = call.path.find(&**engine.store()).await?;
    let write = RecordWrite::put(QUOTA, Seen::Anything, &call.body.0.quota(), None)?;
    engine
        .store()
        .tenant(tenant)
        .write_settings(vec![write])
        .await?;
    standing(engine, tenant, call.host_now()).await
}
