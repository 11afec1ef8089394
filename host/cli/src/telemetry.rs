//! What is told of the host's doings: the log on standard error, and traces for a collector
//! where the operator has one.

use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use regua_delivery::traces;
use tokio::runtime::Handle;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use crate::exit::Usage;
use crate::out::{self, note};
use crate::serving;
use crate::settings::Settings;

/// The last spans are handed over within so long, or not at all.
const FLUSH: Duration = Duration::from_secs(5);

/// What has to be ended with the process.
pub(crate) struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Begins to log, and to trace where `otlp-endpoint` is set.
    pub fn start(settings: &Settings, tokio: Handle) -> anyhow::Result<Self> {
        let filter = EnvFilter::try_new(&settings.log.value)
            .map_err(|error| Usage(format!("log filter `{}`: {error}", settings.log.value)))?;
        let log = fmt::layer().with_ansi(false).with_writer(|| out::LogWriter);
        let log = match settings.service.text("log-format") {
            "text" => log.boxed(),
            "json" => log.json().boxed(),
            other => {
                let text = format!("`{other}` is neither text nor json");
                return Err(settings.service.fault("log-format", text).into());
            }
        };
        let provider = provider(settings, tokio)?;
        let traces = provider.as_ref().map(|provider| {
            // The host's own spans: not what libraries tell of each byte.
            let ours = Targets::new().with_target("regua", LevelFilter::INFO);
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer("regua"))
                .with_filter(ours)
        });
        registry().with(log.with_filter(filter)).with(traces).init();
        Ok(Self(provider))
    }

    /// Hands over the last spans.
    pub fn end(self) {
        let Some(provider) = self.0 else { return };
        if let Err(error) = provider.shutdown_with_timeout(FLUSH) {
            note!("the last traces did not reach their collector: {error}");
        }
    }
}

fn provider(settings: &Settings, tokio: Handle) -> anyhow::Result<Option<SdkTracerProvider>> {
    let service = &settings.service;
    let endpoint = service.text("otlp-endpoint");
    if endpoint.is_empty() {
        return Ok(None);
    }
    let authorities = serving::authorities(service)?;
    let exporter = traces::exporter(endpoint, &authorities, tokio)
        .map_err(|error| service.fault("otlp-endpoint", error))
        .context("traces cannot be sent")?;
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder()
        .with_service_name("regua")
        .with_attribute(version)
        .build();
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build();
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    Ok(Some(provider))
}
