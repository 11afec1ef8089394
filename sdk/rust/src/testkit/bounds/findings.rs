//! What was found, and of what.

/// Bounds that were broken, each told with the proposal it is of.
pub(super) struct Findings<'a> {
    list: &'a mut Vec<String>,
    of: &'a str,
}

impl<'a> Findings<'a> {
    pub(super) fn new(list: &'a mut Vec<String>, of: &'a str) -> Self {
        Self { list, of }
    }

    pub(super) fn must(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.list.push(format!("{}: {}", self.of, otherwise()));
        }
    }

    pub(super) fn at_most(&mut self, what: &str, count: usize, most: usize) {
        self.must(count <= most, || {
            format!("{count} {what} where {most} are allowed")
        });
    }

    pub(super) fn between(&mut self, what: &str, count: usize, least: usize, most: usize) {
        self.must((least..=most).contains(&count), || {
            format!("{count} {what} where {least} to {most} are allowed")
        });
    }

    /// 1 to 64 characters of `a-z`, `0-9` and these marks.
    pub(super) fn word(&mut self, what: &str, text: &str, marks: &[u8]) {
        self.must(is_word(text, 64, marks), || {
            let marks = String::from_utf8_lossy(marks);
            format!("{what} {text:?} is not 1 to 64 characters of a-z, 0-9 and {marks}")
        });
    }

    /// A line of so many characters.
    pub(super) fn line(&mut self, what: &str, text: &str, least: usize, most: usize) {
        self.must(
            !text.contains(['\n', '\r', '\t', '\u{2028}', '\u{2029}']),
            || format!("{what} is not one line: {text:?}"),
        );
        self.must(text.chars().count() >= least, || {
            format!("{what} is too short: {text:?}")
        });
        self.text(what, text, most);
    }

    /// Text of at most so many characters.
    pub(super) fn text(&mut self, what: &str, text: &str, most: usize) {
        self.plain(what, text);
        self.must(text.chars().count() <= most, || {
            format!("{what} has more than {most} characters")
        });
    }

    /// Text of at most so many bytes.
    pub(super) fn bytes(&mut self, what: &str, text: &str, most: usize) {
        self.plain(what, text);
        self.must(text.len() <= most, || {
            format!("{what} has more than {most} bytes")
        });
    }

    /// Names something of the tenant's or the host's own.
    pub(super) fn reference(&mut self, what: &str, text: &str) {
        self.line(what, text, 1, 200);
    }

    pub(super) fn amount(&mut self, what: &str, minor: i64) {
        self.must((1..=1_000_000_000_000_000).contains(&minor), || {
            format!("{what} of {minor}, which is not 1 to 10^15")
        });
    }

    fn plain(&mut self, what: &str, text: &str) {
        let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        self.must(text.chars().all(is_plain), || {
            format!("{what} has a control character: {text:?}")
        });
    }
}

pub(super) fn is_word(text: &str, length_max: usize, marks: &[u8]) -> bool {
    (1..=length_max).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || marks.contains(&byte))
}
