//! The sample ledger: made by rule from a seed, so that every run of the demo is the same.
//!
//! Two dozen customers in three countries, each with a habit. Between them they pay on
//! time, late, in parts and never; they promise and break it, reply, dispute, bounce,
//! accept plans and break them.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use regua_domain::contract::{Channel, CustomerKind};
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::dossier::LoggedFact;
use regua_domain::fact::{CustomerFacts, Fact, InvoiceFacts, PaymentFacts};
use regua_domain::id::{CaseId, FactId, derived};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{Date, HOUR_MS, Timestamp};
use regua_engine::Telling;

/// How a customer behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Pays on the due date.
    Prompt,
    /// Pays some days late.
    Late(u64),
    /// Pays half some days late, the rest later still.
    Halves(u64),
    /// Promises on a late day, and keeps it.
    Promises,
    /// Promises on a late day, and breaks it; pays much later.
    BreaksPromises,
    /// Their e-mail bounces; pays late.
    Bounces,
    /// Answers that money is short, takes a plan and pays it.
    TakesPlan,
    /// Answers that money is short, takes a plan and breaks it.
    BreaksPlan,
    /// Disputes, and is found wrong; then pays.
    Disputes,
    /// Says the invoice never came.
    NotReceived,
    /// Never pays.
    Never,
}

const HABITS: [Habit; 12] = [
    Habit::Prompt,
    Habit::Late(3),
    Habit::Late(12),
    Habit::Halves(9),
    Habit::Promises,
    Habit::BreaksPromises,
    Habit::Bounces,
    Habit::TakesPlan,
    Habit::BreaksPlan,
    Habit::Disputes,
    Habit::NotReceived,
    Habit::Never,
];

struct Country {
    zone: Tz,
    locale: &'static str,
    jurisdiction: &'static str,
    currency: &'static str,
}

const COUNTRIES: [Country; 3] = [
    Country {
        zone: Tz::America__Sao_Paulo,
        locale: "pt-BR",
        jurisdiction: "BR-SP",
        currency: "BRL",
    },
    Country {
        zone: Tz::America__New_York,
        locale: "en-US",
        jurisdiction: "US-NY",
        currency: "USD",
    },
    Country {
        zone: Tz::Europe__London,
        locale: "en-GB",
        jurisdiction: "GB",
        currency: "GBP",
    },
];

/// A customer of the sample.
#[derive(Debug, Clone)]
pub struct Debtor {
    /// Their reference.
    pub reference: String,
    /// How they behave.
    pub habit: Habit,
}

/// The sample: who, and everything that happens by itself.
pub struct Sample {
    /// The customers.
    pub debtors: Vec<Debtor>,
    /// The facts, each at its instant.
    pub facts: Vec<Telling>,
    /// The first day of the play.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// Makes the sample.
pub fn sample() -> Sample {
    let from = day(2025, 1, 6);
    let mut sample = Sample {
        debtors: Vec::new(),
        facts: Vec::new(),
        from,
        until: day(2026, 1, 5),
    };
    for number in 0..24_u64 {
        let habit = HABITS[usize::try_from(number).unwrap_or(0) % HABITS.len()];
        let country =
            &COUNTRIES[usize::try_from(number / 12 + number).unwrap_or(0) % COUNTRIES.len()];
        let debtor = Debtor {
            reference: format!("C-{:03}", number + 1),
            habit,
        };
        let mut told = Teller {
            reference: &debtor.reference,
            zone: country.zone,
            number: 0,
            facts: &mut sample.facts,
        };
        told.tell(from, Fact::Customer(customer(&debtor, country, number)));
        for month in 0..9_u64 {
            invoice(&mut told, country, habit, number, month, from);
        }
        sample.debtors.push(debtor);
    }
    sample
}

struct Teller<'a> {
    reference: &'a str,
    zone: Tz,
    number: u64,
    facts: &'a mut Vec<Telling>,
}

impl Teller<'_> {
    /// Something that happens on a day, at ten in the morning where the customer is.
    fn tell(&mut self, on: Date, fact: Fact) {
        self.number += 1;
        let at = Timestamp::start_of(on, self.zone).plus_ms(10 * HOUR_MS);
        self.facts.push(Telling {
            group: None,
            customer: self.reference.to_owned(),
            fact: LoggedFact {
                id: fact_id(self.reference, self.number),
                at,
                fact,
                taken: None,
            },
        });
    }
}

/// The id of a customer's nth fact.
pub fn fact_id(reference: &str, number: u64) -> FactId {
    FactId(derived(CaseId(uuid::Uuid::nil()), number, reference, 0))
}

fn customer(debtor: &Debtor, country: &Country, number: u64) -> CustomerFacts {
    let host = format!("customer-{:03}.example", number + 1);
    let point = |channel, address: String| ContactPoint {
        channel,
        address,
        consent: Consent::Given,
        bounced: false,
    };
    CustomerFacts {
        name: format!("Sample Company {:03}", number + 1),
        tax_number: None,
        kind: CustomerKind::Business,
        locale: country.locale.to_owned(),
        jurisdiction: country.jurisdiction.to_owned(),
        time_zone: country.zone,
        segments: if number.is_multiple_of(5) {
            vec!["key-account".to_owned()]
        } else {
            Vec::new()
        },
        attributes: std::collections::BTreeMap::default(),
        methods: Vec::new(),
        contacts: vec![
            point(Channel::Email, format!("accounts@{host}")),
            point(Channel::Sms, format!("+1555010{:04}", number + 1)),
            point(Channel::Letter, format!("{} Sample Street", number + 1)),
        ],
        since: debtor.reference.is_empty().then_some(day(2024, 1, 1)),
    }
}

fn invoice(
    told: &mut Teller<'_>,
    country: &Country,
    habit: Habit,
    number: u64,
    month: u64,
    from: Date,
) {
    let issued_on = from + Days::new(30 * month + number % 7);
    let due_on = issued_on + Days::new(30);
    let reference = format!("{}-{:02}", told.reference, month + 1);
    let Ok(currency) = Currency::parse(country.currency) else {
        return;
    };
    let amount = Money::new(
        12_000 + i64::try_from((number * 7_919 + month * 3_571) % 90_000).unwrap_or(0),
        currency,
    );
    told.tell(
        issued_on,
        Fact::InvoiceIssued(InvoiceFacts {
            reference: reference.clone(),
            amount,
            issued_on,
            due_on,
            contract: None,
        }),
    );
    let mut pay = |days: u64, minor: i64, part: &str| {
        let paid_on = due_on + Days::new(days);
        told.tell(
            paid_on,
            Fact::Payment(PaymentFacts {
                reference: format!("P-{reference}{part}"),
                amount: Money::new(minor, currency),
                paid_on,
                invoices: vec![reference.clone()],
                pending: false,
            }),
        );
    };
    let half = amount.minor / 2;
    match habit {
        Habit::Prompt => pay(0, amount.minor, ""),
        Habit::Late(days) => pay(days, amount.minor, ""),
        Habit::Halves(days) => {
            pay(days, half, "a");
            pay(days + 14, amount.minor - half, "b");
        }
        Habit::Promises | Habit::Bounces => pay(11, amount.minor, ""),
        Habit::BreaksPromises | Habit::NotReceived => pay(33, amount.minor, ""),
        Habit::Disputes => pay(40, amount.minor, ""),
        Habit::TakesPlan | Habit::BreaksPlan if month >= 2 => pay(1, amount.minor, ""),
        Habit::TakesPlan | Habit::BreaksPlan | Habit::Never => {}
    }
    words(told, habit, month, amount, due_on, reference);
}

/// What a customer says about an invoice, beside paying it.
fn words(
    told: &mut Teller<'_>,
    habit: Habit,
    month: u64,
    amount: Money,
    due_on: Date,
    reference: String,
) {
    let late = |days: u64| due_on + Days::new(days);
    match habit {
        Habit::Promises => told.tell(
            late(4),
            Fact::PromiseMade {
                amount,
                due_on: late(12),
            },
        ),
        Habit::BreaksPromises => told.tell(
            late(4),
            Fact::PromiseMade {
                amount,
                due_on: late(8),
            },
        ),
        Habit::Disputes if month.is_multiple_of(3) => {
            told.tell(
                late(6),
                Fact::DisputeOpened {
                    invoice: reference.clone(),
                    reference: format!("D-{reference}"),
                    amount: None,
                    reason: "goods-or-service".to_owned(),
                },
            );
            told.tell(
                late(30),
                Fact::DisputeResolved {
                    invoice: reference,
                    upheld: false,
                },
            );
        }
        Habit::NotReceived if month.is_multiple_of(4) => {
            told.tell(
                late(7),
                Fact::Replied {
                    reason: "not-received".to_owned(),
                    text: "We never got it.".to_owned(),
                },
            );
        }
        Habit::TakesPlan | Habit::BreaksPlan if month == 0 => {
            let text = "Money is short this quarter.".to_owned();
            told.tell(
                late(9),
                Fact::Replied {
                    reason: "cash-flow".to_owned(),
                    text,
                },
            );
        }
        _ => {}
    }
}

fn day(year: i32, month: u32, day: u32) -> Date {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}
