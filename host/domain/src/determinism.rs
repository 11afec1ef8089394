//! Plugins that answer differently to equal input.

use serde::{Deserialize, Serialize};

use crate::id::CaseId;
use crate::time::Timestamp;

/// How a plugin was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// A fresh instance answered otherwise than what is recorded.
    Again,
    /// One instance, asked twice in a row, answered otherwise than a fresh one: it keeps something
    /// from call to call.
    InARow,
}

impl How {
    /// Its kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::InARow => "in-a-row",
        }
    }
}

/// That a plugin version answered differently to equal input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonDeterminism {
    /// `name@version`.
    pub plugin: String,
    /// SHA-256 of its component, hexadecimal.
    pub digest: String,
    /// When it was found.
    pub at: Timestamp,
    /// By a decision of this case …
    pub case: CaseId,
    /// … in this transition of it.
    pub sequence: u64,
    /// The stage that was asked.
    pub stage: String,
    /// How it was found.
    pub how: How,
    /// In what the answers differ: `next`, `proposals`, `memory`, …
    pub differs: String,
    /// What was recorded, cut.
    pub recorded: String,
    /// What was answered then, cut.
    pub again: String,
}
