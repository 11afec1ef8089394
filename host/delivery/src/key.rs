//! The keys that the operator configures, and what is derived from them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// A configured key: 32 bytes under a number of its own.
#[derive(Clone)]
struct Key {
    id: u8,
    bytes: Zeroizing<[u8; 32]>,
}

/// All configured keys. The first is used for what is new; the others for what is old.
#[derive(Clone)]
pub struct Keys(Vec<Key>);

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.0.iter().map(|key| key.id);
        f.debug_tuple("Keys")
            .field(&ids.collect::<Vec<_>>())
            .finish()
    }
}

/// Why keys cannot be used. It never repeats one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// None at all.
    #[error("one key is needed at least")]
    None,
    /// Not of the form.
    #[error("a key is written as <number>:<base64>, with a number from 0 to 255")]
    Form,
    /// Another length.
    #[error("key {0} has another length than 32 bytes")]
    Length(u8),
    /// Two under one number.
    #[error("two keys have the number {0}")]
    Twice(u8),
}

impl Keys {
    /// Reads keys written as `<number>:<base64 of 32 bytes>`, the one in use first. A key
    /// keeps its number for as long as it is kept: what was sealed names it.
    pub fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, KeysError> {
        let mut keys: Vec<Key> = Vec::new();
        for text in texts {
            let (id, encoded) = text.split_once(':').ok_or(KeysError::Form)?;
            let id: u8 = id.parse().map_err(|_| KeysError::Form)?;
            if keys.iter().any(|known| known.id == id) {
                return Err(KeysError::Twice(id));
            }
            let decoded = STANDARD.decode(encoded).map_err(|_| KeysError::Form)?;
            let decoded = Zeroizing::new(decoded);
            let mut bytes = Zeroizing::new([0; 32]);
            if decoded.len() != bytes.len() {
                return Err(KeysError::Length(id));
            }
            bytes.copy_from_slice(&decoded);
            keys.push(Key { id, bytes });
        }
        if keys.is_empty() {
            return Err(KeysError::None);
        }
        Ok(Self(keys))
    }

    /// The number of the key in use.
    pub(crate) fn newest(&self) -> u8 {
        // There is one at least.
        self.0.first().map_or(0, |key| key.id)
    }

    /// A key for one purpose, so that none is used for two.
    pub(crate) fn derive(&self, id: u8, purpose: &'static [u8]) -> Option<Zeroizing<[u8; 32]>> {
        let key = self.0.iter().find(|key| key.id == id)?;
        let mut derived = Zeroizing::new([0; 32]);
        let hkdf = Hkdf::<Sha256>::new(None, &*key.bytes);
        hkdf.expand(purpose, &mut *derived).ok()?;
        Some(derived)
    }
}
