//! A server, over HTTP.
//!
//! The key goes over TLS, or to this machine; redirects are not followed, for it would go along.
//! Every change bears an `Idempotency-Key`, so that a call whose answer got lost can be made
//! again.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::Context as _;
use http::Response;
use http::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Url, redirect};

use super::Refused;
use super::call::{Answer, Call};
use crate::exit::Usage;
use crate::ids;
use crate::out::note;
use crate::serving;
use crate::settings::Settings;

/// How often a call is made before it is given up.
const TRIES: u32 = 4;
/// The pause before a call is made again; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(250);
/// So long a server may ask to be left alone.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// A pause that whoever waits is told of.
const TOLD: Duration = Duration::from_secs(2);
/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may be silent: longer than the work on any call takes.
const SILENCE: Duration = Duration::from_mins(3);
/// How long a call may take in all, with what it sends.
const WHOLE: Duration = Duration::from_mins(15);
/// How often a silent connection is looked after.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// The most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 256 << 20;

/// A server, and the key that it is asked with.
#[derive(Debug)]
pub(crate) struct Server {
    client: Client,
    /// Without a slash at its end.
    base: String,
    bearer: HeaderValue,
}

impl Server {
    /// The server that the settings name.
    pub(crate) fn new(settings: &Settings) -> anyhow::Result<Self> {
        let text = settings.server.value.as_deref().unwrap_or_default();
        let origin = &settings.server.origin;
        let wrong = |text: &str| Usage(format!("server: {text} ({origin})"));
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        let is_here = is_this_machine(&url);
        match url.scheme() {
            "https" => {}
            "http" if is_here => {}
            "http" => {
                return Err(wrong("the key would go in clear text: say https://").into());
            }
            _ => return Err(wrong("is neither https:// nor http://").into()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("bears a login: a server is asked with REGUA_KEY").into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("bears more than a path").into());
        }
        let key = settings
            .key
            .as_deref()
            .ok_or_else(|| Usage("a server is asked with a key: say it in REGUA_KEY".to_owned()))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {key}"));
        let mut bearer = bearer.map_err(|_| Usage("REGUA_KEY is no key".to_owned()))?;
        bearer.set_sensitive(true);
        let tls = serving::authorities(&settings.service)?.client()?;
        let mut client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT)
            .tcp_keepalive(KEEPALIVE)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            .user_agent(concat!("regua/", env!("CARGO_PKG_VERSION")));
        if is_here {
            // Nor does the key go to a proxy on its way to this machine.
            client = client.no_proxy();
        }
        Ok(Self {
            client: client.build().context("no HTTP client can be built")?,
            base: url.as_str().trim_end_matches('/').to_owned(),
            bearer,
        })
    }

    /// Makes a call, again where it got lost or the server is busy.
    pub(super) async fn send(&self, call: &Call) -> anyhow::Result<Answer> {
        let key = call.needs_key().then(|| ids::fresh().to_string());
        let (mut tries, mut pause) = (1, PAUSE);
        loop {
            let asked = self.ask(call, key.as_deref()).await?;
            if tries == TRIES || !is_for_later(&asked, tries) {
                return asked.with_context(|| {
                    format!(
                        "no answer from {}, which was asked {tries} times",
                        self.base
                    )
                });
            }
            let wanted = asked.ok().and_then(|answer| answer.retry_after());
            let wait = wanted.map_or(pause, Duration::from_secs).min(PAUSE_MAX);
            tracing::debug!(tries, "a call is made again");
            if wait >= TOLD {
                let seconds = wait.as_secs();
                note!("{} is busy: asked again in {seconds} s", self.base);
            }
            tokio::time::sleep(wait).await;
            tries += 1;
            pause *= 2;
        }
    }

    async fn ask(
        &self,
        call: &Call,
        key: Option<&str>,
    ) -> anyhow::Result<Result<Answer, reqwest::Error>> {
        let mut request = reqwest::Request::try_from(call.request(&self.base, key)?)?;
        // A reference that is two dots would lead elsewhere.
        let is_it = request.url().as_str() == format!("{}{}", self.base, call.path);
        anyhow::ensure!(is_it, "{} cannot be asked for over HTTP", call.path);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.bearer.clone());
        let mut response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) => return Ok(Err(error.without_url())),
        };
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Ok(Err(error.without_url())),
            }
            let is_bounded = body.len() <= ANSWER_BYTES_MAX;
            anyhow::ensure!(
                is_bounded,
                "the answer has more than {ANSWER_BYTES_MAX} bytes"
            );
        }
        let mut whole = Response::new(body);
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        Ok(Ok(Answer::of(whole)))
    }
}

/// Whether to ask again. That the same is under way is told of a call whose answer got lost.
fn is_for_later(asked: &Result<Answer, reqwest::Error>, tries: u32) -> bool {
    let answer = match asked {
        Ok(answer) => answer,
        // Whoever said nothing for minutes says nothing the next time.
        Err(error) => return !error.is_timeout() || error.is_connect(),
    };
    match answer.status {
        429 | 503 => true,
        409 if tries > 1 => {
            let problem = answer.problem();
            problem.is_some_and(|problem| Refused(problem).is("busy"))
        }
        _ => false,
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host_str().map(|host| host.trim_matches(['[', ']'])) {
        Some("localhost") => true,
        Some(host) => host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_name_and_by_number() {
        let is_here = |text: &str| is_this_machine(&Url::parse(text).unwrap());
        for text in [
            "http://localhost:1",
            "http://127.1.2.3",
            "http://[::1]:8080/x",
        ] {
            assert!(is_here(text), "{text}");
        }
        for text in [
            "http://regua.example",
            "http://localhost.example",
            "http://10.0.0.1",
            "http://[::2]",
        ] {
            assert!(!is_here(text), "{text}");
        }
    }
}
