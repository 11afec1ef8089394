//! Whether a web address may be an endpoint at all, before anybody resolves its name.

use std::net::IpAddr;

use url::{Host, Url};

use super::address;
use super::exception::Exceptions;

/// The longest address, bytes.
const URL_BYTES_MAX: usize = 2048;

/// Below this, ports belong to services that a request could be smuggled into (mail, shells,
/// name service); of them only https' own is allowed.
const FREE_PORTS_MIN: u16 = 1024;

/// Names that lead into one's own network by their ending. Sources: RFC 6761, RFC 6762,
/// RFC 8375, ICANN's reservation of `internal`.
const OWN_ENDINGS: [&str; 4] = ["localhost", "local", "home.arpa", "internal"];

/// Why an address may not be an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// Too long.
    #[error("the address is longer than 2048 bytes")]
    TooLong,
    /// Not a web address.
    #[error("the text is not a web address")]
    NotAUrl(#[source] url::ParseError),
    /// Another scheme than https.
    #[error("the address begins with `{scheme}:`, and only https is allowed")]
    Scheme {
        /// What it begins with.
        scheme: String,
    },
    /// It names a user or a password.
    #[error("the address has a user or a password in it")]
    UserInfo,
    /// It has a `#` part.
    #[error("the address has a part behind `#`, which no server ever sees")]
    Fragment,
    /// Neither 443 nor above 1023.
    #[error("port {port} is not allowed: use 443, or one above 1023")]
    Port {
        /// Which.
        port: u16,
    },
    /// It has no host.
    #[error("the address has no host")]
    NoHost,
    /// A name of one's own network.
    #[error("`{host}` is a name of a network of its own")]
    OwnName {
        /// The name.
        host: String,
    },
    /// An address that is not public.
    #[error("{address} is not a public address: it is {why}")]
    Address {
        /// The address.
        address: IpAddr,
        /// E.g. `private`.
        why: &'static str,
    },
}

impl UrlFault {
    /// A stable name for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "url-too-long",
            Self::NotAUrl(_) => "url-unreadable",
            Self::Scheme { .. } => "url-scheme",
            Self::UserInfo => "url-user",
            Self::Fragment => "url-fragment",
            Self::Port { .. } => "url-port",
            Self::NoHost => "url-host",
            Self::OwnName { .. } => "url-own-name",
            Self::Address { .. } => "address-refused",
        }
    }
}

/// What may be sent to, and how far it was trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Admitted {
    pub url: Url,
    /// Whether the operator named this very host and port.
    pub is_own: bool,
}

pub(super) fn admit(text: &str, exceptions: &Exceptions) -> Result<Admitted, UrlFault> {
    if text.len() > URL_BYTES_MAX {
        return Err(UrlFault::TooLong);
    }
    let url = Url::parse(text).map_err(UrlFault::NotAUrl)?;
    let scheme = url.scheme();
    let fault = || UrlFault::Scheme {
        scheme: scheme.to_owned(),
    };
    if !matches!(scheme, "https" | "http") {
        return Err(fault());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlFault::UserInfo);
    }
    if url.fragment().is_some() {
        return Err(UrlFault::Fragment);
    }
    let host = url.host().ok_or(UrlFault::NoHost)?;
    let port = url.port_or_known_default().ok_or(UrlFault::NoHost)?;
    if exceptions.names(&host, port) {
        return Ok(Admitted { url, is_own: true });
    }
    let is_own = match host {
        Host::Domain(name) => {
            check_name(name)?;
            false
        }
        Host::Ipv4(address) => check_address(address.into(), exceptions)?,
        Host::Ipv6(address) => check_address(address.into(), exceptions)?,
    };
    if scheme == "http" && !is_own {
        return Err(fault());
    }
    if port != 443 && port < FREE_PORTS_MIN && !is_own {
        return Err(UrlFault::Port { port });
    }
    Ok(Admitted { url, is_own })
}

fn check_name(host: &str) -> Result<(), UrlFault> {
    let name = host.trim_end_matches('.');
    if name.is_empty() {
        return Err(UrlFault::NoHost);
    }
    let ends = |ending: &str| {
        name.strip_suffix(ending)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    // A name of one label is completed by the search list of the machine that asks.
    if !name.contains('.') || OWN_ENDINGS.into_iter().any(ends) {
        return Err(UrlFault::OwnName {
            host: host.to_owned(),
        });
    }
    Ok(())
}

/// Whether it is of one's own network, which the operator allowed.
fn check_address(address: IpAddr, exceptions: &Exceptions) -> Result<bool, UrlFault> {
    if exceptions.contain(address) {
        return Ok(true);
    }
    match address::objection(address) {
        Some(why) => Err(UrlFault::Address { address, why }),
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests;
