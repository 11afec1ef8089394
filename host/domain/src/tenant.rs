//! What the engine knows of a tenant while it works: settings and published workflows.

use std::collections::HashMap;
use std::sync::Arc;

use crate::case::WorkflowRef;
use crate::customer::Customer;
use crate::id::TenantId;
use crate::money::Currency;
use crate::policy::Policy;
use crate::rollout::Rollout;
use crate::workflow::{Stage, Workflow};

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
    /// How the versions of a workflow stand to one another, where more is to be said than which
    /// is active.
    pub rollouts: HashMap<String, Rollout>,
    /// Plugin versions that are not to be asked any more, by digest, and why.
    pub revoked: HashMap<String, String>,
}

impl Tenant {
    /// The workflow that a new case of this customer gets.
    pub fn assigned(&self, customer: &Customer, currency: Currency) -> Option<&Arc<Workflow>> {
        let name = self.policy.assigned(customer, currency)?;
        let rollout = self.rollouts.get(name);
        let on_trial = rollout.and_then(|rollout| rollout.on_trial(|| customer.bucket()));
        let version = match on_trial {
            Some(version) => version,
            None => *self.active.get(name)?,
        };
        self.workflows.get(&WorkflowRef {
            name: name.to_owned(),
            version,
        })
    }

    /// Why a stage's plugin is not to be asked any more; none: it may be.
    pub fn revoked(&self, stage: &Stage) -> Option<&str> {
        self.revoked.get(&stage.plugin.digest).map(String::as_str)
    }
}
