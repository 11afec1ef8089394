//! What is known of what happened, read from the timeline's entry and the dossier.

use regua_domain::balance::View;
use regua_domain::carry::parse_items;
use regua_domain::contract::{Action, Event};
use regua_domain::dossier::Dossier;
use regua_domain::effect::EffectKey;
use regua_domain::id::ItemId;
use regua_domain::money::{Currency, Money};
use regua_domain::time::Timestamp;
use regua_domain::timeline::{Happening, TimelineEntry};

use super::about::{About, AboutEffect, AboutTask};

/// Invoices that one event names at most.
const INVOICES_MAX: usize = 100;

impl About {
    /// Of an entry; amounts are in the case's currency where the entry says no other.
    pub(super) fn of(dossier: &Dossier, entry: &TimelineEntry, currency: Option<Currency>) -> Self {
        match &entry.what {
            Happening::CaseOpened { .. }
            | Happening::CaseReopened { .. }
            | Happening::StageEntered { .. }
            | Happening::StageLeft { .. }
            | Happening::Rewound { .. }
            | Happening::Transferred { .. }
            | Happening::StageRefused { .. }
            | Happening::StageFailed { .. }
            | Happening::LimitMet { .. }
            | Happening::CaseEnded { .. } => Self::of_case(dossier, entry, currency),
            Happening::Effected { key, kind, .. } => Self::of_effect(
                dossier,
                AboutEffect {
                    key: key.to_string(),
                    kind: kind.name(),
                    proposal: None,
                    code: None,
                },
                *key,
            ),
            Happening::EffectChanged {
                key, kind, code, ..
            } => Self {
                amount: None,
                invoices: Vec::new(),
                ..Self::of_effect(
                    dossier,
                    AboutEffect {
                        key: key.to_string(),
                        kind: kind.name(),
                        proposal: None,
                        code: (!code.is_empty()).then(|| code.clone()),
                    },
                    *key,
                )
            },
            Happening::TaskOpened { task, .. }
            | Happening::TaskClaimed { task, .. }
            | Happening::TaskReleased { task, .. } => Self {
                task: task.map(|id| AboutTask::of(dossier, id)),
                ..Self::default()
            },
            Happening::TaskCompleted { outcome, task, .. } => Self {
                outcome: Some(outcome.clone()),
                task: task.map(|id| AboutTask::of(dossier, id)),
                ..Self::default()
            },
            Happening::CoverBegan { amount, until, .. } => Self {
                amount: amount
                    .zip(currency)
                    .map(|(minor, currency)| Money::new(minor, currency).into()),
                until: *until,
                ..Self::default()
            },
            Happening::Fact {
                event,
                about,
                currency,
                payment,
            } => Self {
                payment: payment.clone(),
                ..Self::of_fact(event, about.as_ref(), *currency)
            },
            // Of the others no system is told.
            _ => Self::default(),
        }
    }

    fn of_case(dossier: &Dossier, entry: &TimelineEntry, currency: Option<Currency>) -> Self {
        let stage = |stage: &String| Some(stage.clone());
        match &entry.what {
            Happening::CaseOpened {
                stage: first,
                days_overdue,
                ..
            } => Self {
                stage: stage(first),
                days_overdue: Some(*days_overdue),
                ..currency.map_or_else(Self::default, |currency| {
                    overdue(dossier, entry.at, currency)
                })
            },
            Happening::CaseReopened { stage: at } | Happening::StageEntered { stage: at, .. } => {
                Self {
                    stage: stage(at),
                    ..Self::default()
                }
            }
            Happening::StageLeft { stage: at, outcome } => Self {
                stage: stage(at),
                outcome: Some(outcome.clone()),
                ..Self::default()
            },
            Happening::Rewound { from, to, .. } => Self {
                stage: stage(to),
                from: Some(from.clone()),
                ..Self::default()
            },
            Happening::Transferred {
                left, stage: at, ..
            } => Self {
                stage: stage(at),
                from: Some(left.clone()),
                ..Self::default()
            },
            Happening::StageRefused { stage: at, .. } => Self {
                stage: stage(at),
                ..Self::default()
            },
            Happening::StageFailed {
                stage: at, kind, ..
            } => Self {
                stage: stage(at),
                code: Some(kind.name().to_owned()),
                ..Self::default()
            },
            Happening::LimitMet { limit } => Self {
                reason: Some(limit.clone()),
                ..Self::default()
            },
            Happening::CaseEnded { end } => Self {
                end: Some(end.name()),
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    fn of_effect(dossier: &Dossier, told: AboutEffect, key: EffectKey) -> Self {
        let Some(effect) = dossier.effect(key) else {
            return Self {
                effect: Some(told),
                ..Self::default()
            };
        };
        let currency = dossier.case(key.case).map(|case| case.currency);
        let (items, amount) = about_action(&effect.action);
        let references = parse_items(items)
            .filter_map(|id| dossier.item(id))
            .map(|item| item.reference.clone());
        Self {
            stage: Some(effect.stage.clone()),
            effect: Some(AboutEffect {
                proposal: Some(effect.proposal.clone()),
                ..told
            }),
            invoices: references.take(INVOICES_MAX).collect(),
            amount: amount
                .zip(currency)
                .map(|(minor, currency)| Money::new(minor, currency).into()),
            channel: effect.channel().map(ToString::to_string),
            until: effect.until,
            ..Self::default()
        }
    }

    fn of_fact(event: &Event, about: Option<&String>, currency: Option<Currency>) -> Self {
        let money = |minor: i64| currency.map(|currency| Money::new(minor, currency).into());
        let text = |name: &str| event.detail(name).map(str::to_owned);
        let minor = |name: &str| event.detail(name)?.parse().ok().and_then(money);
        let flag = |name: &str| event.detail(name)?.parse().ok();
        // What is no item is a stage's own name of what it proposed.
        let is_item = event
            .subject
            .as_deref()
            .is_some_and(|subject| subject.parse::<ItemId>().is_ok());
        Self {
            amount: event.amount.and_then(money),
            invoices: about.cloned().into_iter().collect(),
            proposal: event.subject.clone().filter(|_| !is_item),
            until: event.detail("due-on").and_then(|day| day.parse().ok()),
            reason: text("reason"),
            code: text("code"),
            hard: flag("hard"),
            upheld: flag("upheld"),
            commission: minor("commission"),
            left: minor("left"),
            channel: text("channel"),
            ..Self::default()
        }
    }
}

/// What is past due in a currency.
fn overdue(dossier: &Dossier, at: Timestamp, currency: Currency) -> About {
    let today = at.date_in(dossier.customer.time_zone);
    let view = View::of(dossier, currency, today, 0);
    let late = || {
        let items = view.items.iter();
        items.filter(|(item, left)| *left > 0 && item.is_past_due(today))
    };
    let references = late().map(|(item, _)| item.reference.clone());
    About {
        invoices: references.take(INVOICES_MAX).collect(),
        amount: Some(Money::new(late().map(|(_, left)| *left).sum(), currency).into()),
        ..About::default()
    }
}

/// The items that an action is about, and its amount in minor units where it says one.
fn about_action(action: &Action) -> (&[String], Option<i64>) {
    match action {
        Action::AddFee { item, amount, .. } => (std::slice::from_ref(item), Some(*amount)),
        Action::AddInterest { item, .. } => (std::slice::from_ref(item), None),
        Action::Charge { amount, .. } => (&[], *amount),
        Action::OfferDiscount { items, .. }
        | Action::OfferPlan { items, .. }
        | Action::PlaceWithAgency { items, .. }
        | Action::RecallPlacement { items, .. }
        | Action::WriteOff { items, .. } => (items, None),
        Action::SendMessage(_)
        | Action::OpenTask { .. }
        | Action::NotifyTeam { .. }
        | Action::ChangeService { .. }
        | Action::Hold { .. }
        | Action::AddNote(_)
        | Action::Custom { .. } => (&[], None),
    }
}
