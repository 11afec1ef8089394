//! One-click unsubscription (RFC 8058): an address that says by itself who unsubscribes.
//!
//! Nothing is stored: the token names tenant, customer and channel, and a code that only the
//! host can make. It is no secret of the debtor's, for a mail may be passed on; it opens
//! nothing but this one way out. It never ends: a mail is read when it is read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use regua_domain::contract::Channel;
use regua_domain::id::{CustomerId, TenantId};
use sha2::Sha256;
use uuid::Uuid;

use crate::key::Keys;

/// The shape of a token.
const VERSION: u8 = 1;

/// Bytes of the code.
const CODE: usize = 32;

const DERIVATION: &[u8] = b"regua unsubscribe v1";

/// Who unsubscribes from what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Whose debtor.
    pub tenant: TenantId,
    /// Who.
    pub customer: CustomerId,
    /// From which channel.
    pub channel: Channel,
}

/// A text that is no token of this host's. Why is not told: it would help only who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no address to unsubscribe at")]
pub struct NotAToken;

/// Writes a token, fit for a path: letters, digits, `-` and `_`. The same wish is the same
/// token, as long as the key in use is.
pub fn mint(keys: &Keys, wish: &Wish) -> String {
    let mut token = vec![VERSION, keys.newest()];
    token.extend_from_slice(wish.tenant.0.as_bytes());
    token.extend_from_slice(wish.customer.0.as_bytes());
    token.extend_from_slice(wish.channel.name().as_bytes());
    let code = mac(keys, &token).map(|mac| mac.finalize().into_bytes());
    token.extend_from_slice(&code.expect("the key in use is configured"));
    URL_SAFE_NO_PAD.encode(token)
}

/// Reads a token that was minted under any configured key.
pub fn read(keys: &Keys, token: &str) -> Result<Wish, NotAToken> {
    let token = URL_SAFE_NO_PAD.decode(token).map_err(|_| NotAToken)?;
    let (said, code) = token.split_last_chunk::<CODE>().ok_or(NotAToken)?;
    let mac = mac(keys, said).ok_or(NotAToken)?;
    // In constant time.
    mac.verify_slice(code).map_err(|_| NotAToken)?;
    let [VERSION, _, rest @ ..] = said else {
        return Err(NotAToken);
    };
    let (tenant, rest) = rest.split_first_chunk().ok_or(NotAToken)?;
    let (customer, channel) = rest.split_first_chunk().ok_or(NotAToken)?;
    let channel = String::from_utf8(channel.to_vec()).map_err(|_| NotAToken)?;
    Ok(Wish {
        tenant: TenantId(Uuid::from_bytes(*tenant)),
        customer: CustomerId(Uuid::from_bytes(*customer)),
        channel: channel.try_into().map_err(|_| NotAToken)?,
    })
}

fn mac(keys: &Keys, said: &[u8]) -> Option<Hmac<Sha256>> {
    let key = keys.derive(*said.get(1)?, DERIVATION)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&*key).ok()?;
    mac.update(said);
    Some(mac)
}
