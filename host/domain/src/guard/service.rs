//! Rules on what a debtor may lose.

use crate::balance::View;
use crate::contract::ServiceChange;
use crate::service::{is_known, is_overdue};

use super::Bench;
use super::ruling::Objection;

impl Bench<'_> {
    /// A contract of the customer's in this currency; and nobody loses what is paid for, or
    /// not to be asked for now.
    pub(super) fn service(
        &self,
        contract: &str,
        change: ServiceChange,
        view: &View<'_>,
    ) -> Option<Objection> {
        if !is_known(self.dossier, self.case.currency, contract) {
            return Some(Objection::refused("unknown-contract"));
        }
        (change.takes_away() && !is_overdue(view, contract))
            .then(|| Objection::refused("contract-not-overdue"))
    }
}
