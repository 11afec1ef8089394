//! A tenant's shelf as the workflow checker asks it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use regua_domain::calendar::Calendar;
use regua_domain::contract::ConfigProblem;
use regua_domain::policy::Policy;
use regua_domain::template::{RenderError, Template, TemplateSet};
use regua_domain::workflow::PluginLock;
use regua_domain::workflow::check::Shelf;

use crate::stages::Bound;

/// Plugins and templates at hand.
pub(crate) struct ShelfView {
    locks: Vec<PluginLock>,
    sets: BTreeMap<String, TemplateSet>,
    /// Answers `check-config`; none where everything was checked before.
    bound: Option<Bound>,
    /// Its calendars.
    policy: Policy,
    /// Digests of what is not to be asked any more, and why.
    revoked: HashMap<String, String>,
}

impl ShelfView {
    /// Puts them on the shelf; templates that do not compile are told.
    pub(crate) fn new(
        locks: Vec<PluginLock>,
        templates: Vec<Template>,
        bound: Option<Bound>,
        policy: Policy,
    ) -> Result<Self, Vec<RenderError>> {
        let mut by_name: BTreeMap<String, Vec<Template>> = BTreeMap::new();
        for template in templates {
            by_name
                .entry(template.name.clone())
                .or_default()
                .push(template);
        }
        let mut sets = BTreeMap::new();
        for (name, templates) in by_name {
            let set = TemplateSet::new(&name, templates)?;
            sets.insert(name, set);
        }
        Ok(Self {
            locks,
            sets,
            bound,
            policy,
            revoked: HashMap::new(),
        })
    }

    /// The same, of which some plugins are not to be asked any more.
    pub(crate) fn without(self, revoked: HashMap<String, String>) -> Self {
        Self { revoked, ..self }
    }
}

impl Shelf for ShelfView {
    fn plugins(&self) -> Vec<(String, String)> {
        self.locks
            .iter()
            .map(|lock| (lock.manifest.name.clone(), lock.manifest.version.clone()))
            .collect()
    }

    fn plugin(&self, name: &str, version: &str) -> Option<PluginLock> {
        self.locks
            .iter()
            .find(|lock| lock.manifest.name == name && lock.manifest.version == version)
            .cloned()
    }

    fn revoked(&self, name: &str, version: &str) -> Option<String> {
        let lock = self.plugin(name, version)?;
        self.revoked.get(&lock.digest).cloned()
    }

    fn templates(&self) -> Vec<String> {
        self.sets.keys().cloned().collect()
    }

    fn template(&self, name: &str) -> Option<TemplateSet> {
        self.sets.get(name).cloned()
    }

    fn calendars(&self) -> Vec<String> {
        self.policy.calendar_names()
    }

    fn calendar(&self, name: &str) -> Option<Arc<Calendar>> {
        self.policy.calendar(name)
    }

    fn check_config(&self, lock: &PluginLock, config: &str) -> Result<Vec<ConfigProblem>, String> {
        let Some(bound) = &self.bound else {
            return Ok(Vec::new());
        };
        let stage = bound
            .get(&lock.digest)
            .ok_or_else(|| format!("{} is not loaded", lock.label()))?;
        stage
            .check_config(config)
            .result
            .map_err(|ending| ending.to_string())
    }
}
