//! Characters that HTML writes by name or by number.

/// Names of what is no letter, and of what stands in addresses.
#[rustfmt::skip]
const NAMES: &[(&str, char)] = &[
    ("amp", '&'), ("apos", '\''), ("bsol", '\\'), ("bull", '•'), ("colon", ':'), ("comma", ','),
    ("commat", '@'), ("copy", '©'), ("emsp", ' '), ("ensp", ' '), ("equals", '='), ("euro", '€'),
    ("excl", '!'), ("gt", '>'), ("hellip", '…'), ("hyphen", '-'), ("laquo", '«'), ("ldquo", '“'),
    ("lpar", '('), ("lsquo", '‘'), ("lt", '<'), ("mdash", '—'), ("middot", '·'), ("nbsp", ' '),
    ("ndash", '–'), ("NewLine", '\n'), ("num", '#'), ("period", '.'), ("pound", '£'),
    ("quest", '?'), ("quot", '"'), ("raquo", '»'), ("rdquo", '”'), ("reg", '®'), ("rpar", ')'),
    ("rsquo", '’'), ("sect", '§'), ("semi", ';'), ("shy", '\u{ad}'), ("sol", '/'), ("Tab", '\t'),
    ("thinsp", ' '), ("trade", '™'), ("UnderBar", '_'), ("yen", '¥'), ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

/// The text with its entities as characters. A name that is not known here is taken for a
/// letter: most are, and one within an address makes it no other.
pub(super) fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        let read = match behind.strip_prefix('#') {
            Some(number) => by_number(number),
            None => by_name(behind),
        };
        let (c, behind) = read.unwrap_or(('&', behind));
        plain.push(c);
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

/// With or without a semicolon behind it.
fn by_number(text: &str) -> Option<(char, &str)> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let end = digits.find(|c: char| !c.is_digit(radix));
    let (number, rest) = digits.split_at(end.unwrap_or(digits.len()));
    if number.is_empty() {
        return None;
    }
    // What is no character is shown as a sign of that.
    let code = u32::from_str_radix(number, radix).ok();
    let c = code.and_then(char::from_u32).unwrap_or('\u{fffd}');
    Some((c, rest.strip_prefix(';').unwrap_or(rest)))
}

/// With a semicolon behind it, but for the one that browsers know without and that is not
/// seen.
fn by_name(text: &str) -> Option<(char, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    if let Some(rest) = rest.strip_prefix(';').filter(|_| !name.is_empty()) {
        let known = NAMES.iter().find(|(known, _)| *known == name);
        return Some((known.map_or('x', |(_, c)| *c), rest));
    }
    text.strip_prefix("shy").map(|rest| ('\u{ad}', rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_read_in_every_form_that_browsers_read() {
        assert_eq!(decoded("a &amp; b &lt;"), "a & b <");
        assert_eq!(
            decoded("https:&#47;&#x2F;&#x2fg&period;com"),
            "https:///g.com"
        );
        assert_eq!(decoded("evil&#46com"), "evil.com");
        assert_eq!(
            decoded("Ol&aacute;, &Tab;c&shyo&shy;m"),
            "Olx, \tc\u{ad}o\u{ad}m"
        );
        assert_eq!(decoded("A & B &; &# &amp"), "A & B &; &# &amp");
        assert_eq!(decoded("&amp;period;"), "&period;");
        assert_eq!(decoded("&#xffffffffff;&#xd800;"), "\u{fffd}\u{fffd}");
    }
}
