//! What became of invoices.

use regua_domain::contract::CustomerKind;
use regua_domain::fact::{CustomerFacts, Fact};
use regua_domain::money::Currency;
use regua_domain::time::{Date, plus_days};

use crate::backtest::{Past, known_at};
use crate::play::Play;
use crate::simulate::model::age_of;
use crate::simulate::taken::nobody;

/// Invoices are watched for so many days after they are due at most.
const WATCHED_DAYS: i64 = 365;

/// An invoice of a past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Whose.
    pub customer: String,
    /// What the customer is counted among.
    pub segment: String,
    /// Whether the customer is a business, where that was told.
    pub business: Option<bool>,
    /// When it was issued.
    pub issued_on: Date,
    /// When it was due.
    pub due_on: Date,
    /// In which currency.
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
    /// When it was paid in full; none: not by the end.
    pub paid_on: Option<Date>,
}

impl Observed {
    /// The day on which it is paid, where that is by `until`.
    pub(super) fn paid_by(&self, until: Date) -> Option<Date> {
        self.paid_on.filter(|paid| *paid <= until)
    }

    /// The days on which it is open and watched, up to `until`: the day of its payment is the last.
    pub(super) fn open_days(&self, until: Date) -> impl Iterator<Item = Date> {
        let last = self.paid_by(until).unwrap_or(until);
        let last = last.min(plus_days(self.due_on, WATCHED_DAYS));
        self.issued_on
            .iter_days()
            .take_while(move |day| *day <= last)
    }

    pub(super) fn age(&self, day: Date) -> usize {
        age_of(i32::try_from((day - self.due_on).num_days()).unwrap_or(i32::MAX))
    }
}

/// What became of a customer's invoices, by all that was ever told of them.
pub fn observe(past: &Past) -> Vec<Observed> {
    let tenant = nobody();
    let Some(first) = past.facts.first() else {
        return Vec::new();
    };
    let mut play = Play::new(&tenant, &past.reference, known_at(first));
    for fact in &past.facts {
        // What cannot be told of a customer whom nobody duns is about what was done to them.
        let _ = play.tell_as(fact);
    }
    let dossier = play.dossier();
    let segment = dossier.customer.segments.first().cloned();
    let business = described(past).map(|facts| facts.kind == CustomerKind::Business);
    let invoices = dossier.items.iter().filter(|item| item.kind.is_principal());
    let observed = invoices.map(|item| Observed {
        customer: past.reference.clone(),
        segment: segment.clone().unwrap_or_else(|| "all".to_owned()),
        business,
        issued_on: item.issued_on,
        due_on: item.due_on,
        currency: item.currency,
        amount: item.original,
        paid_on: item.paid_in_full_on(),
    });
    observed.collect()
}

/// What was told last of who the customer is.
pub(super) fn described(past: &Past) -> Option<&CustomerFacts> {
    past.facts.iter().rev().find_map(|told| match &told.fact {
        Fact::Customer(facts) => Some(facts),
        _ => None,
    })
}
