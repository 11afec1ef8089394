//! Customers, cases and facts to write.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use regua_domain::case::{Case, CaseState, Pace, Visit, WorkflowRef};
use regua_domain::contract::{
    Action, Answer, Balance, Call, Channel, Content, CustomerKind, DeliveryState, EffectState,
    History, ItemKind, Message, Moment, OpenItem, Purpose, SeenCustomer, Situation, StagePosition,
    Trigger,
};
use regua_domain::customer::{Consent, ContactPoint, Customer};
use regua_domain::dossier::{ChangeSet, Dossier, Draft, NewIds};
use regua_domain::effect::{Effect, Letter};
use regua_domain::fact::{CustomerFacts, Fact, FactError, InvoiceFacts, PaymentFacts};
use regua_domain::id::{CaseId, CustomerId, FactId, ItemId, TenantId};
use regua_domain::intake::take_in;
use regua_domain::ledger::{Change, Disposition, Item};
use regua_domain::money::{Currency, Money};
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::template::Rendered;
use regua_domain::time::{Date, Timestamp, plus_days};
use regua_domain::timeline::{DecisionRecord, Happening};
use regua_storage::{Commit, Outcome, Store, TenantRow, TenantStore, Wanted};
use uuid::Uuid;

pub const NOW: Timestamp = Timestamp(1_770_000_000_000);
pub const LONG_AGO: Timestamp = Timestamp(0);

pub fn uuid(number: u64) -> Uuid {
    // Spread, as ids are, yet the same in every run.
    let high = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Uuid::from_u128(u128::from(high) << 64 | u128::from(number))
}

pub fn policy() -> Policy {
    Policy::new("Sample", ChargesOnPaid::Keep)
}

pub fn brl() -> Currency {
    Currency::parse("BRL").unwrap()
}

pub async fn tenant(store: &Arc<dyn Store>, number: u64) -> Arc<dyn TenantStore> {
    let row = TenantRow {
        id: TenantId(uuid(number)),
        name: format!("tenant-{number}"),
        policy: policy(),
        clock: None,
        revision: 0,
    };
    store.create_tenant(&row).await.unwrap();
    store.tenant(row.id)
}

pub fn customer(number: u64) -> Customer {
    Customer {
        id: CustomerId(uuid(number)),
        reference: format!("C-{number}"),
        name: format!("Customer {number}"),
        tax_number: Some("123".to_owned()),
        kind: CustomerKind::Business,
        locale: "pt-BR".to_owned(),
        jurisdiction: "BR-SP".to_owned(),
        time_zone: Tz::America__Sao_Paulo,
        segments: vec!["smb".to_owned()],
        attributes: BTreeMap::from([("tier".to_owned(), "gold".to_owned())]),
        methods: Vec::new(),
        contacts: vec![ContactPoint {
            channel: Channel::Email,
            address: format!("c{number}@example.com"),
            consent: Consent::Given,
            bounced: false,
        }],
        since: Some(today()),
    }
}

pub fn today() -> Date {
    NOW.date_in(Tz::America__Sao_Paulo)
}

/// A dossier that is not yet in any store.
pub fn blank(customer: &Customer) -> Dossier {
    let mut dossier = Dossier::new(customer.clone());
    dossier.customer.reference = String::new();
    dossier
}

/// The commit of a draft.
pub fn commit(before: &Dossier, draft: Draft, wake: Timestamp) -> Commit {
    Commit {
        customer: before.customer.id,
        seen: (before.version > 0).then_some(before.version),
        epoch: None,
        changes: ChangeSet::between(before, &draft.dossier, draft.journal),
        records: Vec::new(),
        wake,
        release: false,
    }
}

/// The first commit of a customer.
pub fn created(number: u64, wake: Timestamp) -> Commit {
    let customer = customer(number);
    let mut draft = Draft::new(blank(&customer), NOW);
    draft.dossier.customer = customer.clone();
    draft.dossier.standing.invoices = 0;
    let text = "created".to_owned();
    draft.tell(None, Happening::Note { text });
    commit(&blank(&customer), draft, wake)
}

/// A commit that only writes a note.
pub fn noted(before: &Dossier, text: &str) -> Commit {
    let mut draft = Draft::new(before.clone(), NOW);
    let text = text.to_owned();
    draft.tell(None, Happening::Note { text });
    commit(before, draft, NOW)
}

pub async fn load(tenant: &Arc<dyn TenantStore>, customer: CustomerId) -> Option<Dossier> {
    load_wanted(tenant, customer.into()).await
}

pub async fn load_wanted(tenant: &Arc<dyn TenantStore>, wanted: Wanted) -> Option<Dossier> {
    let loaded = tenant.load(&[wanted], LONG_AGO, LONG_AGO).await.unwrap();
    loaded.into_iter().next()
}

pub async fn done(tenant: &Arc<dyn TenantStore>, commit: Commit) {
    let outcomes = tenant.commit(vec![commit]).await.unwrap();
    assert_eq!(outcomes, [Outcome::Done]);
}

/// Creates customers and answers their dossiers.
pub async fn with_customers(tenant: &Arc<dyn TenantStore>, numbers: &[u64]) -> Vec<Dossier> {
    let commits = numbers.iter().map(|n| created(*n, NOW)).collect();
    let outcomes = tenant.commit(commits).await.unwrap();
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Done));
    let wanted: Vec<Wanted> = numbers
        .iter()
        .map(|n| CustomerId(uuid(*n)).into())
        .collect();
    tenant.load(&wanted, LONG_AGO, LONG_AGO).await.unwrap()
}

/// Takes a fact into a dossier; the commit is to be made.
pub fn taken(before: &Dossier, fact: &Fact, seed: u64) -> Result<(Commit, Dossier), FactError> {
    let mut draft = Draft::new(before.clone(), NOW.plus_ms(seed as i64));
    let seed = FactId(Uuid::from_u128(u128::from(seed)));
    take_in(&policy(), &mut draft, fact, NewIds { seed })?;
    let after = draft.dossier.clone();
    Ok((commit(before, draft, NOW), after))
}

pub fn invoice(reference: &str, minor: i64, due_in: i64) -> Fact {
    Fact::InvoiceIssued(InvoiceFacts {
        reference: reference.to_owned(),
        amount: Money::new(minor, brl()),
        issued_on: plus_days(today(), -60),
        due_on: plus_days(today(), due_in),
        contract: Some("contract-1".to_owned()),
    })
}

pub fn payment(reference: &str, minor: i64, pending: bool) -> Fact {
    Fact::Payment(PaymentFacts {
        reference: reference.to_owned(),
        amount: Money::new(minor, brl()),
        paid_on: today(),
        invoices: Vec::new(),
        pending,
    })
}

pub fn customer_facts(number: u64) -> Fact {
    let customer = customer(number);
    Fact::Customer(CustomerFacts {
        name: customer.name,
        tax_number: customer.tax_number,
        kind: customer.kind,
        locale: customer.locale,
        jurisdiction: customer.jurisdiction,
        time_zone: customer.time_zone,
        segments: customer.segments,
        attributes: customer.attributes,
        methods: customer.methods,
        contacts: customer.contacts,
        since: customer.since,
    })
}

/// An item in which no field is empty.
pub fn item(number: u64) -> Item {
    let parent = ItemId(uuid(number + 1));
    let amount = Money::new(1_000, brl());
    let mut item = Item::new(
        ItemId(uuid(number)),
        format!("I-{number}"),
        amount,
        plus_days(today(), -3),
    );
    item.kind = ItemKind::OtherCharge;
    item.parent = Some(parent);
    item.contract = Some("contract-1".to_owned());
    item.issued_on = plus_days(today(), -60);
    item.outstanding = 400;
    item.disposition = Disposition::Placed;
    item.delivery = DeliveryState::Opened;
    item.is_first = true;
    item.marks = ["late-fee/1".to_owned(), "dispute/x".to_owned()].into();
    item.fees = [("late-fee".to_owned(), 250), ("visit".to_owned(), 70)].into();
    item.changes = vec![Change {
        on: today(),
        by_money: true,
        amount: -600,
    }];
    item.interest_until = Some(plus_days(today(), -1));
    item.accrual.relieved = 7;
    item.settled_at = Some(NOW);
    item
}

pub fn case(number: u64) -> Case {
    Case {
        id: CaseId(uuid(number)),
        currency: brl(),
        workflow: WorkflowRef {
            name: "standard".to_owned(),
            version: 1,
        },
        opened_at: NOW,
        sequence: 0,
        anchor: Some(today()),
        state: CaseState::Visiting(Visit {
            stage: "first-day-late".to_owned(),
            entered: NOW,
            calls: 1,
            memory: vec![0, 1, 2, 255],
            memory_version: 1,
            planned: NOW,
            not_before: LONG_AGO,
            armed: None,
            retry: None,
        }),
        visits: vec![("first-day-late".to_owned(), 1)],
        left_previous: None,
        pace: Pace {
            day: today(),
            count: 0,
        },
    }
}

/// One transition of a case, with all that a real one writes.
pub fn transition(draft: &mut Draft, case: CaseId, body: &str) {
    draft.begin_transition(case);
    let key = draft.next_effect_key(case);
    let at = draft.now;
    draft.dossier.effects.push(Effect {
        key,
        proposal: "letter".to_owned(),
        stage: "first-day-late".to_owned(),
        visit: 0,
        action: Action::SendMessage(Message {
            purpose: Purpose::Reminder,
            channel: Channel::Email,
            content: Content::Template("first-day-late".to_owned()),
            variables: Vec::new(),
        }),
        letter: Some(Letter {
            purpose: Purpose::Reminder,
            channel: Channel::Email,
            address: "someone@example.com".to_owned(),
            locale: "pt-BR".to_owned(),
            rendered: Rendered {
                subject: Some("A reminder".to_owned()),
                text: body.to_owned(),
                html: None,
            },
            chaseable: 1_000,
        }),
        state: EffectState::Queued,
        code: String::new(),
        at,
        until: None,
    });
    let stage = || "first-day-late".to_owned();
    let planned = at.plus_ms(1);
    draft.tell(
        Some(case),
        Happening::StageEntered {
            stage: stage(),
            visit: 1,
        },
    );
    draft.tell(
        Some(case),
        Happening::Effected {
            key,
            proposal: "letter".to_owned(),
            kind: regua_domain::contract::ActionKind::SendMessage,
            summary: "a reminder by e-mail".to_owned(),
        },
    );
    draft.tell(
        Some(case),
        Happening::StageNext {
            stage: stage(),
            planned,
        },
    );
    let sequence = draft.sequence();
    draft.dossier.standing.last_contact = Some(at);
    draft
        .journal
        .decisions
        .push(record(case, sequence, at, body));
}

/// A recorded call of about a kilobyte.
pub fn record(case: CaseId, sequence: u64, at: Timestamp, body: &str) -> DecisionRecord {
    DecisionRecord {
        case,
        sequence,
        attempt: 0,
        at,
        stage: "first-day-late".to_owned(),
        plugin: "first-day-late-email@1.0.0".to_owned(),
        digest: "ab".repeat(32),
        config_digest: "cd".repeat(32),
        engine: "wasmtime 48".to_owned(),
        situation: situation(at, &body[..body.len().min(700)]),
        call: Call {
            answer: Answer::Inconclusive,
            fuel: 10_000,
            memory_peak: 1_000_000,
            wall_us: 50,
            logs: Vec::new(),
            logs_dropped: 0,
        },
    }
}

fn situation(at: Timestamp, text: &str) -> Situation {
    let item = |number: u64| OpenItem {
        key: uuid(number).to_string(),
        kind: ItemKind::Invoice,
        parent: None,
        contract: None,
        issued_on: today(),
        due_on: today(),
        days_overdue: 3,
        original: 1_000,
        outstanding: 1_000,
        chaseable: 1_000,
        placed: false,
        is_first: false,
        delivery: DeliveryState::Unknown,
    };
    Situation {
        now: Moment {
            at,
            local_date: today(),
            local_minute_of_day: 600,
            local_weekday: 0,
            is_business_day: true,
            time_zone: "America/Sao_Paulo".to_owned(),
        },
        trigger: Trigger::Entered,
        stage: StagePosition {
            id: "first-day-late".to_owned(),
            entered: at,
            calls_before: 0,
            visits_before: 0,
            days_in_stage: 0,
            business_days_in_stage: 0,
            memory: text.as_bytes().to_vec(),
        },
        customer: SeenCustomer {
            bucket: 1,
            kind: CustomerKind::Consumer,
            locale: "pt-BR".to_owned(),
            jurisdiction: "BR".to_owned(),
            segments: Vec::new(),
            reachable: vec![Channel::Email],
            attributes: Vec::new(),
            methods: Vec::new(),
        },
        balance: Balance {
            currency: "BRL".to_owned(),
            minor_digits: 2,
            outstanding: 1_000,
            past_due: 1_000,
            chaseable: 1_000,
            credit: 0,
            anchor: None,
            days_overdue: 3,
            items: (0..5).map(item).collect(),
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
