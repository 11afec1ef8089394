//! E-mail by SMTP, through the operator's relay.
//!
//! A message bears the effect's key as its `Message-ID`, the same at each try. What a refusal
//! means hangs on where it was said: an address that takes no mail bounces; a relay that
//! does not let one in is the operator's matter, and never the debtor's.

mod conversation;
mod message;
mod outcome;
mod relay;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use lettre::transport::smtp::extension::ClientId;
use tokio::sync::Semaphore;
use url::Host;

use self::conversation::{Dial, Line, Step, Stop};
use crate::attempt::{Attempt, Trying, one_line};
use crate::network::Exceptions;
use crate::tls::Authorities;

pub use message::{Mail, MailFault, Party, Written};
pub use outcome::{Outcome, Whose};
pub use relay::{Encryption, Relay, RelayError};

/// A connection that was silent for longer is not used again: relays hang up.
const IDLE_MAX: Duration = Duration::from_secs(20);

/// A relay that is written to.
pub struct Mailer {
    relay: Relay,
    hello: ClientId,
    tls: Option<TlsParameters>,
    login: Option<Credentials>,
    idle: Mutex<Vec<(Line, Instant)>>,
    places: Semaphore,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer")
            .field("relay", &self.relay)
            .finish_non_exhaustive()
    }
}

impl Mailer {
    /// Looks at how a relay is configured; it connects when there is something to send.
    pub fn new(
        relay: Relay,
        exceptions: &Exceptions,
        authorities: &Authorities,
    ) -> Result<Self, RelayError> {
        let host = Host::parse(&relay.host).map_err(|_| RelayError::Name)?;
        let hello = Host::parse(&relay.hello).map_err(|_| RelayError::Name)?;
        if relay.connections_max == 0 {
            return Err(RelayError::NoConnections);
        }
        let tls = match relay.encryption {
            Encryption::None if relay::may_be_plain(&host, relay.port, exceptions) => None,
            Encryption::None => {
                return Err(RelayError::Unencrypted {
                    host: relay.host,
                    port: relay.port,
                });
            }
            Encryption::Starttls | Encryption::Implicit => {
                Some(relay::tls(&relay.host, authorities).map_err(RelayError::Tls)?)
            }
        };
        let login = relay.login.as_ref();
        let login = login.map(|(user, word)| Credentials::new(user.clone(), word.to_string()));
        Ok(Self {
            hello: match hello {
                Host::Domain(name) => ClientId::Domain(name),
                Host::Ipv4(address) => ClientId::Ipv4(address),
                Host::Ipv6(address) => ClientId::Ipv6(address),
            },
            tls,
            login,
            idle: Mutex::new(Vec::new()),
            places: Semaphore::new(relay.connections_max),
            relay,
        })
    }

    /// Sends a mail once, and says what follows.
    pub async fn deliver(&self, mail: &Mail<'_>, trying: Trying<'_>) -> Attempt {
        let began = Instant::now();
        let outcome = match mail.write(trying.now) {
            Ok(written) => self.send(&written).await,
            Err(fault) => Outcome::Refused {
                status: None,
                answer: fault.to_string(),
            },
        };
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        outcome.attempt(ms, trying)
    }

    /// Sends what was written once.
    pub async fn send(&self, written: &Written) -> Outcome {
        let Ok(_place) = self.places.acquire().await else {
            return Outcome::Later {
                status: None,
                code: "closed",
                answer: String::new(),
                whose: Whose::Operators,
            };
        };
        if let Some(mut line) = self.take_idle() {
            match self.send_on(&mut line, written).await {
                // Relays hang up on who is silent: that is no answer to this message.
                Err(stop) if stop.step == Step::Sender && stop.is_of_the_connection() => {}
                done => return self.close(line, done).await,
            }
        }
        let mut line = match Line::open(&self.dial()).await {
            Ok(line) => line,
            Err(stop) => return stop.outcome(),
        };
        let done = self.send_on(&mut line, written).await;
        self.close(line, done).await
    }

    async fn send_on(&self, line: &mut Line, written: &Written) -> Result<String, Stop> {
        let response = line.send(written).await?;
        let said: Vec<_> = response.message().collect();
        Ok(one_line(&said.join(" ")))
    }

    /// Keeps the connection if it can be used again.
    async fn close(&self, mut line: Line, done: Result<String, Stop>) -> Outcome {
        let is_usable = match &done {
            Ok(_) => true,
            Err(stop) if stop.is_of_the_connection() => false,
            Err(_) => line.reset().await,
        };
        if is_usable {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push((line, Instant::now()));
        }
        match done {
            Ok(answer) => Outcome::Accepted { answer },
            Err(stop) => stop.outcome(),
        }
    }

    fn take_idle(&self) -> Option<Line> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| since.elapsed() < IDLE_MAX);
        idle.pop().map(|(line, _)| line)
    }

    fn dial(&self) -> Dial<'_> {
        let tls = |encryption| {
            let is_it = self.relay.encryption == encryption;
            self.tls.as_ref().filter(|_| is_it)
        };
        Dial {
            server: (&self.relay.host, self.relay.port),
            limit: Duration::from_millis(self.relay.timeout_ms),
            hello: &self.hello,
            implicit: tls(Encryption::Implicit),
            starttls: tls(Encryption::Starttls),
            login: self.login.as_ref(),
        }
    }
}
