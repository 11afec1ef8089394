//! What scripted stages answer.

use regua_domain::contract::{
    Action, Channel, Content, Decision, Instalment, Message, Next, Plan, Proposal, Purpose,
    ServiceChange, Situation, Trigger, Verdict, Wake,
};
use regua_domain::time::{Date, plus_days};

use super::proposal;

pub fn email() -> Channel {
    Channel::Email
}

pub fn sms() -> Channel {
    Channel::Sms
}

pub fn message(purpose: Purpose, channel: Channel) -> Message {
    Message {
        purpose,
        channel,
        content: Content::Inline {
            subject: "A word".to_owned(),
            body: "Please pay {{ balance.overdue }}{% for fee in fees %}, {{ fee.kind }} {{ fee.amount }}{% endfor %}."
                .to_owned(),
        },
        variables: Vec::new(),
    }
}

/// What a template says, that the stage's workflow has locked.
pub fn by_template(purpose: Purpose, name: &str) -> Proposal {
    let message = Message {
        content: Content::Template(name.to_owned()),
        ..message(purpose, email())
    };
    proposal("mail", Action::SendMessage(message))
}

/// Plain words about the balance: inline text has placeholders only.
pub fn plain(purpose: Purpose, channel: Channel) -> Message {
    Message {
        content: Content::Inline {
            subject: "A word".to_owned(),
            body: "{{ balance.overdue }}".to_owned(),
        },
        ..message(purpose, channel)
    }
}

pub fn mail(key: &str, purpose: Purpose) -> Proposal {
    proposal(key, Action::SendMessage(plain(purpose, email())))
}

pub fn demand() -> Proposal {
    mail("mail", Purpose::Demand)
}

pub fn fee(item: &str, occurrence: &str, amount: i64) -> Proposal {
    proposal(
        &format!("fee-{occurrence}"),
        Action::AddFee {
            kind: "late".to_owned(),
            item: item.to_owned(),
            occurrence: occurrence.to_owned(),
            amount,
        },
    )
}

/// Interest by the terms `late`, up to a day.
pub fn interest(item: &str, until: Date) -> Proposal {
    proposal(
        &format!("interest-{until}"),
        Action::AddInterest {
            terms: "late".to_owned(),
            item: item.to_owned(),
            until,
        },
    )
}

/// The first item that may be chased.
pub fn first_item(situation: &Situation) -> &str {
    situation
        .balance
        .items
        .iter()
        .find(|item| item.chaseable > 0 && item.parent.is_none())
        .map_or("none", |item| item.key.as_str())
}

/// A plan of equal parts, a week apart, over everything that may be chased.
pub fn plan(situation: &Situation, parts: i64) -> Proposal {
    let items: Vec<_> = situation
        .balance
        .items
        .iter()
        .filter(|item| item.chaseable > 0)
        .collect();
    let total: i64 = items.iter().map(|item| item.chaseable).sum();
    let today = situation.now.local_date;
    let instalments = (1..=parts)
        .map(|nth| Instalment {
            due_on: plus_days(today, 7 * nth),
            amount: if nth == parts {
                total - total / parts * (parts - 1)
            } else {
                total / parts
            },
        })
        .collect();
    proposal(
        "plan",
        Action::OfferPlan {
            items: items.iter().map(|item| item.key.clone()).collect(),
            plans: vec![Plan {
                instalments,
                waive_fees: false,
            }],
            valid_until: plus_days(today, 10),
        },
    )
}

/// All that may be chased, with an agency.
pub fn place(situation: &Situation) -> Proposal {
    place_from("place", situation, i32::MIN)
}

/// What may be chased and is overdue for so many days.
pub fn place_from(key: &str, situation: &Situation, days_overdue: i32) -> Proposal {
    let items = situation
        .balance
        .items
        .iter()
        .filter(|item| item.chaseable > 0 && item.days_overdue >= days_overdue)
        .map(|item| item.key.clone())
        .collect();
    proposal(
        key,
        Action::PlaceWithAgency {
            agency: "agency".to_owned(),
            items,
            commission_bps: 1_000,
            term_days: 90,
        },
    )
}

/// By the default method.
pub fn charge(key: &str, amount: Option<i64>) -> Proposal {
    proposal(
        key,
        Action::Charge {
            amount,
            method: None,
            on: None,
        },
    )
}

pub fn service(contract: &str, change: ServiceChange) -> Proposal {
    let contract = contract.to_owned();
    proposal("service", Action::ChangeService { contract, change })
}

pub fn write_off(items: &[&str]) -> Proposal {
    proposal(
        "write-off",
        Action::WriteOff {
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            reason: "small".to_owned(),
        },
    )
}

pub fn task(key: &str, due_on: Date, draft: Option<Message>) -> Proposal {
    proposal(
        key,
        Action::OpenTask {
            title: "Call them".to_owned(),
            details: String::new(),
            due_on,
            team: "collections".to_owned(),
            priority: 5,
            draft,
        },
    )
}

pub fn leave(proposals: Vec<Proposal>, outcome: &str) -> Decision {
    Decision {
        proposals,
        next: Next::Leave(outcome.to_owned()),
        memory: None,
        reasons: Vec::new(),
    }
}

pub fn stay(proposals: Vec<Proposal>, wake: Wake) -> Decision {
    Decision {
        proposals,
        next: Next::Stay(wake),
        memory: None,
        reasons: Vec::new(),
    }
}

pub fn wait() -> Decision {
    stay(Vec::new(), Wake::OnEvent)
}

/// A demand by e-mail, then on.
pub fn mails(_: &Situation) -> Decision {
    leave(vec![demand()], "sent")
}

pub fn event(situation: &Situation) -> &str {
    match &situation.trigger {
        Trigger::Event(event) => &event.kind,
        _ => "",
    }
}

pub fn verdicts(situation: &Situation) -> &[Verdict] {
    match &situation.trigger {
        Trigger::Answered { verdicts, .. } => verdicts,
        _ => &[],
    }
}
