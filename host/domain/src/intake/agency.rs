//! What agencies tell of their placements.

use crate::contract::EffectState;
use crate::dossier::{Draft, NewIds};
use crate::effect::EffectKey;
use crate::fact::{FactError, PaymentFacts, RemittanceFacts};
use crate::handover;
use crate::id::ItemId;
use crate::money::{Currency, Money};
use crate::placement;
use crate::policy::Policy;

use super::invoices::{find, positive};
use super::people::refuse_naming_debtor;
use super::{Taken, line, payments};

/// A placement as facts are told of it.
struct Placement {
    /// Of its proposal.
    proposal: String,
    currency: Currency,
    /// All that it ever gave to the agency.
    items: Vec<ItemId>,
    /// What the agency still has of it.
    held: Vec<ItemId>,
}

impl Placement {
    fn of(draft: &Draft, key: EffectKey) -> Result<Self, FactError> {
        let dossier = &draft.dossier;
        let effect = dossier.effect(key).ok_or(FactError::UnknownEffect(key))?;
        let case = dossier
            .case(key.case)
            .ok_or(FactError::UnknownEffect(key))?;
        let items = placement::placed_by(effect);
        if items.is_empty() {
            return Err(FactError::NotAPlacement(key));
        }
        Ok(Self {
            proposal: effect.proposal.clone(),
            currency: case.currency,
            items,
            held: placement::held(dossier, key),
        })
    }

    /// The items of these references: they have to be the placement's own.
    fn named(&self, draft: &Draft, references: &[String]) -> Result<Vec<ItemId>, FactError> {
        let own = |reference: &String| {
            let item = find(draft, reference)?;
            if self.items.contains(&item.id) {
                return Ok(item.id);
            }
            let text = format!("`{reference}` is none of the placement's items");
            Err(FactError::invalid("invoices", text))
        };
        references.iter().map(own).collect()
    }

    fn check(&self, field: &'static str, money: Money) -> Result<(), FactError> {
        positive(field, money)?;
        if money.currency == self.currency {
            return Ok(());
        }
        let text = format!("is not in the placement's {}", self.currency);
        Err(FactError::invalid(field, text))
    }
}

/// An agency's money is a payment: the gross amount pays items of the placement, what it
/// still has first, then what was taken back from it, then whatever else is owed.
pub(super) fn remitted(
    policy: &Policy,
    draft: &mut Draft,
    facts: &RemittanceFacts,
    ids: NewIds,
) -> Result<Taken, FactError> {
    let placement = Placement::of(draft, facts.placement)?;
    placement.check("amount", facts.amount)?;
    if let Some(commission) = facts.commission {
        placement.check("commission", commission)?;
        if commission.minor > facts.amount.minor {
            return Err(FactError::invalid("commission", "is more than the amount"));
        }
    }
    let named = if facts.invoices.is_empty() {
        let taken_back = placement.items.iter();
        let taken_back = taken_back.filter(|id| !placement.held.contains(id));
        placement.held.iter().chain(taken_back).copied().collect()
    } else {
        placement.named(draft, &facts.invoices)?
    };
    let owed = named.iter().filter_map(|id| draft.dossier.item(*id));
    let owed = owed.filter(|item| item.outstanding > 0);
    let payment = PaymentFacts {
        reference: facts.reference.clone(),
        amount: facts.amount,
        paid_on: facts.paid_on,
        invoices: owed.map(|item| item.reference.clone()).collect(),
        pending: false,
    };
    if payments::payment(policy, draft, &payment, ids)? == Taken::Known {
        return Ok(Taken::Known);
    }
    let amount = Some(facts.amount.minor);
    let mut event = draft.event("placement.remitted", Some(placement.proposal), amount);
    event.on = facts.paid_on;
    if let Some(commission) = facts.commission {
        event.details = vec![("commission".to_owned(), commission.minor.to_string())];
    }
    draft.enqueue(Some(placement.currency), event);
    Ok(Taken::New)
}

/// An agency gives up: what it had is chased again. Once it has nothing that is owed, what
/// was paid is no longer with it either, and the placement is answered.
pub(super) fn returned(
    draft: &mut Draft,
    key: EffectKey,
    invoices: &[String],
    reason: &str,
) -> Result<Taken, FactError> {
    line("reason", reason, 64)?;
    refuse_naming_debtor(draft, "reason", reason)?;
    let placement = Placement::of(draft, key)?;
    let mut back = if invoices.is_empty() {
        placement.held.clone()
    } else {
        placement.named(draft, invoices)?
    };
    back.retain(|id| placement.held.contains(id));
    if back.is_empty() {
        return Ok(Taken::Known);
    }
    placement::take_back(draft, &back);
    let left = placement::held(&draft.dossier, key);
    let (amount, _) = owed(draft, &back);
    let (_, owed_left) = owed(draft, &left);
    if owed_left == 0 {
        placement::take_back(draft, &left);
        handover::set(draft, key, EffectState::Confirmed, "returned");
    }
    let mut event = draft.event("placement.returned", Some(placement.proposal), Some(amount));
    event.details = vec![
        ("left".to_owned(), owed_left.to_string()),
        ("reason".to_owned(), reason.to_owned()),
    ];
    draft.enqueue(Some(placement.currency), event);
    Ok(Taken::New)
}

/// What is owed of some items, minor units, and of how many of them.
fn owed(draft: &Draft, items: &[ItemId]) -> (i64, usize) {
    let items = items.iter().filter_map(|id| draft.dossier.item(*id));
    let owed: Vec<i64> = items
        .map(|item| item.outstanding)
        .filter(|left| *left > 0)
        .collect();
    (owed.iter().sum(), owed.len())
}
