//! Deliver, the pure half: whether a queued effect still holds when it is to be handed over.
//!
//! Between a decision and its delivery a debtor may pay, opt out or be put on hold. Nothing
//! leaves that would be wrong by then: it is cancelled with the reason, and the stage that
//! proposed it is asked again.

use crate::balance::View;
use crate::carry;
use crate::contract::{Action, EffectState, Purpose};
use crate::dossier::{Dossier, Draft};
use crate::effect::{COLLECTIONS, Effect, EffectKey, Letter, Task, TaskState};
use crate::hours::Hours;
use crate::id::{TaskId, derived};
use crate::placement;
use crate::service;
use crate::tenant::Tenant;
use crate::time::{Date, Timestamp};
use crate::timeline::Happening;

/// Queued effects, oldest first.
pub fn queued(dossier: &Dossier) -> impl Iterator<Item = &Effect> {
    dossier
        .effects
        .iter()
        .filter(|effect| effect.state == EffectState::Queued)
}

/// Why an effect no longer holds, if so: `paid`, `hold`, `unreachable`, `amount-changed`,
/// `contract-not-overdue` or `case-ended`.
pub fn objection(
    tenant: &Tenant,
    dossier: &Dossier,
    effect: &Effect,
    today: Date,
) -> Option<&'static str> {
    let case = dossier.case(effect.key.case)?;
    let tolerance = tenant
        .workflows
        .get(&case.workflow)
        .map_or(0, |workflow| workflow.tolerance(case.currency));
    let view = View::of(dossier, case.currency, today, tolerance);
    if let Some(letter) = &effect.letter {
        if !reaches(dossier, letter) {
            return Some("unreachable");
        }
        if letter.purpose == Purpose::Confirmation {
            return None;
        }
    }
    if !effect.is_for_the_debt() {
        return None;
    }
    if !case.is_open() {
        return Some("case-ended");
    }
    if view.held_until().is_some() {
        return Some("hold");
    }
    match (&effect.action, &effect.letter) {
        (_, Some(letter)) => {
            let asked_for = view.asked_for(letter.purpose);
            (asked_for != letter.chaseable).then(|| less_owed(asked_for, tolerance))
        }
        (Action::PlaceWithAgency { .. }, _) => to_agency(dossier, effect.key),
        (Action::Charge { amount, .. }, _) => {
            // One without an amount is of whatever may be chased by then.
            let is_owed = view.chaseable >= amount.unwrap_or(1);
            (!is_owed).then(|| less_owed(view.chaseable, tolerance))
        }
        (Action::ChangeService { contract, .. }, _) => {
            (!service::is_overdue(&view, contract)).then_some("contract-not-overdue")
        }
        _ => None,
    }
}

/// Until when a message has to wait that was not handed over at once: by now the debtor's
/// quiet hours may have begun, or the send window closed.
pub fn not_before(
    tenant: &Tenant,
    dossier: &Dossier,
    effect: &Effect,
    now: Timestamp,
) -> Option<Timestamp> {
    let letter = effect.letter.as_ref()?;
    let case = dossier.case(effect.key.case)?;
    let hours = Hours {
        policy: &tenant.policy,
        workflow: tenant.workflows.get(&case.workflow)?,
        customer: &dossier.customer,
    };
    let (_, until) = hours.objection(letter.purpose, now)?;
    Some(until)
}

fn reaches(dossier: &Dossier, letter: &Letter) -> bool {
    let address = dossier.customer.address(&letter.channel);
    address.is_some_and(|point| point.address == letter.address)
}

const fn less_owed(left: i64, tolerance: i64) -> &'static str {
    if left <= tolerance {
        "paid"
    } else {
        "amount-changed"
    }
}

/// An agency is given nothing that was paid or taken back meanwhile.
fn to_agency(dossier: &Dossier, placement: EffectKey) -> Option<&'static str> {
    let is_owed = placement::held(dossier, placement)
        .into_iter()
        .filter_map(|id| dossier.item(id))
        .any(|item| item.outstanding > 0);
    (!is_owed).then_some("paid")
}

/// Records that a message to be spoken became a person's task: its text is their script.
pub fn by_hand(draft: &mut Draft, key: EffectKey) {
    let Some(effect) = draft.dossier.effect(key).cloned() else {
        return;
    };
    let Some(letter) = effect.letter else {
        return;
    };
    let today = draft.today;
    let subject = letter.rendered.subject.unwrap_or_default();
    let task = Task {
        id: TaskId(derived(key.case, key.sequence, "call", key.index)),
        case: key.case,
        effect: Some(key),
        title: format!("{}: {subject}", letter.channel.name()),
        details: format!("{}\n\n{}", letter.address, letter.rendered.text),
        due_on: today,
        team: COLLECTIONS.to_owned(),
        priority: 5,
        draft: None,
        preview: None,
        opened_at: draft.now,
        state: TaskState::Open,
        claimed_by: None,
    };
    carry::open_task(draft, task);
    done(draft, key);
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

/// Records how far an effect has come, and what follows from it: a letter that left is the
/// last contact, one that was cancelled is no longer counted as one, and what an agency was
/// never told of is not with it. Returns the proposal's key.
pub(crate) fn set(
    draft: &mut Draft,
    key: EffectKey,
    state: EffectState,
    code: &str,
) -> Option<String> {
    if matches!(state, EffectState::Failed | EffectState::Cancelled) {
        let placed = placement::held(&draft.dossier, key);
        placement::take_back(draft, &placed);
    }
    let effect = draft
        .dossier
        .effects
        .iter_mut()
        .find(|effect| effect.key == key)?;
    let was_cancelled = std::mem::replace(&mut effect.state, state) == EffectState::Cancelled;
    let is_cancelled = state == EffectState::Cancelled;
    code.clone_into(&mut effect.code);
    let (kind, proposal, at) = (effect.kind(), effect.proposal.clone(), effect.at);
    let contact = effect.channel().cloned();
    let standing = &mut draft.dossier.standing;
    if let Some(channel) = contact {
        if matches!(state, EffectState::Done | EffectState::Confirmed) {
            standing.last_contact = standing.last_contact.max(Some(at));
        }
        // It was counted when it was decided. One that was cancelled was not made; unless it had
        // left all the same, which is told later.
        let count = standing.contacts.get_mut(channel.name());
        if let Some(count) = count.filter(|_| was_cancelled != is_cancelled) {
            *count = if is_cancelled {
                count.saturating_sub(1)
            } else {
                count.saturating_add(1)
            };
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
