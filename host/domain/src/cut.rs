//! Texts of others in messages: what is too long to read is cut in its middle, so that what
//! is said before and after it stays.

use std::borrow::Cow;

/// The text in at most `most` characters and the mark of what was left out.
///
/// ```
/// assert_eq!(regua_domain::cut::cut("a short one", 20), "a short one");
/// assert_eq!(regua_domain::cut::cut("`aaaaaaaaaaaa` is none", 12), "`aaaaa[…]s none");
/// ```
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    // Each character has a byte at least: most texts are not counted.
    let chars = if text.len() <= most {
        0
    } else {
        text.chars().count()
    };
    if chars <= most {
        return Cow::Borrowed(text);
    }
    let head = most / 2;
    let at = |nth| {
        text.char_indices()
            .nth(nth)
            .map_or(text.len(), |(at, _)| at)
    };
    let (end, begin) = (at(head), at(chars - (most - head)));
    let (end, tail) = (&text[..end], &text[begin..]);
    Cow::Owned(format!("{end}[…]{tail}"))
}
