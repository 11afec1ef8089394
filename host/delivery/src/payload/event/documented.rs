//! An example of each type of event, made as any other is.

use regua_domain::case::{End, WorkflowRef};
use regua_domain::contract::{ActionKind, CoverKind, EffectState, Event as Fact, FailureKind};
use regua_domain::determinism::{How, NonDeterminism};
use regua_domain::dossier::Dossier;
use regua_domain::event::EventType;
use regua_domain::id::{CaseId, TaskId};
use regua_domain::rollout::{Canary, EndedCanary, Limits, Running, StageMap, Trial};
use regua_domain::timeline::{Happening, TimelineEntry};
use serde_json::Value;

use super::{of, of_canary, of_non_determinism};
use crate::payload::data;
use crate::payload::sample::{NOW, Sample, sample};

const TASK: TaskId = TaskId(uuid::Uuid::from_u128(
    0x0195_6c3a_7b00_7000_8000_0000_0000_7a5c,
));

/// A type of event, with an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Which.
    pub kind: EventType,
    /// An event of that type.
    pub example: Value,
}

/// All types, in the order of their documentation.
pub fn examples() -> Vec<Example> {
    let sample = sample();
    let made = (40..).zip(EventType::ALL).filter_map(|(number, kind)| {
        let sender = sample.sender();
        let tenant = data::Tenant {
            id: sender.id.to_string(),
            name: sender.name.to_owned(),
        };
        let event = match kind {
            EventType::WorkflowCanaryTakenBack => {
                of_canary(sender.id, tenant, "standard", 3, &canary())
            }
            EventType::PluginNonDeterministic => {
                of_non_determinism(sender.id, tenant, &non_determinism(&sample))
            }
            _ => of(&sample.dossier, &entry(&sample, number, *kind), tenant)?,
        };
        let example = serde_json::to_value(event).ok()?;
        Some(Example {
            kind: *kind,
            example,
        })
    });
    made.collect()
}

fn canary() -> EndedCanary {
    EndedCanary {
        canary: Canary {
            version: 4,
            percent: 10,
            running: Running::Migrate,
            stages: StageMap::new(),
            limits: Limits::shipped(),
            since: NOW,
            by: "key_1".to_owned(),
        },
        at: NOW,
        by: None,
        because: "9 failures in 100 calls: more than 2 in a hundred".to_owned(),
        trial: Trial {
            calls: 100,
            refusals: 0,
            failures: 9,
        },
    }
}

fn non_determinism(sample: &Sample) -> NonDeterminism {
    let case = sample.dossier.cases.first().map(|case| case.id);
    NonDeterminism {
        plugin: "escalation@1.2.0".to_owned(),
        digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        at: NOW,
        case: case.unwrap_or(CaseId(uuid::Uuid::nil())),
        sequence: 11,
        stage: "escalate".to_owned(),
        how: How::InARow,
        differs: "proposals".to_owned(),
        recorded: String::new(),
        again: String::new(),
    }
}

fn entry(sample: &Sample, number: u64, kind: EventType) -> TimelineEntry {
    TimelineEntry {
        number,
        case: sample.dossier.cases.first().map(|case| case.id),
        sequence: 11,
        at: NOW,
        what: happening(&sample.dossier, kind),
    }
}

/// An entry that tells of a type.
fn happening(dossier: &Dossier, kind: EventType) -> Happening {
    use EventType as Of;
    let escalate = || "escalate".to_owned();
    match kind {
        Of::CaseOpened => Happening::CaseOpened {
            workflow: WorkflowRef {
                name: "standard".to_owned(),
                version: 3,
            },
            stage: "first-day-late".to_owned(),
            days_overdue: 1,
        },
        Of::CaseReopened => Happening::CaseReopened { stage: escalate() },
        Of::CaseStageEntered => Happening::StageEntered {
            stage: escalate(),
            visit: 0,
        },
        Of::CaseStageLeft => Happening::StageLeft {
            stage: "first-day-late".to_owned(),
            outcome: "done".to_owned(),
        },
        Of::CaseRewound => Happening::Rewound {
            from: escalate(),
            to: "first-day-late".to_owned(),
            anchor: None,
        },
        Of::CaseTransferred => Happening::Transferred {
            from: WorkflowRef {
                name: "standard".to_owned(),
                version: 2,
            },
            to: WorkflowRef {
                name: "standard".to_owned(),
                version: 3,
            },
            left: "escalation".to_owned(),
            stage: escalate(),
            how: Running::Migrate,
        },
        Of::CaseStageRefused => Happening::StageRefused {
            stage: escalate(),
            plugin: "escalation@1.0.0".to_owned(),
            because: String::new(),
        },
        Of::CaseStageFailed => Happening::StageFailed {
            stage: escalate(),
            plugin: "escalation@1.0.0".to_owned(),
            kind: FailureKind::OutOfFuel,
            detail: String::new(),
        },
        Of::CaseLimitMet => Happening::LimitMet {
            limit: "more than 24 transitions a day".to_owned(),
        },
        Of::CaseEnded => Happening::CaseEnded { end: End::Resolved },
        Of::EffectDecided
        | Of::EffectHandedOver
        | Of::EffectDelivered
        | Of::EffectConfirmed
        | Of::EffectFailed
        | Of::EffectCancelled => effect(dossier, kind),
        Of::TaskOpened | Of::TaskClaimed | Of::TaskReleased | Of::TaskCompleted => task(kind),
        Of::HoldPlaced => began(CoverKind::Hold, None),
        Of::PlanAccepted => began(CoverKind::Plan, Some(133_350)),
        _ => fact(dossier, kind),
    }
}

fn effect(dossier: &Dossier, kind: EventType) -> Happening {
    let which = match kind {
        EventType::EffectConfirmed | EventType::EffectFailed => ActionKind::Charge,
        EventType::EffectDecided => ActionKind::PlaceWithAgency,
        _ => ActionKind::SendMessage,
    };
    let mut effects = dossier.effects.iter();
    let found = effects.rfind(|effect| effect.kind() == which);
    let key = found.map(|effect| effect.key);
    let key = key.expect("the sample has an effect of each kind that leaves the host");
    let (state, code) = match kind {
        EventType::EffectDecided => {
            return Happening::Effected {
                key,
                proposal: String::new(),
                kind: which,
                summary: String::new(),
            };
        }
        EventType::EffectDelivered => (EffectState::Done, "delivered"),
        EventType::EffectConfirmed => (EffectState::Confirmed, "ch_1"),
        EventType::EffectFailed => (EffectState::Failed, "insufficient-funds"),
        EventType::EffectCancelled => (EffectState::Cancelled, "paid"),
        _ => (EffectState::Done, ""),
    };
    Happening::EffectChanged {
        key,
        kind: which,
        state,
        code: code.to_owned(),
    }
}

fn task(kind: EventType) -> Happening {
    let (title, by) = ("Call the customer".to_owned(), "key_1".to_owned());
    let task = Some(TASK);
    match kind {
        EventType::TaskOpened => Happening::TaskOpened {
            title,
            team: "collections".to_owned(),
            task,
        },
        EventType::TaskClaimed => Happening::TaskClaimed { title, by, task },
        EventType::TaskReleased => Happening::TaskReleased { title, by, task },
        _ => Happening::TaskCompleted {
            title,
            outcome: "called".to_owned(),
            task,
        },
    }
}

fn began(kind: CoverKind, amount: Option<i64>) -> Happening {
    Happening::CoverBegan {
        kind,
        source: String::new(),
        amount,
        until: Some(NOW.date_in(chrono_tz::UTC)),
    }
}

fn fact(dossier: &Dossier, of: EventType) -> Happening {
    let proposal = Some("proposal-7".to_owned());
    let (subject, amount, details): (_, Option<i64>, &[(&str, &str)]) = match of {
        EventType::PaymentFailed => (
            None,
            Some(9_900),
            &[("code", "insufficient-funds"), ("hard", "false")],
        ),
        EventType::PaymentReversed => (None, Some(9_900), &[("code", "chargeback")]),
        EventType::PromiseMade => (None, Some(9_900), &[("due-on", "2026-03-27")]),
        EventType::DisputeOpened => (None, Some(9_900), &[("reason", "not-as-ordered")]),
        EventType::DisputeResolved => (None, Some(9_900), &[("upheld", "true")]),
        EventType::PlacementRemitted => (proposal, Some(50_000), &[("commission", "7500")]),
        EventType::PlacementReturned => {
            let details = &[("left", "0"), ("reason", "unreachable")];
            (proposal, Some(50_000), details)
        }
        EventType::PlanCompleted | EventType::PlanBroken => (proposal, Some(133_350), &[]),
        EventType::OfferDeclined | EventType::OfferExpired => (proposal, None, &[]),
        EventType::HoldLifted | EventType::HoldEnded => (None, None, &[]),
        EventType::DebtorReplied => (None, None, &[("reason", "will-pay")]),
        EventType::ContactOptedOut | EventType::ContactOptedIn => {
            (None, None, &[("channel", "sms")])
        }
        _ => (None, Some(9_900), &[]),
    };
    let kind = match of {
        EventType::DebtorReplied => "replied",
        of => of.name(),
    };
    let details = details.iter();
    let is_of_an_item = matches!(
        of,
        EventType::DisputeOpened | EventType::DisputeResolved | EventType::PaymentReceived
    );
    Happening::Fact {
        event: Fact {
            kind: kind.to_owned(),
            subject,
            amount,
            on: NOW.date_in(chrono_tz::UTC),
            at: NOW,
            details: details
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        },
        about: is_of_an_item.then(|| "F-2".to_owned()),
        payment: of.name().starts_with("payment.").then(|| "P-9".to_owned()),
        currency: dossier.cases.first().map(|case| case.currency),
    }
}
