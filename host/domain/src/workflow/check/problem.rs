//! What is wrong with a document, and where.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::cut::cut;

/// Longer texts and pointers are cut: they repeat what the document says.
const TEXT_CHARS_MAX: usize = 1_000;
const POINTER_CHARS_MAX: usize = 200;

/// A fault of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// RFC 6901, into the document; empty where the document as a whole is meant.
    pub pointer: String,
    /// In the text, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// In that line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// For the author: a lowercase fragment.
    pub text: String,
}

impl Problem {
    /// A problem without a line.
    pub fn new(pointer: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            line: None,
            column: None,
            text: match text.into() {
                long if long.len() > TEXT_CHARS_MAX => cut(&long, TEXT_CHARS_MAX).into_owned(),
                text => text,
            },
        }
    }

    /// What problems are sorted by: members of the document and of stages in the order in
    /// which the documentation has them, list items by number, everything else by name.
    pub(super) fn place(&self, value: &Value) -> (Vec<(usize, String)>, String) {
        let mut at = Some(value);
        let tokens = self.pointer.split('/').skip(1);
        let place = tokens.map(|token| {
            let rank = match at {
                Some(Value::Array(_)) => token.parse().unwrap_or(usize::MAX),
                _ => MEMBERS
                    .iter()
                    .position(|known| *known == token)
                    .unwrap_or(MEMBERS.len()),
            };
            let name = unescape(token);
            at = match at {
                Some(Value::Array(items)) => items.get(rank),
                Some(Value::Object(members)) => members.get(&name),
                _ => None,
            };
            (rank, name)
        });
        (place.collect(), self.text.clone())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        if let Some(column) = self.column {
            write!(f, "column {column}, ")?;
        }
        let pointer = if self.pointer.is_empty() {
            "the document"
        } else {
            &cut(&self.pointer, POINTER_CHARS_MAX)
        };
        write!(f, "{pointer}: {}", self.text)
    }
}

const MEMBERS: [&str; 16] = [
    "name",
    "send_window",
    "calendar",
    "roll",
    "tolerance",
    "late_entry",
    "catch_up",
    "on_reanchor",
    "paid",
    "max_silence",
    "stages",
    "id",
    "plugin",
    "at",
    "config",
    "on",
];

/// The pointer to a member or item below `base`.
pub(super) fn join(base: &str, token: &str) -> String {
    format!("{base}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// A pointer's token as the member's name.
fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// `` `a`, `b` and `c` ``; with `or`, `` `a`, `b` or `c` ``.
pub(super) fn list<T: AsRef<str>>(names: &[T], word: &str) -> String {
    let quoted: Vec<_> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}
