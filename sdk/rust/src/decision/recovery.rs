//! What happens to services and debts when asking did not help.

use super::action::{builders, keys};
use crate::bindings as wit;
use crate::situation::{Effect, Item};
use crate::{BasisPoints, Date, ServiceChange};

builders! {
    /// A change of a service.
    Service(wit::Service) = ChangeService;
    /// Items given to an agency.
    Placement(wit::Placement) = PlaceWithAgency;
    /// Items taken back from an agency.
    Recall(wit::Recall) = RecallPlacement;
    /// A rest for the whole case; facts still reach the stage.
    Hold(wit::Hold) = Hold;
    /// Items given up.
    WriteOff(wit::WriteOff) = WriteOff;
}

impl Service {
    /// A change of the service under a contract: see [`Item::contract`].
    pub fn new(contract: impl Into<String>, change: ServiceChange) -> Self {
        Self(wit::Service {
            contract: contract.into(),
            change: change.into(),
        })
    }
}

impl Placement {
    /// Gives items to an agency for a commission and a term.
    pub fn new<'a>(
        agency: impl Into<String>,
        items: impl IntoIterator<Item = Item<'a>>,
        commission: BasisPoints,
        term_days: u16,
    ) -> Self {
        Self(wit::Placement {
            agency: agency.into(),
            items: keys(items),
            commission_bps: commission.get(),
            term_days,
        })
    }
}

impl Recall {
    /// Takes items back from the agency that the placement gave them to.
    pub fn new<'a>(
        placement: Effect<'_>,
        items: impl IntoIterator<Item = Item<'a>>,
        reason: impl Into<String>,
    ) -> Self {
        Self(wit::Recall {
            placement: placement.key().to_owned(),
            items: keys(items),
            reason: reason.into(),
        })
    }

    /// Takes items back by their keys, from the placement that was proposed under this key:
    /// items that are paid are no longer among the open ones, so a stage has to remember
    /// what it placed.
    pub fn of_keys<K: Into<String>>(
        placement: impl Into<String>,
        items: impl IntoIterator<Item = K>,
        reason: impl Into<String>,
    ) -> Self {
        Self(wit::Recall {
            placement: placement.into(),
            items: items.into_iter().map(Into::into).collect(),
            reason: reason.into(),
        })
    }
}

impl Hold {
    /// Rests until the day.
    pub fn until(until: Date, reason: impl Into<String>) -> Self {
        Self(wit::Hold {
            reason: reason.into(),
            until: until.days(),
        })
    }
}

impl WriteOff {
    /// Gives items up.
    pub fn new<'a>(items: impl IntoIterator<Item = Item<'a>>, reason: impl Into<String>) -> Self {
        Self(wit::WriteOff {
            items: keys(items),
            reason: reason.into(),
        })
    }
}
