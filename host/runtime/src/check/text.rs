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

fn is_of(text: &str, max: usize, also: &[u8]) -> bool {
    (1..=max).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || also.contains(&byte))
}

const fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}
