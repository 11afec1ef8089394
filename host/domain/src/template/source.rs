//! What a source may be, before it is compiled.

use super::address::web_address;
use super::scan::{LINK, VALUE, scan};
use super::{Fault, Part, html};

/// The longest source of one part, in bytes.
pub const SOURCE_BYTES_MAX: usize = 16 * 1024;
/// So much of an address is quoted.
const URL_CHARS_MAX: usize = 60;

/// The web address that is typed in a text with placeholders, if there is one.
pub fn typed_address(source: &str) -> Option<String> {
    let typed = scan(source);
    let mut literals = typed.literals.iter();
    web_address(&with_stand_ins(&typed.text))
        .or_else(|| literals.find_map(|(_, text)| web_address(text)))
}

/// Faults of a source, each with its line.
pub(super) fn faults(part: Part, source: &str) -> Vec<(Option<usize>, Fault)> {
    let mut faults = Vec::new();
    if source.len() > SOURCE_BYTES_MAX {
        // Nothing else is looked at: it would take longer than it may.
        let (len, max) = (source.len(), SOURCE_BYTES_MAX);
        return vec![(None, Fault::SourceTooLong { len, max })];
    }
    if source.trim().is_empty() {
        faults.push((None, Fault::Empty));
    }
    let typed = scan(source);
    let mut found: Vec<(usize, Fault)> = typed.fault.into_iter().collect();
    let text = if part == Part::Html {
        let html = html::read(&typed.text, &|value| value.chars().eq([LINK]));
        found.extend(html.faults);
        html.text
    } else {
        typed.text
    };
    let lines = with_stand_ins(&text);
    let lines = lines.lines().zip(1..).map(|(text, line)| (line, text));
    let literals = typed.literals.iter();
    let literals = literals.map(|(line, text)| (*line, text.as_str()));
    found.extend(lines.chain(literals).filter_map(|(line, text)| {
        let url = web_address(text)?.chars().take(URL_CHARS_MAX).collect();
        Some((line, Fault::UrlInSource { url }))
    }));
    found.sort_by_key(|(line, _)| *line);
    faults.extend(found.into_iter().map(|(line, fault)| (Some(line), fault)));
    faults
}

/// What is printed, as words of which an address could be made: a host, with or without
/// another host before or behind it.
pub(super) fn with_stand_ins(text: &str) -> String {
    text.replace(LINK, " 0").replace(VALUE, "0")
}

/// A language, then an optional script and region: `pt`, `pt-BR`, `zh-Hant-TW`.
pub(crate) fn is_locale(tag: &str) -> bool {
    let all = |text: &str, check: fn(&u8) -> bool| text.bytes().all(|byte| check(&byte));
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && all(language, u8::is_ascii_lowercase)
        && subtags.clone().count() <= 2
        && subtags.all(|subtag| match subtag.len() {
            2 => all(subtag, u8::is_ascii_uppercase),
            3 => all(subtag, u8::is_ascii_digit),
            4 => all(subtag, u8::is_ascii_alphabetic),
            _ => false,
        })
}
