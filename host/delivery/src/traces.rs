//! Traces for the operator's collector: OTLP over HTTP, as protobuf.
//!
//! A collector is the operator's own: it may stand in the network that webhooks must not reach.

use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter};
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use reqwest::{Client, redirect};
use tokio::runtime::Handle;
use url::Url;

use crate::tls::Authorities;

/// How long a collector may take to connect, and in all.
const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(10);

/// Why nothing can be sent to a collector.
#[derive(Debug, thiserror::Error)]
pub enum CollectorError {
    /// Not an address.
    #[error("is not an address such as http://127.0.0.1:4318")]
    Address,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The client cannot be set up.
    #[error("the client cannot be set up")]
    Client(#[source] reqwest::Error),
    /// The exporter cannot be set up.
    #[error("the exporter cannot be set up")]
    Exporter(#[source] ExporterBuildError),
}

/// What hands spans to the collector at `endpoint`, below whose path `/v1/traces` is.
///
/// `tokio` carries what is sent: spans are gathered by a thread of their own.
pub fn exporter(
    endpoint: &str,
    authorities: &Authorities,
    tokio: Handle,
) -> Result<SpanExporter, CollectorError> {
    let url = Url::parse(endpoint).map_err(|_| CollectorError::Address)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(CollectorError::Address);
    }
    let tls = authorities.client().map_err(CollectorError::Tls)?;
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT)
        .timeout(TOTAL)
        .build()
        .map_err(CollectorError::Client)?;
    SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_http_client(Sender { client, tokio })
        .build()
        .map_err(CollectorError::Exporter)
}

#[derive(Debug)]
struct Sender {
    client: Client,
    tokio: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let send = async move {
            let answer = client.execute(request.try_into()?).await?;
            let status = answer
                .error_for_status_ref()
                .map(reqwest::Response::status)?;
            let mut response = Response::new(answer.bytes().await?);
            *response.status_mut() = status;
            Ok::<_, HttpError>(response)
        };
        self.tokio.spawn(send).await?
    }
}
