//! An endpoint: one way to call the API, with all that is said of it in one place. Routing,
//! roles, checks and the OpenAPI document are all made from this.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::api::Api;
use crate::call::{Call, Caller, IfMatch};
use crate::input::{Body, BodyFault, Checked};
use crate::key::Role;
use crate::problem::{Kind, Problem};
use crate::reply::{Out, Reply, Written};

/// A small JSON document.
pub(crate) const DOCUMENT_BYTES_MAX: usize = 1 << 20;

/// How an endpoint keeps a repeated call from being carried out twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeats {
    /// It only looks.
    Harmless,
    /// The answer is kept under the `Idempotency-Key` and given again.
    Kept,
    /// The fact that is told bears an id made from the `Idempotency-Key`.
    Fact,
}

/// What came in, not yet read.
pub(crate) struct Raw {
    pub caller: Caller,
    pub path: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
    pub body: Bytes,
    pub if_match: IfMatch,
    pub idempotency_key: Option<String>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Written, Problem>> + Send>>;
type Handler = Arc<dyn Fn(Arc<Api>, Raw) -> Answer + Send + Sync>;

/// What an endpoint takes and gives, for the OpenAPI document.
pub(crate) struct Shapes {
    pub path: Schema,
    pub query: Schema,
    pub body: Option<(&'static str, Schema)>,
    pub reply: Option<(&'static str, Schema)>,
}

/// One endpoint.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub method: Method,
    pub path: &'static str,
    /// Its name, in snake case, for clients made from the document.
    pub id: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What else there is to know.
    pub details: &'static str,
    /// Who may call it.
    pub roles: &'static [Role],
    pub status: StatusCode,
    pub repeats: Repeats,
    /// Whether it goes into the audit log.
    pub audited: bool,
    /// Whether its answer has a secret in it, which is told once and kept nowhere.
    pub secret: bool,
    /// Whether `If-Match` is needed.
    pub matched: bool,
    pub body_max: usize,
    /// The media type that it takes.
    pub media_type: Option<&'static str>,
    pub handler: Handler,
    pub shapes: fn(&mut SchemaGenerator) -> Shapes,
}

/// Makes an endpoint of a handler.
pub(crate) fn endpoint<P, Q, B, R, F, Fut>(
    method: Method,
    path: &'static str,
    id: &'static str,
    handler: F,
) -> Endpoint
where
    P: JsonSchema + DeserializeOwned + Send + 'static,
    Q: JsonSchema + DeserializeOwned + Send + 'static,
    B: Body,
    R: Out,
    F: Fn(Call<P, Q, B>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<R>, Problem>> + Send + 'static,
{
    let checks = (Checked::<P>::new(), Checked::<Q>::new(), B::check());
    let handler = Arc::new(handler);
    let erased: Handler = Arc::new(move |api, raw| {
        let call = read::<P, Q, B>(&checks, api, raw);
        let handler = Arc::clone(&handler);
        Box::pin(async move { Written::of(&handler(call?).await?) })
    });
    let looks = method == Method::GET;
    Endpoint {
        method,
        path,
        id,
        summary: "",
        details: "",
        roles: &[],
        status: StatusCode::OK,
        repeats: if looks {
            Repeats::Harmless
        } else {
            Repeats::Kept
        },
        audited: !looks,
        secret: false,
        matched: false,
        body_max: DOCUMENT_BYTES_MAX,
        media_type: B::MEDIA_TYPE,
        handler: erased,
        shapes: shapes::<P, Q, B, R>,
    }
}

fn shapes<P: JsonSchema, Q: JsonSchema, B: Body, R: Out>(
    generator: &mut SchemaGenerator,
) -> Shapes {
    // Parameters are written out one by one: their schemas are no components.
    let alone = |schema: fn(&mut SchemaGenerator) -> Schema| {
        let mut generator = schemars::generate::SchemaSettings::draft2020_12()
            .with(|settings| settings.inline_subschemas = true)
            .into_generator();
        schema(&mut generator)
    };
    Shapes {
        path: alone(P::json_schema),
        query: alone(Q::json_schema),
        body: B::MEDIA_TYPE.zip(B::schema(generator)),
        reply: R::schema(generator),
    }
}

/// Reads all of a call; the faults of its parts are told together.
fn read<P, Q, B>(
    (path, query, body): &(Checked<P>, Checked<Q>, B::Check),
    api: Arc<Api>,
    raw: Raw,
) -> Result<Call<P, Q, B>, Problem>
where
    P: JsonSchema + DeserializeOwned,
    Q: JsonSchema + DeserializeOwned,
    B: Body,
{
    let mut faults = Vec::new();
    let mut keep = |found: Vec<_>| faults.extend(found);
    let path = path.read_parameters(raw.path).map_err(&mut keep).ok();
    let query = query.read_parameters(raw.query).map_err(&mut keep).ok();
    let body = match B::read(body, raw.body) {
        Ok(body) => Some(body),
        Err(BodyFault::Syntax(text)) => return Err(Problem::new(Kind::Syntax, text)),
        Err(BodyFault::Faults(found)) => {
            keep(found);
            None
        }
    };
    match (path, query, body) {
        (Some(path), Some(query), Some(body)) => Ok(Call {
            api,
            caller: raw.caller,
            path,
            query,
            body,
            if_match: raw.if_match,
            idempotency_key: raw.idempotency_key,
        }),
        _ => Err(Problem::invalid(faults)),
    }
}

impl Endpoint {
    pub(crate) fn says(mut self, summary: &'static str, details: &'static str) -> Self {
        (self.summary, self.details) = (summary, details);
        self
    }

    pub(crate) fn roles(mut self, roles: &'static [Role]) -> Self {
        self.roles = roles;
        self
    }

    pub(crate) fn answers(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// It tells a fact: repeats are known by the fact's id, and the fact's log says who.
    pub(crate) fn tells(mut self) -> Self {
        self.repeats = Repeats::Fact;
        self.status = StatusCode::CREATED;
        self
    }

    pub(crate) fn unaudited(mut self) -> Self {
        self.audited = false;
        self
    }

    /// A call that writes nothing, for all that it is a POST.
    pub(crate) fn looks(mut self) -> Self {
        self.audited = false;
        self.repeats = Repeats::Harmless;
        self
    }

    pub(crate) fn tells_a_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub(crate) fn matched(mut self) -> Self {
        self.matched = true;
        self
    }

    /// Whether a call may write something.
    pub(crate) fn writes(&self) -> bool {
        self.audited || self.repeats != Repeats::Harmless
    }

    pub(crate) fn takes_bytes(mut self, max: usize) -> Self {
        self.body_max = max;
        self
    }
}
