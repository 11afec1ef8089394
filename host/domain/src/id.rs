//! Typed ids: a prefix that tells what is named, and 128 bits.
//!
//! Ids that enter from outside are `UUIDv7`, made where the fact is taken in. Ids that a
//! transition makes are derived from the name of that transition, so that a replay makes
//! the same ones ([`derived`]).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id of the form {prefix}_<32 hex digits>")]
pub struct ParseIdError {
    text: String,
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or_else(|| ParseIdError { text: text.to_owned(), prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

// The register: append only, prefixes never change.
ids! {
    /// A tenant.
    TenantId = "ten";
    /// A customer of a tenant: the debtor.
    CustomerId = "cus";
    /// An open item: an invoice, a fee, interest.
    ItemId = "inv";
    /// A dunning case.
    CaseId = "case";
    /// A cover: dispute, pending payment, promise, plan or hold.
    CoverId = "cov";
    /// A payment.
    PaymentId = "pay";
    /// A person's task.
    TaskId = "task";
    /// A fact waiting in a customer's inbox.
    FactId = "fact";
}

/// The id of the `index`th thing that transition `sequence` of a case made:
/// 128 bits of a SHA-256 over its name, so that replays and both stores agree.
pub fn derived(case: CaseId, sequence: u64, what: &str, index: u32) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(case.0.as_bytes());
    hash.update(sequence.to_be_bytes());
    hash.update(index.to_be_bytes());
    hash.update(what.as_bytes());
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = CaseId(derived(CaseId(Uuid::nil()), 3, "case", 0));
        assert_eq!(id.to_string().parse::<CaseId>().unwrap(), id);
        assert!(id.to_string().starts_with("case_"));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let error = format!("cus_{}", Uuid::nil().simple())
            .parse::<CaseId>()
            .unwrap_err();
        assert!(error.to_string().contains("case_<32 hex digits>"));
    }
}
