//! Items for tests.

use super::TODAY;
use crate::bindings as wit;
use crate::{DeliveryState, Disposition, ItemKind};

const TERM_DAYS: i32 = 14;

/// Builds an open item; what of it is chaseable follows from the situation's covers.
#[derive(Clone, Debug)]
#[must_use]
pub struct ItemBuilder(pub(super) wit::OpenItem);

impl ItemBuilder {
    /// An invoice of so many minor units, due on the builder's default day.
    pub fn invoice(key: &str, minor: i64) -> Self {
        Self(wit::OpenItem {
            key: key.to_owned(),
            kind: wit::ItemKind::Invoice,
            parent: None,
            contract: None,
            issued_on: TODAY.plus_days(-TERM_DAYS).days(),
            due_on: TODAY.days(),
            days_overdue: 0,
            original: minor,
            outstanding: minor,
            chaseable: minor,
            disposition: wit::Disposition::Chased,
            is_first: false,
            delivery: wit::DeliveryState::Unknown,
        })
    }

    /// Due so many days before the builder's default day; negative: after it.
    pub fn overdue(mut self, days: i32) -> Self {
        let due_on = TODAY.plus_days(-days);
        self.0.due_on = due_on.days();
        self.0.issued_on = due_on.plus_days(-TERM_DAYS).days();
        self
    }

    /// What is left of it, in minor units.
    pub fn outstanding(mut self, minor: i64) -> Self {
        self.0.outstanding = minor;
        self
    }

    /// A fee or interest on another item.
    pub fn charged_on(mut self, parent: &str, kind: ItemKind) -> Self {
        self.0.parent = Some(parent.to_owned());
        self.0.kind = kind.into();
        self
    }

    /// Under a contract.
    pub fn contract(mut self, contract: &str) -> Self {
        self.0.contract = Some(contract.to_owned());
        self
    }

    /// An agency works on it.
    pub fn placed(mut self) -> Self {
        self.0.disposition = Disposition::Placed.into();
        self
    }

    /// The first invoice this customer was ever sent.
    pub fn first(mut self) -> Self {
        self.0.is_first = true;
        self
    }

    /// What is known of its way to the debtor.
    pub fn delivery(mut self, state: DeliveryState) -> Self {
        self.0.delivery = state.into();
        self
    }
}
