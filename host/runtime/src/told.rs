//! What a guest gave, quoted within bounds: a name may be a mebibyte long, a list have a
//! hundred thousand entries, and what is told stays on a timeline for ever.

/// Bytes of a name that is quoted.
const NAME_BYTES_MAX: usize = 100;
/// More problems than fit on a screen help nobody.
const PROBLEMS_MAX: usize = 8;
/// Bytes of a text as a whole.
const DETAIL_BYTES_MAX: usize = 2 << 10;

/// A name to be quoted: its beginning, where it is long.
pub(crate) fn name(name: &str) -> String {
    plain(name, NAME_BYTES_MAX, |_| false)
}

/// A text on one line: its beginning, where it is long.
pub(crate) fn line(text: &str) -> String {
    plain(text, DETAIL_BYTES_MAX, |_| false)
}

/// A text with the host's own line breaks: whatever a guest gave of it was quoted before.
pub(crate) fn lines(text: &str) -> String {
    plain(text, DETAIL_BYTES_MAX, |c| c == '\n')
}

/// The first problems, and how many more there are; each of bounded length.
pub(crate) fn problems(problems: Vec<String>) -> Vec<String> {
    let more = problems.len().saturating_sub(PROBLEMS_MAX);
    let first = problems.into_iter().take(PROBLEMS_MAX);
    let mut told: Vec<String> = first.map(|problem| line(&problem)).collect();
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told
}

/// The beginning of a text, and a sign where it was cut. What would move a terminal's
/// cursor, begin a line of a log or turn the order of what follows is told by its number.
fn plain(text: &str, bytes_max: usize, keeps: impl Fn(char) -> bool) -> String {
    let kept = &text[..text.floor_char_boundary(bytes_max)];
    let mut told = String::with_capacity(kept.len());
    for c in kept.chars() {
        if is_active(c) && !keeps(c) {
            told.extend(c.escape_default());
        } else {
            told.push(c);
        }
    }
    if kept.len() < text.len() {
        told.push('…');
    }
    told
}

/// Controls, line separators, and the marks of bidirectional text.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        assert_eq!(name("wasi:clocks"), "wasi:clocks");
        assert_eq!(name(&"é".repeat(51)), "é".repeat(50) + "…");
        assert_eq!(
            name(&("x".to_owned() + &"é".repeat(50))),
            "x".to_owned() + &"é".repeat(49) + "…"
        );
    }

    #[test]
    fn what_moves_a_cursor_or_turns_text_around_is_told_by_its_number() {
        let text = "\u{1b}[2Ja\nb\u{202e}c\u{85}é\t";
        assert_eq!(name(text), r"\u{1b}[2Ja\nb\u{202e}c\u{85}é\t");
        assert_eq!(line(text), name(text));
        assert_eq!(lines(text), "\\u{1b}[2Ja\nb\\u{202e}c\\u{85}é\\t");
        // Cut before, so that no number is cut in its midst.
        assert!(name(&"\0".repeat(101)).ends_with(r"\u{0}…"));
    }

    #[test]
    fn the_first_problems_are_told_and_the_rest_counted() {
        let many = (0..10).map(|n| n.to_string()).collect();
        let told = problems(many);
        assert_eq!(told.len(), 9);
        assert_eq!(told[7..], ["7", "and 2 more"]);
    }
}
