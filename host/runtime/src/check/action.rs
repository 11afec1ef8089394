//! The bounds of each action.

use regua_domain::contract::Action;

use super::findings::Findings;
use super::fit::{Fit, item_keys};
use super::message::check_message;
use super::plan::check_plans;
use super::text::{is_dotted_name, is_key};
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
pub(super) fn check(action: &Action, fit: Fit<'_>, found: &mut Findings<'_>) {
    match action {
        Action::SendMessage(message) => check_message(message, found),
        Action::Charge { amount, method, on } => {
            if let Some(amount) = amount {
                check_amount("amount", *amount, 1, found);
            }
            if let Some(method) = method {
                check_method(method, fit, found);
            }
            if let Some(on) = on {
                fit.date("on", *on, 0, found);
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
            fit.item("item", item, found);
            check_amount("amount", *amount, 1, found);
        }
        Action::AddInterest { terms, item, until } => {
            reference("terms", terms, found);
            fit.item("item", item, found);
            fit.date("until", *until, -HORIZON_DAYS, found);
        }
        Action::OfferDiscount {
            items,
            basis_points,
            valid_until,
        } => {
            fit.items(items, found);
            found.unless((1..=BASIS_POINTS_MAX).contains(basis_points), || {
                (
                    "basis-points".to_owned(),
                    format!("{basis_points} is not between 1 and {BASIS_POINTS_MAX}"),
                )
            });
            fit.date("valid-until", *valid_until, 1, found);
        }
        Action::OfferPlan {
            items,
            plans,
            valid_until,
        } => {
            fit.items(items, found);
            check_plans(plans, items, fit, found);
            fit.date("valid-until", *valid_until, 1, found);
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
            fit.date("due-on", *due_on, 0, found);
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
            fit.items(items, found);
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
            found.unless(is_key(placement), || {
                (
                    "placement".to_owned(),
                    format!("{placement:?} is not the key of a proposal"),
                )
            });
            // What is paid is no longer open, and has to be taken back too.
            item_keys(items, found);
            found.text("reason", reason, REASON_TEXT_CHARS_MAX);
        }
        Action::Hold { reason, until } => {
            found.text("reason", reason, REASON_TEXT_CHARS_MAX);
            fit.date("until", *until, 1, found);
        }
        Action::WriteOff { items, reason } => {
            fit.items(items, found);
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

fn check_method(method: &str, fit: Fit<'_>, found: &mut Findings<'_>) {
    reference("method", method, found);
    if let Some(situation) = fit.situation() {
        let mut methods = situation.customer.methods.iter();
        found.unless(methods.any(|known| known.key == method), || {
            (
                "method".to_owned(),
                format!("{method:?} is not among the customer's methods"),
            )
        });
    }
}

/// A name that means something elsewhere: not empty, one line, bounded.
pub(super) fn reference(field: &str, text: &str, found: &mut Findings<'_>) {
    filled(field, text, REFERENCE_CHARS_MAX, found);
}

fn filled(field: &str, text: &str, chars_max: usize, found: &mut Findings<'_>) {
    found.unless(!text.is_empty(), || (field.to_owned(), "empty".to_owned()));
    found.line(field, text, chars_max);
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
