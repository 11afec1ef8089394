//! Outgoing HTTP, to whoever a tenant names: never into the operator's own network.
//!
//! Https only, certificates checked; addresses checked where the connection is made; no
//! redirects, no proxies, no cookies; answers and times bounded. What the operator's own
//! configuration names may be plain http and anywhere ([`Exceptions`]).

mod address;
mod admission;
mod exception;
mod names;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, redirect};
use url::Url;

use crate::tls::Authorities;

pub use address::objection;
pub use admission::UrlFault;
pub use exception::{Exception, Exceptions, ParseExceptionError};
pub use names::{LookUp, Names, SystemNames};

/// How long and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands, with TLS, milliseconds.
    pub connect_ms: u64,
    /// From the first step to the last byte, milliseconds.
    pub total_ms: u64,
    /// What is read of an answer's text, bytes.
    pub answer_bytes_max: usize,
    /// How long the text may take once the status is there, milliseconds.
    pub answer_ms: u64,
}

impl Limits {
    /// What the product ships with. Twenty seconds lie within what the Standard Webhooks
    /// specification recommends (15 to 30).
    pub const fn shipped() -> Self {
        Self {
            connect_ms: 5_000,
            total_ms: 20_000,
            answer_bytes_max: 64 * 1024,
            answer_ms: 1_000,
        }
    }
}

/// Why there is no network to be had.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// TLS cannot be set up.
    #[error("no TLS can be set up")]
    Tls(#[source] rustls::Error),
    /// The client cannot be built.
    #[error("no HTTP client can be built")]
    Client(#[source] reqwest::Error),
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address may not be sent to.
    #[error("the address may not be sent to")]
    Url(#[source] UrlFault),
    /// What its name leads to may not be sent to.
    #[error("the name leads to an address that may not be sent to: {why}")]
    AddressRefused {
        /// E.g. `private`.
        why: &'static str,
    },
    /// A header that no HTTP message can have.
    #[error("the header {name} cannot be sent")]
    Header {
        /// Which.
        name: &'static str,
    },
    /// Its name is not known.
    #[error("the name cannot be resolved")]
    Name(#[source] reqwest::Error),
    /// Nobody answered there, or TLS failed.
    #[error("no connection")]
    Connect(#[source] reqwest::Error),
    /// A limit of time passed.
    #[error("the time ran out")]
    TimedOut(#[source] reqwest::Error),
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] reqwest::Error),
}

impl PostError {
    /// A stable name for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Url(fault) => fault.code(),
            Self::AddressRefused { .. } => "address-refused",
            Self::Header { .. } => "header",
            Self::Name(_) => "name",
            Self::Connect(_) => "connect",
            Self::TimedOut(_) => "timed-out",
            Self::Broken(_) => "broken",
        }
    }

    fn of(error: reqwest::Error) -> Self {
        // An address may bear the receiver's own secret, and errors are shown.
        let error = error.without_url();
        if let Some(refused) = find_source::<names::AddressRefused>(&error) {
            return Self::AddressRefused { why: refused.why };
        }
        if error.is_timeout() {
            Self::TimedOut(error)
        } else if error.is_dns() {
            Self::Name(error)
        } else if error.is_connect() {
            Self::Connect(error)
        } else {
            Self::Broken(error)
        }
    }
}

fn find_source<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The header `Retry-After`, as it stands there.
    pub retry_after: Option<String>,
    /// The beginning of the body, at most [`Limits::answer_bytes_max`].
    pub body: Vec<u8>,
}

/// The way out.
#[derive(Debug, Clone)]
pub struct Network {
    public: Client,
    own: Client,
    exceptions: Arc<Exceptions>,
    limits: Limits,
}

impl Network {
    /// By the machine's resolver.
    pub fn new(
        exceptions: Exceptions,
        authorities: &Authorities,
        limits: Limits,
    ) -> Result<Self, NetworkError> {
        let names: Arc<dyn Names> = Arc::new(SystemNames);
        Self::with_names(exceptions, authorities, limits, &names)
    }

    /// By a resolver that is passed in.
    pub fn with_names(
        exceptions: Exceptions,
        authorities: &Authorities,
        limits: Limits,
        names: &Arc<dyn Names>,
    ) -> Result<Self, NetworkError> {
        let exceptions = Arc::new(exceptions);
        let tls = authorities.client().map_err(NetworkError::Tls)?;
        let client = |any| {
            let checked = names::Checked {
                names: Arc::clone(names),
                exceptions: Arc::clone(&exceptions),
                any,
            };
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .dns_resolver(checked)
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy()
                .connect_timeout(Duration::from_millis(limits.connect_ms))
                .timeout(Duration::from_millis(limits.total_ms))
                .user_agent(concat!("regua/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(NetworkError::Client)
        };
        Ok(Self {
            public: client(false)?,
            own: client(true)?,
            exceptions,
            limits,
        })
    }

    /// Whether an address may be an endpoint. What its name leads to is looked at when
    /// something is sent.
    pub fn check_url(&self, text: &str) -> Result<Url, UrlFault> {
        admission::admit(text, &self.exceptions).map(|admitted| admitted.url)
    }

    /// Posts a body. Any status is an answer, redirects too: they are not followed.
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: Vec<u8>,
    ) -> Result<Response, PostError> {
        let admitted = admission::admit(url, &self.exceptions).map_err(PostError::Url)?;
        let client = if admitted.is_own {
            &self.own
        } else {
            &self.public
        };
        let request = client
            .post(admitted.url)
            .headers(header_map(headers)?)
            .body(body);
        let mut response = request.send().await.map_err(PostError::of)?;
        let retry_after = response.headers().get("retry-after");
        let retry_after = retry_after.and_then(|value| value.to_str().ok().map(str::to_owned));
        let mut body = Vec::new();
        let read = async {
            while let Ok(Some(chunk)) = response.chunk().await {
                let room = self.limits.answer_bytes_max - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() >= room {
                    break;
                }
            }
        };
        // The status is the answer; that its text breaks off changes nothing about it, and who
        // drips it keeps nobody else's messages waiting.
        let patience = Duration::from_millis(self.limits.answer_ms);
        let _ = tokio::time::timeout(patience, read).await;
        Ok(Response {
            status: response.status().as_u16(),
            retry_after,
            body,
        })
    }
}

fn header_map(headers: &[(&'static str, String)]) -> Result<HeaderMap, PostError> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let fault = |_| PostError::Header { name };
        let value = HeaderValue::from_str(value).map_err(fault)?;
        map.insert(HeaderName::from_static(name), value);
    }
    Ok(map)
}

/// Whether an address may be an endpoint of a tenant where the operator allows no exceptions:
/// [`Network::check_url`] with none.
pub fn check_url(text: &str) -> Result<Url, UrlFault> {
    admission::admit(text, &Exceptions::none()).map(|admitted| admitted.url)
}
