//! API keys: who may call, for which tenant, in which role.
//!
//! A token names its tenant and its key, and bears 256 bits of chance; of these the store has
//! the SHA-256 alone. So a key is looked up within its tenant like anything else of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_engine::Chance;
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// What every token begins with, so that leaked ones are found by scanners.
const MARK: &str = "regua_";

/// What a key may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the host: tenants and their first keys. Reads no debtor's data.
    Operator,
    /// Everything of one tenant.
    Admin,
    /// Plugins, templates, workflows, the sandbox's clock.
    Developer,
    /// Cases: tasks, replies, holds, promises, disputes.
    Agent,
    /// Tells what happened: customers, invoices, payments, results of effects.
    Ingest,
    /// Looks.
    Viewer,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Operator,
        Self::Admin,
        Self::Developer,
        Self::Agent,
        Self::Ingest,
        Self::Viewer,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Admin => "admin",
            Self::Developer => "developer",
            Self::Agent => "agent",
            Self::Ingest => "ingest",
            Self::Viewer => "viewer",
        }
    }
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub role: Role,
    /// SHA-256 of its secret, hex.
    pub digest: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Record for Key {
    const KIND: &'static str = "key";
}

/// Makes a key and writes it down; its token is told to nobody but the caller.
pub async fn create(
    store: &dyn TenantStore,
    key: NewKey<'_>,
    now: Timestamp,
    chance: &Chance,
) -> Result<(Token, Key), StoreError> {
    let token = Token::mint(store.id(), chance);
    let key = Key {
        label: key.label.to_owned(),
        role: key.role,
        digest: token.digest(),
        created_at: now,
        expires_at: key.expires_at,
        revoked_at: None,
    };
    let write = RecordWrite::put(&token.id, Seen::Nothing, &key, None)?;
    store.write_records(vec![write]).await?;
    Ok((token, key))
}

/// A key to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewKey<'a> {
    /// What it is for.
    pub label: &'a str,
    /// What it may do. The operator's keys are operator keys, and a tenant's are not.
    pub role: Role,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A token, as whoever bears it says it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Whose it is: the operator's have [`regua_storage::OPERATOR`].
    pub tenant: TenantId,
    /// The key's id.
    pub id: String,
    secret: [u8; 32],
}

/// A token is never printed by accident.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token({})", self.id)
    }
}

impl Token {
    /// Makes a new one.
    pub fn mint(tenant: TenantId, chance: &Chance) -> Self {
        let mut id = [0; 8];
        let mut secret = [0; 32];
        chance(&mut id);
        chance(&mut secret);
        Self {
            tenant,
            id: format!("key_{:016x}", u64::from_be_bytes(id)),
            secret,
        }
    }

    /// What is told to whoever is to bear it, once.
    pub fn reveal(&self) -> String {
        let id = self.id.trim_start_matches("key_");
        format!(
            "{MARK}{}_{id}_{}",
            self.tenant.0.simple(),
            URL_SAFE_NO_PAD.encode(self.secret)
        )
    }

    /// Reads one; none where the text is no token.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(MARK)?.splitn(3, '_');
        let tenant = Uuid::try_parse(parts.next()?).ok()?;
        let id = parts.next()?;
        let is_id = id.len() == 16
            && id
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let secret = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        is_id.then_some(Self {
            tenant: TenantId(tenant),
            id: format!("key_{id}"),
            secret: secret.try_into().ok()?,
        })
    }

    /// The digest that the store has of it.
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.secret))
    }

    /// Whether it is this key's, and the key may be used at `now`.
    pub fn opens(&self, key: &Key, now: Timestamp) -> bool {
        let is_it = self.digest().as_bytes().ct_eq(key.digest.as_bytes());
        bool::from(is_it)
            && key.revoked_at.is_none()
            && key.expires_at.is_none_or(|ends| now < ends)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn minted() -> Token {
        let chance: Chance = Arc::new(|bytes: &mut [u8]| bytes.fill(0xfb));
        Token::mint(TenantId(Uuid::from_u128(7)), &chance)
    }

    #[test]
    fn a_token_reads_back_what_was_revealed() {
        let token = minted();
        assert_eq!(Token::parse(&token.reveal()), Some(token));
    }

    #[test]
    fn what_is_no_token_is_none() {
        let good = minted().reveal();
        let cut = &good[..good.len() - 1];
        for text in [
            "",
            "regua_",
            "regua___",
            cut,
            &good.to_uppercase(),
            &good[1..],
        ] {
            assert_eq!(Token::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_is_opened_by_its_token_until_it_ends_or_is_revoked() {
        let token = minted();
        let key = Key {
            label: String::new(),
            role: Role::Viewer,
            digest: token.digest(),
            created_at: Timestamp(0),
            expires_at: Some(Timestamp(10)),
            revoked_at: None,
        };
        assert!(token.opens(&key, Timestamp(9)));
        assert!(!token.opens(&key, Timestamp(10)));
        let mut other = token.clone();
        other.secret[31] ^= 1;
        assert!(!other.opens(&key, Timestamp(9)));
        let revoked = Key {
            revoked_at: Some(Timestamp(5)),
            ..key
        };
        assert!(!token.opens(&revoked, Timestamp(9)));
    }
}
