//! Admitted stages, for publishing and for the engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use regua_domain::contract::ConfigProblem;
use regua_domain::template::{Template, TemplateSet};
use regua_domain::workflow::{PluginLock, check};
use regua_engine::Bound;
use regua_runtime::{
    AdmissionError, Admitted, Compiler, Limits, PoolSize, Runtime, RuntimeConfig, Stage, Workers,
};

use crate::built;

/// The template that is always there.
const TEMPLATE: &str = "first-day-late";

fn template() -> TemplateSet {
    let source = "subject: A word\ntext: Please pay {{ balance.overdue }}.";
    let template = Template::from_yaml(TEMPLATE, "en", source).expect("the template compiles");
    TemplateSet::new(TEMPLATE, vec![template]).expect("the set is whole")
}

/// A runtime whose calls end by fuel, however busy the machine is.
pub fn patient(cache_dir: &Path) -> Arc<Runtime> {
    runtime(
        cache_dir,
        Limits {
            fuel_max: 20_000_000,
            deadline_ms: 600_000,
            ..Limits::shipped()
        },
    )
}

/// A runtime with these limits and its native code in a folder.
///
/// # Panics
/// Where the engine does not start.
pub fn runtime(cache_dir: &Path, limits: Limits) -> Arc<Runtime> {
    runtime_with(cache_dir, limits, Compiler::Here)
}

/// The same, which compiles elsewhere.
///
/// # Panics
/// Where the engine does not start.
pub fn runtime_with(cache_dir: &Path, limits: Limits, compiler: Compiler) -> Arc<Runtime> {
    let config = RuntimeConfig {
        limits,
        cache_dir: cache_dir.to_owned(),
        pool: PoolSize::for_workers(8),
        compiler,
    };
    Arc::new(Runtime::new(config).expect("the engine starts"))
}

/// Stages that were admitted, and a template for those that write.
#[derive(Debug)]
pub struct Shelf {
    runtime: Arc<Runtime>,
    workers: Workers,
    stages: BTreeMap<String, Arc<Stage>>,
    templates: BTreeMap<String, TemplateSet>,
}

impl Shelf {
    /// An empty shelf.
    ///
    /// # Panics
    /// Where no thread can be started.
    pub fn new(runtime: Arc<Runtime>) -> Self {
        Self {
            runtime,
            workers: Workers::start(2).expect("threads start"),
            stages: BTreeMap::new(),
            templates: BTreeMap::from([(TEMPLATE.to_owned(), template())]),
        }
    }

    /// The runtime that admits and calls.
    pub fn runtime(&self) -> &Arc<Runtime> {
        &self.runtime
    }

    /// Threads for calls.
    pub fn workers(&self) -> &Workers {
        &self.workers
    }

    /// Admits an upload and puts it on the shelf.
    pub fn admit(&mut self, upload: Vec<u8>) -> Result<Arc<Stage>, AdmissionError> {
        let Admitted { digest, wasm, .. } = self.runtime.admit(upload)?;
        let stage = self
            .runtime
            .load(&digest, || Ok::<_, std::io::Error>(wasm))
            .expect("what was admitted loads");
        self.stages.insert(digest, Arc::clone(&stage));
        Ok(stage)
    }

    /// Puts the templates on the shelf that a plugin comes with, by the name of its folder.
    ///
    /// # Panics
    /// Where one of them does not compile.
    pub fn add_templates_of(&mut self, plugin: &str) {
        for (name, templates) in built::templates(plugin) {
            let set = TemplateSet::new(&name, templates).expect("the templates compile");
            self.templates.insert(name, set);
        }
    }

    /// The stages as the engine asks them.
    pub fn bound(&self) -> Bound {
        Bound::new(&self.runtime, self.stages.clone().into_iter().collect())
    }
}

impl check::Shelf for Shelf {
    fn plugins(&self) -> Vec<(String, String)> {
        let manifests = self.stages.values().map(|stage| stage.manifest());
        manifests
            .map(|manifest| (manifest.name.clone(), manifest.version.clone()))
            .collect()
    }

    fn plugin(&self, name: &str, version: &str) -> Option<PluginLock> {
        let stage = self.stages.values().find(|stage| {
            let manifest = stage.manifest();
            manifest.name == name && manifest.version == version
        })?;
        Some(PluginLock {
            digest: stage.digest().to_owned(),
            manifest: stage.manifest().clone(),
        })
    }

    fn templates(&self) -> Vec<String> {
        self.templates.keys().cloned().collect()
    }

    fn template(&self, name: &str) -> Option<TemplateSet> {
        self.templates.get(name).cloned()
    }

    fn check_config(&self, lock: &PluginLock, config: &str) -> Result<Vec<ConfigProblem>, String> {
        let stage = self.stages.get(&lock.digest).ok_or("it is not loaded")?;
        stage
            .check_config(config)
            .result
            .map_err(|ending| ending.to_string())
    }
}
