//! The bounds of what a debtor reads.

use std::collections::BTreeSet;

use super::KIB;
use super::findings::{Findings, is_word};
use crate::Channel;
use crate::bindings as wit;

const SCHEMES: [&str; 7] = [
    "http:",
    "https:",
    "mailto:",
    "javascript:",
    "data:",
    "tel:",
    "sms:",
];

pub(super) fn check(message: &wit::Message, found: &mut Findings<'_>) {
    if let wit::Channel::Other(name) = &message.channel {
        // `from_name` finds the channels that have a case of their own.
        let is_other = matches!(Channel::from_name(name), Some(Channel::Other(_)));
        found.must(is_other, || {
            format!("{name:?} is not the name of another channel")
        });
    }
    match &message.content {
        wit::Content::Template(name) => found.reference("the template", name),
        wit::Content::Inline(text) => {
            found.line("the subject", &text.subject, 0, 200);
            found.bytes("the body", &text.body, 8 * KIB);
            check_address("the subject", &text.subject, found);
            check_address("the body", &text.body, found);
        }
    }
    found.at_most("variables", message.variables.len(), 16);
    let mut names = BTreeSet::new();
    for (name, value) in &message.variables {
        found.must(is_variable(name), || {
            format!("the variable {name:?} is not a letter and up to 63 letters, digits and _")
        });
        found.must(names.insert(name), || {
            format!("the variable {name:?} comes twice")
        });
        found.bytes(name, value, KIB);
        check_address(name, value, found);
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && is_word(&name.to_ascii_lowercase(), 64, b"_")
}

fn check_address(what: &str, text: &str, found: &mut Findings<'_>) {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| c.is_whitespace() || "()<>\"'[],;".contains(c));
    let has_address = text.contains("://")
        || words.any(|word| {
            word.starts_with("www.") || SCHEMES.iter().any(|scheme| word.starts_with(scheme))
        });
    found.must(!has_address, || format!("{what} has a web address"));
}
