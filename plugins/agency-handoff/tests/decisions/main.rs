//! Every branch of the stage, through the same path as its wasm export.

use regua_plugin_agency_handoff::AgencyHandoff;
use regua_sdk::CoverKind;
use regua_sdk::prelude::*;
use regua_sdk::testkit::{
    self, Answer, EffectBuilder, EventBuilder, ItemBuilder, SituationBuilder, Value,
    VerdictBuilder, json,
};

mod before;
mod config;
mod placed;
mod templates;

fn config() -> Value {
    json!({
        "agency": "fair-collect",
        "minimum_age_days": 60,
        "minimum_balance": { "BRL": "100.00" },
        "notice": { "template": "final-notice", "wait_days": 10 },
        "commission_bps": 1800,
        "term_days": 90,
    })
}

fn ask(situation: SituationBuilder) -> Answer {
    testkit::ask::<AgencyHandoff>(&situation.build(), &config()).unwrap()
}

fn day(days: i32) -> Date {
    SituationBuilder::new().build().today().plus_days(days)
}

/// An item before or after it went to the agency.
type Disposed = fn(ItemBuilder) -> ItemBuilder;

fn chased(item: ItemBuilder) -> ItemBuilder {
    item
}

/// The case with these old items, and a new one.
fn case_of(items: &[(&str, i64, i32)], disposed: Disposed) -> SituationBuilder {
    let channels = [Channel::Email, Channel::Sms, Channel::Letter];
    let mut case = SituationBuilder::new()
        .invoice("new", 5_000, 20)
        .reachable(channels);
    for &(key, minor, overdue) in items {
        case = case.item(disposed(ItemBuilder::invoice(key, minor).overdue(overdue)));
    }
    case
}

const OLD: [(&str, i64, i32); 2] = [("old-1", 8_000, 95), ("old-2", 7_000, 70)];

fn late() -> SituationBuilder {
    case_of(&OLD, chased)
}

fn notice(channel: Channel, state: EffectState) -> EffectBuilder {
    EffectBuilder::message(&format!("notice:{channel}"), channel, state)
}

/// The memory that giving the notice left.
fn noticed() -> Value {
    json!({
        "notice": { "on": day(0), "business_days": 0 },
        "refused": [], "term_ends": null, "placed": [], "came_back_open": false, "recalls": 0,
    })
}

/// The notice was handed over, and so many days have passed.
fn after_notice(case: SituationBuilder, days: u16) -> SituationBuilder {
    case.effect(notice(Channel::Letter, EffectState::Done))
        .memory(&noticed())
        .days_later(days)
}
