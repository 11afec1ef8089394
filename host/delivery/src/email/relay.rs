//! The operator's relay, as it is configured.

use std::fmt;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use url::Host;
use zeroize::Zeroizing;

use crate::network::Exceptions;
use crate::tls::Authorities;

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

pub(super) fn may_be_plain(host: &Host, port: u16, exceptions: &Exceptions) -> bool {
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

pub(super) fn tls(host: &str, authorities: &Authorities) -> Result<TlsParameters, SmtpError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if !authorities.pem().is_empty() {
        builder = builder.add_root_certificate(Certificate::from_pem(authorities.pem())?);
    }
    builder.build()
}
