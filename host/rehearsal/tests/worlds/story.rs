//! Histories as facts: what was meant, of what there is.

use std::collections::BTreeMap;

use regua_domain::contract::{EffectState, PaymentMethod};
use regua_domain::customer::Customer;
use regua_domain::dossier::Dossier;
use regua_domain::effect::TaskState;
use regua_domain::fact::{CustomerFacts, EffectResult, Fact, InvoiceFacts, PaymentFacts};
use regua_domain::money::Money;
use regua_domain::time::{Date, plus_days};

use super::told::{CHANNELS, CONTRACTS, CURRENCIES, REASONS, STATES, Told, ZONES};
use crate::kit::{answered, currency, remittance, reply, returned, reversed};

/// Who the debtor is, in a zone.
pub fn debtor(customer: &Customer, zone: usize) -> Fact {
    let Customer {
        name,
        tax_number,
        kind,
        locale,
        jurisdiction,
        contacts,
        ..
    } = customer.clone();
    Fact::Customer(CustomerFacts {
        name,
        tax_number,
        kind,
        locale,
        jurisdiction,
        time_zone: ZONES[zone % ZONES.len()],
        segments: Vec::new(),
        attributes: BTreeMap::new(),
        methods: vec![PaymentMethod {
            key: "card".to_owned(),
            kind: "card".to_owned(),
            is_default: true,
            expires_on: None,
        }],
        contacts,
        since: None,
    })
}

/// What there is to tell of: a fact, where something of the kind is known.
pub fn fact(dossier: &Dossier, today: Date, told: Told) -> Option<Fact> {
    let number = dossier.standing.facts;
    let invoices = || dossier.items.iter().filter(|item| item.kind.is_principal());
    let invoice = |nth: usize| pick(invoices(), nth);
    Some(match told {
        Told::Invoice {
            currency: nth,
            amount,
            due,
            contract,
        } => Fact::InvoiceIssued(InvoiceFacts {
            reference: format!("I{number}"),
            amount: Money::new(amount, currency(CURRENCIES[nth])),
            issued_on: plus_days(today, -45),
            due_on: plus_days(today, due),
            contract: CONTRACTS
                .get(contract)
                .map(|contract| (*contract).to_owned()),
        }),
        Told::Credited {
            invoice: nth,
            amount,
        } => Fact::CreditNote {
            invoice: invoice(nth)?.reference.clone(),
            reference: format!("C{number}"),
            amount: Money::new(amount, invoice(nth)?.currency),
        },
        Told::Voided(nth) => Fact::InvoiceVoided {
            invoice: invoice(nth)?.reference.clone(),
        },
        Told::Delivery {
            invoice: nth,
            state,
        } => Fact::InvoiceDelivery {
            invoice: invoice(nth)?.reference.clone(),
            state: STATES[state],
        },
        Told::Disputed {
            invoice: nth,
            amount,
        } => Fact::DisputeOpened {
            invoice: invoice(nth)?.reference.clone(),
            reference: format!("D{number}"),
            amount: match amount {
                Some(minor) => Some(Money::new(minor, invoice(nth)?.currency)),
                None => None,
            },
            reason: "goods-or-service".to_owned(),
        },
        Told::Decided {
            invoice: nth,
            upheld,
        } => Fact::DisputeResolved {
            invoice: invoice(nth)?.reference.clone(),
            upheld,
        },
        Told::Promised {
            currency: nth,
            percent,
            days,
        } => Fact::PromiseMade {
            amount: share(dossier, nth, percent)?,
            due_on: plus_days(today, days),
        },
        Told::Held(days) => Fact::HoldPlaced {
            reason: "asked for".to_owned(),
            until: plus_days(today, days),
        },
        Told::Lifted => Fact::HoldLifted,
        Told::Replied(nth) => reply(REASONS[nth]),
        Told::OptedOut(nth) => Fact::OptedOut {
            channel: CHANNELS[nth].clone(),
        },
        Told::OptedIn(nth) => Fact::OptedIn {
            channel: CHANNELS[nth].clone(),
        },
        Told::Moves(zone) => debtor(&dossier.customer, zone),
        Told::Payment { .. } | Told::Arrives(_) | Told::PaymentFails(_) | Told::Reversed(_) => {
            of_payment(dossier, today, told)?
        }
        _ => of_effect(dossier, today, told)?,
    })
}

fn of_payment(dossier: &Dossier, today: Date, told: Told) -> Option<Fact> {
    let payment = |nth: usize| pick(dossier.payments.iter(), nth);
    let invoices = || dossier.items.iter().filter(|item| item.kind.is_principal());
    let paid = |reference: String, amount, invoices, pending| {
        Fact::Payment(PaymentFacts {
            reference,
            amount,
            paid_on: today,
            invoices,
            pending,
        })
    };
    Some(match told {
        Told::Payment {
            currency: nth,
            percent,
            pending,
            named,
        } => {
            let named = named.and_then(|nth| pick(invoices(), nth));
            let amount = share(dossier, nth, percent)?;
            let named = named.filter(|item| item.currency == amount.currency);
            let named = named.map(|item| item.reference.clone());
            let reference = format!("P{}", dossier.standing.facts);
            paid(reference, amount, named.into_iter().collect(), pending)
        }
        Told::Arrives(nth) => {
            let known = payment(nth)?;
            let amount = Money::new(known.amount, known.currency);
            paid(known.reference.clone(), amount, Vec::new(), false)
        }
        Told::PaymentFails(nth) => Fact::PaymentFailed {
            payment: payment(nth)?.reference.clone(),
            code: "insufficient-funds".to_owned(),
            is_hard: nth % 2 == 0,
        },
        Told::Reversed(nth) => reversed(&payment(nth)?.reference),
        _ => return None,
    })
}

/// Of what was done, or is to be.
fn of_effect(dossier: &Dossier, today: Date, told: Told) -> Option<Fact> {
    // Of what was cancelled, and so never left, nobody outside knows.
    let known = dossier
        .effects
        .iter()
        .filter(|effect| effect.state != EffectState::Cancelled);
    let effect = |nth: usize| pick(known.clone(), nth).map(|effect| effect.key);
    let open = dossier
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Open);
    Some(match told {
        Told::Result {
            effect: nth,
            result,
        } => Fact::EffectResult {
            effect: effect(nth)?,
            result: outcome(result),
        },
        Told::Answered { offer, accepted } => {
            let offers = dossier.effects.iter().filter(|e| e.is_open_offer());
            answered(pick(offers, offer)?.key, accepted)
        }
        Told::Approved(nth) => Fact::DraftApproved {
            task: pick(open, nth)?.id,
            by: None,
        },
        Told::Completed(nth) => Fact::TaskCompleted {
            task: pick(open, nth)?.id,
            outcome: "called".to_owned(),
            by: None,
        },
        Told::Remitted {
            effect: nth,
            amount,
            kept,
        } => {
            let case = dossier.case(effect(nth)?.case)?;
            let reference = format!("R{}", dossier.standing.facts);
            let mut facts = remittance(effect(nth)?, &reference, "BRL 1.00");
            facts.amount = Money::new(amount, case.currency);
            facts.paid_on = today;
            facts.commission = kept.then(|| Money::new(amount / 10, case.currency));
            Fact::PlacementRemitted(facts)
        }
        Told::Returned(nth) => returned(effect(nth)?, &[]),
        _ => return None,
    })
}

fn outcome(nth: usize) -> EffectResult {
    match nth {
        0 => EffectResult::Delivered,
        1 => EffectResult::Opened,
        2 => EffectResult::Bounced {
            code: "unknown-user".to_owned(),
        },
        3 => EffectResult::Failed {
            code: "rejected".to_owned(),
        },
        _ => EffectResult::Confirmed {
            code: "done".to_owned(),
        },
    }
}

/// So many percent of what is owed in a currency, where anything is.
fn share(dossier: &Dossier, nth: usize, percent: i64) -> Option<Money> {
    let currency = currency(CURRENCIES[nth]);
    let items = dossier
        .items
        .iter()
        .filter(|item| item.currency == currency);
    let owed: i64 = items.map(|item| item.outstanding).sum();
    let minor = owed * percent / 100;
    (minor > 0).then(|| Money::new(minor, currency))
}

fn pick<T>(mut list: impl Iterator<Item = T> + Clone, nth: usize) -> Option<T> {
    let count = list.clone().count();
    list.nth(nth % count.max(1))
}
