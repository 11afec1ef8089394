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
    let text = without_placeholders(&text.to_lowercase());
    found.must(!has_address(&text), || format!("{what} has a web address"));
}

/// The text with a sign for each `{{ name.of.a.value }}`.
fn without_placeholders(text: &str) -> String {
    let mut pieces = text.split("{{");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + "0" + piece.split_once("}}").map_or(piece, |(_, behind)| behind)
    })
}

fn has_address(text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || "-._@:/?#".contains(c)));
    let is_host = |name: &str| {
        let mut labels = name.split('.').zip(name.split('.').skip(1));
        labels.any(|(label, next)| {
            let letters = next.chars().take_while(|c| c.is_alphabetic()).count();
            let behind = next.chars().nth(letters);
            !label.is_empty() && letters >= 2 && behind.is_none_or(|c| !c.is_alphanumeric())
        })
    };
    let has_scheme = SCHEMES.iter().any(|scheme| {
        let mut places = text.match_indices(scheme);
        places.any(|(at, _)| {
            let behind = text[at + scheme.len()..].chars().next();
            !text[..at].ends_with(char::is_alphanumeric)
                && behind.is_some_and(|c| !c.is_whitespace())
        })
    });
    has_scheme
        || words.any(|word| {
            word.contains("://")
                || word.starts_with("www.")
                || word.split(['/', '?', '#', ':', '@']).any(is_host)
        })
}
