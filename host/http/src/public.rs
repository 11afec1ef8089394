//! What is told without a key: whether the host is well, and the way out of e-mail.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use regua_delivery::unsubscribe::{self, Wish};
use regua_domain::dossier::LoggedFact;
use regua_domain::fact::Fact;
use regua_domain::id::FactId;
use regua_engine::Telling;

use crate::api::Api;
use crate::call::dossier;
use crate::ids;
use crate::problem::{Kind, Problem};

pub(crate) fn router(api: &Arc<Api>) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/u/{token}", get(ask).post(opt_out))
        .with_state(Arc::clone(api))
}

/// Whether work would be done: the store answers.
async fn ready(State(api): State<Arc<Api>>) -> Response {
    match api.engine.store().due(api.engine.clock().now()).await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(error = regua_engine::chain(&error), "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the store does not answer\n",
            )
                .into_response()
        }
    }
}

fn wish(api: &Api, token: &str) -> Result<Wish, Problem> {
    let keys = api.post.as_ref().and_then(|post| post.keys.as_ref());
    let missing = || Problem::new(Kind::NotFound, "there is no such path");
    unsubscribe::read(keys.ok_or_else(missing)?, token).map_err(|_| missing())
}

/// A page with one button: mail scanners open links, and must not unsubscribe anybody by it.
async fn ask(State(api): State<Arc<Api>>, Path(token): Path<String>) -> Result<Response, Problem> {
    wish(&api, &token)?;
    Ok(page(
        "<form method=\"post\"><p>No more e-mail to this address about this account?</p>\
         <button>Unsubscribe</button></form>",
    ))
}

/// RFC 8058: whoever posts is unsubscribed, and asked nothing more.
async fn opt_out(
    State(api): State<Arc<Api>>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let wish = wish(&api, &token)?;
    let (row, open) = api.engine.opened(wish.tenant).await?;
    let dossier = dossier(&*open.store, wish.customer).await?;
    let host_now = api.engine.clock().now();
    let now = row.clock.unwrap_or(host_now);
    let telling = Telling {
        customer: dossier.customer.reference,
        group: None,
        fact: LoggedFact {
            id: FactId(ids::ordered(host_now, &api.chance)),
            at: now,
            fact: Fact::OptedOut {
                channel: wish.channel,
            },
            taken: None,
        },
    };
    api.engine.tell_one(&open, now, telling).await??;
    Ok(page("<p>You are unsubscribed.</p>"))
}

fn page(body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Unsubscribe</title>\
         <body>{body}"
    );
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    let policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'";
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
