//! A sandbox that is moved in one stretch comes to the same as one moved day by day: what is
//! read from the store for a stretch is enough for all of it.

use regua_domain::fact::{Fact, InvoiceFacts, PaymentFacts};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{DAY_MS, Date};
use regua_domain::timeline::TimelineEntry;
use regua_tests::{Sandbox, built, person, sample};
use serde_json::{Value, json};

/// How long the history goes on, days.
const DAYS: i64 = 400;

fn brl(minor: i64) -> Money {
    Money::new(minor, Currency::parse("BRL").expect("a currency"))
}

/// What is told of a day, all of it ahead: more than a dossier holds at once, and letters
/// and ends of cases that the days behind them have to know of.
fn told_of(day: i64, date: Date) -> Vec<Fact> {
    let invoice = |reference: String, amount| {
        Fact::InvoiceIssued(InvoiceFacts {
            reference,
            amount: brl(amount),
            issued_on: date,
            due_on: date,
            contract: None,
        })
    };
    let payment = |reference: String, amount, invoice: String| {
        Fact::Payment(PaymentFacts {
            reference,
            amount: brl(amount),
            paid_on: date,
            invoices: vec![invoice],
            pending: false,
        })
    };
    // One that is paid at once, and one of which every third is paid late, and every ninth
    // taken back after weeks.
    let mut facts = vec![
        invoice(format!("A-{day}"), 500),
        payment(format!("PA-{day}"), 500, format!("A-{day}")),
        invoice(format!("B-{day}"), 20_000 + day),
    ];
    let late = day - 3;
    if late >= 0 && late % 3 == 0 {
        facts.push(payment(
            format!("PB-{late}"),
            20_000 + late,
            format!("B-{late}"),
        ));
    }
    let back = day - 40;
    if back >= 0 && back % 9 == 0 {
        facts.push(Fact::PaymentReversed {
            payment: format!("PB-{back}"),
            code: "charge-back".to_owned(),
        });
    }
    facts
}

async fn history(stretch_days: i64) -> Vec<TimelineEntry> {
    let mut sandbox = Sandbox::new(sample::policy()).await;
    sandbox.add(built::plugin("first-day-late-email")).await;
    sandbox.add_templates_of("first-day-late-email").await;
    sandbox.publish(&workflow()).await;
    let (noon, zone) = (sandbox.now(), person().time_zone);
    let mut facts = vec![(noon, Fact::Customer(person()))];
    for day in 0..DAYS {
        let at = noon.plus_ms(day * DAY_MS);
        let told = told_of(day, at.date_in(zone));
        facts.extend(told.into_iter().map(|fact| (at, fact)));
    }
    for told in sandbox.tell_all("C-1", facts).await {
        told.expect("it is taken");
    }
    let mut left = DAYS + 30;
    while left > 0 {
        let worked = sandbox.go_on(stretch_days.min(left)).await;
        assert_eq!(worked.faults, 0);
        left -= stretch_days;
    }
    sandbox.timeline("C-1").await
}

fn workflow() -> Value {
    json!({
        "name": "bench",
        "send_window": "0 * 9-16 * * MON-FRI",
        "calendar": "weekends",
        "late_entry": "by_age",
        "stages": [{
            "id": "first-day-late",
            "plugin": "first-day-late-email@1",
            "at": { "days_overdue": 1 },
            "config": { "template": "first-day-late" },
            "on": { "sent": { "end": "closed" }, "unreachable": { "end": "closed" } },
            "on_failure": { "hold": "7d", "task": "Look at this case" },
        }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_in_one_stretch_equals_the_same_year_in_weeks_and_days() {
    let whole = history(DAYS + 30).await;
    assert!(whole.len() > 1_500, "too little happened to tell");
    for stretch in [7, 1] {
        let parts = history(stretch).await;
        if let Some(nth) = (0..whole.len()).find(|nth| parts.get(*nth) != Some(&whole[*nth])) {
            let near = nth.saturating_sub(6);
            panic!(
                "in stretches of {stretch} days:\n{:#?}\nin one:\n{:#?}",
                &parts[near..(nth + 2).min(parts.len())],
                &whole[near..(nth + 2).min(whole.len())]
            );
        }
        assert_eq!(parts.len(), whole.len());
    }
}
