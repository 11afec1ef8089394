//! One customer, again and again: five invoices, all past due.

use anyhow::Result;
use regua_domain::contract::{
    Balance, Channel, CustomerKind, DeliveryState, History, ItemKind, Moment, OpenItem,
    SeenCustomer, Situation, StagePosition, Trigger,
};
use regua_domain::customer::{Consent, ContactPoint, Customer};
use regua_domain::dossier::{Dossier, Draft, LoggedFact};
use regua_domain::fact::{Fact, InvoiceFacts};
use regua_domain::id::{CaseId, CustomerId, FactId, ItemId, derived};
use regua_domain::money::{Currency, Money};
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::run;
use regua_domain::tenant::Tenant;
use regua_domain::time::{Date, HOUR_MS, Timestamp, plus_days};

/// The instant everything happens at: a Monday, eleven in the morning.
pub fn now() -> Timestamp {
    Timestamp::start_of(today(), chrono_tz::Tz::UTC).plus_ms(11 * HOUR_MS)
}

/// Its date.
pub fn today() -> Date {
    Date::from_ymd_opt(2026, 3, 2).unwrap_or_default()
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

/// The config of its stage.
pub const CONFIG: &str = r#"{"template":"first-day-late"}"#;

/// The nth customer, with five invoices told.
pub fn dossier(tenant: &Tenant, nth: u64, due_on: Date, at: Timestamp) -> Result<Dossier> {
    let id = CustomerId(derived(CaseId(tenant.id.0), nth, "customer", 0));
    let mut draft = Draft::new(Dossier::new(customer(id, nth)), at);
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
            taken: false,
        };
        draft = run::tell(tenant, draft, &fact)?.0;
    }
    draft.dossier.inbox.clear();
    Ok(draft.dossier)
}

fn customer(id: CustomerId, nth: u64) -> Customer {
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
            channel: Channel::Email,
            address: format!("c{nth}@customer.example"),
            consent: Consent::Given,
            bounced: false,
        }],
        since: None,
    }
}

/// A situation with five open items, as the stage is told it.
pub fn situation() -> Situation {
    let items: Vec<OpenItem> = (0..5).map(item).collect();
    let owed = items.iter().map(|item| item.outstanding).sum();
    Situation {
        now: Moment {
            at: now(),
            local_date: today(),
            local_minute_of_day: 660,
            local_weekday: 0,
            is_business_day: true,
            time_zone: "UTC".to_owned(),
        },
        trigger: Trigger::Entered,
        stage: StagePosition {
            id: "first-day-late".to_owned(),
            entered: now(),
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
            anchor: Some(plus_days(today(), -5)),
            days_overdue: 5,
            items,
            items_omitted: 0,
            covers: Vec::new(),
        },
        history: History {
            customer_since: None,
            invoices_paid: 0,
            invoices_paid_late: 0,
            average_days_late_centi: 0,
            worst_days_late: 0,
            promises_kept: 0,
            promises_broken: 0,
            plans_completed: 0,
            plans_broken: 0,
            contacts: Vec::new(),
            last_contact: None,
            last_reply: None,
            last_payment: None,
            last_decline: None,
        },
        score: None,
        effects: Vec::new(),
    }
}

fn item(nth: i64) -> OpenItem {
    let due_on = plus_days(today(), nth - 5);
    OpenItem {
        key: ItemId(derived(
            CaseId(uuid::Uuid::nil()),
            nth.unsigned_abs(),
            "item",
            0,
        ))
        .to_string(),
        kind: ItemKind::Invoice,
        parent: None,
        contract: None,
        issued_on: plus_days(due_on, -30),
        due_on,
        days_overdue: i32::try_from(5 - nth).unwrap_or(0),
        original: 10_000 + nth,
        outstanding: 10_000 + nth,
        chaseable: 10_000 + nth,
        placed: false,
        is_first: nth == 0,
        delivery: DeliveryState::Unknown,
    }
}
