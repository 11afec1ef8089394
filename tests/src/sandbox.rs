//! A sandbox tenant, in a store of its own or beside others, worked for by the whole engine.

use std::sync::Arc;

use regua_domain::dossier::{Dossier, LoggedFact};
use regua_domain::fact::Fact;
use regua_domain::id::{CaseId, CustomerId, FactId, TenantId, derived};
use regua_domain::intake::Taken;
use regua_domain::policy::Policy;
use regua_domain::time::{DAY_MS, Timestamp};
use regua_domain::timeline::{DecisionRecord, TimelineEntry};
use regua_domain::workflow::check::Form;
use regua_engine::meter::logs::put_back;
use regua_engine::{Engine, ManualClock, Open, Settings, TellError, Telling, Worked};
use regua_runtime::Workers;
use regua_storage::{TenantRow, TenantStore, Wanted};
use regua_storage_sqlite::{Options, SqliteStore};
use serde_json::Value;

use crate::{NOON, built, patient, story};

const NAME: &str = "sandbox";

/// A tenant with a clock of its own, whose letters are captured; its shelf is empty.
///
/// # Panics
/// Each of its calls does where store, engine or shelf will not.
pub struct Sandbox {
    engine: Engine,
    name: String,
    store: Arc<dyn TenantStore>,
    now: Timestamp,
    facts: u64,
    /// Deleted with it, where the store is its own.
    folder: Option<tempfile::TempDir>,
}

impl Sandbox {
    /// In a store of its own, with these settings, at [`NOON`].
    pub async fn new(policy: Policy) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            create: true,
            ..Options::default()
        };
        let store = SqliteStore::open(&folder.path().join("sandbox.sqlite"), options)
            .await
            .expect("a store");
        let engine = Engine::new(
            Arc::new(store),
            patient(folder.path()),
            Arc::new(Workers::start(2).expect("threads start")),
            Arc::new(ManualClock::at(NOON)),
            Settings::shipped(),
        );
        let mut sandbox = Self::of(&engine, NAME, policy).await;
        sandbox.folder = Some(folder);
        sandbox
    }

    /// A tenant of an engine that may have others, at [`NOON`].
    pub async fn of(engine: &Engine, name: &str, policy: Policy) -> Self {
        let id = TenantId(derived(CaseId(uuid::Uuid::nil()), 0, name, 0));
        let row = TenantRow {
            id,
            name: name.to_owned(),
            policy: Policy {
                sandbox: true,
                ..policy
            },
            clock: Some(NOON),
            revision: 0,
        };
        engine.store().create_tenant(&row).await.expect("a tenant");
        Self {
            engine: engine.clone(),
            name: name.to_owned(),
            store: engine.store().tenant(id),
            now: NOON,
            facts: 0,
            folder: None,
        }
    }

    /// Where its clock stands.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The engine that works for it.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Its part of the store.
    pub fn store(&self) -> &Arc<dyn TenantStore> {
        &self.store
    }

    /// Puts a component on the shelf.
    pub async fn add(&self, wasm: Vec<u8>) {
        let added = self.engine.add_plugin(&self.store, wasm).await;
        added.expect("the plugin is admitted");
    }

    /// Puts the templates on the shelf that a plugin comes with, by the name of its folder.
    pub async fn add_templates_of(&self, plugin: &str) {
        for locales in built::templates(plugin).into_values() {
            let put = self.engine.put_templates(&self.store, locales).await;
            put.expect("the templates are put");
        }
    }

    /// Publishes a workflow and activates it.
    pub async fn publish(&self, document: &Value) {
        let text = document.to_string();
        let published = self.engine.publish(&self.store, &text, Form::Json).await;
        let reference = published.expect("it is published").workflow.reference;
        let activated = self
            .store
            .activate(&reference.name, reference.version, Vec::new());
        activated.await.expect("it is activated");
    }

    /// Tells a fact about the customer of a reference, now.
    pub async fn tell(&mut self, customer: &str, fact: Fact) -> Result<Taken, TellError> {
        let at = self.now;
        self.tell_all(customer, vec![(at, fact)]).await.remove(0)
    }

    /// Tells facts of several instants at once: those of a later one wait for it.
    pub async fn tell_all(
        &mut self,
        customer: &str,
        facts: Vec<(Timestamp, Fact)>,
    ) -> Vec<Result<Taken, TellError>> {
        let mut tellings = Vec::new();
        for (at, fact) in facts {
            self.facts += 1;
            let fact = LoggedFact {
                id: FactId(derived(CaseId(self.store.id().0), self.facts, "fact", 0)),
                at,
                fact,
                taken: None,
            };
            tellings.push(Telling {
                group: None,
                customer: customer.to_owned(),
                fact,
            });
        }
        let open = self.open().await;
        let told = self.engine.tell(&open, self.now, tellings).await;
        told.expect("the store takes them")
    }

    /// Tells a fact under its own id, now.
    pub async fn tell_as(&mut self, customer: &str, fact: LoggedFact) -> Result<Taken, TellError> {
        let telling = Telling {
            group: None,
            customer: customer.to_owned(),
            fact: LoggedFact {
                taken: None,
                ..fact
            },
        };
        let open = self.open().await;
        let told = self.engine.tell(&open, self.now, vec![telling]).await;
        told.expect("the store takes it").remove(0)
    }

    /// Works on everybody until an instant of the sandbox's clock, which never goes back.
    pub async fn go_to(&mut self, until: Timestamp) {
        self.now = self.now.max(until);
        let open = self.open().await;
        let worked = self.engine.advance(&open, self.now, None).await;
        assert_eq!(worked.expect("the engine works").faults, 0);
    }

    /// Works on everybody, for so many times 24 hours of the sandbox's clock.
    pub async fn go_on(&mut self, days: i64) -> Worked {
        self.now = self.now.plus_ms(days * DAY_MS);
        let open = self.open().await;
        let worked = self.engine.advance(&open, self.now, None).await;
        worked.expect("the engine works")
    }

    /// All of a customer, as the store has it.
    pub async fn dossier(&self, customer: &str) -> Dossier {
        let wanted = [Wanted::from(self.id_of(customer).await)];
        let loaded = self.store.load(&wanted, Timestamp(0), Timestamp(0)).await;
        loaded.expect("a dossier").remove(0)
    }

    /// Every recorded call about a customer.
    pub async fn decisions(&self, customer: &str) -> Vec<DecisionRecord> {
        let dossier = self.dossier(customer).await;
        let mut records = Vec::new();
        for case in &dossier.cases {
            let read = self.store.decisions(dossier.customer.id, case.id).await;
            let mut read = read.expect("decisions");
            let put_back = put_back(&*self.store, &mut read).await;
            put_back.expect("their log lines");
            records.extend(read);
        }
        records
    }

    /// A customer's timeline.
    pub async fn timeline(&self, customer: &str) -> Vec<TimelineEntry> {
        let id = self.id_of(customer).await;
        let read = self.store.timeline(id, 0, 10_000).await;
        read.expect("a timeline")
    }

    /// The same, a line each.
    pub async fn story(&self, customer: &str) -> String {
        let zone = self.dossier(customer).await.customer.time_zone;
        story::tell(&self.timeline(customer).await, zone)
    }

    async fn id_of(&self, customer: &str) -> CustomerId {
        let found = self.store.find(&[customer.to_owned()]).await;
        found.expect("the store answers")[0].expect("a customer of this reference")
    }

    async fn open(&self) -> Arc<Open> {
        let open = self.engine.open(&self.name).await;
        open.expect("the tenant opens").expect("there is a tenant")
    }
}
