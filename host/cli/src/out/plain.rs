//! Text that a terminal only shows.
//!
//! Control characters move the cursor, change what is on the screen already or write to
//! the clipboard; characters of direction and line make a text look as if it said something
//! else. They are shown as JSON writes them (`\u001b`), so that JSON stays JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line: a line break in it is shown as `\n`.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    shown(text, |c| c == '\n' || acts(c))
}

/// Text whose line breaks are its own.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    shown(text, acts)
}

fn shown(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' if hidden(c) => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            _ if hidden(c) => {
                let _ = write!(shown, "\\u{:04x}", u32::from(c));
            }
            _ => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character does something rather than being seen: controls but for tab and line
/// feed, the separators of lines and paragraphs, and what Unicode's bidirectional algorithm
/// (UAX #9, 2.) is steered by.
fn acts(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_on_a_terminal_is_shown() {
        let text = "a\u{1b}]52;c;eA==\u{7}b\rc\u{9b}2Jd\u{202e}e\u{2028}f\n\tg";
        assert_eq!(
            lines(text),
            "a\\u001b]52;c;eA==\\u0007b\\rc\\u009b2Jd\\u202ee\\u2028f\n\tg"
        );
    }

    #[test]
    fn a_line_stays_one() {
        assert_eq!(line("a\nb\r\nc\t"), "a\\nb\\r\\nc\t");
        assert_eq!(line("Ångström, \"São Paulo\""), "Ångström, \"São Paulo\"");
    }

    #[test]
    fn json_stays_json() {
        let value = serde_json::json!({ "text": "\u{202e}\u{7f}\n" });
        let shown = line(&value.to_string()).into_owned();
        let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(read, value);
    }
}
