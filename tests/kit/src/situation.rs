//! A debtor in Brazil on Monday 2026-03-02 at nine in the morning, in the stage `first`.

use regua_domain::contract::{
    Balance, Channel, CustomerKind, DeliveryState, History, ItemKind, Moment, OpenItem,
    SeenCustomer, Situation, StagePosition, Trigger,
};
use regua_domain::time::{Date, Timestamp, plus_days};

/// The day of the situation.
pub fn today() -> Date {
    Date::from_ymd_opt(2026, 3, 2).unwrap_or_default()
}

/// Its instant.
pub const NOW: Timestamp = Timestamp(1_772_452_800_000);

/// An item of so many minor units, all of which may be chased; due so many days ago.
pub fn item(key: &str, kind: ItemKind, minor: i64, days_overdue: i32) -> OpenItem {
    let due_on = plus_days(today(), -i64::from(days_overdue));
    OpenItem {
        key: key.to_owned(),
        kind,
        parent: None,
        contract: None,
        issued_on: plus_days(due_on, -30),
        due_on,
        days_overdue,
        original: minor,
        outstanding: minor,
        chaseable: minor,
        placed: false,
        is_first: false,
        delivery: DeliveryState::Sent,
    }
}

/// Entered for the first time with these items, the oldest first, in BRL: all are past due,
/// and nothing is covered.
pub fn of(items: Vec<OpenItem>) -> Situation {
    let owed = items.iter().map(|item| item.outstanding).sum();
    Situation {
        now: Moment {
            at: NOW,
            local_date: today(),
            local_minute_of_day: 540,
            local_weekday: 0,
            is_business_day: true,
            time_zone: "America/Sao_Paulo".to_owned(),
        },
        trigger: Trigger::Entered,
        stage: StagePosition {
            id: "first".to_owned(),
            entered: NOW,
            calls_before: 0,
            visits_before: 0,
            days_in_stage: 0,
            business_days_in_stage: 0,
            memory: Vec::new(),
        },
        customer: SeenCustomer {
            bucket: 4_711,
            kind: CustomerKind::Business,
            locale: "pt-BR".to_owned(),
            jurisdiction: "BR-SP".to_owned(),
            segments: Vec::new(),
            reachable: vec![Channel::Email],
            attributes: Vec::new(),
            methods: Vec::new(),
        },
        balance: Balance {
            currency: "BRL".to_owned(),
            minor_digits: 2,
            outstanding: owed,
            past_due: owed,
            chaseable: owed,
            credit: 0,
            anchor: items.first().map(|item| item.due_on),
            days_overdue: items.first().map_or(0, |item| item.days_overdue),
            items,
            items_omitted: 0,
            covers: Vec::new(),
        },
        history: History::default(),
        score: None,
        effects: Vec::new(),
    }
}
