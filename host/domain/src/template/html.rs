//! The HTML of a letter, read as a mail program reads it: which elements and attributes it
//! has, where it links to, and what it says.

mod entities;

use super::Fault;
use super::address::web_address;
use entities::decoded;

/// Elements of text and of its form. None of them loads or runs anything, or takes input.
#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "a", "abbr", "address", "article", "aside", "b", "big", "blockquote", "body", "br", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "font",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "ins",
    "li", "main", "mark", "ol", "p", "pre", "q", "s", "section", "small", "span", "strong",
    "style", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "title", "tr",
    "tt", "u", "ul", "wbr",
];
/// Elements that end no word.
#[rustfmt::skip]
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr",
];
/// Attributes of form and of text; `href` and `style` are looked at for what they say.
#[rustfmt::skip]
const ATTRIBUTES: &[&str] = &[
    "abbr", "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "class", "color",
    "colspan", "datetime", "dir", "face", "headers", "height", "href", "id", "lang", "name",
    "rel", "role", "rowspan", "scope", "size", "start", "style", "target", "title", "type",
    "valign", "width",
];
/// What a style sheet loads with, or writes such a thing by.
const LOADING: &[&str] = &[
    "@import",
    "url(",
    "image(",
    "image-set(",
    "src(",
    "expression(",
    "binding",
    "\\",
    "<",
];

/// What a piece of HTML says, and what of it has no place in a letter.
#[derive(Debug, Default)]
pub(super) struct Html {
    /// What there is to read, attributes included, each on its line.
    pub(super) text: String,
    /// Faults, each with its line.
    pub(super) faults: Vec<(usize, Fault)>,
}

/// Reads HTML. `is_link` knows the links of the host.
pub(super) fn read(html: &str, is_link: &dyn Fn(&str) -> bool) -> Html {
    let mut reader = Reader {
        rest: html,
        line: 1,
        is_link,
        html: Html::default(),
    };
    while let Some(at) = reader.rest.find('<') {
        let text = reader.take(at);
        reader.say(text);
        reader.markup();
    }
    let text = reader.take(reader.rest.len());
    reader.say(text);
    reader.html
}

struct Reader<'h> {
    rest: &'h str,
    line: usize,
    is_link: &'h dyn Fn(&str) -> bool,
    html: Html,
}

impl<'h> Reader<'h> {
    /// What begins with `<`: an element, its end, or only that sign.
    fn markup(&mut self) {
        let behind = |sign: &str| self.rest.strip_prefix(sign);
        let is_name = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
        if behind("<").is_some_and(is_name) {
            self.take(1);
            self.element();
        } else if behind("</").is_some_and(is_name) {
            self.take(2);
            let name = self.until(|c| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
            self.space(name);
            self.until(|c| c == '>');
            self.take_one();
        } else if self.rest.len() >= 9 && self.rest.as_bytes()[..9].eq_ignore_ascii_case(DOCTYPE) {
            self.until(|c| c == '>');
            self.take_one();
        } else if ["<!", "<?", "</"].iter().any(|sign| behind(sign).is_some()) {
            // Some programs read comments, and they end elsewhere for each.
            let beginning = self.rest.chars().take(4).collect();
            self.fault(Fault::Html { found: beginning });
            self.take(2);
        } else {
            let sign = self.take(1);
            self.say(sign);
        }
    }

    fn element(&mut self) {
        let name = self.until(|c| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
        let name = name.to_ascii_lowercase();
        if !ELEMENTS.contains(&name.as_str()) {
            let found = format!("<{}>", name.chars().take(40).collect::<String>());
            self.fault(Fault::Html { found });
        }
        self.space(&name);
        loop {
            self.until(|c| !c.is_ascii_whitespace() && c != '/');
            if self.rest.is_empty() || self.rest.starts_with('>') {
                break;
            }
            self.attribute(&name);
        }
        self.take_one();
        if name == "style" {
            let lower = self.rest.to_ascii_lowercase();
            let end = lower.find("</style").unwrap_or(lower.len());
            let (sheet, rest) = self.rest.split_at(end);
            self.style(sheet);
            self.pass(sheet);
            self.rest = rest;
        }
    }

    fn attribute(&mut self, element: &str) {
        let line = self.line;
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
        let length = self.rest[first..].find(ends);
        let name = self.take(length.map_or(self.rest.len(), |length| first + length));
        let name = name.to_ascii_lowercase();
        let value = decoded(self.value());
        let known = ATTRIBUTES.contains(&name.as_str()) || name.starts_with("aria-");
        if !known || value.contains('<') || (name == "href" && element != "a") {
            let found = name.chars().take(40).collect();
            self.html.faults.push((line, Fault::Html { found }));
        } else if name == "href" {
            if !(self.is_link)(&value) {
                self.html.faults.push((line, Fault::LinkTarget));
            }
        } else if name == "style" {
            self.style(&value);
        } else {
            self.html.text.push(' ');
            self.html.text.push_str(&value.replace('\n', " "));
            self.html.text.push(' ');
        }
    }

    /// The value of an attribute, where it has one.
    fn value(&mut self) -> &'h str {
        let blanks = |c: char| c.is_ascii_whitespace();
        if !self.rest.trim_start_matches(blanks).starts_with('=') {
            return "";
        }
        self.until(|c| c == '=');
        self.take(1);
        self.until(|c| !c.is_ascii_whitespace());
        match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.take(1);
                let value = self.until(|c| c == quote);
                self.take_one();
                value
            }
            _ => self.until(|c| c.is_ascii_whitespace() || c == '>'),
        }
    }

    /// A style sheet, or what one attribute has of it.
    fn style(&mut self, sheet: &str) {
        let lower = sheet.to_ascii_lowercase();
        for found in LOADING.iter().filter(|found| lower.contains(**found)) {
            let found = (*found).to_owned();
            self.fault(Fault::Html { found });
        }
        // Selectors look like hosts; what a sheet writes is in quotes.
        let quoted = sheet.split(['"', '\'']).skip(1).step_by(2);
        for url in quoted.filter_map(web_address) {
            self.fault(Fault::UrlInSource { url });
        }
    }

    fn say(&mut self, text: &str) {
        self.html.text.push_str(&decoded(text));
    }

    /// What an element puts between the words around it.
    fn space(&mut self, name: &str) {
        if !INLINE.contains(&name.to_ascii_lowercase().as_str()) {
            self.html.text.push(' ');
        }
    }

    fn fault(&mut self, fault: Fault) {
        self.html.faults.push((self.line, fault));
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> &'h str {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.pass(taken);
        self.rest = rest;
        taken
    }

    /// The sign at which [`Self::until`] stopped, if it did.
    fn take_one(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    /// Text, whose line breaks are said with it.
    fn take(&mut self, len: usize) -> &'h str {
        let (taken, rest) = self.rest.split_at(len);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    /// Markup: what is behind it stays on its line.
    fn pass(&mut self, markup: &str) {
        let lines = markup.matches('\n').count();
        self.line += lines;
        self.html.text.extend(std::iter::repeat_n('\n', lines));
    }
}

const DOCTYPE: &[u8] = b"<!doctype";
