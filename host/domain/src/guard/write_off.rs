//! Rules on giving up, and on an item that a decision would send two ways.

use crate::balance::View;
use crate::carry;
use crate::contract::{Action, Proposal};
use crate::dossier::Draft;
use crate::ledger::Disposition;
use crate::placement;

use super::Bench;
use super::money::not_at_hand;
use super::ruling::Objection;

impl Bench<'_> {
    /// Nothing is given up that an agency works on, nor what is disputed, promised or held:
    /// that is settled first. What the decision has recalled `before` is back by then.
    pub(super) fn write_off(&self, keys: &[String], before: &[&Proposal]) -> Option<Objection> {
        let draft = self.once_done(before);
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

    /// Nothing is placed that the decision has given up `before`, or placed already.
    pub(super) fn gone_before(&self, keys: &[String], before: &[&Proposal]) -> Option<Objection> {
        let draft = self.once_done(before);
        let bench = Bench {
            dossier: &draft.dossier,
            ..*self
        };
        let mut items = keys.iter().filter_map(|key| bench.item(key));
        items.find_map(not_at_hand)
    }

    /// Where items are once what the decision does `before` is done.
    fn once_done(&self, before: &[&Proposal]) -> Draft {
        let mut draft = Draft::new(self.books(), self.now);
        for proposal in before {
            match &proposal.action {
                Action::RecallPlacement { items, .. } => {
                    let items: Vec<_> = carry::parse_items(items).collect();
                    placement::take_back(&mut draft, &items);
                }
                Action::PlaceWithAgency { items, .. } => {
                    carry::set_disposition(&mut draft, items, Disposition::Placed);
                }
                Action::WriteOff { items, .. } => {
                    for item in carry::parse_items(items) {
                        carry::write_off(&mut draft, item);
                    }
                }
                _ => {}
            }
        }
        draft
    }
}
