//! `/v1/webhook-endpoints`: the tenant's systems that effects are handed to and that are told of
//! events.

mod check;
mod shape;

use axum::http::{Method, StatusCode};
use regua_domain::time::Timestamp;
use regua_engine::post::records::{Delivery, Disabled, Endpoint as Hook};
use regua_engine::post::{ENDPOINTS_MAX, endpoints as all};
use regua_storage::{Kept, RecordWrite, Seen, TenantStore, records};

use super::{ADMIN, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::ids;
use crate::input::{Json, Nothing};
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::NoParams;
use check::faults;
pub(crate) use shape::AttemptOut;
use shape::{ByEndpoint, EndpointIn, EndpointOut, Endpoints, WithSecret};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const ALL: &str = "/v1/webhook-endpoints";
    const ONE: &str = "/v1/webhook-endpoints/{endpoint}";
    vec![
        endpoint(Method::GET, ALL, "list_webhook_endpoints", list)
            .says(
                "The systems that effects are handed to and that are told of events",
                "",
            )
            .roles(SHELF),
        endpoint(Method::POST, ALL, "create_webhook_endpoint", create)
            .says(
                "Names a system that effects are handed to, or that is told of events",
                "Messages are signed by Standard Webhooks 1.0; the secret is told once, in this \
                 answer. A kind of effect is handed to one endpoint, for what two would do would \
                 be done twice; of an event, any number may be told. What happens before this \
                 answer, or in a sandbox, is told to nobody: the timeline has it.",
            )
            .roles(ADMIN)
            .tells_a_secret()
            .answers(StatusCode::CREATED),
        endpoint(Method::GET, ONE, "get_webhook_endpoint", get)
            .says("An endpoint", "")
            .roles(SHELF),
        endpoint(Method::PUT, ONE, "put_webhook_endpoint", put)
            .says("Changes an endpoint; enables it again, or disables it", "")
            .roles(ADMIN)
            .matched(),
        endpoint(Method::DELETE, ONE, "delete_webhook_endpoint", delete)
            .says(
                "Takes an endpoint away",
                "Effects that wait for it are handed to whoever takes their kinds; events that \
                 wait for it are given up.",
            )
            .roles(ADMIN)
            .answers(StatusCode::NO_CONTENT),
        endpoint(
            Method::POST,
            "/v1/webhook-endpoints/{endpoint}/secrets",
            "rotate_webhook_secret",
            rotate,
        )
        .says(
            "Makes a new secret",
            "Messages are signed with the new one and the one before, until the next rotation.",
        )
        .roles(ADMIN)
        .tells_a_secret()
        .answers(StatusCode::CREATED),
        endpoint(
            Method::POST,
            "/v1/webhook-endpoints/{endpoint}/ping",
            "ping_webhook_endpoint",
            ping,
        )
        .says(
            "Posts a signed `ping` to an endpoint, and tells what came of it",
            "",
        )
        .roles(SHELF)
        .unaudited(),
    ]
}

async fn list(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Json<Endpoints>>, Problem> {
    let found = all(&*call.store()).await?;
    let data = found.into_iter().map(EndpointOut::of).collect();
    Ok(Reply::ok(Json(Endpoints { data })))
}

async fn one(store: &dyn TenantStore, id: &str) -> Result<Kept<Hook>, Problem> {
    let found = records::get::<Hook>(store, id).await?;
    found.ok_or_else(|| Problem::missing("webhook endpoint", id))
}

async fn get(
    call: Call<ByEndpoint, NoParams, Nothing>,
) -> Result<Reply<Json<EndpointOut>>, Problem> {
    let kept = one(&*call.store(), &call.path.endpoint).await?;
    let version = kept.version;
    Ok(Reply::ok(Json(EndpointOut::of(kept))).at(version))
}

async fn create(
    call: Call<NoParams, NoParams, Json<EndpointIn>>,
) -> Result<Reply<Json<WithSecret>>, Problem> {
    let post = call.api.post()?;
    let store = call.store();
    let new = &call.body.0;
    let others = all(&*store).await?;
    let mut found = faults(post, new, &others);
    if others.len() >= ENDPOINTS_MAX as usize {
        let text = format!("a tenant has at most {ENDPOINTS_MAX} endpoints");
        found.push(Fault::at("", text));
    }
    if !found.is_empty() {
        return Err(Problem::invalid(found));
    }
    let now = call.host_now();
    let (secret, sealed) = post.new_secret(call.caller.tenant).ok_or_else(no_keys)?;
    let hook = Hook {
        label: new.label.clone(),
        url: new.url.clone(),
        secrets: vec![sealed],
        handles: new.handles.clone(),
        events: new.events.clone(),
        created_at: now,
        disabled: disabled(new, None, now),
    };
    let id = format!("whe_{}", ids::ordered(now, &call.api.chance).simple());
    let write = RecordWrite::put(&id, Seen::Nothing, &hook, None)?;
    store.write_settings(vec![write]).await?;
    let kept = Kept {
        id,
        version: 1,
        value: hook,
    };
    Ok(Reply::created(Json(WithSecret {
        endpoint: EndpointOut::of(kept),
        secret,
    }))
    .at(1))
}

fn no_keys() -> Problem {
    let text = "this host has no key that secrets could be sealed with: its operator sets one";
    Problem::new(Kind::Unavailable, text)
}

fn disabled(new: &EndpointIn, before: Option<&Disabled>, now: Timestamp) -> Option<Disabled> {
    let by_hand = || Disabled {
        at: now,
        because: "by-hand".to_owned(),
    };
    new.disabled
        .then(|| before.cloned().unwrap_or_else(by_hand))
}

async fn put(
    call: Call<ByEndpoint, NoParams, Json<EndpointIn>>,
) -> Result<Reply<Json<EndpointOut>>, Problem> {
    let post = call.api.post()?;
    let store = call.store();
    let known = one(&*store, &call.path.endpoint).await?;
    let new = &call.body.0;
    let mut others = all(&*store).await?;
    others.retain(|kept| kept.id != known.id);
    let found = faults(post, new, &others);
    if !found.is_empty() {
        return Err(Problem::invalid(found));
    }
    let version = call.expected()?.unwrap_or(known.version);
    let hook = Hook {
        label: new.label.clone(),
        url: new.url.clone(),
        handles: new.handles.clone(),
        events: new.events.clone(),
        disabled: disabled(new, known.value.disabled.as_ref(), call.host_now()),
        ..known.value
    };
    let write = RecordWrite::put(&known.id, Seen::Version(version), &hook, None)?;
    store.write_settings(vec![write]).await?;
    let kept = Kept {
        id: known.id,
        version: version + 1,
        value: hook,
    };
    Ok(Reply::ok(Json(EndpointOut::of(kept))).at(version + 1))
}

async fn delete(call: Call<ByEndpoint, NoParams, Nothing>) -> Result<Reply<()>, Problem> {
    let store = call.store();
    let known = one(&*store, &call.path.endpoint).await?;
    let write = RecordWrite::remove::<Hook>(known.id, Seen::Version(known.version));
    store.write_settings(vec![write]).await?;
    Ok(Reply::done())
}

async fn rotate(
    call: Call<ByEndpoint, NoParams, Nothing>,
) -> Result<Reply<Json<WithSecret>>, Problem> {
    let post = call.api.post()?;
    let store = call.store();
    let known = one(&*store, &call.path.endpoint).await?;
    let (secret, sealed) = post.new_secret(call.caller.tenant).ok_or_else(no_keys)?;
    let mut hook = known.value;
    hook.secrets.insert(0, sealed);
    hook.secrets.truncate(2);
    let write = RecordWrite::put(&known.id, Seen::Version(known.version), &hook, None)?;
    store.write_settings(vec![write]).await?;
    let kept = Kept {
        id: known.id,
        version: known.version + 1,
        value: hook,
    };
    let version = kept.version;
    Ok(Reply::created(Json(WithSecret {
        endpoint: EndpointOut::of(kept),
        secret,
    }))
    .at(version))
}

async fn ping(
    call: Call<ByEndpoint, NoParams, Nothing>,
) -> Result<Reply<Json<AttemptOut>>, Problem> {
    let post = call.api.post()?;
    let known = one(&*call.store(), &call.path.endpoint).await?;
    let now = call.host_now();
    let body = serde_json::json!({ "type": "ping", "timestamp": now.to_rfc3339(), "data": {} });
    let mut log = Delivery {
        kind: "ping".to_owned(),
        event_at: None,
        endpoint: Some(known.id.clone()),
        payload: Some(body.to_string()),
        attempts: Vec::new(),
    };
    let id = format!("ping_{}", ids::ordered(now, &call.api.chance).simple());
    let attempt = post.again(call.caller.tenant, &known, &id, &mut log).await;
    Ok(Reply::ok(Json(AttemptOut::of(attempt))))
}
