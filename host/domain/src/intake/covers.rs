//! Disputes, promises and holds.

use crate::balance::outstanding_of;
use crate::carry;
use crate::contract::{CoverKind, Instalment};
use crate::cover::{Cover, CoverState};
use crate::dossier::{Draft, Movement, NewIds};
use crate::fact::FactError;
use crate::id::ItemId;
use crate::ledger::EntryKind;
use crate::money::{Currency, Money};
use crate::plan::settled;
use crate::policy::Policy;
use crate::time::Date;

use super::charges::settle_charges;
use super::invoices::{find, positive};
use super::people::refuse_naming_debtor;
use super::{Taken, enqueue_for_all, line};

pub(super) fn dispute(
    draft: &mut Draft,
    invoice: &str,
    reference: &str,
    amount: Option<Money>,
    reason: &str,
    ids: NewIds,
) -> Result<Taken, FactError> {
    line("reason", reason, 64)?;
    refuse_naming_debtor(draft, "reason", reason)?;
    line("reference", reference, 128)?;
    let item = find(draft, invoice)?;
    if let Some(amount) = amount {
        positive("amount", amount)?;
        if amount.currency != item.currency {
            return Err(FactError::invalid(
                "amount",
                format!("is not in the invoice's {}", item.currency),
            ));
        }
    }
    let mark = format!("dispute/{reference}");
    if item.marks.contains(&mark) {
        return Ok(Taken::Known);
    }
    if disputes(draft, item.id).next().is_some() {
        return Err(FactError::invalid("invoice", "is in dispute already"));
    }
    for known in draft
        .dossier
        .items
        .iter_mut()
        .filter(|known| known.id == item.id)
    {
        known.marks.insert(mark.clone());
    }
    let cover = Cover {
        amount: amount.map(|amount| amount.minor),
        ..blank(draft, CoverKind::Dispute, item.currency, reference, ids)
    };
    let cover = Cover {
        items: vec![item.id],
        ..cover
    };
    begin(draft, cover);
    let mut event = draft.event(
        "dispute.opened",
        Some(item.id.to_string()),
        amount.map(|amount| amount.minor),
    );
    event.details = vec![("reason".to_owned(), reason.to_owned())];
    draft.enqueue(Some(item.currency), event);
    Ok(Taken::New)
}

fn disputes(draft: &Draft, item: ItemId) -> impl Iterator<Item = &Cover> {
    draft.dossier.covers.iter().filter(move |cover| {
        cover.kind == CoverKind::Dispute && cover.is_active() && cover.items == [item]
    })
}

fn blank(draft: &Draft, kind: CoverKind, currency: Currency, source: &str, ids: NewIds) -> Cover {
    Cover {
        id: ids.cover(),
        kind,
        currency,
        source: source.to_owned(),
        items: Vec::new(),
        amount: None,
        until: None,
        schedule: Vec::new(),
        baseline: 0,
        began_at: draft.now,
        state: CoverState::Active,
    }
}

fn begin(draft: &mut Draft, cover: Cover) {
    let case = draft.dossier.open_case(cover.currency).map(|case| case.id);
    carry::begin_cover(draft, case, cover);
}

pub(super) fn resolve(
    policy: &Policy,
    draft: &mut Draft,
    invoice: &str,
    upheld: bool,
) -> Result<Taken, FactError> {
    let item = find(draft, invoice)?;
    let Some((id, amount)) = disputes(draft, item.id)
        .next()
        .map(|cover| (cover.id, cover.amount))
    else {
        return Ok(Taken::Known);
    };
    for cover in &mut draft.dossier.covers {
        if cover.id == id {
            cover.state = CoverState::Lifted;
        }
    }
    let part = amount.unwrap_or(item.outstanding).min(item.outstanding);
    if upheld && part > 0 {
        // The debtor was right: it was never owed.
        let effective_on = item.issued_on;
        draft.post(Movement {
            currency: item.currency,
            item: Some(item.id),
            kind: EntryKind::CreditNote,
            amount: -part,
            payment: None,
            effective_on,
        });
        settle_charges(policy, draft, item.id);
    }
    let mut event = draft.event("dispute.resolved", Some(item.id.to_string()), Some(part));
    event.details = vec![("upheld".to_owned(), upheld.to_string())];
    draft.enqueue(Some(item.currency), event);
    Ok(Taken::New)
}

/// A promise takes the place of those before it in its currency: one payment keeps one. What
/// is kept or broken already is the host's to tell, and stays.
pub(super) fn promise(
    policy: &Policy,
    draft: &mut Draft,
    amount: Money,
    due_on: Date,
    ids: NewIds,
) -> Result<Taken, FactError> {
    positive("amount", amount)?;
    if due_on < draft.today {
        return Err(FactError::invalid("due_on", "lies in the past"));
    }
    let currency = amount.currency;
    let items: Vec<_> = draft
        .dossier
        .items
        .iter()
        .filter(|item| item.currency == currency && item.is_open())
        .map(|item| item.id)
        .collect();
    let owed = outstanding_of(&draft.dossier.items, currency, &items);
    if items.is_empty() || amount.minor > owed {
        return Err(FactError::invalid(
            "amount",
            "is more than what is outstanding",
        ));
    }
    let schedule = vec![Instalment {
        due_on,
        amount: amount.minor,
    }];
    let earlier = promises(policy, draft, currency);
    if earlier.iter().any(|cover| cover.schedule == schedule) {
        return Ok(Taken::Known);
    }
    let case = draft.dossier.open_case(currency).map(|case| case.id);
    for cover in earlier {
        carry::end_cover(draft, case, cover.id, CoverState::Lifted);
    }
    let cover = Cover {
        items,
        amount: Some(amount.minor),
        until: Some(due_on),
        schedule,
        baseline: owed,
        ..blank(draft, CoverKind::Promise, currency, "promise", ids)
    };
    begin(draft, cover);
    let mut event = draft.event("promise.made", None, Some(amount.minor));
    event.details = vec![("due-on".to_owned(), due_on.to_string())];
    draft.enqueue(Some(currency), event);
    Ok(Taken::New)
}

/// Promises of which it is open whether they are kept.
fn promises(policy: &Policy, draft: &Draft, currency: Currency) -> Vec<Cover> {
    let covers = draft.dossier.covers.iter();
    covers
        .filter(|cover| cover.kind == CoverKind::Promise && cover.currency == currency)
        .filter(|cover| cover.is_active())
        .filter(|cover| settled(policy, &draft.dossier, cover, draft.today).is_err())
        .cloned()
        .collect()
}

pub(super) fn hold(
    draft: &mut Draft,
    reason: &str,
    until: Date,
    ids: NewIds,
) -> Result<Taken, FactError> {
    line("reason", reason, 200)?;
    if until < draft.today {
        return Err(FactError::invalid("until", "lies in the past"));
    }
    let currencies = draft.dossier.currencies();
    if currencies.is_empty() {
        return Err(FactError::invalid(
            "customer",
            "has nothing that could rest",
        ));
    }
    for (nth, currency) in currencies.into_iter().enumerate() {
        let mut cover = Cover {
            until: Some(until),
            ..blank(draft, CoverKind::Hold, currency, reason, ids)
        };
        cover.id.0 = crate::id::derived(crate::id::CaseId(cover.id.0), nth as u64, "hold", 0);
        begin(draft, cover);
    }
    let event = draft.event("hold.placed", None, None);
    enqueue_for_all(draft, &event);
    Ok(Taken::New)
}

pub(super) fn lift_hold(draft: &mut Draft) -> Taken {
    let mut lifted = false;
    for cover in &mut draft.dossier.covers {
        if cover.kind == CoverKind::Hold && cover.is_active() {
            cover.state = CoverState::Lifted;
            lifted = true;
        }
    }
    if !lifted {
        return Taken::Known;
    }
    let event = draft.event("hold.lifted", None, None);
    enqueue_for_all(draft, &event);
    Taken::New
}
