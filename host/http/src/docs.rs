//! What anybody may read: the OpenAPI document, and a reference rendered from it.
//!
//! The reference is Swagger UI, whose files are a part of the binary: no page of it loads
//! anything from elsewhere, nor may it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use utoipa_swagger_ui::Config;

use crate::endpoint::Endpoint;
use crate::openapi;
use crate::problem::{Kind, Problem};

/// Everything is the host's own; pictures that are written into the style sheet are data.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-cache"),
];

/// `/openapi.json` and `/docs`.
pub(crate) fn router(endpoints: &[Endpoint]) -> Router {
    let document = openapi::document(endpoints).to_string();
    let config = Arc::new(
        Config::from("/openapi.json")
            .try_it_out_enabled(false)
            .display_operation_id(true),
    );
    let document = move || async move { answer("application/json", document.into_bytes()) };
    let file = move |Path(path): Path<String>| async move { file(&path, config) };
    Router::new()
        .route("/openapi.json", get(document))
        // Its files are named relative to the folder.
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route(
            "/docs/",
            get(async || Redirect::permanent("/docs/index.html")),
        )
        .route("/docs/{*path}", get(file))
}

fn file(path: &str, config: Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(path, config) {
        Ok(Some(file)) => answer(&file.content_type, file.bytes.into_owned()),
        Ok(None) => Problem::new(Kind::NotFound, "there is no such page").into_response(),
        Err(error) => {
            tracing::error!(error = %error, path, "a page of the reference cannot be made");
            Problem::new(Kind::Internal, "the page cannot be made").into_response()
        }
    }
}

fn answer(media_type: &str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::try_from(media_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    response
}
