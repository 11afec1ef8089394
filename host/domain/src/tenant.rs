//! What the engine knows of a tenant while it works: settings and published workflows.

use std::collections::HashMap;
use std::sync::Arc;

use crate::case::WorkflowRef;
use crate::customer::Customer;
use crate::id::TenantId;
use crate::money::Currency;
use crate::policy::Policy;
use crate::workflow::Workflow;

/// A tenant, ready to be worked for.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its settings.
    pub policy: Policy,
    /// Every version that a case may be pinned to.
    pub workflows: HashMap<WorkflowRef, Arc<Workflow>>,
    /// The active version of each workflow.
    pub active: HashMap<String, u32>,
}

impl Tenant {
    /// The workflow that a new case of this customer gets.
    pub fn assigned(&self, customer: &Customer, currency: Currency) -> Option<&Arc<Workflow>> {
        let name = self.policy.assigned(customer, currency)?;
        let version = *self.active.get(name)?;
        self.workflows.get(&WorkflowRef {
            name: name.to_owned(),
            version,
        })
    }
}
