//! What of a source is text and what is template syntax, read as the engine's own lexer
//! reads it, before the engine does: its parser and its compiler recurse with each operator,
//! and neither counts how deep.

use super::Fault;

/// Words and signs of one tag. The longest of the shipped templates has 13.
const TAG_TOKENS_MAX: usize = 200;
/// Words and signs of all tags of a part. Values can be put into one another by one tag
/// after another, and printing them recurses too.
const PART_TOKENS_MAX: usize = 2_000;
/// `elif`s of a part: to the engine each is an `if` in the one before.
const ELIFS_MAX: usize = 50;

/// Stands where the host puts a link.
pub(super) const LINK: char = '\u{e000}';
/// Stands where another value is printed.
pub(super) const VALUE: char = '\u{e001}';

/// What was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// The text, with [`LINK`] and [`VALUE`] for what is printed and a space for a block;
    /// on the lines it has in the source.
    pub(super) text: String,
    /// Text in quotes within tags, each with its line.
    pub(super) literals: Vec<(usize, String)>,
    /// Where the source has more than is compiled.
    pub(super) fault: Option<(usize, Fault)>,
}

/// Reads a source, up to the first fault.
pub(super) fn scan(source: &str) -> Typed {
    let mut scanner = Scanner {
        rest: source,
        line: 1,
        balance: 0,
        tokens: 0,
        elifs: 0,
        typed: Typed::default(),
    };
    if let Err(fault) = scanner.template() {
        scanner.typed.fault = Some((scanner.line, fault));
    }
    scanner.typed
}

struct Scanner<'s> {
    rest: &'s str,
    line: usize,
    /// Brackets that are open: within them `}}` ends nothing.
    balance: isize,
    tokens: usize,
    elifs: usize,
    typed: Typed,
}

/// The inside of a tag, as far as it matters here.
#[derive(Default)]
struct Tag<'s> {
    tokens: Vec<&'s str>,
}

impl<'s> Scanner<'s> {
    fn template(&mut self) -> Result<(), Fault> {
        while let Some(start) = self.next_tag() {
            let text = self.take(start);
            self.typed.text.push_str(text);
            let tag = self.take(2);
            let from = self.line;
            match tag {
                "{#" => {
                    let end = self.rest.find("#}").map_or(self.rest.len(), |end| end + 2);
                    self.take(end);
                }
                "{{" => {
                    let inside = self.inside("}}")?;
                    let stands = if inside.is_link() { LINK } else { VALUE };
                    self.typed.text.push(stands);
                }
                _ => {
                    let inside = self.inside("%}")?;
                    inside.check()?;
                    self.elifs += usize::from(inside.tokens.first() == Some(&"elif"));
                    if self.elifs > ELIFS_MAX {
                        return Err(Fault::Elifs { max: ELIFS_MAX });
                    }
                    self.typed.text.push(' ');
                }
            }
            let lines = self.line - from;
            self.typed.text.extend(std::iter::repeat_n('\n', lines));
        }
        let text = self.take(self.rest.len());
        self.typed.text.push_str(text);
        Ok(())
    }

    fn next_tag(&self) -> Option<usize> {
        let mut braces = self.rest.match_indices('{').map(|(at, _)| at);
        braces.find(|at| matches!(self.rest.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#')))
    }

    /// Reads a tag up to and with its end.
    fn inside(&mut self, end: &str) -> Result<Tag<'s>, Fault> {
        let mut tag = Tag::default();
        if self.rest.starts_with(['-', '+']) {
            self.take(1);
        }
        loop {
            let blanks = self.rest.bytes().take_while(u8::is_ascii_whitespace);
            let blanks = blanks.count();
            self.take(blanks);
            if self.balance == 0 {
                let trims = usize::from(self.rest.starts_with(['-', '+']));
                if self.rest[trims..].starts_with(end) {
                    self.take(trims + end.len());
                    return Ok(tag);
                }
            }
            let Some(first) = self.rest.chars().next() else {
                return Ok(tag);
            };
            let token = self.take(self.token_len(first));
            match first {
                '(' | '[' | '{' => self.balance += 1,
                ')' | ']' | '}' => self.balance -= 1,
                '"' | '\'' => {
                    let inner = token.trim_matches(first).to_owned();
                    self.typed.literals.push((self.line, inner));
                }
                _ => {}
            }
            tag.tokens.push(token);
            self.tokens += 1;
            if tag.tokens.len() > TAG_TOKENS_MAX {
                return Err(Fault::TagTooLong {
                    max: TAG_TOKENS_MAX,
                });
            }
            if self.tokens > PART_TOKENS_MAX {
                return Err(Fault::TooManyTokens {
                    max: PART_TOKENS_MAX,
                });
            }
        }
    }

    /// Bytes of the token that begins here: a text in quotes, a run of letters and digits,
    /// or a sign. It ends no later than the engine's, but for a name right behind a number.
    fn token_len(&self, first: char) -> usize {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        match first {
            '"' | '\'' => {
                let mut escaped = false;
                let end = self.rest[1..].find(|c: char| {
                    let ends = c == first && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                end.map_or(self.rest.len(), |end| end + 2)
            }
            c if is_word(c) => self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len()),
            c => c.len_utf8(),
        }
    }

    fn take(&mut self, len: usize) -> &'s str {
        let (taken, rest) = self.rest.split_at(len);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }
}

impl Tag<'_> {
    /// Whether it prints a link of the host's and nothing else.
    fn is_link(&self) -> bool {
        matches!(self.tokens[..], ["links", ".", _])
    }

    /// Blocks that a letter does not need. `raw` would have text that looks like tags, and
    /// a loop that calls itself puts values into one another without end.
    fn check(&self) -> Result<(), Fault> {
        let is_loop = self.tokens.first() == Some(&"for");
        let what = match self.tokens[..] {
            ["raw", ..] => "raw",
            [.., before, "recursive"] if is_loop && before != "." => "recursive",
            _ => return Ok(()),
        };
        Err(Fault::NoSuchBlock { what })
    }
}
