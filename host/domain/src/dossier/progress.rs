//! What movements mean to promises and plans: only money keeps them.

use super::Draft;
use crate::balance::outstanding_of;
use crate::contract::CoverKind;
use crate::cover::Cover;
use crate::id::ItemId;
use crate::ledger::EntryKind;
use crate::time::Timestamp;

impl Draft {
    /// Moves the promises and plans over an item along with what is owed of it, after a
    /// movement was posted.
    ///
    /// Their progress is how far the outstanding sum lies below `baseline`, for settled items
    /// are not at hand to be asked what was paid of them. So whatever is no money moves the
    /// baseline with the sum, and a schedule asks for no more than is left to be owed. Money
    /// that leaves an item takes back what it was counted as, and no more than that.
    pub(super) fn move_covers(&mut self, id: ItemId, kind: EntryKind, amount: i64) {
        let items = &self.dossier.items;
        for cover in scheduled_over(&mut self.dossier.covers, id) {
            let owed = outstanding_of(items, cover.currency, &cover.items);
            match kind {
                EntryKind::Receipt | EntryKind::Allocation => {}
                EntryKind::Reversal => cover.baseline = cover.baseline.max(owed),
                EntryKind::WriteOff if owed == 0 => {
                    cover.baseline += amount;
                    // Given up is not paid: what was missing then is not kept by it.
                    if cover.baseline < cover.scheduled() {
                        cover.ask_at_most(0);
                    }
                }
                EntryKind::Issue
                | EntryKind::CreditNote
                | EntryKind::Waiver
                | EntryKind::Void
                | EntryKind::WriteOff
                | EntryKind::Adjustment => {
                    cover.baseline += amount;
                    cover.ask_at_most(cover.baseline);
                }
            }
        }
    }

    /// Before money is taken back that was matched to an item at an instant: promises and
    /// plans that began later never counted it, and what it owes again is none of their
    /// progress undone.
    pub(crate) fn owe_as_before(&mut self, id: ItemId, amount: i64, matched_at: Timestamp) {
        let covers = scheduled_over(&mut self.dossier.covers, id);
        for cover in covers.filter(|cover| cover.began_at > matched_at) {
            cover.baseline += amount;
        }
    }
}

fn scheduled_over(covers: &mut [Cover], id: ItemId) -> impl Iterator<Item = &mut Cover> {
    covers.iter_mut().filter(move |cover| {
        cover.is_active()
            && matches!(cover.kind, CoverKind::Promise | CoverKind::Plan)
            && cover.items.contains(&id)
    })
}
