//! Signatures of uploads: that a plugin is from whom a tenant takes plugins.
//!
//! Signed is a [`message`]: `regua-plugin-v1:` and the SHA-256 of the bytes that are uploaded, as
//! 64 lower-case hexadecimal digits. That is 80 bytes of ASCII, without a line's end. What comes
//! first keeps a signature that was meant for something else from standing for a plugin. The
//! signature is Ed25519 as RFC 8032 has it, in its pure form, and told as 128 hexadecimal digits.
//! Any tool can make one:
//!
//! ```sh
//! openssl genpkey -algorithm ed25519 -out key.pem
//! printf 'regua-plugin-v1:%s' "$(sha256sum stage.wasm | cut -c1-64)" > message
//! openssl pkeyutl -sign -rawin -inkey key.pem -in message | od -An -v -tx1 | tr -d ' \n'
//! ```
//!
//! A key that is removed signs nothing from then on; what it signed before stays as it is.

mod key;

use regua_domain::cut::cut;
use regua_domain::time::Timestamp;
use regua_storage::{
    Kept, Record, RecordsQuery, Signed, StoreError, TenantRow, TenantStore, records,
};
use serde::{Deserialize, Serialize};

pub use key::{KeyError, PrivateKey, PublicKey};

/// Plugin keys that a tenant may have.
pub const KEYS_MAX: u32 = 20;

/// Bytes of a signature.
const SIGNATURE_BYTES: usize = 64;

/// A key that a tenant takes signatures of plugins by. Its id is [`PublicKey::id`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginKey {
    /// Whose it is, or what it is for.
    pub label: String,
    /// The key.
    pub public_key: PublicKey,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl Record for PluginKey {
    const KIND: &'static str = "plugin-key";
}

/// All plugin keys of a tenant, by id.
pub async fn keys(store: &dyn TenantStore) -> Result<Vec<Kept<PluginKey>>, StoreError> {
    let query = RecordsQuery {
        limit: KEYS_MAX,
        ..RecordsQuery::default()
    };
    records::list(store, &query).await
}

/// The bytes that are signed; `digest` is the SHA-256 of an upload, lower-case hexadecimal.
pub fn message(digest: &str) -> Vec<u8> {
    format!("regua-plugin-v1:{digest}").into_bytes()
}

/// What an upload says of its signature; none of it has been looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// The id of the key that it is by.
    pub signed_by: Option<&'a str>,
    /// The signature.
    pub signature: Option<&'a str>,
}

/// Why an upload is not taken as it is signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The tenant takes nothing unsigned.
    #[error(
        "this tenant takes a plugin only with the signature of one of its plugin keys, and this \
         one is not signed"
    )]
    Missing,
    /// A signature by nobody.
    #[error("is missing: say by which key the signature is")]
    NoKey,
    /// A key, and no signature.
    #[error("is missing: a key is named that is to have signed this")]
    NoSignature,
    /// The key is not one of the tenant's.
    #[error("`{key}` is no plugin key of this tenant")]
    UnknownKey {
        /// What was said.
        key: String,
    },
    /// No signature at all.
    #[error("is no signature: it has 128 hexadecimal digits")]
    Malformed,
    /// Not the key's signature of these bytes.
    #[error(
        "is not `{key}`'s for these bytes: signed has to be `regua-plugin-v1:{digest}`, to the \
         byte"
    )]
    Wrong {
        /// The key.
        key: String,
        /// SHA-256 of the upload, hex.
        digest: String,
    },
}

impl SignatureError {
    /// Whether it is about the key that is named, not about the signature.
    pub const fn is_of_key(&self) -> bool {
        matches!(self, Self::NoKey | Self::UnknownKey { .. })
    }
}

/// Holds what an upload says of its signature against the tenant's keys. The inner error is why
/// the upload is not taken; none: it is not signed, and need not be.
pub(crate) async fn check(
    store: &dyn TenantStore,
    row: &TenantRow,
    given: Given<'_>,
    digest: &str,
) -> Result<Result<Option<Signed>, SignatureError>, StoreError> {
    let (key, signature) = match (given.signed_by, given.signature) {
        (Some(key), Some(signature)) => (key, signature),
        (Some(_), None) => return Ok(Err(SignatureError::NoSignature)),
        (None, Some(_)) => return Ok(Err(SignatureError::NoKey)),
        (None, None) if row.policy.signed_plugins => return Ok(Err(SignatureError::Missing)),
        (None, None) => return Ok(Ok(None)),
    };
    let Some(bytes) = key::bytes_of::<SIGNATURE_BYTES>(signature) else {
        return Ok(Err(SignatureError::Malformed));
    };
    let known = records::get::<PluginKey>(store, key).await?;
    let Some(Kept { id: key, value, .. }) = known else {
        let key = cut(key, 60).into_owned();
        return Ok(Err(SignatureError::UnknownKey { key }));
    };
    if !value.public_key.has_signed(&message(digest), &bytes) {
        let digest = digest.to_owned();
        return Ok(Err(SignatureError::Wrong { key, digest }));
    }
    Ok(Ok(Some(Signed {
        key,
        public_key: value.public_key.to_string(),
        signature: key::hex(&bytes),
    })))
}
