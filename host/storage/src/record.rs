//! Records: how domain values lie in a column.
//!
//! Values that people and tools look at are JSON; what was told to a stage and answered,
//! of which there is one a decision, is postcard, compressed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use regua_domain::timeline::DecisionRecord;

use crate::StoreError;

/// A value as JSON text.
pub fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| corrupt(what, source))
}

/// A value from JSON text.
pub fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|source| corrupt(what, source))
}

/// A decision record in bytes.
pub fn to_bytes(record: &DecisionRecord) -> Result<Vec<u8>, StoreError> {
    let plain = postcard::to_stdvec(record).map_err(|source| corrupt("decision record", source))?;
    Ok(lz4_flex::compress_prepend_size(&plain))
}

/// A decision record from bytes.
pub fn from_bytes(bytes: &[u8]) -> Result<DecisionRecord, StoreError> {
    let plain = lz4_flex::decompress_size_prepended(bytes)
        .map_err(|source| corrupt("decision record", source))?;
    postcard::from_bytes(&plain).map_err(|source| corrupt("decision record", source))
}

/// A stored value that does not read back.
pub fn corrupt(
    what: &'static str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    StoreError::Corrupt {
        what,
        source: Box::new(source),
    }
}
