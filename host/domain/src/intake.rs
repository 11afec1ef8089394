//! Intake: a fact from outside changes what is owed and known, and waits in the inbox for
//! its case to look at it. No plugin is called here.
//!
//! A fact is taken in whole or not at all, and the same fact told again changes nothing
//! ([`Taken::Known`]).

mod agency;
mod allocation;
mod answers;
mod charges;
mod covers;
mod invoices;
mod payments;
mod people;
mod reopening;
mod tasks;

use crate::contract::Event;
use crate::dossier::{Draft, NewIds};
use crate::fact::{Fact, FactError};
use crate::interest;
use crate::policy::Policy;

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was new.
    New,
    /// It was known already: nothing changed.
    Known,
}

/// Takes a fact in. The draft's dossier must hold the invoices and payments that the fact
/// names ([`Fact::names`]); on an error the draft is to be dropped.
pub fn take_in(
    policy: &Policy,
    draft: &mut Draft,
    fact: &Fact,
    ids: NewIds,
) -> Result<Taken, FactError> {
    fact.check()?;
    match fact {
        Fact::Customer(facts) => people::customer(policy, draft, facts),
        Fact::OptedOut { channel } => people::opt(draft, channel, false),
        Fact::OptedIn { channel } => people::opt(draft, channel, true),
        Fact::InvoiceIssued(facts) => invoices::issued(policy, draft, facts, ids),
        Fact::InvoiceDelivery { invoice, state } => invoices::delivery(draft, invoice, *state),
        Fact::InvoiceVoided { invoice } => invoices::voided(policy, draft, invoice),
        Fact::CreditNote {
            invoice,
            reference,
            amount,
        } => invoices::credit_note(policy, draft, invoice, reference, *amount),
        Fact::Payment(facts) => payments::payment(policy, draft, facts, ids),
        Fact::PaymentFailed {
            payment,
            code,
            is_hard,
        } => payments::failed(draft, payment, code, *is_hard),
        Fact::PaymentReversed { payment, code } => {
            payments::reversed(policy, draft, payment, code, ids)
        }
        Fact::DisputeOpened {
            invoice,
            reference,
            amount,
            reason,
        } => covers::dispute(draft, invoice, reference, *amount, reason, ids),
        Fact::DisputeResolved { invoice, upheld } => {
            covers::resolve(policy, draft, invoice, *upheld)
        }
        Fact::PromiseMade { amount, due_on } => {
            covers::promise(policy, draft, *amount, *due_on, ids)
        }
        Fact::HoldPlaced { reason, until } => {
            let taken = covers::hold(draft, reason, *until, ids)?;
            charges::suspend_interest(policy, draft, reason, *until);
            Ok(taken)
        }
        Fact::HoldLifted => {
            interest::resume(draft);
            Ok(covers::lift_hold(draft))
        }
        Fact::Replied { reason, text } => answers::replied(draft, reason, text),
        Fact::EffectResult { effect, result } => answers::result(draft, *effect, result),
        Fact::OfferAnswered { effect, accepted } => answers::offer(draft, *effect, *accepted, ids),
        Fact::PlacementRemitted(facts) => agency::remitted(policy, draft, facts, ids),
        Fact::PlacementReturned {
            placement,
            invoices,
            reason,
        } => agency::returned(draft, *placement, invoices, reason),
        Fact::TaskClaimed { task, by } => tasks::claimed(draft, *task, by),
        Fact::TaskReleased { task, by } => tasks::released(draft, *task, by.as_deref()),
        Fact::DraftApproved { task, by } => tasks::approved(draft, *task, by.as_deref()),
        Fact::TaskCompleted { task, outcome, by } => {
            tasks::completed(draft, *task, outcome, by.as_deref())
        }
    }
}

/// Puts a fact of no currency into the inbox once for every open case.
fn enqueue_for_all(draft: &mut Draft, event: &Event) {
    let open: Vec<_> = draft
        .dossier
        .cases
        .iter()
        .filter(|case| case.is_open())
        .map(|case| case.currency)
        .collect();
    if open.is_empty() {
        draft.enqueue(None, event.clone());
    }
    for currency in open {
        draft.enqueue(Some(currency), event.clone());
    }
}

/// Checks a text of a fact: not empty, not longer than `max`, one line.
fn line(field: &'static str, text: &str, max: usize) -> Result<(), FactError> {
    if text.trim().is_empty() {
        return Err(FactError::invalid(field, "is empty"));
    }
    if text.chars().count() > max {
        return Err(FactError::invalid(
            field,
            format!("is longer than {max} characters"),
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(FactError::invalid(field, "has a control character"));
    }
    Ok(())
}
