//! Text as it lies in a record: a file of lines that are alike packs to a fifth of it, and the
//! store writes it twice, to its log and to its table.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let packed = lz4_flex::compress_prepend_size(text.as_bytes());
    serializer.serialize_str(&STANDARD_NO_PAD.encode(packed))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let packed = String::deserialize(deserializer)?;
    let packed = STANDARD_NO_PAD.decode(packed).map_err(D::Error::custom)?;
    let text = lz4_flex::decompress_size_prepended(&packed).map_err(D::Error::custom)?;
    String::from_utf8(text).map_err(D::Error::custom)
}
