//! Forms of text.

/// Whether a text has any control character, line breaks among them: then it is no
/// subject, title or name.
pub(crate) fn has_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() || is_line_separator(c))
}

/// Whether a text has a control character that is not of plain text.
pub(crate) fn has_odd_control(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Whether a text is a proposal's key: 1 to 64 characters of `a-z`, `0-9`, `-`, `.`, `:`.
pub(crate) fn is_key(text: &str) -> bool {
    is_of(text, 64, b"-.:")
}

/// Whether a text is 1 to `max` characters of `a-z`, `0-9`, `-`, `.`.
pub(crate) fn is_dotted_name(text: &str, max: usize) -> bool {
    is_of(text, max, b"-.")
}

/// Whether a text is the key of an item: 1 to 64 characters of `a-z`, `0-9`, `-`, `_`.
pub(crate) fn is_item_key(text: &str) -> bool {
    is_of(text, 64, b"-_")
}

/// Whether a text is a variable's name in a template: 1 to 64 characters of `a-z`, `A-Z`,
/// `0-9`, `_`, the first one a letter.
pub(crate) fn is_variable_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a mail program or a phone would make a link of some of this text. Links come
/// from host placeholders alone: whoever can write one into a dunning letter can send the
/// money elsewhere.
pub(crate) fn has_url(text: &str) -> bool {
    // Cheap first: without a point or a colon there is no address in any form.
    if !text.bytes().any(|byte| matches!(byte, b'.' | b':')) && text.is_ascii() {
        return false;
    }
    let text = without_placeholders(text);
    // Full-width and ideographic points are points to a resolver (UTS #46).
    let lower: String = text.to_lowercase().replace(['。', '．', '｡'], ".");
    lower.contains("://")
        || [
            "http:",
            "https:",
            "mailto:",
            "javascript:",
            "data:",
            "tel:",
            "sms:",
        ]
        .iter()
        .any(|scheme| words(&lower).any(|word| word.starts_with(scheme)))
        || words(&lower).any(is_web_address)
}

/// The text without `{{ name.of.a.value }}`: the host's own links are no finding. Any
/// other expression stays, for it could hold an address in quotes.
fn without_placeholders(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("{{") {
        plain.push_str(before);
        let is_name = |inner: &str| {
            inner
                .trim()
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        };
        rest = match after.split_once("}}") {
            Some((inner, behind)) if is_name(inner) => behind,
            _ => after,
        };
        plain.push(' ');
    }
    plain.push_str(rest);
    plain
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | ')' | '<' | '>' | '"' | '\'' | '[' | ']' | ',' | ';'
            )
    })
}

/// Endings that programs recognise without a scheme. A longer list would catch more
/// sentences whose full stop lacks its space.
const ENDINGS: [&str; 33] = [
    "com", "net", "org", "info", "biz", "io", "co", "me", "app", "dev", "link", "ly", "gl", "page",
    "site", "online", "shop", "store", "top", "xyz", "club", "live", "click", "cc", "ru", "cn",
    "br", "pt", "us", "uk", "eu", "money", "bank",
];

fn is_web_address(word: &str) -> bool {
    if word.starts_with("www.") {
        return true;
    }
    let host = word
        .split(['/', '?', '#', ':'])
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', '!']);
    let has_path = word.len() > host.len() + 1 && word[host.len()..].starts_with(['/', '?', '#']);
    let Some((name, ending)) = host.rsplit_once('.') else {
        return false;
    };
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_host = name
        .split('.')
        .all(|label| is_label(label.rsplit('@').next().unwrap_or_default()));
    let is_ending = ending.chars().count() >= 2 && ending.chars().all(char::is_alphabetic);
    is_host && (ENDINGS.contains(&ending) || (has_path && is_ending))
}

fn is_of(text: &str, max: usize, also: &[u8]) -> bool {
    (1..=max).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || also.contains(&byte))
}

const fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_with_and_without_a_scheme() {
        for link in [
            "pay at https://evil.example",
            "HTTP://EVIL",
            "see www.evil.example",
            "go to evil.com",
            "go to evil.com.",
            "(evil.com.br)",
            "evil.example/pay",
            "write to mailto:a@b",
            "evil。com",
            "{{ links.pay }}evil.com",
            "{{ 'evil.com' }}",
        ] {
            assert!(has_url(link), "{link}");
        }
    }

    #[test]
    fn sentences_and_placeholders_are_no_links() {
        for plain in [
            "Dear {{ customer.name }}, you owe {{ balance.overdue }}. Pay: {{ links.pay }}",
            "Due 1.000,00 on 02.03.2026.",
            "Olá. Sua fatura venceu; veja a 2.ª via.",
            "Reminder: and/or n.d.",
            "",
        ] {
            assert!(!has_url(plain), "{plain}");
        }
    }
}
