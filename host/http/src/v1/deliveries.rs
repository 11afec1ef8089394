//! `/v1/deliveries`: the log of what was handed over, or tried.

use axum::http::Method;
use regua_engine::post::endpoints as all;
use regua_engine::post::records::{Delivery, Endpoint as Hook};
use regua_storage::{Kept, RecordWrite, RecordsQuery, Seen, TenantStore, records};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::webhook_endpoints::AttemptOut;
use super::{DESK, READERS};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::{Kind, Problem};
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::NoParams;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/deliveries", "list_deliveries", list)
            .says(
                "What was handed over or tried, by the effects' keys; behind them events",
                "An event is there once for each endpoint that is told of it, and for 30 days \
                 after it was handed over or given up.",
            )
            .roles(READERS),
        endpoint(Method::GET, "/v1/deliveries/{key}", "get_delivery", get)
            .says("Every try to hand an effect or event over", "")
            .roles(READERS),
        endpoint(
            Method::POST,
            "/v1/deliveries/{key}/again",
            "deliver_again",
            again,
        )
        .says(
            "Posts an effect or event to its endpoint once more",
            "The same bytes under the same `webhook-id`: a receiver that did it does \
                 nothing. E-mail is not sent again.",
        )
        .roles(DESK),
    ]
}

/// A delivery, by its effect's key, or its event's and endpoint's ids.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByKey {
    /// `case_….12.0`: an effect's key; `evt_….40.whe_…`: an event's id and its endpoint's.
    #[schemars(regex(pattern = r"^[ce][a-z]{2,3}_[0-9a-f]{32}\.[0-9]{1,18}\.[0-9a-z_]{1,36}$"))]
    key: String,
}

/// A delivery.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DeliveryOut {
    /// The effect's key; of an event, its id and its endpoint's, with a dot between.
    key: String,
    /// `effect.charge`, `message.email`, …; of an event its type, `case.opened`, ….
    kind: String,
    /// The endpoint that it goes to; none: by mail, or none was there yet.
    endpoint: Option<String>,
    /// Every try, the oldest first.
    attempts: Vec<AttemptOut>,
}

impl DeliveryOut {
    fn of(kept: Kept<Delivery>) -> Self {
        let log = kept.value;
        Self {
            key: kept.id,
            kind: log.kind,
            endpoint: log.endpoint,
            attempts: log.attempts.into_iter().map(AttemptOut::of).collect(),
        }
    }
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<DeliveryOut>>>, Problem> {
    let query = RecordsQuery {
        after: call.query.key()?,
        limit: call.query.rows(),
        backwards: false,
    };
    let found = records::list::<Delivery>(&*call.store(), &query).await?;
    let page = call
        .query
        .page(found, |kept| kept.id.clone(), DeliveryOut::of);
    Ok(Reply::ok(Json(page)))
}

async fn one(store: &dyn TenantStore, key: &str) -> Result<Kept<Delivery>, Problem> {
    let found = records::get::<Delivery>(store, key).await?;
    found.ok_or_else(|| Problem::missing("delivery", key))
}

async fn get(call: Call<ByKey, NoParams, Nothing>) -> Result<Reply<Json<DeliveryOut>>, Problem> {
    let kept = one(&*call.store(), &call.path.key).await?;
    Ok(Reply::ok(Json(DeliveryOut::of(kept))))
}

async fn again(call: Call<ByKey, NoParams, Nothing>) -> Result<Reply<Json<AttemptOut>>, Problem> {
    let post = call.api.post()?;
    let store = call.store();
    let Kept {
        id, value: mut log, ..
    } = one(&*store, &call.path.key).await?;
    if log.payload.is_none() {
        let text = "nothing was posted to a system under this key";
        return Err(Problem::new(Kind::Conflict, text));
    }
    let endpoints = all(&*store).await?;
    let takes = |kept: &&Kept<Hook>| {
        let hook = &kept.value;
        let is_it = match log.event_at {
            // Others that are told of it have records of their own.
            Some(_) => log.endpoint.as_ref() == Some(&kept.id),
            None => hook.handles.contains(&log.kind),
        };
        hook.disabled.is_none() && is_it
    };
    let Some(endpoint) = endpoints.iter().find(takes) else {
        let text = format!("no endpoint takes {}", log.kind);
        return Err(Problem::new(Kind::Conflict, text));
    };
    let attempt = post
        .again(call.caller.tenant, endpoint, &id, &mut log)
        .await;
    let due_at = log.due_at(call.host_now());
    let write = RecordWrite::put(id, Seen::Anything, &log, due_at)?;
    store.write_records(vec![write]).await?;
    Ok(Reply::ok(Json(AttemptOut::of(attempt))))
}
