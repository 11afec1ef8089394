//! Facts that suites begin with: who owes, and what.

use std::collections::BTreeMap;

use regua_domain::contract::{Channel, CustomerKind};
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::fact::{CustomerFacts, InvoiceFacts};
use regua_domain::money::{Currency, Money};
use regua_domain::time::plus_days;

/// An invoice, issued twenty days before it is due.
///
/// # Panics
/// Where the day is none.
pub fn invoice(reference: &str, minor: i64, due_on: &str) -> InvoiceFacts {
    let due_on = due_on.parse().expect("a date");
    InvoiceFacts {
        reference: reference.to_owned(),
        amount: Money::new(minor, Currency::parse("BRL").expect("a currency")),
        issued_on: plus_days(due_on, -20),
        due_on,
        contract: None,
    }
}

/// Ana in São Paulo, who can be reached by e-mail.
pub fn person() -> CustomerFacts {
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
