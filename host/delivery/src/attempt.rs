//! One try to hand something over, as a store keeps it.

use regua_domain::cut::cut;
use regua_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::schedule::Schedule;

/// The longest piece of an answer that is kept.
const DETAIL_CHARS_MAX: usize = 200;

/// How often it was tried, and what is needed to plan the next try.
#[derive(Debug, Clone, Copy)]
pub struct Trying<'a> {
    /// Tries that failed before this one.
    pub failed: u32,
    /// The steps.
    pub schedule: &'a Schedule,
    /// The instant of this try.
    pub now: Timestamp,
    /// Any random number.
    pub chance: u64,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, milliseconds.
    pub ms: u64,
    /// The status of HTTP or SMTP, where there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A stable name for what happened, e.g. `accepted`, `timed-out`, `address-refused`,
    /// `http-500`, `bounced`.
    pub code: String,
    /// In words, for the tenant: the beginning of the answer, or of the error. One line,
    /// without signatures, secrets and web addresses; it may repeat what was sent.
    pub detail: String,
    /// What follows.
    pub next: Next,
}

/// What follows a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Next {
    /// Nothing: it was handed over.
    Done,
    /// Another try, under the same key.
    Again {
        /// Not before this instant.
        not_before: Timestamp,
    },
    /// It cannot be handed over.
    Failed,
    /// … and nothing else can be handed over there: the endpoint is to be disabled, or the
    /// address marked as bounced.
    Gone,
}

/// A text made one line without control characters, short enough to be kept.
pub(crate) fn one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .take(DETAIL_CHARS_MAX * 4)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<_> = line.split_whitespace().collect();
    cut(&words.join(" "), DETAIL_CHARS_MAX).into_owned()
}

/// An error and its sources.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let said = source.to_string();
        // Some libraries repeat a source in the text of their own.
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = source.source();
    }
    one_line(&text)
}
