//! A sandbox that is moved in one stretch comes to the same as one moved day by day: what is
//! read from the store for a stretch is enough for all of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use regua_domain::contract::{Channel, CustomerKind};
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::dossier::LoggedFact;
use regua_domain::fact::{CustomerFacts, Fact, InvoiceFacts, PaymentFacts};
use regua_domain::id::{CaseId, FactId, derived};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{DAY_MS, Date, Timestamp, plus_days};
use regua_domain::timeline::TimelineEntry;
use regua_engine::{Engine, Open, Telling};
use regua_tests::{sample, wave};

/// How long the history goes on, days.
const DAYS: i64 = 400;

fn debtor() -> CustomerFacts {
    CustomerFacts {
        name: "Ana".to_owned(),
        tax_number: None,
        kind: CustomerKind::Consumer,
        locale: "en".to_owned(),
        jurisdiction: "BR-SP".to_owned(),
        time_zone: chrono_tz::America::Sao_Paulo,
        segments: Vec::new(),
        attributes: BTreeMap::new(),
        methods: Vec::new(),
        contacts: vec![ContactPoint {
            channel: Channel::Email,
            address: "ana@customer.example".to_owned(),
            consent: Consent::Given,
            bounced: false,
        }],
        since: None,
    }
}

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

async fn tell_all(engine: &Engine, open: &Open, from: Timestamp) {
    let mut facts = vec![(from, Fact::Customer(debtor()))];
    for day in 0..DAYS {
        let date = plus_days(sample::today(), day);
        let at = Timestamp::start_of(date, chrono_tz::Tz::UTC).plus_ms(DAY_MS / 2);
        facts.extend(told_of(day, date).into_iter().map(|fact| (at, fact)));
    }
    let facts = facts
        .into_iter()
        .enumerate()
        .map(|(nth, (at, fact))| Telling {
            customer: "C-0".to_owned(),
            fact: LoggedFact {
                id: FactId(derived(CaseId(open.row.id.0), nth as u64, "fact", 0)),
                at,
                fact,
                taken: false,
            },
        })
        .collect();
    for told in engine.tell(open, from, facts).await.expect("it is told") {
        told.expect("it is taken");
    }
}

async fn history(stretch_days: i64) -> Vec<TimelineEntry> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut now = Timestamp::start_of(sample::today(), chrono_tz::Tz::UTC);
    let (engine, open) = wave::sandbox(&folder.path().join("store"), now)
        .await
        .expect("a sandbox");
    tell_all(&engine, &open, now).await;
    let until = now.plus_ms((DAYS + 30) * DAY_MS);
    while now < until {
        now = now.plus_ms(stretch_days * DAY_MS).min(until);
        let worked = engine.advance(&open, now, None).await.expect("it runs");
        assert_eq!(worked.faults, 0);
    }
    let timeline = all_of(&open).await;
    engine.store().close().await;
    timeline
}

async fn all_of(open: &Arc<Open>) -> Vec<TimelineEntry> {
    let customers = open.store.find(&["C-0".to_owned()]).await.expect("found");
    let customer = customers[0].expect("a customer");
    let timeline = open.store.timeline(customer, 0, u32::MAX).await;
    timeline.expect("a timeline")
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
