//! Tenants with shelves, put into a store before a host is started over it.

use std::sync::Arc;

use anyhow::Result;
use regua_domain::id::{CaseId, TenantId, derived};
use regua_domain::workflow::check::Form;
use regua_engine::{Engine, Settings};
use regua_runtime::{Admitted, Compiler, Limits, PoolSize, Runtime, RuntimeConfig, Workers};
use regua_storage::{PluginRow, TenantRow, TenantStore};
use regua_tests::wave::{Place, still};
use regua_tests::{built, sample};
use serde_json::{Value, json};

use crate::service::admin;

/// The plugin that all others are made of, and its name.
const PLUGIN: &str = "first-day-late-email";
/// Stages of a workflow; a shelf with more plugins has more workflows.
const STAGES: usize = 100;

/// A store that is being filled.
pub struct Stock {
    engine: Engine,
    runtime: Arc<Runtime>,
}

/// A tenant of a store that was filled.
pub struct Stocked {
    pub store: Arc<dyn TenantStore>,
    /// Of a key that may do all.
    pub token: String,
}

impl Stock {
    /// Over a new store.
    pub async fn begin(place: &Place) -> Result<Self> {
        let runtime = Arc::new(Runtime::new(RuntimeConfig {
            limits: Limits::shipped(),
            cache_dir: place.cache.clone(),
            pool: PoolSize::for_workers(2),
            compiler: Compiler::Here,
        })?);
        let engine = Engine::new(
            place.open().await?,
            Arc::clone(&runtime),
            Arc::new(Workers::start(2)?),
            still(),
            Settings::shipped(),
        );
        Ok(Self { engine, runtime })
    }

    /// A live tenant with the templates that the plugin needs.
    pub async fn tenant(&self, nth: usize) -> Result<Stocked> {
        let id = TenantId(derived(CaseId(uuid::Uuid::nil()), nth as u64, "stock", 0));
        let row = TenantRow {
            id,
            name: format!("tenant-{nth}"),
            policy: sample::policy(),
            clock: None,
            revision: 0,
        };
        self.engine.store().create_tenant(&row).await?;
        let store = self.engine.store().tenant(id);
        for locales in built::templates(PLUGIN).into_values() {
            self.engine.put_templates(&store, locales).await?;
        }
        let token = admin(&**self.engine.store(), id).await?;
        Ok(Stocked { store, token })
    }

    /// So many plugins that differ in their names, admitted.
    pub fn admit(&self, count: usize) -> Result<Vec<Admitted>> {
        let plugin = built::plugin(PLUGIN);
        let admit = |nth: usize| Ok(self.runtime.admit(renamed(&plugin, nth))?);
        std::thread::scope(|scope| {
            let halves = [0..count / 2, count / 2..count]
                .map(|half| scope.spawn(|| half.map(admit).collect::<Result<Vec<_>>>()));
            let mut admitted = Vec::new();
            for half in halves {
                admitted.extend(half.join().expect("admission panicked")?);
            }
            Ok(admitted)
        })
    }

    /// Puts plugins on a shelf, and makes each a stage of an active workflow.
    pub async fn publish(&self, of: &Stocked, plugins: &[&Admitted]) -> Result<()> {
        for admitted in plugins {
            let row = PluginRow {
                manifest: admitted.manifest.clone(),
                digest: admitted.digest.clone(),
                added_at: sample::now(),
                signed: None,
            };
            of.store.add_plugin(&row, &admitted.wasm, u64::MAX).await?;
        }
        let names: Vec<_> = plugins.iter().map(|one| &*one.manifest.name).collect();
        for (nth, names) in names.chunks(STAGES).enumerate() {
            let name = format!("ladder-{nth}");
            let document = ladder(&name, names).to_string();
            self.engine
                .publish(&of.store, &document, Form::Json)
                .await?;
            of.store.activate(&name, 1, Vec::new()).await?;
        }
        Ok(())
    }

    /// Leaves the store to a host.
    pub async fn end(self) {
        self.engine.store().close().await;
    }
}

/// The plugin under another name, as long as its own: other bytes, and another digest.
pub fn renamed(plugin: &[u8], nth: usize) -> Vec<u8> {
    let name = name_of(nth);
    let mut renamed = plugin.to_vec();
    let mut at = 0;
    while let Some(found) = find(&renamed[at..], PLUGIN.as_bytes()) {
        at += found;
        renamed[at..at + name.len()].copy_from_slice(name.as_bytes());
    }
    renamed
}

/// What the nth plugin is called.
pub fn name_of(nth: usize) -> String {
    format!("first-day-late-{nth:05}")
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|found| found == wanted)
}

/// A workflow with a stage for each of these plugins, one after the other.
pub fn ladder(name: &str, plugins: &[&str]) -> Value {
    let id = |nth: usize| format!("rung-{nth}");
    let stages = plugins.iter().enumerate().map(|(nth, plugin)| {
        let then = if nth + 1 < plugins.len() {
            json!(id(nth + 1))
        } else {
            json!({ "end": "closed" })
        };
        json!({
            "id": id(nth), "plugin": format!("{plugin}@1"), "at": { "days_overdue": nth + 1 },
            "config": { "template": "first-day-late" },
            "on": { "sent": then, "unreachable": { "end": "closed" } },
            "on_failure": { "hold": "7d", "task": "Look at this case" },
        })
    });
    json!({
        "name": name, "send_window": "0 * 9-16 * * MON-FRI", "calendar": "weekends",
        "late_entry": "by_age", "stages": stages.collect::<Vec<_>>(),
    })
}
