//! Secrets at rest: what is sealed is read only with a configured key, for the purpose and
//! the tenant it was sealed for.
//!
//! XChaCha20-Poly1305; its nonces of 24 bytes may be drawn at random for ever. A sealed text
//! is a version, the key's number, the nonce, and the ciphertext with its tag.
//!
//! ```
//! use regua_delivery::key::Keys;
//! use regua_delivery::seal::{Purpose, open, seal};
//! use regua_domain::id::TenantId;
//!
//! let tenant = TenantId(uuid::Uuid::from_u128(7));
//! let keys = Keys::read(["1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]).unwrap();
//! let random = [9; 24];
//! let sealed = seal(&keys, Purpose::WebhookSecret, tenant, b"hush", random).unwrap();
//! assert_eq!(**open(&keys, Purpose::WebhookSecret, tenant, &sealed).unwrap(), *b"hush");
//! ```

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use regua_domain::id::TenantId;
use zeroize::Zeroizing;

use crate::key::Keys;

/// The shape of a sealed text.
const VERSION: u8 = 1;

/// Bytes of a nonce.
const NONCE: usize = 24;

const DERIVATION: &[u8] = b"regua seal v1";

/// What a secret is for: one that was sealed for another purpose does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// What webhooks are signed with.
    WebhookSecret,
    /// A password of a mail relay.
    SmtpPassword,
    /// A letter as it went out: personal data.
    Letter,
    /// The body of a message to a system: personal data.
    Payload,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::WebhookSecret => "webhook-secret",
            Self::SmtpPassword => "smtp-password",
            Self::Letter => "letter",
            Self::Payload => "payload",
        }
    }
}

/// Why something cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Too long for the cipher, which ends at 256 GiB.
    #[error("the text is too long to be sealed")]
    TooLong,
    /// Not a sealed text of a version that is known.
    #[error("this is no sealed text, or one of a later version")]
    Form,
    /// Sealed under a key that is not configured.
    #[error("it was sealed under key {0}, which is not configured")]
    UnknownKey(u8),
    /// Changed since, or sealed under another key of that number, or for another tenant or
    /// purpose.
    #[error("it does not open: it was changed, or sealed for another tenant or purpose")]
    Closed,
}

/// Seals a text under the key in use. `random` is drawn anew for each text.
pub fn seal(
    keys: &Keys,
    purpose: Purpose,
    tenant: TenantId,
    text: &[u8],
    random: [u8; NONCE],
) -> Result<Vec<u8>, SealError> {
    let id = keys.newest();
    let cipher = cipher(keys, id)?;
    let payload = Payload {
        msg: text,
        aad: &bound_to(id, purpose, tenant),
    };
    let nonce = XNonce::from(random);
    let closed = cipher.encrypt(&nonce, payload);
    let closed = closed.map_err(|_| SealError::TooLong)?;
    let mut sealed = Vec::with_capacity(2 + NONCE + closed.len());
    sealed.extend_from_slice(&[VERSION, id]);
    sealed.extend_from_slice(&random);
    sealed.extend_from_slice(&closed);
    Ok(sealed)
}

/// Opens what [`seal`] made, under whichever configured key it was sealed with.
pub fn open(
    keys: &Keys,
    purpose: Purpose,
    tenant: TenantId,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let [VERSION, id, rest @ ..] = sealed else {
        return Err(SealError::Form);
    };
    let (nonce, closed) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Form)?;
    let cipher = cipher(keys, *id)?;
    let payload = Payload {
        msg: closed,
        aad: &bound_to(*id, purpose, tenant),
    };
    let opened = cipher.decrypt(&XNonce::from(*nonce), payload);
    opened.map(Zeroizing::new).map_err(|_| SealError::Closed)
}

/// Whether it was sealed under another key than the one in use, and is to be sealed again.
pub fn is_old(keys: &Keys, sealed: &[u8]) -> bool {
    !matches!(sealed, [VERSION, id, ..] if *id == keys.newest())
}

fn cipher(keys: &Keys, id: u8) -> Result<XChaCha20Poly1305, SealError> {
    let key = keys
        .derive(id, DERIVATION)
        .ok_or(SealError::UnknownKey(id))?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}

/// The associated data: no two purposes and tenants have the same.
fn bound_to(id: u8, purpose: Purpose, tenant: TenantId) -> Vec<u8> {
    let mut bound = vec![VERSION, id];
    bound.extend_from_slice(tenant.0.as_bytes());
    bound.extend_from_slice(purpose.name().as_bytes());
    bound
}
