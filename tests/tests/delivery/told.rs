//! Endpoints that are told of events, and what arrived there.

use std::collections::BTreeSet;
use std::sync::Arc;

use regua_delivery::webhook::{Secret, Signed, verify};
use regua_domain::dossier::LoggedFact;
use regua_domain::fact::{Fact, PaymentFacts};
use regua_domain::id::{CaseId, FactId, TenantId, derived};
use regua_domain::money::{Currency, Money};
use regua_domain::policy::Policy;
use regua_engine::post::records::{Delivery, Endpoint as Hook};
use regua_engine::{Announced, Clock as _, Engine, Lines, Settings, Telling};
use regua_http::key::Role;
use regua_runtime::Workers;
use regua_storage::{Kept, RecordWrite, RecordsQuery, Seen, TenantRow, TenantStore, records};
use regua_test_receivers::http::{Endpoint, Request};
use regua_tests::{patient, person, sample};
use serde_json::{Value, json};

use crate::kit::Live;

/// One event as it arrived, and whether its signature holds is checked already.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub id: String,
    pub kind: String,
    pub body: Value,
}

/// An endpoint of the tenant's, at a path of the receiver.
pub struct Ear {
    pub id: String,
    pub secret: String,
    path: &'static str,
}

impl Ear {
    /// What arrived at its path, in the order in which it did.
    pub fn requests(&self, endpoint: &Endpoint) -> Vec<Request> {
        let mut arrived = endpoint.arrived();
        arrived.retain(|request| request.path == self.path);
        arrived
    }

    /// The events that arrived, each of them signed.
    pub fn told(&self, endpoint: &Endpoint, live: &Live) -> Vec<Told> {
        let secrets = [Secret::parse(&self.secret).expect("a secret")];
        let requests = self.requests(endpoint).into_iter();
        requests
            .map(|request| {
                let signed = Signed {
                    id: request.header("webhook-id"),
                    timestamp: request.header("webhook-timestamp"),
                    signature: request.header("webhook-signature"),
                };
                verify(&signed, &request.body, &secrets, live.clock.now()).expect("signed");
                let body: Value = serde_json::from_slice(&request.body).expect("JSON");
                Told {
                    id: request.header("webhook-id").to_owned(),
                    kind: body["type"].as_str().expect("a type").to_owned(),
                    body,
                }
            })
            .collect()
    }

    /// The types that arrived, in order.
    pub fn kinds(&self, endpoint: &Endpoint, live: &Live) -> Vec<String> {
        let told = self.told(endpoint, live).into_iter();
        told.map(|told| told.kind).collect()
    }
}

pub fn paid(reference: &str, minor: i64) -> Fact {
    Fact::Payment(PaymentFacts {
        reference: reference.to_owned(),
        amount: Money::new(minor, Currency::parse("BRL").expect("a currency")),
        paid_on: sample::today(),
        invoices: Vec::new(),
        pending: false,
    })
}

impl Live {
    /// Makes an endpoint that is told of events, by the API.
    pub async fn ear(&self, endpoint: &Endpoint, path: &'static str, events: &[&str]) -> Ear {
        let new = json!({ "label": path, "url": endpoint.url(path), "events": events });
        let (status, made) = self
            .call(Role::Admin, "POST", "/v1/webhook-endpoints", Some(new))
            .await;
        assert_eq!(status, 201, "{made}");
        let text = |name: &str| made[name].as_str().expect(name).to_owned();
        Ear {
            id: text("id"),
            secret: text("secret"),
            path,
        }
    }

    /// One batch of the events, waited for.
    pub async fn announce(&self) -> Announced {
        self.announce_by(&self.engine, &Arc::default()).await
    }

    /// One batch of the events by a node that knows of endpoints what `lines` says.
    pub async fn announce_by(&self, engine: &Engine, lines: &Arc<Lines>) -> Announced {
        let (_, open) = engine.opened(self.store.id()).await.expect("it opens");
        let announced = engine.announce(&open, &self.post, lines).await;
        lines.idle().await;
        announced.expect("it is announced")
    }

    /// A node that knows nothing but what is in the store.
    pub fn fresh(&self, folder: &std::path::Path) -> Engine {
        Engine::new(
            Arc::clone(self.engine.store()),
            patient(folder),
            Arc::new(Workers::start(1).expect("threads start")),
            Arc::clone(&self.clock) as Arc<_>,
            Settings::shipped(),
        )
    }

    /// The records of events, by key.
    pub async fn events(&self) -> Vec<Kept<Delivery>> {
        events(&*self.store).await
    }

    /// Another tenant of the host, with an endpoint that is told of everything.
    pub async fn neighbour(
        &self,
        name: &str,
        is_sandbox: bool,
        (endpoint, path): (&Endpoint, &'static str),
    ) -> (Arc<dyn TenantStore>, Ear) {
        let id = TenantId(derived(CaseId(uuid::Uuid::nil()), 0, name, 0));
        let row = TenantRow {
            id,
            name: name.to_owned(),
            policy: Policy {
                sandbox: is_sandbox,
                ..sample::policy()
            },
            clock: is_sandbox.then(|| self.clock.now()),
            revision: 0,
        };
        let made = self.engine.store().create_tenant(&row).await;
        made.expect("a tenant");
        let store = self.engine.store().tenant(id);
        let (secret, sealed) = self.post.new_secret(id).expect("keys");
        let hook = Hook {
            label: path.to_owned(),
            url: endpoint.url(path),
            secrets: vec![sealed],
            handles: BTreeSet::new(),
            events: BTreeSet::from(["*".to_owned()]),
            created_at: self.clock.now(),
            disabled: None,
        };
        let id = format!("whe_{}", "0".repeat(32));
        let write = RecordWrite::put(&id, Seen::Nothing, &hook, None).expect("JSON");
        store.write_settings(vec![write]).await.expect("written");
        (store, Ear { id, secret, path })
    }

    /// Tells facts of a customer of some tenant.
    pub async fn tell_in(&self, tenant: TenantId, customer: &str, facts: Vec<Fact>) {
        let (_, open) = self.engine.opened(tenant).await.expect("it opens");
        let now = self.clock.now();
        let telling = (0..).zip(facts).map(|(number, fact)| Telling {
            customer: customer.to_owned(),
            group: None,
            fact: LoggedFact {
                id: FactId(derived(CaseId(tenant.0), number, customer, 0)),
                at: now,
                fact,
                taken: None,
            },
        });
        let told = self.engine.tell(&open, now, telling.collect()).await;
        for told in told.expect("the store takes it") {
            told.expect("it is taken");
        }
    }

    /// Has a customer of some tenant who paid so often, a cent each time.
    pub async fn paid_often(&self, tenant: TenantId, customer: &str, times: usize) {
        let mut facts = vec![Fact::Customer(person())];
        let payments = (0..times).map(|nth| paid(&format!("{customer}-{nth}"), 1));
        facts.extend(payments);
        self.tell_in(tenant, customer, facts).await;
    }
}

/// The records of events of a tenant, by key.
pub async fn events(store: &dyn TenantStore) -> Vec<Kept<Delivery>> {
    let all = RecordsQuery {
        limit: 10_000,
        ..RecordsQuery::default()
    };
    let mut found = records::list::<Delivery>(store, &all).await.expect("them");
    found.retain(|kept| kept.value.event_at.is_some());
    found
}
