//! The sample's debtors answer what they are sent: mail bounces, offers are accepted,
//! instalments are paid or not, tasks are done.

use anyhow::Result;
use regua_domain::contract::{ActionKind, Channel, CoverKind, EffectState};
use regua_domain::dossier::{Dossier, LoggedFact};
use regua_domain::effect::TaskState;
use regua_domain::fact::{EffectResult, Fact, PaymentFacts};
use regua_domain::money::Money;
use regua_domain::time::Timestamp;
use regua_engine::{Engine, Open, Telling};
use regua_storage::Wanted;

use super::sample::{Debtor, Habit, fact_id};

/// Lets everybody answer what has reached them by now.
pub async fn answer(
    engine: &Engine,
    open: &Open,
    debtors: &[Debtor],
    now: Timestamp,
) -> Result<()> {
    let references: Vec<_> = debtors
        .iter()
        .map(|debtor| debtor.reference.clone())
        .collect();
    let ids = open.store.find(&references).await?;
    let wanted: Vec<Wanted> = ids.into_iter().flatten().map(Wanted::from).collect();
    let dossiers = open.store.load(&wanted, Timestamp(0), Timestamp(0)).await?;
    let mut facts = Vec::new();
    for dossier in &dossiers {
        let Some(debtor) = debtors
            .iter()
            .find(|debtor| debtor.reference == dossier.customer.reference)
        else {
            continue;
        };
        for (nth, fact) in answers(debtor.habit, dossier, now).into_iter().enumerate() {
            // Told at this instant, and never twice: the id says who, when and which.
            let number = 1_000_000 + now.0.unsigned_abs() * 16 + nth as u64;
            let id = fact_id(&debtor.reference, number);
            facts.push(Telling {
                group: None,
                customer: debtor.reference.clone(),
                fact: LoggedFact {
                    id,
                    at: now,
                    fact,
                    taken: None,
                },
            });
        }
    }
    for told in engine.tell(open, now, facts).await? {
        told?;
    }
    Ok(())
}

fn answers(habit: Habit, dossier: &Dossier, now: Timestamp) -> Vec<Fact> {
    let mut facts = Vec::new();
    for effect in &dossier.effects {
        let is_email = effect.channel() == Some(&Channel::Email);
        if habit == Habit::Bounces && is_email && effect.state == EffectState::Done {
            let result = EffectResult::Bounced {
                code: "mailbox-unknown".to_owned(),
            };
            facts.push(Fact::EffectResult {
                effect: effect.key,
                result,
            });
        }
        if effect.kind() == ActionKind::OfferPlan && effect.is_open_offer() {
            let accepted = matches!(habit, Habit::TakesPlan | Habit::BreaksPlan).then_some(1);
            facts.push(Fact::OfferAnswered {
                effect: effect.key,
                accepted,
            });
        }
    }
    if habit == Habit::TakesPlan {
        facts.extend(instalments(dossier, now));
    }
    for task in dossier
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Open)
    {
        facts.push(if task.draft.is_some() {
            Fact::DraftApproved {
                task: task.id,
                by: None,
            }
        } else {
            Fact::TaskCompleted {
                task: task.id,
                outcome: "done".to_owned(),
                by: None,
            }
        });
    }
    facts
}

/// Instalments that fell due by now and are not paid yet.
fn instalments(dossier: &Dossier, now: Timestamp) -> Vec<Fact> {
    let today = now.date_in(dossier.customer.time_zone);
    let plans = dossier
        .covers
        .iter()
        .filter(|cover| cover.kind == CoverKind::Plan && cover.is_active());
    plans
        .flat_map(|plan| {
            let mut paid = regua_domain::balance::paid_since(dossier, plan);
            plan.schedule
                .iter()
                .enumerate()
                .filter(|(_, part)| {
                    paid -= part.amount;
                    paid < 0 && part.due_on <= today
                })
                .map(|(nth, part)| {
                    Fact::Payment(PaymentFacts {
                        reference: format!("P-{}-{nth}", plan.id),
                        amount: Money::new(part.amount, plan.currency),
                        paid_on: today,
                        invoices: Vec::new(),
                        pending: false,
                    })
                })
                .collect::<Vec<_>>()
        })
        .collect()
}
