//! Advance, the first half: an allowed proposal becomes an effect, and what it changes.

mod summary;

use crate::contract::{Action, CoverKind, EffectState, ItemKind, Proposal};
use crate::cover::{Cover, CoverState};
use crate::dossier::{Draft, Movement};
use crate::effect::{Effect, EffectKey, Letter, Task, TaskState};
use crate::id::{CaseId, CoverId, ItemId, TaskId};
use crate::interest::{self, Terms};
use crate::ledger::{Disposition, EntryKind, Item};
use crate::money::Money;
use crate::template::Rendered;
use crate::time::{Date, plus_days};
use crate::timeline::Happening;

/// Who carries out a proposal.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The case.
    pub case: CaseId,
    /// The stage that proposed it, or whose draft it was.
    pub stage: &'a str,
    /// Its visit, from 0.
    pub visit: u32,
}

/// What the guard wrote for a proposal.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Of a message.
    pub letter: Option<Letter>,
    /// Of a task's draft.
    pub preview: Option<Rendered>,
    /// The terms that interest is charged under.
    pub terms: Option<Terms>,
}

/// Carries out an allowed proposal; external ones are queued in the outbox.
pub fn carry(
    draft: &mut Draft,
    actor: Actor<'_>,
    proposal: &Proposal,
    written: Written,
) -> EffectKey {
    let key = draft.next_effect_key(actor.case);
    let Written {
        letter,
        preview,
        terms,
    } = written;
    let charged = interest(draft, actor.case, &proposal.action, terms.as_ref());
    let until = apply(draft, actor.case, key, &proposal.action, preview);
    let kind = proposal.action.kind();
    let currency = draft.dossier.case(actor.case).map(|case| case.currency);
    if let Some(letter) = &letter {
        let count = draft
            .dossier
            .standing
            .contacts
            .entry(letter.channel.name().to_owned())
            .or_default();
        *count = count.saturating_add(1);
    }
    draft.tell(
        Some(actor.case),
        Happening::Effected {
            key,
            proposal: proposal.key.clone(),
            kind,
            summary: summary::of(&proposal.action, letter.as_ref(), charged, currency),
        },
    );
    let effect = Effect {
        key,
        proposal: proposal.key.clone(),
        stage: actor.stage.to_owned(),
        visit: actor.visit,
        action: proposal.action.clone(),
        letter,
        state: if kind.is_external() {
            EffectState::Queued
        } else {
            EffectState::Done
        },
        code: String::new(),
        at: draft.now,
        until,
    };
    let at = draft
        .dossier
        .effects
        .partition_point(|other| other.at <= effect.at);
    draft.dossier.effects.insert(at, effect);
    key
}

/// The host's own side of an action; returns until when it stands.
fn apply(
    draft: &mut Draft,
    case: CaseId,
    key: EffectKey,
    action: &Action,
    preview: Option<Rendered>,
) -> Option<Date> {
    match action {
        Action::AddFee { .. } => {
            fee(draft, case, action);
            None
        }
        Action::OfferPlan { valid_until, .. } | Action::OfferDiscount { valid_until, .. } => {
            Some(*valid_until)
        }
        Action::OpenTask {
            title,
            details,
            due_on,
            team,
            priority,
            draft: message,
        } => {
            let task = Task {
                id: TaskId(draft.next_id(case, "task")),
                case,
                effect: Some(key),
                title: title.clone(),
                details: details.clone(),
                due_on: *due_on,
                team: team.clone(),
                priority: *priority,
                draft: message.clone(),
                preview,
                opened_at: draft.now,
                claimed_by: None,
                state: TaskState::Open,
            };
            open_task(draft, task);
            Some(*due_on)
        }
        Action::Hold { reason, until } => {
            hold(draft, case, reason, *until);
            Some(*until)
        }
        Action::PlaceWithAgency {
            items, term_days, ..
        } => {
            set_disposition(draft, items, Disposition::Placed);
            Some(plus_days(draft.today, i64::from(*term_days)))
        }
        Action::RecallPlacement { items, .. } => {
            set_disposition(draft, items, Disposition::Chased);
            None
        }
        Action::WriteOff { items, .. } => {
            for id in parse_items(items) {
                write_off(draft, id);
            }
            None
        }
        Action::AddNote(text) => {
            draft.tell(Some(case), Happening::Note { text: text.clone() });
            None
        }
        _ => None,
    }
}

/// Opens a task and tells of it.
pub fn open_task(draft: &mut Draft, task: Task) {
    let told = Happening::TaskOpened {
        title: task.title.clone(),
        team: task.team.clone(),
        task: Some(task.id),
    };
    draft.tell(Some(task.case), told);
    draft.dossier.tasks.push(task);
}

/// Lets a case rest, as a cover of the whole account.
pub fn hold(draft: &mut Draft, case: CaseId, reason: &str, until: Date) {
    let Some(currency) = draft.dossier.case(case).map(|case| case.currency) else {
        return;
    };
    let cover = Cover {
        id: CoverId(draft.next_id(case, "hold")),
        kind: CoverKind::Hold,
        currency,
        source: reason.to_owned(),
        items: Vec::new(),
        amount: None,
        until: Some(until),
        schedule: Vec::new(),
        baseline: 0,
        began_at: draft.now,
        state: CoverState::Active,
    };
    begin_cover(draft, Some(case), cover);
}

/// Begins a cover and tells of it.
pub fn begin_cover(draft: &mut Draft, case: Option<CaseId>, cover: Cover) {
    draft.tell(
        case,
        Happening::CoverBegan {
            kind: cover.kind,
            source: cover.source.clone(),
            amount: cover.amount,
            until: cover.until,
        },
    );
    draft.dossier.covers.push(cover);
}

/// Ends a cover and tells how.
pub fn end_cover(draft: &mut Draft, case: Option<CaseId>, id: CoverId, how: CoverState) {
    let covers = &mut draft.dossier.covers;
    let Some(cover) = covers.iter_mut().find(|cover| cover.id == id) else {
        return;
    };
    cover.state = how;
    let told = Happening::CoverEnded {
        kind: cover.kind,
        source: cover.source.clone(),
        how: format!("{how:?}").to_lowercase(),
    };
    draft.tell(case, told);
}

/// Posts a fee: a charge of its own, due with its item, so that both are in one balance.
/// Once per item, kind and occurrence: a second call changes nothing.
pub fn fee(draft: &mut Draft, case: CaseId, action: &Action) {
    let Action::AddFee {
        kind,
        item,
        occurrence,
        amount,
    } = action
    else {
        return;
    };
    let name = Item::charge_name(kind, occurrence);
    let id = ItemId(draft.next_id(case, "fee"));
    let Some(parent) = item
        .parse::<ItemId>()
        .ok()
        .and_then(|id| draft.dossier.items.iter_mut().find(|item| item.id == id))
        .filter(|parent| !parent.marks.contains(&name))
    else {
        return;
    };
    parent.marks.insert(name);
    let charged = parent.fees.entry(kind.clone()).or_default();
    *charged = charged.saturating_add(*amount);
    let charge = Item {
        kind: ItemKind::LateFee,
        parent: Some(parent.id),
        contract: parent.contract.clone(),
        issued_on: draft.today,
        ..Item::new(
            id,
            Item::charge_reference(parent, kind, occurrence),
            Money::new(*amount, parent.currency),
            parent.due_on,
        )
    };
    draft.issue(charge);
}

/// Charges interest under the terms in force; returns what was charged, minor units.
pub fn interest(draft: &mut Draft, case: CaseId, action: &Action, terms: Option<&Terms>) -> i64 {
    let Action::AddInterest {
        terms: name,
        item,
        until,
    } = action
    else {
        return 0;
    };
    match (item.parse(), terms) {
        (Ok(item), Some(terms)) => interest::charge(draft, case, item, name, terms, *until),
        _ => 0,
    }
}

/// Gives an item up: what is left is posted, and it is no longer chased.
pub fn write_off(draft: &mut Draft, id: ItemId) {
    let Some(item) = draft.dossier.items.iter_mut().find(|item| item.id == id) else {
        return;
    };
    item.disposition = Disposition::WrittenOff;
    let (left, currency) = (item.outstanding, item.currency);
    if left > 0 {
        let effective_on = draft.today;
        let kind = EntryKind::WriteOff;
        draft.post(Movement {
            currency,
            item: Some(id),
            kind,
            amount: -left,
            payment: None,
            effective_on,
        });
    }
}

/// Sets what becomes of items in dunning.
pub fn set_disposition(draft: &mut Draft, keys: &[String], disposition: Disposition) {
    for id in parse_items(keys) {
        if let Some(item) = draft.dossier.items.iter_mut().find(|item| item.id == id) {
            item.disposition = disposition;
        }
    }
}

/// The items of a proposal's keys.
pub fn parse_items(keys: &[String]) -> impl Iterator<Item = ItemId> {
    keys.iter().filter_map(|key| key.parse().ok())
}
