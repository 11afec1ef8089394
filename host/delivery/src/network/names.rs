//! From names to addresses: what is checked here is what is connected to.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address;
use super::exception::Exceptions;

/// The addresses of a name, looked up.
pub type LookUp = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Who knows the addresses of names.
pub trait Names: Send + Sync {
    /// All addresses of a name. One that a tenant gave ends with a dot: it is looked up from
    /// the root.
    fn look_up(&self, host: &str) -> LookUp;
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, host: &str) -> LookUp {
        let host = host.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Every address of a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("none of the name's addresses is public: {address} is {why}")]
pub(super) struct AddressRefused {
    pub address: IpAddr,
    pub why: &'static str,
}

/// A resolver that gives out checked addresses alone. The connector connects to what it is
/// given here and never asks again, so a name that answers otherwise the next time (DNS
/// rebinding) gains nothing.
pub(super) struct Checked {
    pub names: Arc<dyn Names>,
    pub exceptions: Arc<Exceptions>,
    /// Of the client that is used for servers alone which the operator named.
    pub any: bool,
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked")
            .field("any", &self.any)
            .finish_non_exhaustive()
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let found = if self.any || name.as_str().ends_with('.') {
            self.names.look_up(name.as_str())
        } else {
            // From the root: the search list of this machine's own network has no part in it.
            self.names.look_up(&format!("{}.", name.as_str()))
        };
        let (exceptions, any) = (Arc::clone(&self.exceptions), self.any);
        Box::pin(async move {
            let allowed = if any {
                found.await?
            } else {
                allowed(found.await?, &exceptions)?
            };
            // The port is the address's: 0 stands for it.
            let addresses = allowed.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

fn allowed(found: Vec<IpAddr>, exceptions: &Exceptions) -> Result<Vec<IpAddr>, AddressRefused> {
    let mut refused = None;
    let mut allowed = Vec::with_capacity(found.len());
    for address in found {
        match address::objection(address) {
            Some(why) if !exceptions.contain(address) => {
                refused = Some(AddressRefused { address, why });
            }
            _ => allowed.push(address),
        }
    }
    match refused {
        Some(refused) if allowed.is_empty() => Err(refused),
        _ => Ok(allowed),
    }
}
