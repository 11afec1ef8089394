//! E-mail by SMTP, through the operator's relay.
//!
//! A message bears the effect's key as its `Message-ID`, the same at each try. What a refusal
//! means hangs on where it was said: an address that takes no mail bounces; a relay that
//! does not let one in is the operator's matter, and never the debtor's.

mod conversation;
mod message;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::sync::Semaphore;
use url::Host;
use zeroize::Zeroizing;

use self::conversation::{Dial, Line, Step, Stop};
use crate::attempt::{Attempt, Next, one_line};
use crate::network::Exceptions;
use crate::tls::Authorities;
use crate::webhook::Trying;

pub use message::{Mail, MailFault, Party, Written};

/// A connection that was silent for longer is not used again: relays hang up.
const IDLE_MAX: Duration = Duration::from_secs(20);

/// How a connection to a relay is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// STARTTLS, usually on port 587. A relay that does not offer it gets nothing.
    Starttls,
    /// From the first byte, usually on port 465.
    Implicit,
    /// Not at all: on this machine's loopback, or to a host that the operator excepted.
    None,
}

/// The operator's relay.
#[derive(Clone)]
pub struct Relay {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// User and password.
    pub login: Option<(String, Zeroizing<String>)>,
    /// The name this host gives itself: a fully qualified one.
    pub hello: String,
    /// For each step of a conversation, milliseconds.
    pub timeout_ms: u64,
    /// Connections at once.
    pub connections_max: usize,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .field("user", &self.login.as_ref().map(|(user, _)| user))
            .finish_non_exhaustive()
    }
}

/// Why a relay cannot be used as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Unencrypted to another machine.
    #[error(
        "mail may go to {host}:{port} unencrypted only where the operator excepts that host and port"
    )]
    Unencrypted {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// Neither a name nor an address.
    #[error("the relay's host or this host's own name is not a name")]
    Name,
    /// No connections at all.
    #[error("a relay needs one connection at least")]
    NoConnections,
    /// TLS cannot be set up.
    #[error("no TLS can be set up for the relay")]
    Tls(#[source] SmtpError),
}

/// Whose matter a delay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The operator's: the relay cannot be reached, or does not let one in. It says nothing
    /// about this message, and is tried for ever.
    Operators,
    /// The recipient's, or nobody's.
    Theirs,
}

/// What came of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took it.
    Accepted {
        /// Its answer, often with the name it gave the message.
        answer: String,
    },
    /// The address takes no mail.
    Bounced {
        /// The status.
        status: u16,
        /// The relay's answer.
        answer: String,
    },
    /// This message is not taken, and would not be later.
    Refused {
        /// The status; none where it was never sent.
        status: Option<u16>,
        /// The relay's answer, or what is wrong with the message.
        answer: String,
    },
    /// Not now.
    Later {
        /// The status, where there was an answer.
        status: Option<u16>,
        /// A stable name for why.
        code: &'static str,
        /// The relay's answer, or the error.
        answer: String,
        /// Whose matter it is.
        whose: Whose,
    },
}

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
            Encryption::None if may_be_plain(&host, relay.port, exceptions) => None,
            Encryption::None => {
                return Err(RelayError::Unencrypted {
                    host: relay.host,
                    port: relay.port,
                });
            }
            Encryption::Starttls | Encryption::Implicit => {
                Some(tls(&relay.host, authorities).map_err(RelayError::Tls)?)
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

impl Outcome {
    /// As it is kept.
    pub fn attempt(self, ms: u64, trying: Trying<'_>) -> Attempt {
        let failed = trying.failed.saturating_add(1);
        let (status, code, detail, next) = match self {
            Self::Accepted { answer } => (Some(250), "accepted", answer, Next::Done),
            Self::Bounced { status, answer } => (Some(status), "bounced", answer, Next::Gone),
            Self::Refused { status, answer } => (status, "refused", answer, Next::Failed),
            Self::Later {
                status,
                code,
                answer,
                whose,
            } => {
                let at = match whose {
                    Whose::Theirs => {
                        let next = trying.schedule;
                        next.next(failed, None, trying.now, trying.chance)
                    }
                    Whose::Operators => {
                        let next = trying.schedule;
                        Some(next.next_for_ever(failed, trying.now, trying.chance))
                    }
                };
                let next = at.map_or(Next::Failed, |not_before| Next::Again { not_before });
                (status, code, answer, next)
            }
        };
        Attempt {
            at: trying.now,
            ms,
            status,
            code: code.to_owned(),
            detail,
            next,
        }
    }
}

fn may_be_plain(host: &Host, port: u16, exceptions: &Exceptions) -> bool {
    let is_near = match host {
        Host::Domain(name) => name.trim_end_matches('.') == "localhost",
        Host::Ipv4(address) => address.is_loopback() || exceptions.contain((*address).into()),
        Host::Ipv6(address) => address.is_loopback() || exceptions.contain((*address).into()),
    };
    let host = match host {
        Host::Domain(name) => Host::Domain(name.as_str()),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    };
    is_near || exceptions.names(&host, port)
}

fn tls(host: &str, authorities: &Authorities) -> Result<TlsParameters, SmtpError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if !authorities.pem().is_empty() {
        builder = builder.add_root_certificate(Certificate::from_pem(authorities.pem())?);
    }
    builder.build()
}
