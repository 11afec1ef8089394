//! The bounds of each action.

use super::findings::Findings;
use super::fit::{Fit, item_keys, json};
use super::message;
use super::{HORIZON_DAYS, KIB, TEXT_CHARS_MAX};
use crate::bindings as wit;

pub(super) fn check(action: &wit::Action, fit: Fit<'_>, found: &mut Findings<'_>) {
    match action {
        wit::Action::SendMessage(given) => message::check(given, found),
        wit::Action::Charge(charge) => {
            if let Some(amount) = charge.amount {
                found.amount("a charge", amount);
            }
            if let Some(method) = &charge.method {
                fit.method(method, found);
            }
            if let Some(on) = charge.on {
                fit.date("its day", on, 0, found);
            }
        }
        wit::Action::AddFee(fee) => {
            found.word("the kind", &fee.kind, b"-.");
            found.word("the occurrence", &fee.occurrence, b"-.");
            fit.item(&fee.item, found);
            found.amount("a fee", fee.amount);
        }
        wit::Action::AddInterest(interest) => {
            found.reference("the terms", &interest.terms);
            fit.item(&interest.item, found);
            fit.date("its last day", interest.until, -HORIZON_DAYS, found);
        }
        wit::Action::OfferDiscount(discount) => {
            fit.items(&discount.items, found);
            found.between("basis points", discount.basis_points as usize, 1, 10_000);
            fit.date("the offer's last day", discount.valid_until, 1, found);
        }
        wit::Action::OfferPlan(offer) => {
            fit.items(&offer.items, found);
            fit.date("the offer's last day", offer.valid_until, 1, found);
            found.between("plans", offer.plans.len(), 1, 3);
            for plan in &offer.plans {
                check_plan(plan, &offer.items, fit, found);
            }
        }
        wit::Action::OpenTask(task) => {
            found.line("the title", &task.title, 1, 200);
            found.bytes("the details", &task.details, 4 * KIB);
            fit.date("its day", task.due_on, 0, found);
            found.reference("the team", &task.team);
            found.must(task.priority <= 9, || {
                format!("a priority of {}", task.priority)
            });
            if let Some(draft) = &task.draft {
                message::check(draft, found);
            }
        }
        wit::Action::NotifyTeam(notice) => {
            found.reference("the team", &notice.team);
            found.bytes("the text", &notice.text, 4 * KIB);
        }
        wit::Action::ChangeService(service) => found.reference("the contract", &service.contract),
        wit::Action::PlaceWithAgency(placement) => {
            found.reference("the agency", &placement.agency);
            fit.items(&placement.items, found);
            found.at_most("basis points", placement.commission_bps as usize, 10_000);
            found.between("days", placement.term_days.into(), 1, 3_660);
        }
        wit::Action::RecallPlacement(recall) => {
            found.word("the placement", &recall.placement, b"-.:");
            item_keys(&recall.items, found);
            found.text("the reason", &recall.reason, TEXT_CHARS_MAX);
        }
        wit::Action::Hold(hold) => {
            found.text("the reason", &hold.reason, TEXT_CHARS_MAX);
            fit.date("its last day", hold.until, 1, found);
        }
        wit::Action::WriteOff(write_off) => {
            fit.items(&write_off.items, found);
            found.text("the reason", &write_off.reason, TEXT_CHARS_MAX);
        }
        wit::Action::AddNote(text) => found.bytes("the note", text, 4 * KIB),
        wit::Action::Custom(custom) => {
            found.word("the name", &custom.name, b"-.");
            json(&custom.json, found);
        }
    }
}

fn check_plan(plan: &wit::Plan, items: &[String], fit: Fit<'_>, found: &mut Findings<'_>) {
    let instalments = &plan.instalments;
    found.between("instalments", instalments.len(), 1, 60);
    for one in instalments {
        found.amount("an instalment", one.amount);
        fit.date("an instalment's day", one.due_on, 0, found);
    }
    let forward = instalments.is_sorted_by(|one, next| one.due_on < next.due_on);
    found.must(forward, || {
        "an instalment is not due after the one before it".to_owned()
    });
    fit.plan(plan, items, found);
}
