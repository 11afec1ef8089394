//! Parts of a whole, and their rounding.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// What becomes of the fraction of a minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// To the nearest minor unit, a half away from zero.
    HalfUp,
    /// Away from zero.
    Up,
}

/// Hundredths of a percent, from 0 to 10000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct BasisPoints(u32);

impl BasisPoints {
    /// All of it.
    pub const WHOLE: Self = Self(10_000);

    /// None if it is more than the whole.
    pub const fn new(points: u32) -> Option<Self> {
        if points <= Self::WHOLE.0 {
            Some(Self(points))
        } else {
            None
        }
    }

    /// The number of basis points.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for BasisPoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = u32::deserialize(deserializer)?;
        Self::new(points).ok_or_else(|| D::Error::custom("more than 10000 basis points"))
    }
}

impl JsonSchema for BasisPoints {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "BasisPoints".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 0, "maximum": Self::WHOLE.0 })
    }
}
