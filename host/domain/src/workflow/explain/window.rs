//! A send window in words.

use super::join;
use crate::calendar::{Roll, WEEKENDS};

/// When debtors may be written to, as a sentence. What is more than ranges of hours and
/// days of the week is quoted as it was written.
pub(super) fn sentence(source: &str, calendar: &str, roll: Roll) -> String {
    let fields: Vec<_> = source.split_whitespace().collect();
    let simple = match fields.as_slice() {
        ["0", minutes, hours, "*" | "?", "*", weekdays] => spoken(minutes, hours, weekdays),
        _ => None,
    };
    let when =
        simple.unwrap_or_else(|| format!("in the minutes of the cron expression `{source}`"));
    let never = match (roll, calendar) {
        (Roll::None, _) => String::new(),
        (_, WEEKENDS) => ", and never at a weekend".to_owned(),
        (_, other) => format!(
            ", and never at a weekend or on {} holiday",
            with_article(other)
        ),
    };
    // Where the window names the weekdays, that it is closed at weekends is said already.
    let weekdays_only = fields
        .last()
        .is_some_and(|days| !days.contains(['*', '?']) && !days.to_ascii_uppercase().contains('S'));
    let never = if weekdays_only {
        never
            .replace(" at a weekend or", "")
            .replace(", and never at a weekend", "")
    } else {
        never
    };
    format!("Messages leave {when}, in the customer's own time zone{never}.")
}

fn with_article(calendar: &str) -> String {
    match calendar {
        "BR" => "a Brazilian".to_owned(),
        "DE" => "a German".to_owned(),
        "GB" => "a British".to_owned(),
        "US" => "a United States".to_owned(),
        other => format!("a `{other}`"),
    }
}

fn spoken(minutes: &str, hours: &str, weekdays: &str) -> Option<String> {
    let days = spoken_weekdays(weekdays)?;
    if !matches!(minutes, "*" | "0-59") {
        return None;
    }
    if matches!(hours, "*" | "0-23") {
        return Some(format!("{days}, at any hour"));
    }
    let spans: Option<Vec<_>> = hours.split(',').map(spoken_hours).collect();
    Some(format!("{days}, {}", join(&spans?, "and")))
}

/// `9-16` is from 9:00 until the last minute that begins with 16.
fn spoken_hours(span: &str) -> Option<String> {
    let (from, to) = span.split_once('-').unwrap_or((span, span));
    let (from, to): (u8, u8) = (from.parse().ok()?, to.parse().ok()?);
    Some(format!("{from}:00–{to}:59"))
}

fn spoken_weekdays(field: &str) -> Option<String> {
    if matches!(field, "*" | "?") {
        return Some("every day".to_owned());
    }
    let parts: Option<Vec<_>> = field
        .split(',')
        .map(|part| match part.split_once('-') {
            Some((from, to)) => Some(format!("from {} to {}", weekday(from)?, weekday(to)?)),
            None => Some(format!("on {}s", weekday(part)?)),
        })
        .collect();
    Some(
        join(&parts?, "and")
            .replace(", on ", ", ")
            .replace("s and on ", "s and "),
    )
}

fn weekday(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let name = name.to_ascii_lowercase();
    NAMES
        .into_iter()
        .find(|full| name.len() >= 3 && full.to_ascii_lowercase().starts_with(&name))
}
