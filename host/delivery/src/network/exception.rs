//! What the operator allows besides the public network.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use url::{Host, Url};

/// A receiver of the operator's own: plain http and any address are allowed for it.
///
/// Written `host:port`, `[v6]:port`, or as a network such as `10.20.0.0/16`. A network alone
/// does not make plain http to a *name* possible: whoever owns the name could lead anywhere
/// within it unencrypted. Names are looked up from the root but for a host that is named here:
/// one that only the machine's own `hosts` file or search list knows has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exception {
    /// One host and port.
    Server {
        /// In the form that addresses are normalised to: lower case, no trailing dot.
        host: String,
        /// Its port.
        port: u16,
    },
    /// All addresses of a network.
    Network(IpNet),
}

/// A text that is no exception.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither host:port nor a network such as 10.20.0.0/16")]
pub struct ParseExceptionError(String);

impl FromStr for Exception {
    type Err = ParseExceptionError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseExceptionError(text.to_owned());
        if text.contains('/') {
            return text.parse().map(Self::Network).map_err(|_| error());
        }
        let (_, port) = text.rsplit_once(':').ok_or_else(error)?;
        let port = port.parse().map_err(|_| error())?;
        // The address reader brings the host into the form that it will be asked about in.
        let url = Url::parse(&format!("https://{text}/")).map_err(|_| error())?;
        let is_host_alone = url.username().is_empty() && url.password().is_none();
        let host = url.host().filter(|_| is_host_alone && !text.contains('*'));
        let host = host.ok_or_else(error)?;
        Ok(Self::Server {
            host: name_of(&host),
            port,
        })
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server { host, port } => write!(f, "{host}:{port}"),
            Self::Network(net) => write!(f, "{net}"),
        }
    }
}

/// All exceptions of an operator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions(Vec<Exception>);

impl Exceptions {
    /// None at all, as a product ships.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Reads them.
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, ParseExceptionError> {
        let read: Result<_, _> = texts.into_iter().map(str::parse).collect();
        read.map(Self)
    }

    /// Whether a host and port are one's own server.
    pub fn names(&self, host: &Host<&str>, port: u16) -> bool {
        let asked = name_of(host);
        self.0.iter().any(|exception| match exception {
            Exception::Server { host, port: own } => *host == asked && *own == port,
            Exception::Network(_) => false,
        })
    }

    /// Whether an address lies in one's own network.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|exception| match exception {
            Exception::Network(net) => net.contains(&address),
            Exception::Server { .. } => false,
        })
    }
}

impl FromIterator<Exception> for Exceptions {
    fn from_iter<T: IntoIterator<Item = Exception>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}

fn name_of(host: &Host<&str>) -> String {
    match host {
        Host::Domain(name) => name.trim_end_matches('.').to_owned(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => format!("[{address}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_reads_back_what_it_prints() {
        for text in [
            "localhost:8080",
            "127.0.0.1:1",
            "[::1]:443",
            "10.0.0.0/8",
            "fd00::/8",
        ] {
            assert_eq!(text.parse::<Exception>().unwrap().to_string(), text);
        }
        let shouted: Exception = "LocalHost.:8080".parse().unwrap();
        assert_eq!(shouted.to_string(), "localhost:8080");
    }

    #[test]
    fn what_is_no_exception_is_refused() {
        for text in [
            "",
            "localhost",
            "localhost:",
            "a@b:80",
            "10.0.0.0/33",
            "http://x:1",
            "*:80",
        ] {
            assert!(text.parse::<Exception>().is_err(), "{text}");
        }
    }
}
