//! The API: endpoints joined to a router, and what every call goes through.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use opentelemetry_http::HeaderExtractor;
use regua_engine::places::Places;
use regua_engine::post::Post;
use regua_engine::{Chance, Engine};
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::call::Caller;
use crate::endpoint::{Endpoint, Raw, Repeats};
use crate::headers::{idempotency_key, if_match, once};
use crate::key::{Role, Token};
use crate::keyring::{Found, Keyring};
use crate::limit::Limits;
use crate::problem::{Fault, Kind, Problem};
use crate::{audit, body, repeat};

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
            large: body::places(),
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
        let answer = match carry_out(&api, &endpoint, path, parts, body).await {
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
    endpoint: &Arc<Endpoint>,
    path: Vec<(String, String)>,
    parts: Parts,
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
    let body = body::read(&api.large, endpoint, &caller, &parts.headers, body);
    let (body, place) = body.await?;
    if !body.is_empty() {
        // It may have taken minutes to arrive.
        caller.row = None;
    }
    let query = query(&parts)?;
    without_nul(path.iter().chain(&query))?;
    let raw = Raw {
        path,
        query,
        if_match: if_match(&parts.headers)?,
        idempotency_key: idempotency_key(&parts.headers)?,
        caller,
        body,
    };
    let (api, endpoint) = (Arc::clone(api), Arc::clone(endpoint));
    let writes = endpoint.writes();
    let work = async move {
        let answer = match (endpoint.repeats, &raw.idempotency_key) {
            (Repeats::Kept, Some(_)) => repeat::once(&api, &endpoint, &parts, raw).await,
            _ => audit::carried_out(&api, &endpoint, parts.uri.path(), raw)
                .await
                .map(crate::reply::Written::response),
        };
        drop(place);
        answer
    };
    if writes {
        to_its_end(work).await
    } else {
        work.await
    }
}

/// Does what was begun to its end, also where the caller goes away meanwhile: what is written with
/// it, the audit log's outcome and the answer under an `Idempotency-Key`, is written all the same, and
/// nobody gets a turn that is not over.
async fn to_its_end(
    work: impl Future<Output = Result<Response, Problem>> + Send + 'static,
) -> Result<Response, Problem> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(answer) => answer,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Problem::new(Kind::Unavailable, "the host is being stopped")),
        },
    }
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
