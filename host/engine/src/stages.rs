//! The sandbox as the domain asks it.

use std::collections::HashMap;
use std::sync::Arc;

use regua_domain::contract::{Answer, Call, Situation};
use regua_domain::step::Stages;
use regua_domain::workflow;
use regua_runtime::{Runtime, Stage};

/// A tenant's stages, bound to their components.
#[derive(Debug)]
pub struct Bound {
    engine: String,
    stages: HashMap<String, Arc<Stage>>,
}

impl Bound {
    /// Binds components by digest.
    pub fn new(runtime: &Runtime, stages: HashMap<String, Arc<Stage>>) -> Self {
        Self {
            engine: runtime.engine_hash().to_owned(),
            stages,
        }
    }

    /// A component by digest.
    pub fn get(&self, digest: &str) -> Option<&Arc<Stage>> {
        self.stages.get(digest)
    }
}

impl Stages for Bound {
    fn decide(&self, stage: &workflow::Stage, situation: &Situation) -> Call {
        match self.stages.get(&stage.plugin.digest) {
            Some(component) => component.decide(situation, &stage.config),
            None => Call::unmade(Answer::HostFault {
                detail: format!("{} is not loaded", stage.plugin.label()),
            }),
        }
    }

    fn engine(&self) -> &str {
        &self.engine
    }
}
