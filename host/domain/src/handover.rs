//! Deliver, the pure half: whether a queued effect still holds when it is to be handed over.
//!
//! Between a decision and its delivery a debtor may pay, opt out or be put on hold. Nothing
//! leaves that would be wrong by then: it is cancelled with the reason, and the stage that
//! proposed it is asked again.

use crate::balance::View;
use crate::contract::{EffectState, Purpose};
use crate::dossier::{Dossier, Draft};
use crate::effect::{Effect, EffectKey};
use crate::tenant::Tenant;
use crate::time::Date;
use crate::timeline::Happening;

/// Queued effects, oldest first.
pub fn queued(dossier: &Dossier) -> impl Iterator<Item = &Effect> {
    dossier
        .effects
        .iter()
        .filter(|effect| effect.state == EffectState::Queued)
}

/// Why an effect no longer holds, if so: `paid`, `hold`, `unreachable`, `amount-changed`
/// or `case-ended`.
pub fn objection(
    tenant: &Tenant,
    dossier: &Dossier,
    effect: &Effect,
    today: Date,
) -> Option<&'static str> {
    let letter = effect.letter.as_ref()?;
    let case = dossier.case(effect.key.case)?;
    let address = dossier.customer.address(&letter.channel);
    if address.is_none_or(|point| point.address != letter.address) {
        return Some("unreachable");
    }
    if letter.purpose == Purpose::Confirmation {
        return None;
    }
    if !case.is_open() {
        return Some("case-ended");
    }
    let tolerance = tenant
        .workflows
        .get(&case.workflow)
        .map_or(0, |workflow| workflow.tolerance(case.currency));
    let view = View::of(dossier, case.currency, today, tolerance);
    if view.held_until().is_some() {
        return Some("hold");
    }
    let asked_for = view.asked_for(letter.purpose);
    if asked_for != letter.chaseable {
        return Some(if asked_for <= tolerance {
            "paid"
        } else {
            "amount-changed"
        });
    }
    None
}

/// Records that an effect was handed over.
pub fn done(draft: &mut Draft, key: EffectKey) {
    set(draft, key, EffectState::Done, "");
}

/// Records that an effect no longer holds, and lets its stage know.
pub fn cancel(draft: &mut Draft, key: EffectKey, because: &str) {
    let Some(proposal) = set(draft, key, EffectState::Cancelled, because) else {
        return;
    };
    let currency = draft.dossier.case(key.case).map(|case| case.currency);
    let mut event = draft.event("effect.cancelled", Some(proposal), None);
    event.details = vec![("code".to_owned(), because.to_owned())];
    draft.enqueue(currency, event);
}

/// Records how far an effect has come; one cancelled is no longer counted as a contact.
pub(crate) fn set(
    draft: &mut Draft,
    key: EffectKey,
    state: EffectState,
    code: &str,
) -> Option<String> {
    let effect = draft
        .dossier
        .effects
        .iter_mut()
        .find(|effect| effect.key == key)?;
    effect.state = state;
    code.clone_into(&mut effect.code);
    let (kind, proposal, contact) = (
        effect.kind(),
        effect.proposal.clone(),
        effect.channel().cloned(),
    );
    if let Some(channel) = contact.filter(|_| state == EffectState::Cancelled) {
        // It was counted when it was decided; it was not made.
        if let Some(count) = draft.dossier.standing.contacts.get_mut(channel.name()) {
            *count = count.saturating_sub(1);
        }
    }
    draft.tell(
        Some(key.case),
        Happening::EffectChanged {
            key,
            kind,
            state,
            code: code.to_owned(),
        },
    );
    Some(proposal)
}
