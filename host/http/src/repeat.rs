//! A call that is made again under the same `Idempotency-Key` gets the answer it got.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use regua_domain::time::{DAY_MS, Timestamp};
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore, records};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::api::Api;
use crate::audit;
use crate::endpoint::{Endpoint, Raw};
use crate::problem::{Kind, Problem};
use crate::reply::{Reply, Written};

/// How long answers are kept.
const KEPT_MS: i64 = DAY_MS;

/// After so long, a call that is still under way is taken for one whose host died.
const UNDER_WAY_MS: i64 = 60_000;

/// The answer to a call, under its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_field_names, reason = "it is an answer's answer")]
pub(crate) struct Answer {
    /// SHA-256 of what was asked, hex.
    digest: String,
    /// When it was asked.
    at: Timestamp,
    /// None: it is under way.
    answer: Option<Written>,
}

impl Record for Answer {
    const KIND: &'static str = "answer";
}

/// Carries a call out once.
pub(crate) async fn once(
    api: &Arc<Api>,
    endpoint: &Endpoint,
    parts: &Parts,
    raw: Raw,
) -> Result<Response, Problem> {
    let store = api.engine.store().tenant(raw.caller.tenant);
    let now = api.engine.clock().now();
    let id = raw.idempotency_key.clone().unwrap_or_default();
    let asked = Answer {
        digest: digest(parts, &raw),
        at: now,
        answer: None,
    };
    match begin(&*store, &id, &asked).await? {
        Begun::Answered(answer) => {
            let mut response = answer.response();
            let replayed = HeaderValue::from_static("true");
            response
                .headers_mut()
                .insert("idempotency-replayed", replayed);
            return Ok(response);
        }
        Begun::New => {}
    }
    let result = audit::carried_out(api, endpoint, parts.uri.path(), raw).await;
    let due_at = Some(now.plus_ms(KEPT_MS));
    let write = match &result {
        Ok(written) => {
            let kept = if endpoint.secret {
                told_once()?
            } else {
                written.clone()
            };
            let answered = Answer {
                answer: Some(kept),
                ..asked
            };
            RecordWrite::put(id, Seen::Anything, &answered, due_at)?
        }
        // Nothing was done: the same call may be made again, mended.
        Err(_) => RecordWrite::remove::<Answer>(id, Seen::Anything),
    };
    store.write_records(vec![write]).await?;
    Ok(result.map_or_else(Problem::into_response, Written::response))
}

enum Begun {
    New,
    Answered(Written),
}

async fn begin(store: &dyn TenantStore, id: &str, asked: &Answer) -> Result<Begun, Problem> {
    let due_at = Some(asked.at.plus_ms(KEPT_MS));
    let first = RecordWrite::put(id, Seen::Nothing, asked, due_at)?;
    match store.write_records(vec![first]).await {
        Ok(()) => return Ok(Begun::New),
        Err(StoreError::Changed { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(known) = records::get::<Answer>(store, id).await? else {
        return Err(busy());
    };
    if known.value.digest != asked.digest {
        return Err(Problem::new(
            Kind::IdempotencyKeyReused,
            "another request was made under this Idempotency-Key",
        ));
    }
    if let Some(answer) = known.value.answer {
        return Ok(Begun::Answered(answer));
    }
    if known.value.at.plus_ms(UNDER_WAY_MS) > asked.at {
        return Err(busy());
    }
    let again = RecordWrite::put(id, Seen::Version(known.version), asked, due_at)?;
    match store.write_records(vec![again]).await {
        Ok(()) => Ok(Begun::New),
        Err(StoreError::Changed { .. }) => Err(busy()),
        Err(error) => Err(error.into()),
    }
}

/// What a repeated call is answered where the answer had a secret in it.
fn told_once() -> Result<Written, Problem> {
    let problem = Problem::new(
        Kind::Conflict,
        "it was made by the first call under this Idempotency-Key; its secret was told then, \
         and is kept nowhere",
    );
    let body = crate::input::Json(problem.body());
    let reply = Reply::with(StatusCode::CONFLICT, body);
    let written = Written::of(&reply)?;
    Ok(Written {
        media_type: Some("application/problem+json".to_owned()),
        ..written
    })
}

fn busy() -> Problem {
    Problem {
        retry_after: Some(1),
        ..Problem::new(Kind::Busy, "the same request is under way")
    }
}

/// What is asked: two calls that differ in anything are two.
fn digest(parts: &Parts, raw: &Raw) -> String {
    let mut hash = Sha256::new();
    let uri = parts.uri.to_string();
    for part in [parts.method.as_str().as_bytes(), uri.as_bytes(), &raw.body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    crate::key::hex(&hash.finalize())
}
