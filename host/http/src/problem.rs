//! What went wrong, as RFC 9457 has it: a stable type, and every fault with where it is.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use regua_engine::{EngineError, chain};
use regua_storage::StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One fault of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Where in the body: a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Which parameter of path or query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Which header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// What is wrong with it.
    pub detail: String,
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "callers give errors and texts as they have them"
)]
impl Fault {
    /// A fault of the body.
    pub fn at(pointer: impl Into<String>, detail: impl ToString) -> Self {
        Self {
            pointer: Some(pointer.into()),
            detail: detail.to_string(),
            ..Self::default()
        }
    }

    /// A fault of a parameter.
    pub fn parameter(name: impl Into<String>, detail: impl ToString) -> Self {
        Self {
            parameter: Some(name.into()),
            detail: detail.to_string(),
            ..Self::default()
        }
    }

    /// A fault of a header.
    pub fn header(name: &HeaderName, detail: impl ToString) -> Self {
        Self {
            header: Some(name.to_string()),
            detail: detail.to_string(),
            ..Self::default()
        }
    }
}

/// The kinds of problems, each with its stable type, status and title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Syntax,
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    Busy,
    Changed,
    TooLarge,
    MediaType,
    Invalid,
    Signature,
    IdempotencyKeyReused,
    NoPrecondition,
    TooManyRequests,
    Internal,
    Unavailable,
}

impl Kind {
    /// All of them, for the reference.
    pub const ALL: [Self; 17] = [
        Self::Syntax,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::Busy,
        Self::Changed,
        Self::TooLarge,
        Self::MediaType,
        Self::Invalid,
        Self::Signature,
        Self::IdempotencyKeyReused,
        Self::NoPrecondition,
        Self::TooManyRequests,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The last part of its type, its status, its title.
    pub const fn facts(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::Syntax => ("syntax", S::BAD_REQUEST, "the request cannot be read"),
            Self::Unauthenticated => (
                "unauthenticated",
                S::UNAUTHORIZED,
                "a valid API key is needed",
            ),
            Self::Forbidden => ("forbidden", S::FORBIDDEN, "the key's role may not do this"),
            Self::NotFound => ("not-found", S::NOT_FOUND, "there is no such thing"),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                S::METHOD_NOT_ALLOWED,
                "this cannot be done with it",
            ),
            Self::Conflict => ("conflict", S::CONFLICT, "it does not go with what is there"),
            Self::Busy => ("busy", S::CONFLICT, "somebody else is at it: try again"),
            Self::Changed => (
                "changed",
                S::PRECONDITION_FAILED,
                "it was changed since it was read",
            ),
            Self::TooLarge => ("too-large", S::PAYLOAD_TOO_LARGE, "the body is too large"),
            Self::MediaType => (
                "media-type",
                S::UNSUPPORTED_MEDIA_TYPE,
                "the body is of another type",
            ),
            Self::Invalid => ("invalid", S::UNPROCESSABLE_ENTITY, "the request has faults"),
            Self::Signature => (
                "signature",
                S::UNPROCESSABLE_ENTITY,
                "the upload is not signed as it has to be",
            ),
            Self::IdempotencyKeyReused => (
                "idempotency-key-reused",
                S::UNPROCESSABLE_ENTITY,
                "the Idempotency-Key stands for another request",
            ),
            Self::NoPrecondition => (
                "no-precondition",
                S::PRECONDITION_REQUIRED,
                "If-Match is needed",
            ),
            Self::TooManyRequests => (
                "too-many-requests",
                S::TOO_MANY_REQUESTS,
                "the key asks too often",
            ),
            Self::Internal => ("internal", S::INTERNAL_SERVER_ERROR, "the host failed"),
            Self::Unavailable => (
                "unavailable",
                S::SERVICE_UNAVAILABLE,
                "the host cannot do it now",
            ),
        }
    }
}

/// A problem on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which kind.
    pub kind: Kind,
    /// What happened this time.
    pub detail: String,
    /// Every fault that was found.
    pub errors: Vec<Fault>,
    /// After how many seconds to try again, where that helps.
    pub retry_after: Option<u64>,
}

/// A problem's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// `urn:regua:problem:` and the kind: it never changes.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// Every fault that was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "callers give errors and texts as they have them"
)]
impl Problem {
    /// A problem without faults.
    pub fn new(kind: Kind, detail: impl ToString) -> Self {
        Self {
            kind,
            detail: detail.to_string(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// The same, of what is a part of the body.
    #[must_use]
    pub(crate) fn below(mut self, base: &str) -> Self {
        for pointer in self
            .errors
            .iter_mut()
            .filter_map(|fault| fault.pointer.as_mut())
        {
            pointer.insert_str(0, base);
        }
        self
    }

    /// Faults of a request, all of them.
    pub fn invalid(errors: Vec<Fault>) -> Self {
        let detail = match errors.as_slice() {
            [one] => one.detail.clone(),
            many => format!("{} faults were found", many.len()),
        };
        Self {
            errors,
            ..Self::new(Kind::Invalid, detail)
        }
    }

    /// Something that does not exist, or is another tenant's: nobody is told which.
    pub fn missing(what: &str, name: impl std::fmt::Display) -> Self {
        Self::new(Kind::NotFound, format!("{what} `{name}` does not exist"))
    }

    /// The body as it goes out.
    pub fn body(&self) -> ProblemBody {
        let (name, status, title) = self.kind.facts();
        ProblemBody {
            kind: format!("urn:regua:problem:{name}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (_, status, _) = self.kind.facts();
        let mut response = (status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == Kind::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The causes of a host fault are the operator's to read, in the log.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken { .. }
            | StoreError::InUse { .. }
            | StoreError::NoRoom { .. }
            | StoreError::Clock(_) => Self::new(Kind::Conflict, error),
            StoreError::Missing { .. } => Self::new(Kind::NotFound, error),
            StoreError::Changed { .. } => Self::new(Kind::Changed, error),
            StoreError::Corrupt { .. } => {
                tracing::error!(error = chain(&error), "a stored row cannot be read");
                Self::new(Kind::Internal, "something that was stored cannot be read")
            }
            StoreError::Backend { .. } => {
                tracing::error!(error = chain(&error), "the store failed");
                Self {
                    retry_after: Some(1),
                    ..Self::new(Kind::Unavailable, "the store failed; nothing was written")
                }
            }
        }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Held { .. } => Self {
                retry_after: Some(60),
                ..Self::new(Kind::Busy, error)
            },
            EngineError::FuelUsedUp => Self::new(Kind::TooManyRequests, error),
            EngineError::Backwards { .. } => Self::new(Kind::Conflict, error),
            _ => {
                tracing::error!(error = chain(&error), "the engine failed");
                Self::new(Kind::Internal, "the engine failed")
            }
        }
    }
}
