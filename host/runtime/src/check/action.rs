//! The bounds of each action.

use std::collections::HashSet;

use regua_domain::contract::{Action, Situation};
use regua_domain::time::plus_days;

use super::findings::Findings;
use super::message::check_message;
use super::plan::check_plans;
use super::text::is_dotted_name;
use super::{HORIZON_DAYS, REASON_TEXT_CHARS_MAX};

const AMOUNT_MAX: i64 = 1_000_000_000_000_000;
const REFERENCE_CHARS_MAX: usize = 200;
pub(super) const SUBJECT_CHARS_MAX: usize = 200;
const DETAILS_BYTES_MAX: usize = 4 << 10;
const NOTE_BYTES_MAX: usize = 4 << 10;
const JSON_BYTES_MAX: usize = 16 << 10;
const PRIORITY_MAX: u8 = 9;
const BASIS_POINTS_MAX: u32 = 10_000;

/// Looks at one action; the findings' place is its own.
#[allow(clippy::too_many_lines)] // one arm an action: a list reads better than a tree
pub(super) fn check(action: &Action, situation: &Situation, found: &mut Findings<'_>) {
    let today = situation.now.local_date;
    match action {
        Action::SendMessage(message) => check_message(message, found),
        Action::Charge { amount, method, on } => {
            if let Some(amount) = amount {
                check_amount("amount", *amount, 1, found);
            }
            if let Some(method) = method {
                found.unless(
                    situation
                        .customer
                        .methods
                        .iter()
                        .any(|known| known.key == *method),
                    || {
                        (
                            "method".to_owned(),
                            format!("{method:?} is not among the customer's methods"),
                        )
                    },
                );
            }
            if let Some(on) = on {
                found.date("on", *on, today, today);
            }
        }
        Action::AddFee {
            kind,
            item,
            occurrence,
            amount,
        } => {
            for (field, text) in [("kind", kind), ("occurrence", occurrence)] {
                found.unless(is_dotted_name(text, 64), || {
                    (
                        field.to_owned(),
                        format!("{text:?} is not 1 to 64 characters of a-z, 0-9, - and ."),
                    )
                });
            }
            check_item("item", item, situation, found);
            check_amount("amount", *amount, 1, found);
        }
        Action::AddInterest { terms, item, until } => {
            reference("terms", terms, found);
            check_item("item", item, situation, found);
            found.date("until", *until, plus_days(today, -HORIZON_DAYS), today);
        }
        Action::OfferDiscount {
            items,
            basis_points,
            valid_until,
        } => {
            check_items(items, situation, found);
            found.unless((1..=BASIS_POINTS_MAX).contains(basis_points), || {
                (
                    "basis-points".to_owned(),
                    format!("{basis_points} is not between 1 and {BASIS_POINTS_MAX}"),
                )
            });
            found.date("valid-until", *valid_until, today, today);
        }
        Action::OfferPlan {
            items,
            plans,
            valid_until,
        } => {
            check_items(items, situation, found);
            check_plans(plans, items, situation, found);
            found.date("valid-until", *valid_until, today, today);
        }
        Action::OpenTask {
            title,
            details,
            due_on,
            team,
            priority,
            draft,
        } => {
            filled("title", title, SUBJECT_CHARS_MAX, found);
            found.bytes("details", details, DETAILS_BYTES_MAX);
            found.date("due-on", *due_on, today, today);
            reference("team", team, found);
            found.unless(*priority <= PRIORITY_MAX, || {
                (
                    "priority".to_owned(),
                    format!("{priority} is above {PRIORITY_MAX}"),
                )
            });
            if let Some(message) = draft {
                check_message(message, &mut found.within("draft", None));
            }
        }
        Action::NotifyTeam { team, text } => {
            reference("team", team, found);
            found.bytes("text", text, DETAILS_BYTES_MAX);
        }
        Action::ChangeService {
            contract,
            change: _,
        } => reference("contract", contract, found),
        Action::PlaceWithAgency {
            agency,
            items,
            commission_bps,
            term_days,
        } => {
            reference("agency", agency, found);
            check_items(items, situation, found);
            found.unless(*commission_bps <= BASIS_POINTS_MAX, || {
                (
                    "commission-bps".to_owned(),
                    format!("{commission_bps} is above {BASIS_POINTS_MAX}"),
                )
            });
            found.unless((1..=HORIZON_DAYS).contains(&i64::from(*term_days)), || {
                (
                    "term-days".to_owned(),
                    format!("{term_days} is not between 1 and {HORIZON_DAYS}"),
                )
            });
        }
        Action::RecallPlacement {
            placement,
            items,
            reason,
        } => {
            reference("placement", placement, found);
            check_items(items, situation, found);
            found.text("reason", reason, REASON_TEXT_CHARS_MAX);
        }
        Action::Hold { reason, until } => {
            found.text("reason", reason, REASON_TEXT_CHARS_MAX);
            found.date("until", *until, today, today);
        }
        Action::WriteOff { items, reason } => {
            check_items(items, situation, found);
            found.text("reason", reason, REASON_TEXT_CHARS_MAX);
        }
        Action::AddNote(text) => found.bytes("text", text, NOTE_BYTES_MAX),
        Action::Custom { name, json } => check_custom(name, json, found),
    }
}

pub(super) fn check_amount(field: &str, amount: i64, min: i64, found: &mut Findings<'_>) {
    found.unless(amount >= 0, || {
        (field.to_owned(), format!("{amount} is below 0"))
    });
    found.unless(amount < 0 || amount >= min, || {
        (field.to_owned(), format!("{amount} is below {min}"))
    });
    found.unless(amount <= AMOUNT_MAX, || {
        (field.to_owned(), format!("{amount} is above 10^15"))
    });
}

/// A name that means something elsewhere: not empty, one line, bounded.
pub(super) fn reference(field: &str, text: &str, found: &mut Findings<'_>) {
    filled(field, text, REFERENCE_CHARS_MAX, found);
}

fn filled(field: &str, text: &str, chars_max: usize, found: &mut Findings<'_>) {
    found.unless(!text.is_empty(), || (field.to_owned(), "empty".to_owned()));
    found.line(field, text, chars_max);
}

fn check_item(field: &str, key: &str, situation: &Situation, found: &mut Findings<'_>) {
    found.unless(
        situation.balance.items.iter().any(|item| item.key == key),
        || {
            (
                field.to_owned(),
                format!("{key:?} is not an item of the situation"),
            )
        },
    );
}

fn check_items(keys: &[String], situation: &Situation, found: &mut Findings<'_>) {
    found.unless(!keys.is_empty(), || {
        ("items".to_owned(), "empty".to_owned())
    });
    let known: HashSet<&str> = situation
        .balance
        .items
        .iter()
        .map(|item| item.key.as_str())
        .collect();
    let mut seen = HashSet::new();
    // One more than there are items is certain to be a problem: the rest need no look.
    for (at, key) in keys.iter().enumerate().take(known.len() + 1) {
        found.unless(known.contains(key.as_str()), || {
            (
                format!("items[{at}]"),
                format!("{key:?} is not an item of the situation"),
            )
        });
        found.unless(seen.insert(key.as_str()), || {
            (format!("items[{at}]"), format!("{key:?} is named twice"))
        });
    }
}

fn check_custom(name: &str, json: &str, found: &mut Findings<'_>) {
    found.unless(is_dotted_name(name, 64), || {
        (
            "name".to_owned(),
            format!("{name:?} is not 1 to 64 characters of a-z, 0-9, - and ."),
        )
    });
    if json.len() > JSON_BYTES_MAX {
        found.unless(false, || {
            (
                "json".to_owned(),
                format!("{} bytes where {JSON_BYTES_MAX} are allowed", json.len()),
            )
        });
    } else if let Err(error) = serde_json::from_str::<serde_json::Value>(json) {
        found.unless(false, || {
            ("json".to_owned(), format!("not one JSON value: {error}"))
        });
    }
}
