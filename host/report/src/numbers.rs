//! Numbers as people read them.

use regua_domain::money::Currency;

/// A count, in groups of three digits.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A count of something, whose name ends with an `s` where there is not one of it.
pub(crate) fn counted(number: u64, one: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {one}{end}", count(number))
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A sum in minor units, in units of its currency, which has so many digits after the point.
///
/// ```
/// assert_eq!(regua_report::money(123_456, 2), "1,234.56");
/// assert_eq!(regua_report::money(123_456, 0), "123,456");
/// ```
pub fn money(minor: i128, digits: u32) -> String {
    let unit = 10_u128.pow(digits);
    let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let sign = if minor < 0 { "−" } else { "" };
    let whole = grouped(&whole.to_string());
    match digits {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = digits as usize),
    }
}

/// A share of one.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1}\u{a0}%", 100.0 * share)
}

/// A number to four digits, or to as many as stand before its point.
pub(crate) fn rounded(number: f64) -> String {
    let magnitude = number.abs().log10();
    if !magnitude.is_finite() {
        return number.to_string();
    }
    let decimals = (3 - magnitude.floor() as i32).clamp(0, 20).unsigned_abs() as usize;
    let text = format!("{number:.decimals$}");
    if decimals == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number with its sign.
pub(crate) fn signed(number: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", number.abs());
    let is_zero = text.chars().all(|digit| matches!(digit, '0' | '.'));
    match (is_zero, number < 0.0) {
        (true, _) => text,
        (false, true) => format!("−{text}"),
        (false, false) => format!("+{text}"),
    }
}

/// A number at an axis: short, for there is little room.
pub(crate) fn short(number: f64) -> String {
    let (scaled, unit) = match number.abs() {
        above if above >= 1e9 => (number / 1e9, "bn"),
        above if above >= 1e6 => (number / 1e6, "m"),
        above if above >= 1e4 => (number / 1e3, "k"),
        above if above >= 1e3 => return count(number.round() as u64),
        _ => (number, ""),
    };
    let text = format!("{scaled:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{unit}")
}

/// How many digits a currency has after the point; two where it is none.
pub fn digits(code: &str) -> u32 {
    Currency::parse(code).map_or(2, |currency| u32::from(currency.minor_digits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_groups_with_their_own_digits() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(12_345_678), "12,345,678");
        assert_eq!(money(123_456, 2), "1,234.56");
        assert_eq!(money(-5, 2), "−0.05");
        assert_eq!(money(123_456, 0), "123,456");
        assert_eq!(money(1, 3), "0.001");
        assert_eq!(
            money(i128::from(i64::MAX) * 1_000, 2),
            "92,233,720,368,547,758,070.00"
        );
        assert_eq!(counted(1, "customer"), "1 customer");
        assert_eq!(counted(0, "customer"), "0 customers");
        assert_eq!(digits("JPY"), 0);
        assert_eq!(digits("BRL"), 2);
    }

    #[test]
    fn long_numbers_are_rounded_to_four_digits() {
        let shown = [
            0.0,
            0.012_345_678_9,
            0.25,
            1.0,
            6.907_755,
            12_345.678,
            5.0e-7,
        ]
        .map(rounded);
        assert_eq!(
            shown,
            ["0", "0.01235", "0.25", "1", "6.908", "12346", "0.0000005"]
        );
    }

    #[test]
    fn signs_are_told_but_of_nothing() {
        assert_eq!(signed(1.5, 2), "+1.50");
        assert_eq!(signed(-1.5, 2), "−1.50");
        assert_eq!(signed(-0.001, 2), "0.00");
    }

    #[test]
    fn numbers_at_an_axis_are_short() {
        let shown = [0.0, 0.5, 2_500.0, 12_500.0, 1_250_000.0, 3e9].map(short);
        assert_eq!(shown, ["0", "0.5", "2,500", "12.5k", "1.25m", "3bn"]);
    }
}
