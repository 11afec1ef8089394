//! What goes out.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::problem::{Fault, Kind, Problem};

/// An answer: its status, its version where it has one, its body.
#[derive(Debug)]
pub(crate) struct Reply<R> {
    pub status: StatusCode,
    /// Of what two people could edit.
    pub version: Option<u64>,
    /// What the audit log is to say of it beside what was called.
    pub note: Option<String>,
    pub body: R,
}

impl<R> Reply<R> {
    pub(crate) const fn ok(body: R) -> Self {
        Self::with(StatusCode::OK, body)
    }

    pub(crate) const fn created(body: R) -> Self {
        Self::with(StatusCode::CREATED, body)
    }

    pub(crate) const fn with(status: StatusCode, body: R) -> Self {
        Self {
            status,
            version: None,
            note: None,
            body,
        }
    }

    pub(crate) fn at(self, version: u64) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }

    pub(crate) fn noting(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }
}

impl Reply<()> {
    pub(crate) const fn done() -> Self {
        Self::with(StatusCode::NO_CONTENT, ())
    }
}

/// What a body that goes out may be.
pub(crate) trait Out: Send + 'static {
    /// Its media type and bytes; none: there is no body.
    fn bytes(&self) -> Result<Option<(&'static str, Vec<u8>)>, Problem>;
    fn schema(generator: &mut SchemaGenerator) -> Option<(&'static str, Schema)>;
}

impl Out for () {
    fn bytes(&self) -> Result<Option<(&'static str, Vec<u8>)>, Problem> {
        Ok(None)
    }
    fn schema(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        None
    }
}

/// JSON.
impl<T: Serialize + JsonSchema + Send + 'static> Out for crate::input::Json<T> {
    fn bytes(&self) -> Result<Option<(&'static str, Vec<u8>)>, Problem> {
        let bytes = serde_json::to_vec(&self.0).map_err(|error| {
            tracing::error!(%error, "an answer cannot be written");
            Problem::new(Kind::Internal, "the answer cannot be written")
        })?;
        Ok(Some(("application/json", bytes)))
    }
    fn schema(generator: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/json", generator.subschema_for::<T>()))
    }
}

/// Text of another kind.
pub(crate) struct Text(pub String);

impl Out for Text {
    fn bytes(&self) -> Result<Option<(&'static str, Vec<u8>)>, Problem> {
        Ok(Some((
            "text/plain; charset=utf-8",
            self.0.clone().into_bytes(),
        )))
    }
    fn schema(_: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("text/plain", schemars::json_schema!({ "type": "string" })))
    }
}

/// JSON that somebody wrote; the reference shows the schema of `S`.
pub(crate) struct Shown<S>(
    pub serde_json::Value,
    pub std::marker::PhantomData<fn() -> S>,
);

impl<S> Shown<S> {
    pub(crate) const fn new(value: serde_json::Value) -> Self {
        Self(value, std::marker::PhantomData)
    }
}

impl<S: JsonSchema + 'static> Out for Shown<S> {
    fn bytes(&self) -> Result<Option<(&'static str, Vec<u8>)>, Problem> {
        Ok(Some(("application/json", self.0.to_string().into_bytes())))
    }
    fn schema(generator: &mut SchemaGenerator) -> Option<(&'static str, Schema)> {
        Some(("application/json", generator.subschema_for::<S>()))
    }
}

/// A version as an entity tag.
pub(crate) fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// An answer in bytes, which can also be kept and given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    pub status: u16,
    pub version: Option<u64>,
    pub media_type: Option<String>,
    pub body: String,
    #[serde(skip)]
    pub note: Option<String>,
}

impl Written {
    pub(crate) fn of<R: Out>(reply: &Reply<R>) -> Result<Self, Problem> {
        let (media_type, bytes) = match reply.body.bytes()? {
            Some((media_type, bytes)) => (Some(media_type.to_owned()), bytes),
            None => (None, Vec::new()),
        };
        Ok(Self {
            status: reply.status.as_u16(),
            version: reply.version,
            media_type,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            note: reply.note.clone(),
        })
    }

    pub(crate) fn response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        let mut put = |name, value: Option<String>| {
            if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
                headers.insert(name, value);
            }
        };
        put(header::CONTENT_TYPE, self.media_type);
        put(header::ETAG, self.version.map(etag));
        response
    }
}

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub(crate) struct PageOf<T> {
    /// What is on it.
    pub data: Vec<T>,
    /// Where the next one begins: give it as `after`. None: this is the last.
    pub next: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most so many on it.
    #[serde(default = "fifty")]
    #[schemars(range(min = 1, max = 500))]
    pub limit: u32,
}

/// Rows of a page where nobody says how many.
pub(crate) const fn fifty() -> u32 {
    50
}

impl PageQuery {
    /// The key that the page before ended with.
    pub(crate) fn key<K: std::str::FromStr>(&self) -> Result<Option<K>, Problem> {
        let Some(after) = &self.after else {
            return Ok(None);
        };
        URL_SAFE_NO_PAD
            .decode(after)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .filter(|text| !text.contains('\0'))
            .and_then(|text| text.parse().ok())
            .map(Some)
            .ok_or_else(|| {
                let text = "is not the `next` of a page";
                Problem::invalid(vec![Fault::parameter("after", text)])
            })
    }

    /// So many rows to ask for: one more than fit, to see whether there is a next page.
    pub(crate) const fn rows(&self) -> u32 {
        self.limit + 1
    }

    /// What the page behind a key is asked for with.
    pub(crate) fn next(key: &str) -> String {
        URL_SAFE_NO_PAD.encode(key)
    }

    /// Makes a page of what is all at hand, and small.
    pub(crate) fn page_of_all<T, O>(
        &self,
        mut all: Vec<T>,
        key: impl Fn(&T) -> String,
        out: impl FnMut(T) -> O,
    ) -> Result<PageOf<O>, Problem> {
        let after: Option<String> = self.key()?;
        all.sort_by_cached_key(&key);
        all.retain(|one| after.as_ref().is_none_or(|after| key(one) > *after));
        Ok(self.page(all, key, out))
    }

    /// Makes a page of what was found, by the key of each.
    pub(crate) fn page<T, O>(
        &self,
        mut found: Vec<T>,
        key: impl Fn(&T) -> String,
        out: impl FnMut(T) -> O,
    ) -> PageOf<O> {
        let limit = self.limit as usize;
        let next = if found.len() > limit {
            found.truncate(limit);
            found.last().map(|last| Self::next(&key(last)))
        } else {
            None
        };
        PageOf {
            data: found.into_iter().map(out).collect(),
            next,
        }
    }
}
