//! What the tests start from: a situation, a manifest, and decisions that are sound.

use regua_domain::contract::{
    Action, ActionKind, Balance, Channel, Content, CustomerKind, Decision, DeliveryState, History,
    Instalment, ItemKind, Manifest, Message, Moment, Next, OpenItem, PaymentMethod, Plan, Proposal,
    Purpose, SeenCustomer, Situation, StagePosition, Trigger,
};
use regua_domain::time::{Date, Timestamp};

use super::check;

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn item(key: &str, kind: ItemKind, chaseable: i64) -> OpenItem {
    OpenItem {
        key: key.to_owned(),
        kind,
        parent: None,
        contract: None,
        issued_on: date("2026-02-01"),
        due_on: date("2026-03-01"),
        days_overdue: 1,
        original: chaseable,
        outstanding: chaseable,
        chaseable,
        placed: false,
        is_first: false,
        delivery: DeliveryState::Sent,
    }
}

pub(crate) fn situation() -> Situation {
    Situation {
        now: Moment {
            at: Timestamp(1_772_452_800_000),
            local_date: date("2026-03-02"),
            local_minute_of_day: 540,
            local_weekday: 0,
            is_business_day: true,
            time_zone: "America/Sao_Paulo".to_owned(),
        },
        trigger: Trigger::Entered,
        stage: StagePosition {
            id: "first".to_owned(),
            entered: Timestamp(1_772_452_800_000),
            calls_before: 0,
            visits_before: 0,
            days_in_stage: 0,
            business_days_in_stage: 0,
            memory: Vec::new(),
        },
        customer: SeenCustomer {
            bucket: 7,
            kind: CustomerKind::Consumer,
            locale: "pt-BR".to_owned(),
            jurisdiction: "BR-SP".to_owned(),
            segments: Vec::new(),
            reachable: vec![Channel::Email],
            attributes: Vec::new(),
            methods: vec![PaymentMethod {
                key: "m1".to_owned(),
                kind: "card".to_owned(),
                is_default: true,
                expires_on: None,
            }],
        },
        balance: Balance {
            currency: "BRL".to_owned(),
            minor_digits: 2,
            outstanding: 11_000,
            past_due: 11_000,
            chaseable: 11_000,
            credit: 0,
            anchor: Some(date("2026-03-01")),
            days_overdue: 1,
            items: vec![
                item("i1", ItemKind::Invoice, 10_000),
                item("f1", ItemKind::LateFee, 1_000),
            ],
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

pub(crate) fn manifest() -> Manifest {
    Manifest {
        outcomes: vec!["sent".to_owned()],
        proposes: ActionKind::ALL.to_vec(),
        ..crate::manifest::none()
    }
}

pub(crate) fn decision(actions: Vec<Action>) -> Decision {
    Decision {
        proposals: actions
            .into_iter()
            .enumerate()
            .map(|(at, action)| Proposal {
                key: format!("p:{at}"),
                action,
            })
            .collect(),
        next: Next::Leave("sent".to_owned()),
        memory: None,
        reasons: Vec::new(),
    }
}

pub(crate) fn problems(decision: &Decision) -> Vec<String> {
    check(decision, &situation(), &manifest())
        .err()
        .unwrap_or_default()
}

pub(crate) fn problems_of(action: Action) -> Vec<String> {
    problems(&decision(vec![action]))
}

pub(crate) fn message() -> Message {
    Message {
        purpose: Purpose::Reminder,
        channel: Channel::Email,
        content: Content::Template("first-day-late".to_owned()),
        variables: vec![("greeting".to_owned(), "Olá".to_owned())],
    }
}

pub(crate) fn fee(amount: i64) -> Action {
    Action::AddFee {
        kind: "late".to_owned(),
        item: "i1".to_owned(),
        occurrence: "2026-03".to_owned(),
        amount,
    }
}

pub(crate) fn items(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

pub(crate) fn plan(parts: &[(&str, i64)], waive_fees: bool) -> Plan {
    let instalments = parts.iter().map(|(due_on, amount)| Instalment {
        due_on: date(due_on),
        amount: *amount,
    });
    Plan {
        instalments: instalments.collect(),
        waive_fees,
    }
}

pub(crate) fn offer(plans: Vec<Plan>) -> Action {
    Action::OfferPlan {
        items: items(&["i1", "f1"]),
        plans,
        valid_until: date("2026-03-20"),
    }
}
