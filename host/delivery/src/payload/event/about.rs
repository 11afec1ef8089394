//! What is known of what happened: fields that are there where they mean something.

use regua_domain::balance::View;
use regua_domain::carry::parse_items;
use regua_domain::contract::{Action, Event};
use regua_domain::dossier::Dossier;
use regua_domain::effect::{EffectKey, Task, TaskState};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{Date, Timestamp};
use regua_domain::timeline::{Happening, TimelineEntry};
use schemars::JsonSchema;
use serde::Serialize;

use crate::payload::data;

/// Invoices that one event names at most.
const INVOICES_MAX: usize = 100;

/// What is known of it; a field is there where it means something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(default)]
pub struct About {
    /// Of a case: the stage that it is about; of an effect: the stage that proposed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// By what a stage was left; what came of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Of a case that went back: from which stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How a case ended: `resolved`, `returned`, `written-off` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'static str>,
    /// Of a case that was opened: how late its oldest debt is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_overdue: Option<i32>,
    /// The effect that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<AboutEffect>,
    /// The task that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<AboutTask>,
    /// The invoices that it is about, by the tenant's own references; the first hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invoices: Vec<String>,
    /// How much: what was overdue when a case was opened; what was paid, promised, disputed, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<data::Money>,
    /// Of what an agency collected: what it kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<data::Money>,
    /// Of what an agency gave back: what it still has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<data::Money>,
    /// By when something is promised, or how long it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<Date>,
    /// The stage's own name of the offer, plan or placement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// In a word: of a reply, a dispute, a return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of a payment that failed or was taken back: its code; of a plugin: how it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Of a payment that failed: whether trying again is of no use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard: Option<bool>,
    /// Of a dispute: whether the debtor was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upheld: Option<bool>,
    /// Which channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
}

/// An effect, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookEffect")]
pub struct AboutEffect {
    /// Names it for ever; results are told under it.
    pub key: String,
    /// `send-message`, `charge`, `add-fee`, …
    pub kind: &'static str,
    /// The stage's own name of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// What its system said of it, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookTask")]
pub struct AboutTask {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub team: String,
}

impl About {
    /// Of an entry; amounts are in the case's currency where the entry says no other.
    pub(super) fn of(dossier: &Dossier, entry: &TimelineEntry, currency: Option<Currency>) -> Self {
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
            Happening::TaskOpened { title, team } => Self {
                task: task(dossier, entry, title, |task| {
                    task.opened_at == entry.at && task.team == *team
                }),
                ..Self::default()
            },
            Happening::TaskClaimed { title, by } => Self {
                task: task(dossier, entry, title, |task| {
                    task.claimed_by.as_ref() == Some(by)
                }),
                ..Self::default()
            },
            Happening::TaskReleased { title, .. } => Self {
                task: task(dossier, entry, title, |task| task.claimed_by.is_none()),
                ..Self::default()
            },
            Happening::TaskCompleted { title, outcome } => Self {
                outcome: Some(outcome.clone()),
                task: task(dossier, entry, title, |task| {
                    matches!(task.state, TaskState::Completed { .. })
                }),
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
            } => Self::of_fact(event, about.as_ref(), *currency),
            // Of these no system is told.
            Happening::FactIgnored { .. }
            | Happening::StageNext { .. }
            | Happening::StagePassedOver { .. }
            | Happening::Decided { .. }
            | Happening::StageInconclusive { .. }
            | Happening::DraftRuled { .. }
            | Happening::CoverEnded { .. }
            | Happening::Note { .. } => Self::default(),
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
            .is_some_and(|subject| subject.parse::<regua_domain::id::ItemId>().is_ok());
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

/// The task that an entry is about: entries name them by their titles.
fn task(
    dossier: &Dossier,
    entry: &TimelineEntry,
    title: &str,
    is_it: impl Fn(&Task) -> bool,
) -> Option<AboutTask> {
    let tasks = dossier.tasks.iter().rev();
    let task = tasks
        .filter(|task| Some(task.case) == entry.case && task.title == title)
        .find(|task| is_it(task))?;
    Some(AboutTask {
        id: task.id.to_string(),
        team: task.team.clone(),
    })
}
