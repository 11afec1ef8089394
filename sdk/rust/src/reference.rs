//! Names in a config that the host resolves when a workflow is published, so that a
//! misspelt template or team is found then and not on the first late day.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

macro_rules! references {
    ($($(#[$meta:meta])* $name:ident = $format:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as the tenant wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.to_owned())
            }
        }

        impl From<&$name> for String {
            fn from(reference: &$name) -> Self {
                reference.0.clone()
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format, "minLength": 1 })
            }
        }
    )+};
}

references! {
    /// A template that an admin of the tenant published.
    TemplateRef = "regua-template";
    /// A team of people at the tenant.
    TeamRef = "regua-team";
    /// A collection agency.
    AgencyRef = "regua-agency";
    /// A segment of customers.
    SegmentRef = "regua-segment";
    /// Interest terms: rate, base, day count, rounding, ceiling.
    TermsRef = "regua-terms";
}
