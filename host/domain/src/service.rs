//! Services: what a debtor may lose is what of its own contract is late, and no other.

use crate::balance::View;
use crate::dossier::Dossier;
use crate::money::Currency;

/// Whether an item in a currency, be it paid by now, bears a contract.
pub fn is_known(dossier: &Dossier, currency: Currency, contract: &str) -> bool {
    dossier
        .items
        .iter()
        .any(|item| item.currency == currency && item.contract.as_deref() == Some(contract))
}

/// Whether anything of a contract is past due and may be chased.
pub fn is_overdue(view: &View<'_>, contract: &str) -> bool {
    view.items.iter().any(|(item, chaseable)| {
        item.contract.as_deref() == Some(contract) && item.is_past_due(view.today) && *chaseable > 0
    })
}
