//! What a fixture expects, and how an answer differs from it.

use regua_domain::contract::{Answer, Decision, FailureKind, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::out;

/// An answer, as fixtures have it. A failure's details are for people: a compiler's next version
/// tells them otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Expected {
    Decision(Decision),
    Refusal(Refusal),
    Failure { kind: FailureKind },
}

impl Expected {
    /// What an answer would be expected as; none of one that another call may not give.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        match answer {
            Answer::Decision(decision) => Some(Self::Decision(decision.clone())),
            Answer::Refusal(refusal) => Some(Self::Refusal(refusal.clone())),
            Answer::Failure { kind, .. } => Some(Self::Failure { kind: *kind }),
            Answer::Inconclusive | Answer::HostFault { .. } => None,
        }
    }

    /// For people, over several lines.
    fn lines(expected: Option<&Self>) -> String {
        let value = expected.map(|expected| legible(serde_json::to_value(expected)));
        value.map_or_else(String::new, |value| format!("{value:#}\n"))
    }
}

/// Memory as the text that it nearly always is.
fn legible(value: serde_json::Result<Value>) -> Value {
    let mut value = value.unwrap_or_default();
    if let Some(memory) = value.pointer_mut("/decision/memory")
        && let Ok(bytes) = serde_json::from_value::<Vec<u8>>(memory.clone())
        && let Ok(text) = String::from_utf8(bytes)
    {
        *memory = Value::String(text);
    }
    value
}

/// The lines in which an answer differs from what is expected.
pub(super) fn difference(expected: Option<&Expected>, came: Option<&Expected>) -> String {
    out::difference(&Expected::lines(expected), &Expected::lines(came))
}

#[cfg(test)]
mod tests {
    use super::*;
    use regua_domain::contract::Next;

    fn leaves(outcome: &str, memory: Option<&str>) -> Expected {
        Expected::Decision(Decision {
            proposals: Vec::new(),
            next: Next::Leave(outcome.to_owned()),
            memory: memory.map(|text| text.as_bytes().to_vec()),
            reasons: Vec::new(),
        })
    }

    #[test]
    fn a_difference_shows_what_was_expected_and_what_came() {
        let (expected, came) = (leaves("sent", Some("{}")), leaves("unreachable", None));
        let text = difference(Some(&expected), Some(&came));
        for line in [
            "  -     \"memory\": \"{}\",\n",
            "  +     \"memory\": null,\n",
            "  -       \"leave\": \"sent\"\n",
            "  +       \"leave\": \"unreachable\"\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
        assert_eq!(difference(Some(&came), Some(&came)), "");
    }

    #[test]
    fn the_kind_of_a_failure_counts_and_not_its_details() {
        let failed = |detail: &str| Answer::Failure {
            kind: FailureKind::Trap,
            detail: detail.to_owned(),
        };
        assert_eq!(Expected::of(&failed("a")), Expected::of(&failed("b")));
        assert_eq!(Expected::of(&Answer::Inconclusive), None);
    }
}
