//! One customer, again and again: five invoices, all past due.

use anyhow::Result;
use regua_domain::contract::{Channel, CustomerKind, ItemKind, Situation};
use regua_domain::customer::{Consent, ContactPoint, Customer};
use regua_domain::dossier::{Dossier, Draft, LoggedFact};
use regua_domain::fact::{Fact, InvoiceFacts};
use regua_domain::id::{CaseId, CustomerId, FactId, ItemId, derived};
use regua_domain::money::{Currency, Money};
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::run;
use regua_domain::tenant::Tenant;
use regua_domain::time::{Date, HOUR_MS, Timestamp, plus_days};
use regua_test_kit::situation as kit;

/// The instant everything happens at: a Monday, eleven in the morning.
pub fn now() -> Timestamp {
    Timestamp::start_of(today(), chrono_tz::Tz::UTC).plus_ms(11 * HOUR_MS)
}

/// Its date.
pub fn today() -> Date {
    kit::today()
}

/// The settings of the benchmark's tenant: live, so that effects stay in the outbox.
pub fn policy() -> Policy {
    let mut policy = Policy::new("Bench", ChargesOnPaid::Waive);
    policy.default_workflow = Some("bench".to_owned());
    "https://pay.example".clone_into(&mut policy.link_base);
    policy
}

/// The workflow of the benchmark: one stage.
pub const WORKFLOW: &str = r#"
name: bench
send_window: "0 * 9-16 * * MON-FRI"
calendar: weekends
tolerance: { BRL: "5.00" }
late_entry: by_age
stages:
  - id: first-day-late
    plugin: first-day-late-email@1
    at: { days_overdue: 1 }
    config: { template: first-day-late }
    on: { sent: { end: closed }, unreachable: { end: closed } }
    on_failure: { hold: 7d, task: "Look at this case" }
"#;

/// The same of a tenant whose stage never comes to an end.
pub const BURNING: &str = r#"
name: bench
send_window: "0 * 9-16 * * MON-FRI"
calendar: weekends
tolerance: { BRL: "5.00" }
late_entry: by_age
stages:
  - id: burning
    plugin: hostile@1
    at: { days_overdue: 1 }
    config: { do: loop }
    on: { done: { end: closed } }
    on_failure: { hold: 7d, task: "Look at this case" }
"#;

/// The config of its stage.
pub const CONFIG: &str = r#"{"template":"first-day-late"}"#;

/// The nth customer, who is reached over one channel, with five invoices told.
pub fn dossier(
    tenant: &Tenant,
    nth: u64,
    channel: &Channel,
    due_on: Date,
    at: Timestamp,
) -> Result<Dossier> {
    let id = CustomerId(derived(CaseId(tenant.id.0), nth, "customer", 0));
    let mut draft = Draft::new(Dossier::new(customer(id, nth, channel)), at);
    let currency = Currency::parse("BRL")?;
    for invoice in 0..5_u64 {
        let seed = FactId(derived(CaseId(id.0), invoice, "invoice", 0));
        let due_on = plus_days(due_on, -(i64::try_from(invoice)?));
        let fact = Fact::InvoiceIssued(InvoiceFacts {
            reference: format!("{nth}-{invoice}"),
            amount: Money::new(10_000 + i64::try_from(nth % 997 + invoice)?, currency),
            issued_on: plus_days(due_on, -30),
            due_on,
            contract: None,
        });
        let fact = LoggedFact {
            id: seed,
            at,
            fact,
            taken: None,
        };
        draft = run::tell(tenant, draft, &fact)?.0;
    }
    draft.dossier.inbox.clear();
    Ok(draft.dossier)
}

fn customer(id: CustomerId, nth: u64, channel: &Channel) -> Customer {
    let address = match channel {
        Channel::Email => format!("c{nth}@customer.example"),
        _ => format!("+55119{nth:08}"),
    };
    Customer {
        id,
        reference: format!("C-{nth}"),
        name: format!("Customer {nth}"),
        tax_number: None,
        kind: CustomerKind::Business,
        locale: "pt-BR".to_owned(),
        jurisdiction: "BR-SP".to_owned(),
        time_zone: chrono_tz::Tz::UTC,
        segments: Vec::new(),
        attributes: std::collections::BTreeMap::default(),
        methods: Vec::new(),
        contacts: vec![ContactPoint {
            channel: channel.clone(),
            address,
            consent: Consent::Given,
            bounced: false,
        }],
        since: None,
    }
}

/// A situation with five open items, as the stage is told it.
pub fn situation() -> Situation {
    let item = |nth: u64| {
        let id = ItemId(derived(CaseId(uuid::Uuid::nil()), nth, "item", 0));
        let minor = 10_000 + nth.cast_signed();
        kit::item(&id.to_string(), ItemKind::Invoice, minor, 5 - nth as i32)
    };
    kit::of((0..5).map(item).collect())
}
