//! What stages propose: what they may, and what they may not.

use proptest::option;
use proptest::prelude::*;
use regua_domain::contract::{
    Action, ActionKind, Content, Instalment, Message, OpenItem, Plan, Proposal, Purpose,
    ServiceChange, Situation,
};
use regua_domain::time::plus_days;

use super::told::{CHANNELS, CONTRACTS};
use crate::kit::plain;

const PURPOSES: [Purpose; 5] = [
    Purpose::Demand,
    Purpose::Reminder,
    Purpose::Offer,
    Purpose::Confirmation,
    Purpose::LegalNotice,
];
const CHANGES: [ServiceChange; 4] = [
    ServiceChange::Restrict,
    ServiceChange::Suspend,
    ServiceChange::Restore,
    ServiceChange::Terminate,
];

/// Something proposed; numbers pick among what there is, and what there is none of is left out.
#[derive(Debug, Clone)]
pub enum Wish {
    Write(Writing),
    Fee {
        item: usize,
        amount: i64,
        once: bool,
    },
    Interest {
        item: usize,
        days: i64,
    },
    Charge {
        amount: Option<i64>,
    },
    Plan {
        parts: i64,
        waives: bool,
        off_by: i64,
    },
    Discount(u32),
    Task(Option<Writing>),
    Notify,
    Service {
        contract: usize,
        change: usize,
    },
    Place {
        days_overdue: i32,
    },
    Recall(usize),
    Hold(i64),
    WriteOff(usize),
    Note,
    Custom,
}

/// What is written, how, and in which words.
#[derive(Debug, Clone, Copy)]
pub struct Writing {
    purpose: usize,
    channel: usize,
    words: usize,
}

fn writing() -> impl Strategy<Value = Writing> {
    (0..PURPOSES.len(), 0..CHANNELS.len(), 0..5_usize).prop_map(|(purpose, channel, words)| {
        Writing {
            purpose,
            channel,
            words,
        }
    })
}

pub fn wish() -> impl Strategy<Value = Wish> {
    let nth = 0..6_usize;
    prop_oneof![
        8 => writing().prop_map(Wish::Write),
        3 => (nth.clone(), 1..3_000_i64, any::<bool>())
            .prop_map(|(item, amount, once)| Wish::Fee { item, amount, once }),
        2 => (nth.clone(), -20..2_i64).prop_map(|(item, days)| Wish::Interest { item, days }),
        2 => option::of(1..20_000_i64).prop_map(|amount| Wish::Charge { amount }),
        2 => (1..5_i64, any::<bool>(), prop_oneof![4 => Just(0), 1 => -50..50_i64])
            .prop_map(|(parts, waives, off_by)| Wish::Plan { parts, waives, off_by }),
        1 => (1..9_000_u32).prop_map(Wish::Discount),
        2 => option::of(writing()).prop_map(Wish::Task),
        1 => Just(Wish::Notify),
        1 => (0..CONTRACTS.len(), 0..CHANGES.len())
            .prop_map(|(contract, change)| Wish::Service { contract, change }),
        2 => (-5..30_i32).prop_map(|days_overdue| Wish::Place { days_overdue }),
        1 => nth.clone().prop_map(Wish::Recall),
        1 => prop_oneof![4 => 0..30_i64, 1 => Just(400_i64)].prop_map(Wish::Hold),
        1 => nth.prop_map(Wish::WriteOff),
        1 => Just(Wish::Note),
        1 => Just(Wish::Custom),
    ]
}

impl Writing {
    fn message(self) -> Message {
        let channel = CHANNELS[self.channel].clone();
        let inline = |body: &str| Content::Inline {
            subject: "A word".to_owned(),
            body: body.to_owned(),
        };
        let content = match self.words {
            0 => inline("{{ balance.overdue }}"),
            1 => Content::Template("list".to_owned()),
            2 => inline("{{ customer.name }} owes {{ balance.chaseable }}"),
            3 => inline("Pay at evil.example/{{ balance.chaseable }}"),
            _ => Content::Template("unheard-of".to_owned()),
        };
        Message {
            content,
            ..plain(PURPOSES[self.purpose], channel)
        }
    }
}

impl Wish {
    /// As it is proposed at a place of a decision. Keys come back on later calls: what was done
    /// before is not done again.
    pub fn proposal(&self, place: usize, situation: &Situation) -> Option<Proposal> {
        let action = self.action(situation)?;
        let round = situation.stage.calls_before % 3;
        Some(Proposal {
            key: format!("{place}-{}-{round}", action.kind().name()),
            action,
        })
    }

    fn action(&self, situation: &Situation) -> Option<Action> {
        let today = situation.now.local_date;
        let items = &situation.balance.items;
        let item = |nth: usize| items.get(nth % items.len().max(1));
        let late = |days: i32| {
            let late = items.iter().filter(move |item| item.days_overdue >= days);
            keys(late.filter(|item| item.chaseable > 0))
        };
        Some(match *self {
            Self::Write(writing) => Action::SendMessage(writing.message()),
            Self::Fee {
                item: nth,
                amount,
                once,
            } => Action::AddFee {
                kind: "late".to_owned(),
                item: item(nth)?.key.clone(),
                occurrence: if once {
                    "once".to_owned()
                } else {
                    today.to_string()
                },
                amount,
            },
            Self::Interest { item: nth, days } => Action::AddInterest {
                terms: "late".to_owned(),
                item: item(nth)?.key.clone(),
                until: plus_days(today, days),
            },
            Self::Charge { amount } => Action::Charge {
                amount,
                method: None,
                on: None,
            },
            Self::Plan {
                parts,
                waives,
                off_by,
            } => plan(situation, parts, waives, off_by)?,
            Self::Discount(basis_points) => Action::OfferDiscount {
                items: some(late(-400))?,
                basis_points,
                valid_until: plus_days(today, 7),
            },
            Self::Task(draft) => Action::OpenTask {
                title: "Call them".to_owned(),
                details: String::new(),
                due_on: today,
                team: "collections".to_owned(),
                priority: 5,
                draft: draft.map(Writing::message),
            },
            Self::Notify => Action::NotifyTeam {
                team: "collections".to_owned(),
                text: "Look".to_owned(),
            },
            Self::Service { contract, change } => Action::ChangeService {
                contract: CONTRACTS[contract].to_owned(),
                change: CHANGES[change],
            },
            Self::Place { days_overdue } => Action::PlaceWithAgency {
                agency: "agency".to_owned(),
                items: some(late(days_overdue))?,
                commission_bps: 1_000,
                term_days: 60,
            },
            Self::Recall(nth) => recall(nth, situation)?,
            Self::Hold(days) => Action::Hold {
                reason: "wait".to_owned(),
                until: plus_days(today, days),
            },
            Self::WriteOff(nth) => Action::WriteOff {
                items: vec![item(nth)?.key.clone()],
                reason: "small".to_owned(),
            },
            Self::Note => Action::AddNote("Noted".to_owned()),
            Self::Custom => Action::Custom {
                name: "ping".to_owned(),
                json: "{}".to_owned(),
            },
        })
    }
}

fn keys<'a>(items: impl Iterator<Item = &'a OpenItem>) -> Vec<String> {
    items.map(|item| item.key.clone()).collect()
}

fn some(keys: Vec<String>) -> Option<Vec<String>> {
    (!keys.is_empty()).then_some(keys)
}

/// A plan over all that may be chased, whose sum may be wrong.
fn plan(situation: &Situation, parts: i64, waives: bool, off_by: i64) -> Option<Action> {
    let chased = || {
        situation
            .balance
            .items
            .iter()
            .filter(|item| item.chaseable > 0)
    };
    let items = some(keys(chased()))?;
    let counted = chased().filter(|item| !waives || item.parent.is_none());
    let total = counted.map(|item| item.chaseable).sum::<i64>() + off_by;
    let today = situation.now.local_date;
    let instalments = (1..=parts).map(|nth| Instalment {
        due_on: plus_days(today, 7 * nth),
        amount: if nth == parts {
            total - total / parts * (parts - 1)
        } else {
            total / parts
        },
    });
    let plan = Plan {
        instalments: instalments.collect(),
        waive_fees: waives,
    };
    let is_whole = plan.instalments.iter().all(|part| part.amount > 0);
    is_whole.then(|| Action::OfferPlan {
        items,
        plans: vec![plan],
        valid_until: plus_days(today, 10),
    })
}

/// What an agency has is asked back, by what was proposed.
fn recall(nth: usize, situation: &Situation) -> Option<Action> {
    let effects = situation.effects.iter();
    let placed: Vec<_> = effects
        .filter(|effect| effect.kind == ActionKind::PlaceWithAgency)
        .collect();
    let placement = placed.get(nth % placed.len().max(1))?;
    let items = situation.balance.items.iter();
    Some(Action::RecallPlacement {
        placement: placement.key.clone(),
        items: some(keys(items.filter(|item| item.placed)))?,
        reason: "asked for".to_owned(),
    })
}
