//! Personal data: what names a person does not cross into a sandbox.
//!
//! What a stage may see is looked at when it is told, and an attribute again when it is
//! shown: the tenant may have made it visible since, and the customer's own data may have
//! come later.

use crate::customer::{ContactPoint, Customer};

/// As few digits may be a telephone or tax number.
const DIGITS_MIN: usize = 8;

/// What a customer is known by: the name, the tax number, the addresses.
pub fn known_by<'a>(
    name: &'a str,
    tax_number: Option<&'a str>,
    contacts: &'a [ContactPoint],
) -> impl Iterator<Item = &'a str> {
    let addresses = contacts.iter().map(|point| point.address.as_str());
    [name].into_iter().chain(tax_number).chain(addresses)
}

/// [`objection`], by what is known of a customer.
pub fn objection_of(customer: &Customer, value: &str) -> Option<&'static str> {
    let tax_number = customer.tax_number.as_deref();
    objection(
        value,
        known_by(&customer.name, tax_number, &customer.contacts),
    )
}

/// Why a value must not be seen by stages, if so: it looks like an e-mail address, or a
/// telephone or tax number, or says what a customer is known by.
pub fn objection<'a>(
    value: &str,
    known_by: impl IntoIterator<Item = &'a str>,
) -> Option<&'static str> {
    if value.contains('@') {
        return Some("looks like an e-mail address, and stages may see it");
    }
    let numbers = numbers(value);
    if numbers.iter().any(Number::looks_personal) {
        return Some("looks like a telephone or tax number, and stages may see it");
    }
    let (lower, bare_value) = (value.to_lowercase(), bare(value));
    let says = |known: &str| {
        let digits: String = known.chars().filter(char::is_ascii_digit).collect();
        let bare = bare(known);
        lower.contains(&known.to_lowercase())
            || (bare.len() >= DIGITS_MIN && !digits.is_empty() && bare_value.contains(&bare))
            || numbers.iter().any(|number| digits.contains(&number.digits))
    };
    known_by
        .into_iter()
        .any(|known| !known.is_empty() && says(known))
        .then_some("has the customer's name, tax number or address in it, and stages may see it")
}

/// Letters and digits alone: however a number is punctuated, it is the same one.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Digits with nothing but punctuation between them, as many as a person's number has.
struct Number<'a> {
    text: &'a str,
    digits: String,
    /// Whether it is no part of a longer word, such as a contract's `C-2026-000123`.
    is_word: bool,
}

impl Number<'_> {
    fn looks_personal(&self) -> bool {
        self.is_word && self.text.parse::<crate::time::Date>().is_err()
    }
}

fn numbers(value: &str) -> Vec<Number<'_>> {
    let joins = |c: char| matches!(c, ' ' | '.' | '-' | '/' | '+' | '(' | ')');
    let mut found = Vec::new();
    let mut start = 0;
    for piece in value.split(|c: char| !(c.is_ascii_digit() || joins(c))) {
        let at = start;
        // What ends a piece is one character, whatever its length.
        start = at + piece.len();
        start += value[start..].chars().next().map_or(0, char::len_utf8);
        let text = piece.trim_matches(joins);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < DIGITS_MIN {
            continue;
        }
        let before = piece.len() - piece.trim_start_matches(joins).len();
        let (before, after) = (&piece[..before], &piece[before + text.len()..]);
        let clings = |gap: &str, neighbour: Option<char>| {
            !gap.contains(' ') && neighbour.is_some_and(char::is_alphanumeric)
        };
        let is_word = !clings(before, value[..at].chars().next_back())
            && !clings(after, value[at + piece.len()..].chars().next());
        found.push(Number {
            text,
            digits,
            is_word,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Option<&'static str> {
        let known = ["Maria Canary", "12345678909", "+5511987654321"];
        objection(value, known)
    }

    #[test]
    fn numbers_that_look_personal_are_found_beside_words() {
        for value in [
            "987.654.321-00",
            "CPF 987.654.321-00",
            "CPF: 987.654.321-00, of 2019",
            "987.654.321-00 (CPF)",
            "call +55 21 91234-5678 after six",
            "tel:+5521912345678",
        ] {
            assert!(of(value).is_some(), "{value}");
        }
    }

    #[test]
    fn the_customers_own_are_found_however_they_are_written() {
        for value in [
            "CPF123.456.789-09",
            "C-12345678909",
            "123 456 789 09",
            "11 98765-4321",
            "x98765-4321x",
            "dona MARIA CANARY",
        ] {
            assert!(of(value).is_some(), "{value}");
        }
        let company = ["12.ABC.345/01DE-35"];
        assert!(objection("cnpj 12ABC34501DE35", company).is_some());
    }

    #[test]
    fn dates_amounts_and_the_names_of_things_pass() {
        for value in [
            "2026-03-01",
            "since 2026-03-01",
            "from 2026-03-01 to 2026-04-01",
            "C-2026-000123",
            "ACME98761234",
            "gold",
            "R$ 1.234,56",
            "tier 3 of 5",
            "é 12 ü",
        ] {
            assert_eq!(of(value), None, "{value}");
        }
    }
}
