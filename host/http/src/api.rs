//! The API: endpoints joined to a router, and what every call goes through.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use opentelemetry_http::HeaderExtractor;
use regua_engine::places::{Place, Places};
use regua_engine::post::Post;
use regua_engine::{Chance, Engine};
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::audit;
use crate::call::{Caller, IfMatch};
use crate::endpoint::{Endpoint, Raw, Repeats};
use crate::key::{Role, Token};
use crate::keyring::{Found, Keyring};
use crate::limit::Limits;
use crate::problem::{Fault, Kind, Problem};
use crate::repeat;

/// How long a body may take.
const BODY: Duration = Duration::from_mins(5);

/// From so many bytes on a body that an endpoint takes is a large one. It is held in memory whole,
/// whoever sends one may take minutes over it, and what is done with it takes long.
const LARGE_BYTES: usize = 4 << 20;
/// Calls with one at once, of all tenants and of one: others are told to come again.
const LARGE_AT_ONCE: u32 = 4;
const LARGE_OF_TENANT: u32 = 2;

/// Names a repeated call.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What the API works with.
pub struct Api {
    /// The engine.
    pub engine: Engine,
    /// Where chance comes from.
    pub chance: Chance,
    /// What leaves the host, where anything does.
    pub(crate) post: Option<Arc<Post>>,
    pub(crate) limits: Limits,
    /// Of calls with large bodies.
    large: Places,
    keys: Keyring,
    /// Writes down what was counted, where anything is.
    pub(crate) figures: Option<Figures>,
}

/// Writes down what was counted, as Prometheus reads it.
pub type Figures = Arc<dyn Fn() -> String + Send + Sync>;

impl Api {
    /// Joins them, for whoever sends nothing.
    pub fn new(engine: Engine, chance: Chance, settings: &crate::Settings) -> Arc<Self> {
        Self::posting(engine, chance, settings, None, None)
    }

    /// Joins them, with what leaves the host.
    pub fn posting(
        engine: Engine,
        chance: Chance,
        settings: &crate::Settings,
        post: Option<Arc<Post>>,
        figures: Option<Figures>,
    ) -> Arc<Self> {
        Arc::new(Self {
            engine,
            chance,
            post,
            figures,
            limits: Limits::new(settings.calls_per_second),
            large: Places::new(LARGE_AT_ONCE, LARGE_OF_TENANT),
            keys: Keyring::default(),
        })
    }

    /// What leaves the host.
    pub(crate) fn post(&self) -> Result<&Post, Problem> {
        let text = "nothing leaves this host: ask its operator";
        self.post
            .as_deref()
            .ok_or_else(|| Problem::new(Kind::Unavailable, text))
    }
}

/// The router of all endpoints.
pub(crate) fn router(api: &Arc<Api>, endpoints: &[Endpoint]) -> Router {
    let mut router = Router::new();
    let mut paths: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.path).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let of_path = endpoints.iter().filter(|endpoint| endpoint.path == path);
        let methods = of_path.fold(MethodRouter::new(), |methods, endpoint| {
            let Ok(filter) = MethodFilter::try_from(endpoint.method.clone()) else {
                return methods;
            };
            let endpoint = Arc::new(endpoint.clone());
            let handle = move |State(api): State<Arc<Api>>, path: RawPath, request| {
                serve(api, Arc::clone(&endpoint), path, request)
            };
            methods.merge(on(filter, handle))
        });
        router = router.route(path, methods.fallback(wrong_method));
    }
    router
        .merge(crate::public::router(api).with_state(()))
        .fallback(async || Problem::new(Kind::NotFound, "there is no such path"))
        .with_state(Arc::clone(api))
}

async fn wrong_method() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "this path has no such method")
}

/// A path's parameters, or why they are none: what cannot be decoded is a problem like others.
type RawPath = Result<RawPathParams, RawPathParamsRejection>;

async fn serve(
    api: Arc<Api>,
    endpoint: Arc<Endpoint>,
    path: RawPath,
    request: Request<Body>,
) -> Response {
    let path = match path {
        Ok(path) => path
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        Err(error) => return Problem::new(Kind::Syntax, error.body_text()).into_response(),
    };
    let (parts, body) = request.into_parts();
    let span = tracing::info_span!(
        "call",
        otel.kind = "server",
        otel.name = format!("{} {}", endpoint.method, endpoint.path),
        endpoint = endpoint.id,
        tenant = tracing::field::Empty,
        http.response.status_code = tracing::field::Empty
    );
    // A trace that the caller began goes on. An error: nothing is traced.
    let _ = span.set_parent(opentelemetry::global::get_text_map_propagator(
        |propagator| propagator.extract(&HeaderExtractor(&parts.headers)),
    ));
    async {
        let answer = match carry_out(&api, &endpoint, path, &parts, body).await {
            Ok(response) => response,
            Err(problem) => {
                tracing::debug!(
                    status = problem.body().status,
                    detail = problem.detail,
                    "refused"
                );
                problem.into_response()
            }
        };
        tracing::Span::current().record(
            "http.response.status_code",
            i64::from(answer.status().as_u16()),
        );
        answer
    }
    .instrument(span)
    .await
}

async fn carry_out(
    api: &Arc<Api>,
    endpoint: &Endpoint,
    path: Vec<(String, String)>,
    parts: &Parts,
    body: Body,
) -> Result<Response, Problem> {
    // Nothing that comes over a network can put a caller here.
    let mut caller = match parts.extensions.get::<Caller>() {
        Some(inside) => inside.clone(),
        None => authenticate(api, &parts.headers).await?,
    };
    tracing::Span::current().record("tenant", tracing::field::display(caller.tenant));
    if !caller.is_inside {
        api.limits.check(&caller.key)?;
    }
    admit(endpoint.roles, caller.role)?;
    let _place = place(api, endpoint, &caller)?;
    let body = read_body(endpoint, &parts.headers, body).await?;
    if !body.is_empty() {
        // It may have taken minutes to arrive.
        caller.row = None;
    }
    let query = query(parts)?;
    without_nul(path.iter().chain(&query))?;
    let raw = Raw {
        path,
        query,
        if_match: if_match(&parts.headers)?,
        idempotency_key: idempotency_key(&parts.headers)?,
        caller,
        body,
    };
    match (endpoint.repeats, &raw.idempotency_key) {
        (Repeats::Kept, Some(_)) => repeat::once(api, endpoint, parts, raw).await,
        _ => audit::carried_out(api, endpoint, parts.uri.path(), raw)
            .await
            .map(crate::reply::Written::response),
    }
}

/// A place for a call with a large body.
fn place(api: &Api, endpoint: &Endpoint, caller: &Caller) -> Result<Option<Place>, Problem> {
    if endpoint.body_max <= LARGE_BYTES || caller.is_inside {
        return Ok(None);
    }
    let place = api.large.take(caller.tenant).ok_or_else(|| Problem {
        retry_after: Some(2),
        ..Problem::new(Kind::TooManyRequests, "too many large bodies are sent now")
    })?;
    Ok(Some(place))
}

async fn authenticate(api: &Api, headers: &HeaderMap) -> Result<Caller, Problem> {
    let refused = || {
        Problem::new(
            Kind::Unauthenticated,
            "say `Authorization: Bearer` and a key",
        )
    };
    let text = once(headers, &header::AUTHORIZATION)?
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, text)| text.trim())
        .ok_or_else(refused)?;
    let unknown = || Problem::new(Kind::Unauthenticated, "the key is not known, or has ended");
    let token = Token::parse(text).ok_or_else(unknown)?;
    let found = api.keys.find(&**api.engine.store(), &token).await?;
    let Found { key, row } = found.ok_or_else(unknown)?;
    if !token.opens(&key, api.engine.clock().now()) {
        return Err(unknown());
    }
    Ok(Caller {
        key: token.id,
        role: key.role,
        tenant: token.tenant,
        row,
        is_inside: false,
    })
}

/// Lets through who has one of the roles.
pub(crate) fn admit(roles: &[Role], role: Role) -> Result<(), Problem> {
    if roles.contains(&role) {
        return Ok(());
    }
    let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    let text = format!(
        "a key of the role {} may not: it takes {}",
        role.name(),
        names.join(" or ")
    );
    Err(Problem::new(Kind::Forbidden, text))
}

async fn read_body(endpoint: &Endpoint, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let bytes = tokio::time::timeout(BODY, axum::body::to_bytes(body, endpoint.body_max))
        .await
        .map_err(|_| Problem::new(Kind::Syntax, "the body did not arrive in five minutes"))?
        .map_err(|_| {
            let text = format!("at most {} bytes, and all of them", endpoint.body_max);
            Problem::new(Kind::TooLarge, text)
        })?;
    let Some(wanted) = endpoint.media_type else {
        return Ok(bytes);
    };
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    if given.is_some_and(|given| given.eq_ignore_ascii_case(wanted)) {
        return Ok(bytes);
    }
    let given = given.unwrap_or("nothing");
    let text = format!("Content-Type has to be {wanted}, not {given}");
    Err(Problem::new(Kind::MediaType, text))
}

fn query(parts: &Parts) -> Result<Vec<(String, String)>, Problem> {
    axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
        .map(|query| query.0)
        .map_err(|error| Problem::new(Kind::Syntax, error))
}

/// No text in any store has this character, and one of them cannot even be asked for it.
fn without_nul<'a>(parameters: impl Iterator<Item = &'a (String, String)>) -> Result<(), Problem> {
    let bad = parameters.filter(|(_, value)| value.contains('\0'));
    let faults: Vec<_> = bad
        .map(|(name, _)| Fault::parameter(name, "has a control character"))
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}

/// A header that is given at most once: of two, a proxy might have looked at the other.
fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Problem> {
    let mut given = headers.get_all(name).iter();
    let first = given.next();
    if given.next().is_some() {
        let fault = Fault::header(name, "is given twice");
        return Err(Problem::invalid(vec![fault]));
    }
    Ok(first)
}

fn if_match(headers: &HeaderMap) -> Result<IfMatch, Problem> {
    let Some(value) = once(headers, &header::IF_MATCH)? else {
        return Ok(IfMatch::Absent);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(IfMatch::Any);
    }
    text.strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .and_then(|text| text.parse().ok())
        .map(IfMatch::Version)
        .ok_or_else(|| {
            let text = "is no ETag that this API gave";
            Problem::invalid(vec![Fault::header(&header::IF_MATCH, text)])
        })
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = once(headers, &IDEMPOTENCY_KEY)? else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .filter(|text| (1..=200).contains(&text.len()))
        .map(|text| Some(text.to_owned()))
        .ok_or_else(|| {
            let text = "has 1 to 200 visible ASCII characters";
            Problem::invalid(vec![Fault::header(&IDEMPOTENCY_KEY, text)])
        })
}
