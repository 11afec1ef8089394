//! A ledger of ten customers whose backtest was worked out on paper.
//!
//! All live in São Paulo, owe 100.00 BRL an invoice and were told of on 20 February 2026. Both
//! policies have one stage that writes an e-mail between 9 and 17 o'clock, Monday to Friday, and
//! closes the case: the live one a day after the due date, the draft five days after it. A day that
//! is no business day rolls to the next. 2 March is a Monday.
//!
//! | | what happens | live | draft |
//! |---|---|---|---|
//! | 1 | due Fri 6 March, pays Thu 5 | – | – |
//! | 2 | due Tue 3, never pays | Wed 4 | Sun 8, so Mon 9 |
//! | 3 | due Tue 3, pays Fri 6 | Wed 4 | – |
//! | 4 | due Fri 6, never pays | Sat 7, so Mon 9 | Wed 11 |
//! | 5 | due Tue 3, pays Tue 3, which is known Thu 5 | Wed 4, after they paid | – |
//! | 6 | due Tue 3 and Tue 10, never pays | Wed 4 and Wed 11 | Mon 9, and Sun 15, so Mon 16 |
//! | 7 | due Tue 3, disputed that day | – | – |
//! | 8 | due Tue 3, wants no e-mail | – (closed) | – (closed) |
//! | 9 | due Tue 3, on Thu 5 promises to pay by Fri 20, and does | Wed 4 | – |
//! | 10 | due Mon 2, pays half on Tue 10 | Tue 3 | Sat 7, so Mon 9 |
//!
//! In sum the live policy writes 8 letters to 7 of them, one of whom had paid; the draft 5 to 4. Three
//! (3, 5 and 9) would hear nothing from the draft. The policies do otherwise with seven.

use chrono::NaiveTime;
use regua_domain::contract::Channel;
use regua_domain::dossier::LoggedFact;
use regua_domain::fact::{Fact, InvoiceFacts, PaymentFacts};
use regua_domain::id::{CaseId, FactId, derived};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{Date, Timestamp};
use regua_domain::workflow::check::Form;
use regua_rehearsal::backtest::{Costs, Past, Policy, Report, Span, compare};
use regua_tests::person;
use regua_tests::wave::Place;

use crate::{host, opened, sandbox};

fn ladder(days: u32) -> String {
    format!(
        r#"
name: standard
send_window: "0 * 9-16 * * MON-FRI"
calendar: weekends
late_entry: first
stages:
  - id: letter
    plugin: first-day-late-email@1
    at: {{ days_overdue: {days} }}
    config: {{ template: first-day-late }}
    on: {{ sent: {{ end: closed }}, unreachable: {{ end: closed }} }}
    on_failure: {{ hold: 7d, task: "Look at this case" }}
"#
    )
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// At noon in São Paulo.
fn noon(day: &str) -> Timestamp {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    Timestamp::at_local(date(day), noon, chrono_tz::Tz::America__Sao_Paulo)
}

fn brl(minor: i64) -> Money {
    Money::new(minor, Currency::parse("BRL").unwrap())
}

fn invoice(reference: &str, due_on: &str) -> (Timestamp, Fact) {
    let fact = Fact::InvoiceIssued(InvoiceFacts {
        reference: reference.to_owned(),
        amount: brl(10_000),
        issued_on: date("2026-02-20"),
        due_on: date(due_on),
        contract: None,
    });
    (noon("2026-02-20"), fact)
}

/// Money of a day that became known on another.
fn paid(minor: i64, on: &str, known: &str) -> (Timestamp, Fact) {
    let fact = Fact::Payment(PaymentFacts {
        reference: format!("P {minor} {on}"),
        amount: brl(minor),
        paid_on: date(on),
        invoices: Vec::new(),
        pending: false,
    });
    (noon(known), fact)
}

fn ledger() -> Vec<(String, Vec<(Timestamp, Fact)>)> {
    let (mar2, mar3, mar6) = ("2026-03-02", "2026-03-03", "2026-03-06");
    let dispute = Fact::DisputeOpened {
        invoice: "7a".to_owned(),
        reference: "D".to_owned(),
        amount: None,
        reason: "goods-or-service".to_owned(),
    };
    let promise = Fact::PromiseMade {
        amount: brl(10_000),
        due_on: date("2026-03-20"),
    };
    let opt_out = Fact::OptedOut {
        channel: Channel::Email,
    };
    let told = [
        vec![
            invoice("1a", mar6),
            paid(10_000, "2026-03-05", "2026-03-05"),
        ],
        vec![invoice("2a", mar3)],
        vec![invoice("3a", mar3), paid(10_000, mar6, mar6)],
        vec![invoice("4a", mar6)],
        vec![invoice("5a", mar3), paid(10_000, mar3, "2026-03-05")],
        vec![invoice("6a", mar3), invoice("6b", "2026-03-10")],
        vec![invoice("7a", mar3), (noon(mar3), dispute)],
        vec![invoice("8a", mar3), (noon(mar2), opt_out)],
        vec![
            invoice("9a", mar3),
            (noon("2026-03-05"), promise),
            paid(10_000, "2026-03-20", "2026-03-20"),
        ],
        vec![
            invoice("10a", mar2),
            paid(5_000, "2026-03-10", "2026-03-10"),
        ],
    ];
    let numbered = (1..).zip(told);
    let whole = numbered.map(|(number, facts)| {
        let who = (noon("2026-02-20"), Fact::Customer(person()));
        let facts = std::iter::once(who).chain(facts).collect();
        (format!("{number:02}"), facts)
    });
    whole.collect()
}

/// As a store has it, which learnt of each fact when it was known.
fn logged() -> Vec<Past> {
    let id = |number: u64| FactId(derived(CaseId(uuid::Uuid::nil()), number, "fact", 0));
    let mut numbers = 0..;
    let past = |(reference, facts): (String, Vec<(Timestamp, Fact)>)| {
        let facts = facts.into_iter().map(|(at, fact)| LoggedFact {
            id: id(numbers.next().unwrap()),
            at,
            fact,
            taken: Some(at),
        });
        Past::new(reference, facts.collect())
    };
    ledger().into_iter().map(past).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_customers_come_to_what_was_worked_out_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&Place::file(&folder.path().join("store.sqlite"))).await;
    sandbox(&host).await;
    let open = opened(&host).await;
    let live = host
        .rehearsal(&open, Some((&ladder(1), Form::Yaml)))
        .await
        .unwrap();
    let draft = host
        .rehearsal(&open, Some((&ladder(5), Form::Yaml)))
        .await
        .unwrap();
    let of = |rehearsal| -> Policy<'_> {
        let rehearsal: &regua_engine::rehearse::Rehearsal = rehearsal;
        Policy {
            tenant: &rehearsal.tenant,
            stages: &rehearsal.stages,
        }
    };
    let span = Span {
        from: noon("2026-02-20"),
        until: noon("2026-03-31"),
    };
    let mut report = Report::default();
    let mut days = Vec::new();
    for past in logged() {
        let compared = compare(&past, span, of(&live), of(&draft), &Costs::default()).unwrap();
        let contacts = [&compared.live, &compared.candidate].map(|lived| {
            let days = lived.contacts.iter().map(|contact| contact.on.to_string());
            days.collect::<Vec<_>>().join(" ")
        });
        days.push(contacts);
        report.add(compared);
    }
    assert_eq!(
        days,
        [
            ["", ""],
            ["2026-03-04", "2026-03-09"],
            ["2026-03-04", ""],
            ["2026-03-09", "2026-03-11"],
            ["2026-03-04", ""],
            ["2026-03-04 2026-03-11", "2026-03-09 2026-03-16"],
            ["", ""],
            ["", ""],
            ["2026-03-04", ""],
            ["2026-03-03", "2026-03-09"],
        ]
    );
    assert_eq!((report.customers, report.different), (10, 7));
    assert_eq!((report.live.messages(), report.live.contacted), (8, 7));
    assert_eq!(
        (report.candidate.messages(), report.candidate.contacted),
        (5, 4)
    );
    // A cent an e-mail.
    assert_eq!((report.live.spent, report.candidate.spent), (8, 5));
    assert_eq!(report.never_by_candidate, ["03", "05", "09"]);
    assert!(report.never_by_live.is_empty());
    assert_eq!(report.after_paid_by_live, ["05"]);
    assert!(report.after_paid_by_candidate.is_empty());
    // Under the live policy the case of the ninth is closed when they promise.
    assert_eq!((report.live.untold, report.candidate.untold), (1, 0));
    // Who was written to twice by each, on four days, differs most.
    assert_eq!(report.differences[0].compared.reference, "06");
    assert!(!report.differences[0].compared.live.story.is_empty());
}
