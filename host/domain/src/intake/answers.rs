//! What debtors and channels answer.

use crate::balance::{View, outstanding_of};
use crate::carry;
use crate::contract::{Action, CoverKind, EffectState};
use crate::cover::{Cover, CoverState};
use crate::dossier::{Draft, Movement, NewIds};
use crate::effect::{Effect, EffectKey};
use crate::fact::{EffectResult, FactError};
use crate::handover;
use crate::id::ItemId;
use crate::ledger::EntryKind;
use crate::timeline::Happening;

use super::people::refuse_naming_debtor;
use super::{Taken, enqueue_for_all, line};

pub(super) fn replied(draft: &mut Draft, reason: &str, text: &str) -> Result<Taken, FactError> {
    line("reason", reason, 64)?;
    refuse_naming_debtor(draft, "reason", reason)?;
    if text.chars().count() > 8_192 {
        return Err(FactError::invalid("text", "is longer than 8192 characters"));
    }
    draft.dossier.standing.last_reply = Some(draft.now);
    let mut event = draft.event("replied", None, None);
    event.details = vec![("reason".to_owned(), reason.to_owned())];
    if !text.is_empty() {
        // The words stay on the timeline: a stage learns the reason only.
        draft.tell(
            None,
            Happening::Note {
                text: format!("reply: {text}"),
            },
        );
    }
    enqueue_for_all(draft, &event);
    Ok(Taken::New)
}

fn effect_mut(draft: &mut Draft, key: EffectKey) -> Result<&mut Effect, FactError> {
    draft
        .dossier
        .effects
        .iter_mut()
        .find(|effect| effect.key == key)
        .ok_or(FactError::UnknownEffect(key))
}

/// A later result replaces an earlier one; the same one again changes nothing.
pub(super) fn result(
    draft: &mut Draft,
    key: EffectKey,
    result: &EffectResult,
) -> Result<Taken, FactError> {
    // A mail server's own words may name whom it did not find.
    let check = |code: &str| {
        line("code", code, 200)?;
        refuse_naming_debtor(draft, "code", code)
    };
    let bounce = match result {
        EffectResult::Bounced { code } if check(code).is_ok() => code.clone(),
        _ => "bounced".to_owned(),
    };
    if let EffectResult::Failed { code } | EffectResult::Confirmed { code } = result {
        check(code)?;
    }
    let effect = effect_mut(draft, key)?;
    let letter = effect.letter.is_some();
    let (state, code, kind) = match result {
        EffectResult::Delivered => (EffectState::Done, "delivered", "message.delivered"),
        EffectResult::Opened => (EffectState::Confirmed, "opened", "message.opened"),
        EffectResult::Bounced { .. } => (EffectState::Failed, bounce.as_str(), "message.bounced"),
        EffectResult::Failed { code } => (EffectState::Failed, code.as_str(), "effect.failed"),
        EffectResult::Confirmed { code } => {
            (EffectState::Confirmed, code.as_str(), "effect.confirmed")
        }
    };
    if !letter && matches!(result, EffectResult::Bounced { .. } | EffectResult::Opened) {
        return Err(FactError::invalid("result", "is one of messages only"));
    }
    if effect.state == state && effect.code == code {
        return Ok(Taken::Known);
    }
    let bounced = effect
        .letter
        .as_ref()
        .filter(|_| matches!(result, EffectResult::Bounced { .. }))
        .map(|letter| (letter.channel.clone(), letter.address.clone()));
    if let Some((channel, address)) = bounced {
        for point in &mut draft.dossier.customer.contacts {
            if point.channel == channel && point.address == address {
                point.bounced = true;
            }
        }
    }
    let proposal = handover::set(draft, key, state, code);
    let currency = draft.dossier.case(key.case).map(|case| case.currency);
    let mut event = draft.event(kind, proposal, None);
    event.details = vec![("code".to_owned(), code.to_owned())];
    draft.enqueue(currency, event);
    Ok(Taken::New)
}

pub(super) fn offer(
    draft: &mut Draft,
    key: EffectKey,
    accepted: Option<usize>,
    ids: NewIds,
) -> Result<Taken, FactError> {
    let today = draft.today;
    let effect = effect_mut(draft, key)?;
    let code = accepted.map_or_else(|| "declined".to_owned(), |plan| format!("accepted:{plan}"));
    if effect.state == EffectState::Confirmed && effect.code == code {
        return Ok(Taken::Known);
    }
    if !effect.is_open_offer() {
        return Err(FactError::NotAnOffer(key));
    }
    // Its end may not have been told yet: that is the host's lateness, not the debtor's time.
    if let Some(last) = effect.until.filter(|last| *last < today) {
        return Err(FactError::OfferOver { effect: key, last });
    }
    let Action::OfferPlan { items, plans, .. } = effect.action.clone() else {
        return Err(FactError::NotAnOffer(key));
    };
    let plan = accepted
        .map(|number| {
            number
                .checked_sub(1)
                .and_then(|index| plans.get(index))
                .ok_or_else(|| {
                    FactError::invalid(
                        "accepted",
                        format!("is none of the plans 1 to {}", plans.len()),
                    )
                })
        })
        .transpose()?;
    let currency = draft
        .dossier
        .case(key.case)
        .map(|case| case.currency)
        .ok_or(FactError::UnknownEffect(key))?;
    let proposal = handover::set(draft, key, EffectState::Confirmed, &code).unwrap_or_default();
    if let Some(plan) = plan {
        let items: Vec<ItemId> = carry::parse_items(&items).collect();
        let total = plan.instalments.iter().map(|part| part.amount).sum();
        if plan.waive_fees {
            waive(draft, &items);
        }
        let view = View::of(&draft.dossier, currency, draft.today, 0);
        let owed: i64 = items.iter().map(|item| view.chaseable_of(*item)).sum();
        if owed != total {
            let text = format!(
                "what is owed has changed since the offer: {owed} instead of {total} minor units"
            );
            return Err(FactError::invalid("accepted", text));
        }
        let cover = Cover {
            id: ids.cover(),
            kind: CoverKind::Plan,
            currency,
            source: proposal.clone(),
            baseline: outstanding_of(&draft.dossier.items, currency, &items),
            items,
            amount: Some(total),
            until: plan.instalments.last().map(|part| part.due_on),
            schedule: plan.instalments.clone(),
            began_at: draft.now,
            state: CoverState::Active,
        };
        carry::begin_cover(draft, Some(key.case), cover);
    }
    let name = if accepted.is_some() {
        "offer.accepted"
    } else {
        "offer.declined"
    };
    let mut event = draft.event(name, Some(proposal), None);
    if let Some(plan) = accepted {
        event.details = vec![("plan".to_owned(), plan.to_string())];
    }
    draft.enqueue(Some(currency), event);
    Ok(Taken::New)
}

/// Waives the fees and interest among some items.
fn waive(draft: &mut Draft, items: &[ItemId]) {
    let charges: Vec<_> = draft
        .dossier
        .items
        .iter()
        .filter(|item| {
            items.contains(&item.id) && !item.kind.is_principal() && item.outstanding > 0
        })
        .map(|item| (item.id, item.currency, item.outstanding))
        .collect();
    let effective_on = draft.today;
    for (id, currency, outstanding) in charges {
        let kind = EntryKind::Waiver;
        draft.post(Movement {
            currency,
            item: Some(id),
            kind,
            amount: -outstanding,
            payment: None,
            effective_on,
        });
    }
}
