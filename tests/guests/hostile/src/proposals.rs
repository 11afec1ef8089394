//! Decisions whose proposals break the contract, or what the host allows.

use std::borrow::Cow;

use crate::bindings::regua::dunning::types::{
    Action, Channel, Charge, Content, Decision, Fee, InlineContent, Instalment, Message, NamedJson,
    Next, Notice, Placement, Plan, PlanOffer, Proposal, Purpose, Situation, WriteOff,
};
use crate::crimes;

/// The decision of a wanted kind, where it is one of these.
pub fn decision(wanted: &str, situation: &Situation) -> Option<Decision> {
    let item = situation
        .balance
        .items
        .first()
        .map_or_else(String::new, |item| item.key.clone());
    let today = situation.now.local_date;
    let proposals = match wanted {
        "note" => vec![note("note", "all is well".to_owned())],
        "huge-output" => vec![note("note", "x".repeat(2 << 20))],
        "long-note" => vec![note("note", "x".repeat((4 << 10) + 1))],
        "not-utf-8-note" => vec![note("note", crimes::not_utf_8())],
        "too-many-proposals" => (0..33)
            .map(|n| note(&format!("note-{n}"), String::new()))
            .collect(),
        "20000-proposals" => vec![note("note", String::new()); 20_000],
        "bad-key" => vec![note("Not A Key", String::new())],
        "empty-key" => vec![note("", String::new())],
        "same-key" => vec![note("note", String::new()); 2],

        "negative-amount" => vec![fee(&item, -500)],
        "zero-amount" => vec![fee(&item, 0)],
        "huge-amount" => vec![fee(&item, i64::MAX)],
        "unknown-item" => vec![fee("inv_00000000000000000000000000000bad", 500)],
        "unknown-method" => vec![charge(Some("card-of-another"))],
        "plan-adds-up-wrong" => vec![plan(vec![item], vec![(today + 5, 1)])],
        "plan-overflows" => vec![plan(
            vec![item],
            vec![(today + 5, i64::MAX), (today + 9, i64::MAX)],
        )],
        "plan-goes-back" => vec![plan(vec![item], vec![(today + 9, 1), (today + 5, 1)])],
        "write-off-nothing" => vec![write_off(Vec::new())],
        "write-off-twice" => vec![write_off(vec![item.clone(), item])],

        "undeclared-action" => vec![propose(Action::PlaceWithAgency(Placement {
            agency: "agency".to_owned(),
            items: vec![item],
            commission_bps: 10_000,
            term_days: 1,
        }))],
        "unknown-team" => vec![propose(Action::NotifyTeam(Notice {
            team: "nobody".to_owned(),
            text: "hello".to_owned(),
        }))],
        "deep-nesting" => vec![custom("[".repeat(8_000))],
        "two-json-values" => vec![custom("{} {}".to_owned())],
        other => vec![propose(Action::SendMessage(message(other)?))],
    };
    Some(done(proposals))
}

/// Leaves by the one declared outcome.
pub fn done(proposals: Vec<Proposal>) -> Decision {
    Decision {
        proposals,
        next: Next::Leave("done".to_owned()),
        memory: None,
        reasons: Vec::new(),
    }
}

pub fn note(key: &str, text: String) -> Proposal {
    Proposal {
        key: key.to_owned(),
        action: Action::AddNote(text),
    }
}

fn propose(action: Action) -> Proposal {
    Proposal {
        key: "it".to_owned(),
        action,
    }
}

fn fee(item: &str, amount: i64) -> Proposal {
    propose(Action::AddFee(Fee {
        kind: "late".to_owned(),
        item: item.to_owned(),
        occurrence: "1".to_owned(),
        amount,
    }))
}

fn charge(method: Option<&str>) -> Proposal {
    propose(Action::Charge(Charge {
        amount: None,
        method: method.map(str::to_owned),
        on: None,
    }))
}

fn plan(items: Vec<String>, instalments: Vec<(i32, i64)>) -> Proposal {
    let valid_until = instalments.first().map_or(0, |(due_on, _)| *due_on);
    let instalments = instalments
        .into_iter()
        .map(|(due_on, amount)| Instalment { due_on, amount })
        .collect();
    propose(Action::OfferPlan(PlanOffer {
        items,
        plans: vec![Plan {
            instalments,
            waive_fees: false,
        }],
        valid_until,
    }))
}

fn write_off(items: Vec<String>) -> Proposal {
    propose(Action::WriteOff(WriteOff {
        items,
        reason: String::new(),
    }))
}

fn custom(json: String) -> Proposal {
    propose(Action::Custom(NamedJson {
        name: "custom".to_owned(),
        json,
    }))
}

fn message(wanted: &str) -> Option<Message> {
    let (mut channel, mut variables) = (Channel::Email, Vec::new());
    let (mut subject, mut body) = ("A word", Cow::from("Please pay."));
    match wanted {
        "url-in-inline" => body = "Pay at https://evil.example/pay".into(),
        "bare-domain-in-inline" => body = "Pay at evil.com, now".into(),
        "url-in-variable" => variables.push(("where".to_owned(), "www.evil.example".to_owned())),
        "header-injection" => subject = "A word\r\nBcc: everyone@evil.example",
        "long-body" => body = "x".repeat((8 << 10) + 1).into(),
        "channel-in-disguise" => channel = Channel::Other("email".to_owned()),
        "unknown-placeholder" => body = "{{ customer.tax_number }}".into(),
        "template-loop" => {
            body =
                "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"
                    .into();
        }
        _ => return None,
    }
    Some(Message {
        purpose: Purpose::Demand,
        channel,
        content: Content::Inline(InlineContent {
            subject: subject.to_owned(),
            body: body.into_owned(),
        }),
        variables,
    })
}
