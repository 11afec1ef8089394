//! Placements: which items an agency has, by the effect that placed them.

use crate::carry;
use crate::contract::{Action, EffectState};
use crate::dossier::{Dossier, Draft};
use crate::effect::{Effect, EffectKey};
use crate::id::ItemId;
use crate::ledger::Disposition;
use crate::money::Currency;

/// The items that an effect placed, in the order of its proposal; none where it is no
/// placement, or one that never reached the agency.
pub fn placed_by(effect: &Effect) -> Vec<ItemId> {
    match &effect.action {
        Action::PlaceWithAgency { items, .. } if stands(effect) => {
            carry::parse_items(items).collect()
        }
        _ => Vec::new(),
    }
}

fn stands(effect: &Effect) -> bool {
    !matches!(effect.state, EffectState::Failed | EffectState::Cancelled)
}

/// The items that are still with the agency by a placement: not those that were taken back,
/// nor those that a later placement gave away again.
pub fn held(dossier: &Dossier, key: EffectKey) -> Vec<ItemId> {
    let items = dossier.effect(key).map(placed_by).unwrap_or_default();
    items
        .into_iter()
        .filter(|id| {
            let is_placed = dossier
                .item(*id)
                .is_some_and(|item| item.disposition == Disposition::Placed);
            let newest = dossier
                .effects
                .iter()
                .rfind(|effect| placed_by(effect).contains(id));
            is_placed && newest.is_some_and(|effect| effect.key == key)
        })
        .collect()
}

/// Whether an agency has anything in a currency, be it paid by now.
pub fn is_under_way(dossier: &Dossier, currency: Currency) -> bool {
    dossier
        .items
        .iter()
        .any(|item| item.currency == currency && item.disposition == Disposition::Placed)
}

/// Takes items back from an agency: they are chased again.
pub(crate) fn take_back(draft: &mut Draft, items: &[ItemId]) {
    for item in &mut draft.dossier.items {
        if items.contains(&item.id) && item.disposition == Disposition::Placed {
            item.disposition = Disposition::Chased;
        }
    }
}
