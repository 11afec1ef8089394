//! What a source may be, before it is compiled.

use super::{Fault, Part};

/// The longest source of one part, in bytes.
pub const SOURCE_BYTES_MAX: usize = 16 * 1024;

/// Whether a text has a URL, or what mail programs make a link of: `://` or `www.`.
pub fn mentions_url(text: &str) -> bool {
    url_in(Part::Text, text).is_some()
}

/// Faults of a source, each with its line.
pub(super) fn faults(part: Part, source: &str) -> Vec<(Option<usize>, Fault)> {
    let mut faults = Vec::new();
    if source.len() > SOURCE_BYTES_MAX {
        faults.push((
            None,
            Fault::SourceTooLong {
                len: source.len(),
                max: SOURCE_BYTES_MAX,
            },
        ));
    }
    if source.trim().is_empty() {
        faults.push((None, Fault::Empty));
    }
    for (index, line) in source.lines().enumerate() {
        if let Some(url) = url_in(part, line) {
            faults.push((Some(index + 1), Fault::UrlInSource { url }));
        }
    }
    faults
}

/// The URL in a line: from a scheme, `www.` or, in HTML, from the two slashes that begin a
/// link to another host under the page's own scheme.
fn url_in(part: Part, line: &str) -> Option<String> {
    // Only ASCII is lowered, so that positions stay the same.
    let lower = line.to_ascii_lowercase();
    let html = ["\"//", "'//", "=//", "(//"]
        .iter()
        .filter(|_| part == Part::Html);
    let start = ["://", "www."]
        .iter()
        .chain(html)
        .filter_map(|mark| lower.find(mark))
        .min()?;
    let scheme = lower[..start]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_alphabetic)
        .count();
    let url = &line[start - scheme..];
    Some(
        url.chars()
            .take_while(|c| !c.is_whitespace())
            .take(60)
            .collect(),
    )
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
