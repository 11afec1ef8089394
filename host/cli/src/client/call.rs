//! One call, and its answer.

use std::fmt::Write as _;

use anyhow::Context as _;
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH, RETRY_AFTER};
use http::{HeaderMap, Method, Request, Response};
use regua_http::problem::ProblemBody;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Refused;

/// Names a call that may be made again.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    method: Method,
    pub(super) path: String,
    body: Option<(&'static str, Vec<u8>)>,
    if_match: Option<String>,
    /// Under which it is carried out once.
    key: Option<String>,
}

impl Call {
    fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            body: None,
            if_match: None,
            key: None,
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str, document: &Value) -> Self {
        Self::new(Method::POST, path).with("application/json", document.to_string().into_bytes())
    }

    pub(crate) fn post_bytes(path: &str, media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self::new(Method::POST, path).with(media_type, bytes)
    }

    pub(crate) fn put(path: &str, document: &Value) -> Self {
        Self::new(Method::PUT, path).with("application/json", document.to_string().into_bytes())
    }

    pub(crate) fn delete(path: &str) -> Self {
        Self::new(Method::DELETE, path)
    }

    fn with(self, media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            body: Some((media_type, bytes)),
            ..self
        }
    }

    /// Of this version only; `*`: of whatever there is.
    pub(crate) fn matching(self, etag: &str) -> Self {
        Self {
            if_match: Some(etag.to_owned()),
            ..self
        }
    }

    /// Carried out once under this key.
    pub(crate) fn once(self, key: String) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    /// Whether it changes something under no key of its own.
    pub(super) fn needs_key(&self) -> bool {
        self.method != Method::GET && self.key.is_none()
    }

    /// As it is sent to a base, under a key where it has none of its own.
    pub(super) fn request(
        &self,
        base: &str,
        key: Option<&str>,
    ) -> anyhow::Result<Request<Vec<u8>>> {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(format!("{base}{}", self.path));
        if let Some((media_type, _)) = &self.body {
            request = request.header(CONTENT_TYPE, *media_type);
        }
        if let Some(etag) = &self.if_match {
            request = request.header(IF_MATCH, etag);
        }
        if let Some(key) = self.key.as_deref().or(key) {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        let body = self.body.as_ref().map(|(_, bytes)| bytes.clone());
        let request = request.body(body.unwrap_or_default());
        request.with_context(|| format!("{} cannot be asked for", self.path))
    }
}

/// A text as it may stand between two slashes, or behind an equals sign.
pub(crate) fn segment(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(super) fn of(response: Response<Vec<u8>>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    /// Itself, where the call was carried out.
    pub(super) fn taken(self) -> anyhow::Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        match self.problem() {
            Some(problem) => Err(Refused(problem).into()),
            None => Err(anyhow::anyhow!(
                "the answer has the status {}, and is none of Régua's: what is asked there?",
                self.status
            )),
        }
    }

    pub(super) fn problem(&self) -> Option<ProblemBody> {
        serde_json::from_slice(&self.body).ok()
    }

    /// After how many seconds to ask again.
    pub(super) fn retry_after(&self) -> Option<u64> {
        self.header(RETRY_AFTER.as_str())?.parse().ok()
    }

    pub(crate) fn etag(&self) -> Option<&str> {
        self.header(ETAG.as_str())
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_slice(&self.body)
            .context("the answer is not what this version of regua reads")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
