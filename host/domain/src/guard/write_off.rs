//! Rules on giving up.

use crate::balance::View;
use crate::carry::parse_items;
use crate::contract::{Action, Proposal};
use crate::dossier::Draft;
use crate::id::ItemId;
use crate::placement;

use super::Bench;
use super::money::not_at_hand;
use super::ruling::Objection;

impl Bench<'_> {
    /// Nothing is given up that an agency works on, nor what is disputed, promised or held:
    /// that is settled first. What the decision has recalled `before` is back by then.
    pub(super) fn write_off(&self, keys: &[String], before: &[&Proposal]) -> Option<Objection> {
        let mut draft = Draft::new(self.dossier.clone(), self.now);
        placement::take_back(&mut draft, &recalled(before));
        let bench = Bench {
            dossier: &draft.dossier,
            ..*self
        };
        let currency = self.case.currency;
        let view = View::of(&draft.dossier, currency, self.today, self.tolerance());
        keys.iter().find_map(|key| {
            let Some(item) = bench.item(key) else {
                return Some(Objection::refused("unknown-item"));
            };
            not_at_hand(item).or_else(|| {
                (view.chaseable_of(item.id) < item.outstanding).then(|| Objection::refused("cover"))
            })
        })
    }
}

fn recalled(before: &[&Proposal]) -> Vec<ItemId> {
    let recalls = before.iter().filter_map(|proposal| match &proposal.action {
        Action::RecallPlacement { items, .. } => Some(parse_items(items)),
        _ => None,
    });
    recalls.flatten().collect()
}
