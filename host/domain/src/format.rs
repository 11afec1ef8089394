//! Money and dates as a reader's language writes them.
//!
//! The language is the first part of a locale (`pt` of `pt-BR`); what is not known is
//! written as in English. Only plain spaces are used: some SMS alphabets have no others.
//!
//! ```
//! use regua_domain::format;
//! use regua_domain::money::{Currency, Money};
//!
//! let real = Currency::parse("BRL").unwrap();
//! assert_eq!(format::money(Money::new(123_450, real), "pt-BR"), "R$ 1.234,50");
//! ```

use chrono::Datelike as _;

use crate::money::Money;
use crate::time::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// An amount with all digits of its currency: `USD 1,234.50`, `R$ 1.234,50`, `1.234,50 €`.
pub fn money(money: Money, locale: &str) -> String {
    let code = money.currency.code();
    let sign = if money.minor < 0 { "-" } else { "" };
    match (language(locale), code) {
        ("pt", "BRL") => format!("{sign}R$ {}", digits(money, '.', ',')),
        ("pt", _) => format!("{sign}{code} {}", digits(money, '.', ',')),
        ("de", "EUR") => format!("{sign}{} €", digits(money, '.', ',')),
        ("de", _) => format!("{sign}{} {code}", digits(money, '.', ',')),
        _ => format!("{sign}{code} {}", digits(money, ',', '.')),
    }
}

/// A date: `2 January 2026`, `02/01/2026`, `02.01.2026`.
pub fn date(date: Date, locale: &str) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match language(locale) {
        "pt" => format!("{day:02}/{month:02}/{year:04}"),
        "de" => format!("{day:02}.{month:02}.{year:04}"),
        _ => format!("{day} {} {year:04}", MONTHS[date.month0() as usize]),
    }
}

/// The locales to look for, best first: `pt-BR`, `pt`, `en`.
pub fn locale_chain(locale: &str) -> Vec<&str> {
    let mut chain = Vec::with_capacity(3);
    let mut rest = Some(locale).filter(|locale| !locale.is_empty());
    while let Some(tag) = rest {
        chain.push(tag);
        rest = tag.rsplit_once('-').map(|(parent, _)| parent);
    }
    if chain.last() != Some(&"en") {
        chain.push("en");
    }
    chain
}

fn language(locale: &str) -> &str {
    locale
        .split_once('-')
        .map_or(locale, |(language, _)| language)
}

fn digits(money: Money, group: char, point: char) -> String {
    let scale = usize::from(money.currency.minor_digits());
    let all = format!("{:0>width$}", money.minor.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = all.split_at(all.len() - scale);
    let mut text = String::with_capacity(all.len() * 2);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if scale > 0 {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn amount(minor: i64, code: &str, locale: &str) -> String {
        money(Money::new(minor, Currency::parse(code).unwrap()), locale)
    }

    #[test]
    fn money_is_written_as_the_language_writes_it() {
        assert_eq!(amount(123_450, "USD", "en"), "USD 1,234.50");
        assert_eq!(amount(123_450, "BRL", "pt-BR"), "R$ 1.234,50");
        assert_eq!(amount(123_450, "EUR", "de"), "1.234,50 €");
        assert_eq!(amount(123_450, "USD", "de-AT"), "1.234,50 USD");
        assert_eq!(amount(123_450, "USD", "pt"), "USD 1.234,50");
        assert_eq!(amount(123_450, "EUR", "fr-FR"), "EUR 1,234.50");
    }

    #[test]
    fn money_keeps_the_digits_of_its_currency_and_its_sign() {
        assert_eq!(amount(5, "BRL", "pt-BR"), "R$ 0,05");
        assert_eq!(amount(-100_000, "EUR", "de"), "-1.000,00 €");
        assert_eq!(amount(1_500, "JPY", "en"), "JPY 1,500");
        assert_eq!(amount(1_234_567, "BHD", "en"), "BHD 1,234.567");
        assert_eq!(
            amount(i64::MIN, "JPY", "en"),
            "-JPY 9,223,372,036,854,775,808"
        );
    }

    #[test]
    fn a_date_is_written_as_the_language_writes_it() {
        let day = "2026-01-02".parse().unwrap();
        assert_eq!(date(day, "en"), "2 January 2026");
        assert_eq!(date(day, "pt-BR"), "02/01/2026");
        assert_eq!(date(day, "de"), "02.01.2026");
        assert_eq!(date(day, "fr"), "2 January 2026");
        let day = "2026-11-30".parse().unwrap();
        assert_eq!(date(day, "en"), "30 November 2026");
        assert_eq!(date(day, "pt"), "30/11/2026");
    }

    #[test]
    fn locales_fall_back_to_their_language_and_then_to_english() {
        assert_eq!(locale_chain("pt-BR"), ["pt-BR", "pt", "en"]);
        assert_eq!(locale_chain("en-GB"), ["en-GB", "en"]);
        assert_eq!(
            locale_chain("zh-Hant-TW"),
            ["zh-Hant-TW", "zh-Hant", "zh", "en"]
        );
        assert_eq!(locale_chain("en"), ["en"]);
        assert_eq!(locale_chain(""), ["en"]);
    }
}
