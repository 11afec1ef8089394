//! What the tests start from: a situation, a manifest, and decisions that are sound.

use regua_domain::contract::{
    Action, ActionKind, Channel, Content, Decision, Instalment, ItemKind, Manifest, Message, Next,
    PaymentMethod, Plan, Proposal, Purpose, Situation,
};
use regua_domain::time::Date;
use regua_test_kit::situation as kit;

use super::check;

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn situation() -> Situation {
    let mut situation = kit::of(vec![
        kit::item("i1", ItemKind::Invoice, 10_000, 1),
        kit::item("f1", ItemKind::LateFee, 1_000, 1),
    ]);
    situation.customer.methods = vec![PaymentMethod {
        key: "m1".to_owned(),
        kind: "card".to_owned(),
        is_default: true,
        expires_on: None,
    }];
    situation
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
