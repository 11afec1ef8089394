//! What a template can say: the values the host gives, formatted for the reader.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Object, Value};
use serde::{Serialize, Serializer};

use crate::format;
use crate::money::{Currency, Money};
use crate::time::Date;

/// The values a template is rendered with. Amounts and dates are already written as the
/// reader's locale writes them; what there is none of is `None` and can be asked for with
/// `{% if offer %}`.
#[derive(Debug, Clone, Serialize)]
pub struct Context {
    /// Who is owed.
    pub tenant: Party,
    /// Who owes.
    pub customer: Party,
    /// The civil date in the customer's zone.
    pub today: String,
    /// The balance of the case.
    pub balance: Balance,
    /// The open items that `balance.chaseable` is the sum of, oldest due first.
    pub items: Vec<Item>,
    /// Fees on the case.
    pub fees: Vec<Fee>,
    /// What is offered, where something is.
    pub offer: Option<Offer>,
    /// Links of the host; none where the tenant does not say where they lead, so that a text
    /// that has one cannot be rendered.
    pub links: Option<Links>,
    /// Further text of the stage that sends.
    pub vars: Vars,
}

/// A tenant or a customer.
#[derive(Debug, Clone, Serialize)]
pub struct Party {
    /// The name.
    pub name: String,
}

/// What is owed in all.
#[derive(Debug, Clone, Serialize)]
pub struct Balance {
    /// Past its due date.
    pub overdue: String,
    /// All that is open.
    pub outstanding: String,
    /// What the letter asks for: past due and not covered; in a reminder before anything is
    /// overdue, all that is open and not covered.
    pub chaseable: String,
    /// The oldest due date, where anything is overdue.
    pub oldest_due: Option<String>,
    /// Days since the anchor, where anything is overdue.
    pub days_overdue: Option<String>,
}

/// An item that the letter asks for.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// The tenant's reference, such as an invoice number.
    pub reference: String,
    /// What it is: `invoice`, `fee`, …
    pub kind: String,
    /// When it was issued.
    pub issued_on: String,
    /// When it is due.
    pub due_on: String,
    /// What of it the letter asks for.
    pub amount: String,
    /// Days since it was due; `0` where it is not overdue.
    pub days_overdue: String,
}

/// A fee.
#[derive(Debug, Clone, Serialize)]
pub struct Fee {
    /// Its kind.
    pub kind: String,
    /// How much.
    pub amount: String,
    /// The reference of the item it was charged for.
    pub item: String,
}

/// An offer to pay in parts.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// Its last day.
    pub valid_until: String,
    /// The plans to choose from.
    pub plans: Vec<Plan>,
}

/// A plan of an offer.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// From `1`.
    pub number: String,
    /// The sum of its instalments.
    pub total: String,
    /// Whether fees are waived if it is kept.
    pub waives_fees: bool,
    /// The instalments, earliest first.
    pub instalments: Vec<Instalment>,
}

/// An instalment.
#[derive(Debug, Clone, Serialize)]
pub struct Instalment {
    /// When it is due.
    pub due_on: String,
    /// How much.
    pub amount: String,
}

/// Links of the host: the only URLs a debtor gets.
#[derive(Debug, Clone, Serialize)]
pub struct Links {
    /// To pay.
    pub pay: String,
    /// To dispute an item.
    pub dispute: String,
    /// To answer an offer, where there is one.
    pub offer: Option<String>,
}

/// Further text of a stage, by name.
#[derive(Debug, Clone)]
pub enum Vars {
    /// These and no other.
    Known(BTreeMap<String, String>),
    /// A placeholder for any name: when a template is published, nobody knows which stages
    /// will use it. Only templates see the placeholders; elsewhere it is an empty map.
    Any,
}

impl Serialize for Vars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(vars) => vars.serialize(serializer),
            Self::Any => Value::from_object(AnyName).serialize(serializer),
        }
    }
}

#[derive(Debug)]
struct AnyName;

impl Object for AnyName {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        key.as_str().map(|name| Value::from(format!("[{name}]")))
    }
}

impl Links {
    /// All there are, longer ones first: one may be the beginning of another.
    pub(super) fn all(&self) -> Vec<&str> {
        let all = [Some(&self.pay), Some(&self.dispute), self.offer.as_ref()];
        let there = all.into_iter().flatten().map(String::as_str);
        let mut there: Vec<_> = there.filter(|link| !link.is_empty()).collect();
        there.sort_by_key(|link| std::cmp::Reverse(link.len()));
        there
    }
}

impl Context {
    /// What somebody is called: by the tenant, never by a stage.
    pub(super) fn names(&self) -> [&str; 2] {
        [&self.tenant.name, &self.customer.name]
    }

    /// What the tenant calls its items.
    pub(super) fn references(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.reference.as_str())
    }

    /// A sample with everything in it, for test-rendering in a locale: two items, a fee,
    /// an offer with two plans, and a text for any variable.
    pub fn sample(locale: &str) -> Self {
        let date = |text: &str| format::date(text.parse::<Date>().unwrap_or_default(), locale);
        let money = |minor| match Currency::parse(sample_currency(locale)) {
            Ok(currency) => format::money(Money::new(minor, currency), locale),
            Err(_) => String::new(),
        };
        let item = |reference: &str, issued: &str, due: &str, minor, days: &str| Item {
            reference: reference.to_owned(),
            kind: "invoice".to_owned(),
            issued_on: date(issued),
            due_on: date(due),
            amount: money(minor),
            days_overdue: days.to_owned(),
        };
        let plan = |number: &str, total, dues: &[&str]| Plan {
            number: number.to_owned(),
            total: money(total),
            waives_fees: dues.len() == 1,
            instalments: dues
                .iter()
                .map(|due| Instalment {
                    due_on: date(due),
                    amount: money(total / dues.len() as i64),
                })
                .collect(),
        };
        let link = |path: &str| format!("https://pay.example/{path}");
        Self {
            tenant: Party {
                name: "Example & Sons".to_owned(),
            },
            customer: Party {
                name: "Ana <Silva> {{ sample }}".to_owned(),
            },
            today: date("2026-03-12"),
            balance: Balance {
                overdue: money(123_450),
                outstanding: money(200_000),
                chaseable: money(123_450),
                oldest_due: Some(date("2026-03-02")),
                days_overdue: Some("10".to_owned()),
            },
            items: vec![
                item("INV-1001", "2026-02-02", "2026-03-02", 123_450, "10"),
                item("INV-1002", "2026-03-02", "2026-04-02", 76_550, "0"),
            ],
            fees: vec![Fee {
                kind: "late-fee".to_owned(),
                amount: money(500),
                item: "INV-1001".to_owned(),
            }],
            offer: Some(Offer {
                valid_until: date("2026-03-26"),
                plans: vec![
                    plan("1", 123_450, &["2026-03-20"]),
                    plan("2", 123_450, &["2026-03-20", "2026-04-20", "2026-05-20"]),
                ],
            }),
            links: Some(Links {
                pay: link("p/1"),
                dispute: link("d/1"),
                offer: Some(link("o/1")),
            }),
            vars: Vars::Any,
        }
    }
}

fn sample_currency(locale: &str) -> &'static str {
    match locale.split('-').next() {
        Some("pt") => "BRL",
        Some("de") => "EUR",
        _ => "USD",
    }
}
