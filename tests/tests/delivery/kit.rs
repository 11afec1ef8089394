//! A live tenant whose stage writes e-mail, with a relay and an endpoint that do as they are told.

use std::sync::Arc;

use regua_domain::contract::{Action, EffectState};
use regua_domain::dossier::{ChangeSet, Dossier, Draft, LoggedFact};
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::fact::Fact;
use regua_domain::id::{CaseId, FactId, TenantId, derived};
use regua_domain::policy::Policy;
use regua_domain::time::{HOUR_MS, Timestamp, plus_days};
use regua_domain::workflow::check::Form;
use regua_engine::post::Post;
use regua_engine::{Chance, Delivered, Engine, ManualClock, Open, Settings, Telling};
use regua_http::key::{self, NewKey, Role};
use regua_http::{Api, Local};
use regua_runtime::Workers;
use regua_storage::{Commit, Outcome, TenantRow, TenantStore, Wanted};
use regua_storage_sqlite::{Options, SqliteStore};
use regua_tests::{built, invoice, outside, patient, person, sample};

/// A Monday, eleven in the morning.
pub fn monday() -> Timestamp {
    sample::now()
}

/// One live tenant.
pub struct Live {
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub post: Arc<Post>,
    pub store: Arc<dyn TenantStore>,
    pub local: Local,
    chance: Chance,
    facts: u64,
    _folder: tempfile::TempDir,
}

impl Live {
    /// At [`monday`], with a verified sender, a customer who is a day late, and nobody asked yet.
    pub async fn start(relay: u16, hooks: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path().join("live.sqlite"), Options::default())
            .await
            .expect("a store");
        let clock = Arc::new(ManualClock::at(monday()));
        let engine = Engine::new(
            Arc::new(store),
            patient(folder.path()),
            Arc::new(Workers::start(1).expect("threads start")),
            Arc::clone(&clock) as Arc<_>,
            Settings::shipped(),
        );
        let row = TenantRow {
            id: TenantId(derived(CaseId(uuid::Uuid::nil()), 0, "live", 0)),
            name: "live".to_owned(),
            policy: Policy {
                display_name: "Acme".to_owned(),
                ..sample::policy()
            },
            clock: None,
            revision: 0,
        };
        engine.store().create_tenant(&row).await.expect("a tenant");
        let store = engine.store().tenant(row.id);
        let chance = outside::counting();
        let post = outside::post(relay, hooks, &(Arc::clone(&clock) as Arc<_>), &chance);
        let post = Arc::new(post);
        let settings = regua_http::Settings::shipped();
        let with = Some(Arc::clone(&post));
        let api = Api::posting(engine.clone(), Arc::clone(&chance), &settings, with, None);
        let mut live = Self {
            local: Local::new(regua_http::router(&api)),
            engine,
            clock,
            post,
            store,
            chance,
            facts: 0,
            _folder: folder,
        };
        live.fill_shelf().await;
        outside::verify_sender(&*live.store, monday())
            .await
            .expect("a sender");
        live.tell("C-1", Fact::Customer(person())).await;
        let yesterday = plus_days(sample::today(), -1).to_string();
        let billed = invoice("F-1", 25_000, &yesterday);
        live.tell("C-1", Fact::InvoiceIssued(billed)).await;
        live
    }

    async fn fill_shelf(&self) {
        let plugin = built::plugin("first-day-late-email");
        self.engine
            .add_plugin(&self.store, plugin)
            .await
            .expect("a plugin");
        for locales in built::templates("first-day-late-email").into_values() {
            self.engine
                .put_templates(&self.store, locales)
                .await
                .expect("templates");
        }
        let published = self
            .engine
            .publish(&self.store, sample::WORKFLOW, Form::Yaml)
            .await;
        published.expect("a workflow");
        self.store
            .activate("bench", 1, Vec::new())
            .await
            .expect("active");
    }

    /// A bearer token of a role.
    pub async fn token(&self, role: Role) -> String {
        let new = NewKey {
            label: role.name(),
            role,
            expires_at: None,
        };
        let made = key::create(&*self.store, new, monday(), &self.chance).await;
        made.expect("a key").0.reveal()
    }

    /// Calls the API with a key of a role, and reads the answer.
    pub async fn call(
        &self,
        role: Role,
        method: &str,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> (u16, serde_json::Value) {
        let token = self.token(role).await;
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("if-match", "*")
            .body(
                body.map(|body| body.to_string().into_bytes())
                    .unwrap_or_default(),
            )
            .expect("a request");
        let response = self.local.send(request).await;
        let json = serde_json::from_slice(response.body()).unwrap_or_default();
        (response.status().as_u16(), json)
    }

    pub async fn open(&self) -> Arc<Open> {
        self.engine
            .opened(self.store.id())
            .await
            .expect("it opens")
            .1
    }

    /// Tells a fact, now.
    pub async fn tell(&mut self, customer: &str, fact: Fact) {
        self.facts += 1;
        let now = regua_engine::Clock::now(&*self.clock);
        let fact = LoggedFact {
            id: FactId(derived(CaseId(self.store.id().0), self.facts, "fact", 0)),
            at: now,
            fact,
            taken: None,
        };
        let telling = Telling {
            customer: customer.to_owned(),
            group: None,
            fact,
        };
        let told = self
            .engine
            .tell(&*self.open().await, now, vec![telling])
            .await;
        told.expect("the store takes it")
            .remove(0)
            .expect("it is taken");
    }

    /// Runs everybody who is due.
    pub async fn run(&self) {
        let now = regua_engine::Clock::now(&*self.clock);
        let worked = self.engine.work(&self.open().await, now, now, None).await;
        assert_eq!(worked.expect("the engine works").faults, 0);
    }

    /// Runs hour by hour until the customer has something in the outbox.
    pub async fn until_something_is_queued(&self) -> EffectKey {
        for _ in 0..72 {
            self.run().await;
            let dossier = self.dossier().await;
            let queued = dossier
                .effects
                .iter()
                .find(|effect| effect.state == EffectState::Queued);
            if let Some(effect) = queued {
                return effect.key;
            }
            self.later(HOUR_MS);
        }
        panic!("nothing was queued in three days");
    }

    pub fn later(&self, ms: i64) {
        self.clock
            .set(regua_engine::Clock::now(&*self.clock).plus_ms(ms));
    }

    /// One batch of the outbox.
    pub async fn deliver(&self) -> Delivered {
        let open = self.open().await;
        let delivered = self
            .engine
            .deliver(&open, &self.post, &Arc::default())
            .await;
        delivered.expect("it is delivered")
    }

    pub async fn dossier(&self) -> Dossier {
        let id = self.store.find(&["C-1".to_owned()]).await.expect("found")[0].expect("C-1");
        let ever = Timestamp(0);
        let loaded = self.store.load(&[Wanted::from(id)], ever, ever).await;
        loaded.expect("a dossier").remove(0)
    }

    pub async fn effect(&self, key: EffectKey) -> Effect {
        self.dossier()
            .await
            .effect(key)
            .expect("the effect")
            .clone()
    }

    /// Puts an effect in the outbox of the open case, as a decision would.
    pub async fn queue(&self, action: Action) -> EffectKey {
        self.queue_all(vec![action]).await.remove(0)
    }

    /// Puts effects in the outbox of the open case, as a decision would.
    pub async fn queue_all(&self, actions: Vec<Action>) -> Vec<EffectKey> {
        let now = regua_engine::Clock::now(&*self.clock);
        let before = self.dossier().await;
        let case = before.cases.last().expect("a case");
        let mut draft = Draft::new(before.clone(), now);
        let mut keys = Vec::new();
        for (action, index) in actions.into_iter().zip(900..) {
            let key = EffectKey {
                case: case.id,
                sequence: case.sequence,
                index,
            };
            keys.push(key);
            draft.dossier.effects.push(Effect {
                key,
                proposal: format!("by-test-{index}"),
                stage: "first-day-late".to_owned(),
                visit: 0,
                action,
                letter: None,
                state: EffectState::Queued,
                code: String::new(),
                at: now,
                until: None,
            });
        }
        let commit = Commit {
            customer: before.customer.id,
            seen: Some(before.version),
            epoch: None,
            changes: ChangeSet::between(&before, &draft.dossier, draft.journal),
            records: Vec::new(),
            wake: Timestamp::NEVER,
            release: false,
        };
        let outcomes = self.store.commit(vec![commit]).await.expect("committed");
        assert_eq!(outcomes, [Outcome::Done]);
        keys
    }

    /// The customer's timeline as JSON, to look for what happened.
    pub async fn story(&self) -> String {
        let id = self.dossier().await.customer.id;
        let entries = self
            .store
            .timeline(id, 0, 10_000)
            .await
            .expect("a timeline");
        serde_json::to_string_pretty(&entries).expect("JSON")
    }
}
