//! Where a case goes whose version another succeeded.

use std::sync::Arc;

use super::{Running, Succession};
use crate::case::{Case, WorkflowRef};
use crate::tenant::Tenant;
use crate::workflow::{Stage, Workflow};

/// Where a case goes.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// Under which version it goes on.
    pub workflow: &'a Arc<Workflow>,
    /// What says so.
    pub succession: &'a Succession,
    /// How.
    pub how: How<'a>,
}

/// How a case goes on under another version.
#[derive(Debug, Clone, Copy)]
pub enum How<'a> {
    /// At the stage that took its stage's place.
    Migrates(&'a Stage),
    /// Anew.
    Restarts,
    /// Nothing took its stage's place: it stays.
    Strands,
}

impl Tenant {
    /// Where an open case of a customer in a bucket goes; none: it stays with its version.
    pub fn destination(&self, case: &Case, bucket: impl Fn() -> u16) -> Option<Destination<'_>> {
        let rollout = self.rollouts.get(&case.workflow.name)?;
        let succession = rollout.succession(case.workflow.version, bucket)?;
        let workflow = self.workflows.get(&WorkflowRef {
            name: case.workflow.name.clone(),
            version: succession.to,
        })?;
        let how = match succession.running {
            Running::Keep => return None,
            Running::Restart => How::Restarts,
            Running::Migrate => {
                let stage = case.stage();
                let called = succession.stages.get(stage).map_or(stage, String::as_str);
                workflow.stage(called).map_or(How::Strands, How::Migrates)
            }
        };
        Some(Destination {
            workflow,
            succession,
            how,
        })
    }
}
