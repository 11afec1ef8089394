//! What reads as a web address. Links come from the host alone: whoever can write one into
//! a dunning letter can send the money elsewhere.

use std::borrow::Cow;

/// Schemes that programs make a link of without `//`.
const SCHEMES: [&str; 7] = [
    "http:",
    "https:",
    "mailto:",
    "javascript:",
    "data:",
    "tel:",
    "sms:",
];

/// Abbreviations that are written without a space and would read as a host. What has one
/// letter behind each point (`e.g.`, `p.m.`, `S.A.`) does not.
const ABBREVIATIONS: [&str; 7] = ["v.sa", "v.sas", "v.exa", "v.exas", "z.hd", "e.kfm", "e.kfr"];

/// The first thing in a text that a mail program or a phone would make a link of, or that
/// a reader would take for one: a scheme, `www.`, or labels with points between them, the
/// latter of two letters or more. New endings come every year, so there is no list of them:
/// a sentence that lacks the space behind its full stop reads as an address too.
pub fn web_address(text: &str) -> Option<String> {
    web_addresses(text).into_iter().next()
}

/// All that [`web_address`] would find.
pub(super) fn web_addresses(text: &str) -> Vec<String> {
    let text = plain(text);
    let mut found: Vec<String> = words_with_sign(&text)
        .filter(|word| reads_as_address(word))
        .map(|word| word.trim_matches(['.', ':', '?', '-', '_']).to_owned())
        .collect();
    found.extend(schemes(&text));
    found
}

/// The words with a point or a colon in them: no address is without, and most words are.
fn words_with_sign(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let sign = rest.find(['.', ':'])?;
        let (before, behind) = rest.split_at(sign);
        let start = before.rfind(|c| !is_of_address(c)).map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
        let end = behind.find(|c| !is_of_address(c)).unwrap_or(behind.len());
        let word = &rest[start..sign + end];
        rest = &behind[end..];
        Some(word)
    })
}

/// Without what is not seen, and with one kind of point: full-width ones are points to a
/// resolver (UTS #46), ideographic ones are too, but end sentences before other letters.
fn plain(text: &str) -> Cow<'_, str> {
    // Latin letters with marks are none of these, and most texts have no others.
    if !text.chars().any(|c| is_unseen(c) || is_like_a_sign(c)) {
        return text.into();
    }
    let mut chars = text.chars().filter(|c| !is_unseen(*c)).peekable();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let mut before_ascii = || chars.peek().is_some_and(char::is_ascii_alphanumeric);
        plain.push(match c {
            '．' | '․' | '﹒' => '.',
            '。' | '｡' if before_ascii() => '.',
            '：' => ':',
            '／' => '/',
            '＠' => '@',
            c => c,
        });
    }
    plain.into()
}

const fn is_like_a_sign(c: char) -> bool {
    matches!(c, '．' | '․' | '﹒' | '。' | '｡' | '：' | '／' | '＠')
}

/// Soft hyphens, joiners, marks of direction, selectors of variants.
const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn is_of_address(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '@' | ':' | '/' | '?' | '#')
}

fn reads_as_address(word: &str) -> bool {
    word.contains("://")
        || word
            .get(..4)
            .is_some_and(|www| www.eq_ignore_ascii_case("www."))
        || word.split(['/', '?', '#', ':', '@']).any(is_host)
}

/// Whether labels with points between them name a host.
fn is_host(name: &str) -> bool {
    if !name.contains('.') {
        return false;
    }
    let labels = || name.split('.');
    let is_number = |label: &str| label.parse::<u8>().is_ok();
    if labels().count() == 4 && labels().all(is_number) {
        return true;
    }
    labels()
        .zip(labels().skip(1))
        .any(|(label, next)| !label.is_empty() && is_ending(next))
        && !ABBREVIATIONS.contains(&name.trim_matches('.').to_lowercase().as_str())
}

/// Whether a label could be the last one of a host: two letters or more. What follows
/// behind a hyphen is cut off by the programs that look for links.
fn is_ending(label: &str) -> bool {
    let letters = label.chars().take_while(|c| c.is_alphabetic()).count();
    let behind = label.chars().nth(letters);
    (letters >= 2 && behind.is_none_or(|c| !c.is_alphanumeric())) || label.starts_with("xn--")
}

/// Schemes with something behind them: `Tel: 12 34` and `Data: 12/03` are none.
fn schemes(text: &str) -> impl Iterator<Item = String> {
    let ends = text.match_indices(':').map(|(at, _)| at + 1);
    ends.filter_map(|end| {
        let (before, behind) = text.split_at(end);
        let scheme = SCHEMES.iter().find(|scheme| {
            let start = before.len().checked_sub(scheme.len());
            start.is_some_and(|start| {
                before
                    .get(start..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(scheme))
                    && !before[..start].ends_with(char::is_alphanumeric)
            })
        })?;
        let next = behind.chars().next()?;
        // `data` is a date in Portuguese.
        let is_date = *scheme == "data:" && next.is_ascii_digit();
        (!next.is_whitespace() && !is_date).then(|| {
            let rest: String = behind
                .chars()
                .take_while(|c| !c.is_whitespace())
                .take(40)
                .collect();
            format!("{scheme}{rest}")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_they_are_dressed() {
        for address in [
            "pay at https://evil.example",
            "HTTP://EVIL",
            "see www.evil.example",
            "see WWW.x",
            "go to evil.com.",
            "(evil.com.br)",
            "evil.example/pay",
            "evil.com:8080",
            "write to mailto:a@b",
            "Tel:+5511",
            "x:https:evil",
            "https:/\\evil",
            "ana@evil.com",
            "“pay.evil.com”",
            "*pay.evil.com*",
            "_pay.evil.com_",
            "pay.evil.com…",
            "*bit.ly/abc*",
            "=wa.me/5511",
            "evil.de",
            "evil.fr",
            "pay.evil.ai",
            "evil.com-pay",
            "evil.рф",
            "evil.xn--p1ai",
            "evil。com",
            "ｅｖｉｌ．ｃｏｍ",
            "evil.c\u{200d}om",
            "evil.c\u{ad}om",
            "at 192.168.0.1/pay",
            "Thank you.Goodbye",
        ] {
            assert!(web_address(address).is_some(), "{address}");
        }
    }

    #[test]
    fn sentences_amounts_and_abbreviations_are_no_addresses() {
        for plain in [
            "",
            "Due 1.000,00 on 02.03.2026, USD 1,234.50 or 1.234.567,89.",
            "Olá. Sua fatura venceu; veja a 2.ª via.",
            "e.g. this, i.e. that, and/or n.d., 9 a.m.–5 p.m.",
            "U.S. Bank, Acme S.A., Beispiel Ltda., Foo S.p.A. (Inc.)",
            "Prezado(a) Sr.(a), informamos a V.Sa. o valor",
            "z.Hd. Frau Muster, z.B. morgen",
            "Well...and so on",
            "Data: 12/03/2026 Data:12/03/2026 Tel: 030 123",
            "你好。谢谢。",
            "ratio 3:4, at 10:30",
        ] {
            assert_eq!(web_address(plain), None);
        }
    }

    #[test]
    fn what_is_found_is_told_without_what_is_around_it() {
        assert_eq!(
            web_addresses("(Evil.com), “a.evil.de/x?y” and data:text/html"),
            ["Evil.com", "a.evil.de/x?y", "data:text/html"]
        );
    }
}
