//! Every branch of the stage, through the same path as its wasm export.

use regua_plugin_payment_plan_offer::PaymentPlanOffer;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{
    self, Answer, EffectBuilder, EventBuilder, ItemBuilder, SentOffer, SituationBuilder, Value,
    VerdictBuilder, json,
};
use regua_sdk::{CoverKind, ItemKind};

mod config;
mod making;
mod plan;
mod standing;
mod templates;

fn config() -> Value {
    json!({
        "plans": [
            { "instalments": 2, "every": "month", "waive_fees": true },
            { "instalments": 4, "every_days": 14, "down_payment_bps": 4000 },
        ],
        "smallest_instalment": { "BRL": "20.00" },
        "minimum": { "BRL": "100.00" },
        "maximum": { "BRL": "5000.00" },
        "valid_days": 10,
        "first_due_days": 12,
        "reminder_before_deadline_days": 3,
        "templates": { "offer": "plan-offer", "accepted": "plan-accepted" },
    })
}

fn ask(situation: SituationBuilder) -> Answer {
    testkit::ask::<PaymentPlanOffer>(&situation.build(), &config()).unwrap()
}

/// 120.01 on an invoice, 5.00 of fee on it, and something that is not late yet.
fn late() -> SituationBuilder {
    SituationBuilder::new()
        .invoice("inv-1", 12_001, 20)
        .item(
            ItemBuilder::invoice("fee-1", 500)
                .overdue(20)
                .charged_on("inv-1", ItemKind::LateFee),
        )
        .invoice("inv-2", 9_900, -5)
        .reachable([Channel::Email, Channel::Sms])
}

fn day(days: i32) -> Date {
    SituationBuilder::new().build().today().plus_days(days)
}

/// The offer was made, and so it and its letter have come so far.
fn offered(letter: EffectState, code: &str) -> SituationBuilder {
    let answer = ask(late());
    let memory = answer.then(EffectState::Done, "");
    memory
        .effect(
            EffectBuilder::new("offer", ActionKind::OfferPlan, EffectState::Done).until(day(10)),
        )
        .effect(EffectBuilder::message("letter:email", Channel::Email, letter).code(code))
}

fn instalments(offer: &SentOffer, plan: usize) -> Vec<(String, i64)> {
    let instalments = offer.plans[plan].instalments.iter();
    instalments
        .map(|(day, amount)| (day.to_string(), amount.minor()))
        .collect()
}

fn offer_event(kind: &str) -> EventBuilder {
    EventBuilder::new(kind).subject("offer")
}
