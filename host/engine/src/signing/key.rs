//! Ed25519 keys, in the files that OpenSSL writes: PKCS#8 (RFC 8410), PEM.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regua_runtime::sha256_hex;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::message;
use crate::Chance;

/// What a public key's DER begins with; 32 bytes follow. RFC 8410, section 4.
const PUBLIC_DER: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
/// What a private key's DER begins with; 32 bytes follow. RFC 8410, section 7.
const PRIVATE_DER: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no public key in it.
    #[error("is no PEM of a public key: it begins with `-----BEGIN PUBLIC KEY-----`")]
    NoPublic,
    /// A private key, which nobody is to be shown.
    #[error("is a private key: it is yours to keep, register its public key")]
    Private,
    /// There is no private key in it.
    #[error(
        "is no PEM of a private key: it begins with `-----BEGIN PRIVATE KEY-----`; one that is \
         encrypted has to be decrypted first"
    )]
    NoPrivate,
    /// A key of another kind.
    #[error("is no Ed25519 key: `openssl genpkey -algorithm ed25519` makes one")]
    NotEd25519,
    /// A signature that nobody made would pass for one of it.
    #[error("is a weak key: what nobody signed would pass for signed by it; make another")]
    Weak,
}

/// How often a weak key is to show itself: it does each time with a chance of one in eight at
/// least.
const PROBES: u16 = 256;

/// Whom signatures are by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads the first public key of a PEM text.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let Ok(found) = SubjectPublicKeyInfoDer::from_pem_slice(text) else {
            let is_private = PrivatePkcs8KeyDer::from_pem_slice(text).is_ok();
            return Err(if is_private {
                KeyError::Private
            } else {
                KeyError::NoPublic
            });
        };
        let key = found.as_ref().strip_prefix(&PUBLIC_DER);
        let key = key.and_then(|key| key.try_into().ok());
        let key = key.map(Self).ok_or(KeyError::NotEd25519)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(key)
    }

    /// Whether its point is of small order. Then the signature of nobody, whose R is the identity
    /// and whose S is zero, verifies for a share of all messages; of any other key, for none.
    fn is_weak(&self) -> bool {
        let mut nobodys = [0; 64];
        nobodys[0] = 1;
        (0..PROBES).any(|probe| self.has_signed(&probe.to_be_bytes(), &nobodys))
    }

    /// What it is called: `plk_` and the first 32 hexadecimal digits of the SHA-256 of its 32
    /// bytes. Whoever has the key can tell.
    pub fn id(&self) -> String {
        format!("plk_{}", &sha256_hex(&self.0)[..32])
    }

    /// As a file of its own.
    pub fn to_pem(&self) -> String {
        pem("PUBLIC KEY", &[&PUBLIC_DER[..], &self.0].concat())
    }

    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, &self.0);
        key.verify(message, signature).is_ok()
    }
}

/// Its 32 bytes, hexadecimal.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        bytes_of(&text).map(Self).ok_or(KeyError::NotEd25519)
    }
}

/// What signatures are made with.
pub struct PrivateKey(Ed25519KeyPair);

/// A key is never printed by accident.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public().id())
    }
}

impl PrivateKey {
    /// Makes a new one, with the file that it is kept in.
    pub fn generate(chance: &Chance) -> Result<(Self, Zeroizing<String>), KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        chance(&mut *seed);
        let der = Zeroizing::new([&PRIVATE_DER[..], &*seed].concat());
        let key = Self::from_der(&der)?;
        Ok((key, Zeroizing::new(pem("PRIVATE KEY", &der))))
    }

    /// Reads the first private key of a PEM text.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(text).map_err(|_| KeyError::NoPrivate)?;
        Self::from_der(der.secret_pkcs8_der())
    }

    /// With the public key in it or, as OpenSSL writes it, without.
    fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der);
        pair.map(Self).map_err(|_| KeyError::NotEd25519)
    }

    /// Its public key.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    /// The signature of an upload with this digest, hexadecimal.
    pub fn sign(&self, digest: &str) -> String {
        hex(self.0.sign(&message(digest)).as_ref())
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    // Either key's DER is of 48 bytes at most: one line of 64 characters.
    let body = Zeroizing::new(STANDARD.encode(der));
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        *body
    )
}

/// In lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of so many hexadecimal digits; none where the text is something else.
pub(super) fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// What `openssl genpkey -algorithm ed25519` wrote, and `openssl pkey -pubout` of it.
    const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEIGAi0fzqtPTiLld7ZDOrY29xpokDRMpcdG4jtHuKumsI\n\
        -----END PRIVATE KEY-----\n";
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAUE2T8Q2bGiwSNzPM62r6RGj3fQIGJvGKQIvP3Byfnsw=\n\
        -----END PUBLIC KEY-----\n";
    /// What the commands of this module's documentation made of an empty file with this key.
    const SIGNATURE: &str = "b0c71a5f6a625d7d2247d50c81c727839601c6565b8aa0363d904d1c2901202984a7221d6e2f98d01da76b58d1d0df3769c52776fe3d918229fbbef413c6d904";

    #[test]
    fn what_openssl_writes_and_signs_is_read_and_taken() {
        let private = PrivateKey::from_pem(PRIVATE.as_bytes()).unwrap();
        let public = PublicKey::from_pem(PUBLIC.as_bytes()).unwrap();
        assert_eq!(private.public(), public);
        assert_eq!(public.to_pem(), PUBLIC);
        let digest = sha256_hex(b"");
        assert_eq!(private.sign(&digest), SIGNATURE);
        let signature = bytes_of::<64>(SIGNATURE).unwrap();
        assert!(public.has_signed(&message(&digest), &signature));
        assert!(!public.has_signed(&message(&sha256_hex(b"x")), &signature));
        // Of the digest alone it stands for nothing.
        assert!(!public.has_signed(digest.as_bytes(), &signature));
    }

    #[test]
    fn a_new_key_is_read_back_from_its_file() {
        let chance: Chance = Arc::new(|bytes: &mut [u8]| bytes.fill(7));
        let (key, file) = PrivateKey::generate(&chance).unwrap();
        let again = PrivateKey::from_pem(file.as_bytes()).unwrap();
        assert_eq!(again.public(), key.public());
        let public = PublicKey::from_pem(key.public().to_pem().as_bytes());
        assert_eq!(public, Ok(key.public()));
        let text = serde_json::to_string(&key.public()).unwrap();
        assert_eq!(
            serde_json::from_str::<PublicKey>(&text).unwrap(),
            key.public()
        );
        assert_eq!(key.public().id().len(), 36);
    }

    #[test]
    fn what_is_no_key_is_told_apart() {
        let public = |text: &str| PublicKey::from_pem(text.as_bytes()).unwrap_err();
        let private = |text: &str| PrivateKey::from_pem(text.as_bytes()).unwrap_err();
        assert_eq!(public(PRIVATE), KeyError::Private);
        for text in ["", "ssh-ed25519 AAAA", &PUBLIC[1..]] {
            assert_eq!(public(text), KeyError::NoPublic, "{text}");
        }
        let short = pem("PUBLIC KEY", &PUBLIC_DER);
        assert_eq!(public(&short), KeyError::NotEd25519);
        let x25519 = pem("PUBLIC KEY", &{
            let mut der = [&PUBLIC_DER[..], &[9; 32]].concat();
            der[8] = 0x6e;
            der
        });
        assert_eq!(public(&x25519), KeyError::NotEd25519);
        assert_eq!(private(PUBLIC), KeyError::NoPrivate);
        let other = pem("PRIVATE KEY", &[&PRIVATE_DER[..], &[1; 31]].concat());
        assert_eq!(private(&other), KeyError::NotEd25519);
    }

    #[test]
    fn a_key_of_small_order_is_refused_for_anybody_could_sign_with_it() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut of_order_two = [0xff; 32];
        (of_order_two[0], of_order_two[31]) = (0xec, 0x7f);
        for point in [identity, [0; 32], of_order_two] {
            let pem = PublicKey(point).to_pem();
            assert_eq!(PublicKey::from_pem(pem.as_bytes()), Err(KeyError::Weak));
        }
    }

    #[test]
    fn hexadecimal_digits_are_counted() {
        assert_eq!(bytes_of::<2>("0aFF"), Some([10, 255]));
        for text in ["", "0a", "0aff0", "0a+f", "0aéx"] {
            assert_eq!(bytes_of::<2>(text), None, "{text}");
        }
    }
}
