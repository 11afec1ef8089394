//! The ground rules: what a document says above its stages.

use serde_json::Value;

use super::closest::hint;
use super::draft::Draft;
use super::problem::{join, list};
use super::{Faults, STAGES_MAX, Shelf};
use crate::calendar::Roll;
use crate::contract::is_name;
use crate::money::{Currency, Money};
use crate::policy::Policy;
use crate::time::{Date, Timestamp};
use crate::window::SendWindow;
use crate::workflow::Span;

pub(super) fn check(draft: &Draft<'_>, shelf: &dyn Shelf, policy: &Policy, faults: &mut Faults) {
    if let Some(name) = draft.text("name").filter(|name| !is_name(name, 64)) {
        faults.add("/name", bad_name(name));
    }
    check_window(draft, shelf, policy, faults);
    check_tolerance(draft, faults);
    check_silence(draft, faults);
    if let Some(paid) = draft
        .text("paid")
        .filter(|paid| !draft.ids().any(|id| id == *paid))
    {
        faults.add(
            "/paid",
            format!("there is no stage `{paid}`{}", hint(paid, draft.ids())),
        );
    }
    match draft
        .value
        .get("stages")
        .and_then(Value::as_array)
        .map(Vec::len)
    {
        Some(0) => faults.add("/stages", "a workflow has at least one stage"),
        Some(count) if count > STAGES_MAX => {
            faults.add(
                "/stages",
                format!("a workflow has at most {STAGES_MAX} stages, not {count}"),
            );
        }
        _ => {}
    }
}

pub(super) fn bad_name(name: &str) -> String {
    format!("`{name}` is not a name: 1 to 64 characters of a-z, 0-9 and -")
}

fn check_window(draft: &Draft<'_>, shelf: &dyn Shelf, policy: &Policy, faults: &mut Faults) {
    let window = draft
        .text("send_window")
        .and_then(|text| match SendWindow::parse(text) {
            Ok(window) => Some(window),
            Err(error) => {
                let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
                faults.add(
                    "/send_window",
                    format!("{error}{}", source.unwrap_or_default()),
                );
                None
            }
        });
    if let Some(window) = &window
        && !policy.contact.quiet_hours.leave_room(window)
    {
        faults.add(
            "/send_window",
            "the window only opens in the quiet hours of the tenant's policy",
        );
    }
    let calendar = draft.text("calendar").and_then(|name| {
        let calendar = shelf.calendar(name);
        if calendar.is_none() {
            let known = shelf.calendars();
            faults.add(
                "/calendar",
                format!(
                    "there is no calendar `{name}`: there are {}",
                    list(&known, "and")
                ),
            );
        }
        calendar
    });
    let roll = draft
        .value
        .get("roll")
        .map_or(Some(Roll::default()), |roll| {
            serde_json::from_value(roll.clone()).ok()
        });
    if let (Some(window), Some(calendar), Some(roll)) = (window, calendar, roll) {
        // Any instant will do: openings are looked for over more than a year from it.
        let from = Timestamp::start_of(
            Date::from_ymd_opt(2026, 1, 1).unwrap_or_default(),
            chrono_tz::UTC,
        );
        if window
            .next_open(from, chrono_tz::UTC, &calendar, roll)
            .is_none()
        {
            let name = calendar.name();
            faults.add(
                "/send_window",
                format!("the window opens on no business day of the calendar `{name}`"),
            );
        }
    }
}

fn check_tolerance(draft: &Draft<'_>, faults: &mut Faults) {
    for (code, amount) in draft
        .value
        .get("tolerance")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let pointer = join("/tolerance", code);
        let currency = match Currency::parse(code) {
            Ok(currency) => currency,
            Err(error) => {
                faults.add(pointer, error.to_string());
                continue;
            }
        };
        match amount.as_str().map(|amount| Money::parse(amount, currency)) {
            Some(Err(error)) => faults.add(pointer, error.to_string()),
            Some(Ok(money)) if money.minor < 0 => {
                faults.add(pointer, "a tolerance is not negative");
            }
            _ => {}
        }
    }
}

fn check_silence(draft: &Draft<'_>, faults: &mut Faults) {
    let Some(text) = draft.text("max_silence") else {
        return;
    };
    match text.parse::<Span>() {
        Ok(span) if span.business => {
            faults.add(
                "/max_silence",
                format!("silence is counted in days, not in business days: `{text}`"),
            );
        }
        Ok(Span { days: 1..=365, .. }) => {}
        Ok(_) => faults.add(
            "/max_silence",
            format!("`{text}` is not between 1d and 365d"),
        ),
        // The schema has reported what does not look like a span at all.
        Err(error) => span_too_long("/max_silence", text, &error.to_string(), faults),
    }
}

/// Reports what looks like a span by the schema's pattern and is none.
pub(super) fn span_too_long(pointer: &str, text: &str, error: &str, faults: &mut Faults) {
    let digits = text.trim_end_matches('d').trim_end_matches('b');
    if (1..=4).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && text.ends_with('d')
    {
        faults.add(pointer, format!("{error}, at most 3650"));
    }
}
