//! Where what leaves for a tenant may go: read when the tenant is opened, for it is asked at
//! each hand-over.

use std::collections::BTreeSet;
use std::sync::Arc;

use regua_domain::contract::Channel;
use regua_domain::effect::Effect;
use regua_domain::event::EventType;
use regua_storage::records::{get, list};
use regua_storage::{Kept, RecordsQuery, StoreError, TenantRow, TenantStore};

use super::records::{Endpoint, SENDER, Sender};
use super::{ENDPOINTS_MAX, kind_of};

/// How an effect leaves.
#[derive(Debug)]
pub(crate) enum Way {
    Mail,
    Hook(Arc<Kept<Endpoint>>),
    ByHand,
    /// Nobody takes it.
    Nowhere,
}

/// A tenant's systems, and who its e-mail is from.
pub(crate) struct Outlets {
    /// Systems that are not disabled.
    endpoints: Vec<Arc<Kept<Endpoint>>>,
    /// Who e-mail is from, once they have shown that the address is theirs.
    pub sender: Option<Sender>,
    /// Who is told of what happens; nobody, of a sandbox.
    pub listeners: Vec<Listener>,
}

/// An endpoint that is told of some types of events.
pub(crate) struct Listener {
    pub endpoint: String,
    pub types: BTreeSet<EventType>,
}

impl Outlets {
    /// Reads a tenant's. What happens in a sandbox is told to nobody: its timeline has it.
    pub(crate) async fn read(store: &dyn TenantStore, row: &TenantRow) -> Result<Self, StoreError> {
        let mut endpoints = endpoints(store).await?;
        endpoints.retain(|kept| kept.value.disabled.is_none());
        let sender = get::<Sender>(store, SENDER).await?.map(|kept| kept.value);
        let mut listeners: Vec<Listener> = endpoints.iter().map(Listener::of).collect();
        listeners.retain(|listener| !listener.types.is_empty() && !row.policy.sandbox);
        Ok(Self {
            endpoints: endpoints.into_iter().map(Arc::new).collect(),
            sender: sender.filter(|sender| sender.verified_at.is_some()),
            listeners,
        })
    }

    /// How an effect leaves.
    pub(crate) fn way(&self, effect: &Effect) -> Way {
        let channel = effect.letter.as_ref().map(|letter| &letter.channel);
        if channel == Some(&Channel::Email) {
            return Way::Mail;
        }
        let kind = kind_of(effect);
        let takes = |kept: &&Arc<Kept<Endpoint>>| kept.value.handles.contains(&kind);
        match self.endpoints.iter().find(takes) {
            Some(endpoint) => Way::Hook(Arc::clone(endpoint)),
            None if channel == Some(&Channel::Phone) => Way::ByHand,
            None => Way::Nowhere,
        }
    }

    /// A system that is not disabled.
    pub(crate) fn endpoint(&self, id: &str) -> Option<&Arc<Kept<Endpoint>>> {
        self.endpoints.iter().find(|kept| kept.id == id)
    }
}

impl Listener {
    fn of(kept: &Kept<Endpoint>) -> Self {
        let patterns = kept.value.events.iter();
        Self {
            endpoint: kept.id.clone(),
            types: patterns
                .flat_map(|pattern| EventType::matching(pattern))
                .collect(),
        }
    }
}

/// All endpoints of a tenant.
pub async fn endpoints(store: &dyn TenantStore) -> Result<Vec<Kept<Endpoint>>, StoreError> {
    let all = RecordsQuery {
        limit: ENDPOINTS_MAX,
        ..RecordsQuery::default()
    };
    list::<Endpoint>(store, &all).await
}
