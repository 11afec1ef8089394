//! Wiring of a service: settings become transports, chance and signals.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use regua_delivery::email::{Encryption, Mailer, Relay};
use regua_delivery::key::Keys;
use regua_delivery::network::{Exceptions, Limits, Network};
use regua_delivery::tls::Authorities;
use regua_domain::id::TenantId;
use regua_engine::post::Post;
use regua_engine::{Chance, Engine, EngineError, Keeper, SystemClock};

use crate::exit::Usage;
use crate::settings::{Service, Settings};

/// Where chance comes from.
#[allow(
    clippy::disallowed_methods,
    reason = "the command line is where chance comes from"
)]
pub(crate) fn chance() -> Chance {
    Arc::new(|bytes: &mut [u8]| {
        getrandom::fill(bytes).expect("the system has random numbers");
    })
}

/// What leaves the host, as the settings have it.
pub(crate) fn post(settings: &Settings) -> anyhow::Result<Post> {
    let service = &settings.service;
    let exceptions = Exceptions::read(service.text("outgoing-exceptions").split_whitespace())
        .map_err(|error| service.fault("outgoing-exceptions", error))?;
    let authorities = authorities(service)?;
    let keys = match service.text("secret-keys") {
        "" => None,
        text => Some(
            Keys::read(text.split_whitespace())
                .map_err(|error| service.fault("secret-keys", error))?,
        ),
    };
    let mailer = match service.text("smtp-host") {
        "" => None,
        _ => Some(
            Mailer::new(relay(service)?, &exceptions, &authorities)
                .context("the mail relay cannot be used as it is configured")?,
        ),
    };
    Ok(Post {
        network: Network::new(exceptions, &authorities, Limits::shipped())
            .context("the way out to the network cannot be made")?,
        mailer,
        keys,
        public_url: public_url(service)?,
        chance: chance(),
        clock: Arc::new(SystemClock),
    })
}

/// Whom to trust outside.
pub(crate) fn authorities(service: &Service) -> anyhow::Result<Authorities> {
    let file = service.text("outgoing-authorities");
    if file.is_empty() {
        return Ok(Authorities::of_the_machine());
    }
    let pem = std::fs::read(file).with_context(|| format!("cannot read {file}"))?;
    let read = Authorities::read(&pem);
    Ok(read.map_err(|error| service.fault("outgoing-authorities", error))?)
}

fn public_url(service: &Service) -> Result<Option<String>, Usage> {
    match service.text("public-url").trim_end_matches('/') {
        "" => Ok(None),
        url if url.starts_with("https://") => Ok(Some(url.to_owned())),
        _ => Err(service.fault("public-url", "has to begin with https://")),
    }
}

fn relay(service: &Service) -> Result<Relay, Usage> {
    let encryption = match service.text("smtp-encryption") {
        "starttls" => Encryption::Starttls,
        "implicit" => Encryption::Implicit,
        "none" => Encryption::None,
        other => {
            let text = format!("`{other}` is none of starttls, implicit and none");
            return Err(service.fault("smtp-encryption", text));
        }
    };
    let user = service.text("smtp-user");
    let login = (!user.is_empty()).then(|| {
        let password = service.text("smtp-password").to_owned();
        (user.to_owned(), password.into())
    });
    Ok(Relay {
        host: service.text("smtp-host").to_owned(),
        port: service.read("smtp-port")?,
        encryption,
        login,
        hello: service.text("smtp-hello").to_owned(),
        timeout_ms: 30_000,
        connections_max: 8,
    })
}

/// How often what was counted is summed up: until then each call of a plugin is a number in
/// memory, and nobody may ever ask for them.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to count, and says how what was counted is written down.
pub(crate) fn figures() -> anyhow::Result<regua_http::Figures> {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new()
        .install_recorder()
        .context("nothing can be counted")?;
    regua_engine::measure::describe();
    let kept_up = recorder.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            kept_up.run_upkeep();
        }
    });
    Ok(Arc::new(move || {
        recorder.run_upkeep();
        recorder.render()
    }))
}

/// How the API is served.
pub(crate) fn http_settings(service: &Service) -> Result<regua_http::Settings, Usage> {
    Ok(regua_http::Settings {
        calls_per_second: service.read("calls-per-second")?,
    })
}

/// Looks after records through the API's crate, which knows what they mean.
pub(crate) struct Keeping(pub Engine);

#[async_trait]
impl Keeper for Keeping {
    async fn keep(&self, tenant: TenantId) -> Result<bool, EngineError> {
        regua_http::keep(&self.0, tenant).await
    }
}

/// Waits until somebody says stop.
pub(crate) async fn told_to_stop() {
    let ctrl_c = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    // An error: it cannot be waited for; SIGTERM still can.
                    _ = ctrl_c => {}
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "SIGTERM cannot be waited for"),
        }
    }
    // An error: then nobody can say stop but by a kill, which the store outlives.
    let _ = ctrl_c.await;
}
