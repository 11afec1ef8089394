//! Items that owe again.

use crate::dossier::Draft;
use crate::id::ItemId;
use crate::ledger::Disposition;
use crate::plan::last_ended;
use crate::policy::Policy;

/// Items of which a payment was taken back are chased again, whatever their case's end made
/// of them:
///
/// - What was written off stays off the books. Only the part that money had paid is owed
///   again: nobody gave that up, so it is chased.
/// - What was closed, or came back from an agency, is on the books still, and owed whole. It
///   is chased again as long as its case can be reopened; after that it stays closed.
/// - What an agency has stays with it.
pub(super) fn chase_again(policy: &Policy, draft: &mut Draft, items: &[ItemId]) {
    for id in items {
        let Some(item) = draft.dossier.item(*id).filter(|item| item.outstanding > 0) else {
            continue;
        };
        let is_chased = match item.disposition {
            Disposition::WrittenOff => true,
            Disposition::Closed => {
                let currency = item.currency;
                last_ended(policy, &draft.dossier, currency, draft.now).is_some()
            }
            Disposition::Chased | Disposition::Placed => continue,
        };
        if let Some(item) = draft.dossier.item_mut(*id).filter(|_| is_chased) {
            item.disposition = Disposition::Chased;
        }
    }
}
