//! A host with an operator, its tenants, and a client for each key.

use std::path::PathBuf;
use std::sync::Arc;

use http::{Method, Request, Response};
use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_engine::{Chance, Engine, ManualClock, Settings};
use regua_http::key::{self, NewKey, Role};
use regua_http::{Api, Local};
use regua_runtime::{Compiler, Limits, PoolSize, Runtime, RuntimeConfig, Workers};
use regua_storage::OPERATOR;
use regua_storage_sqlite::{Options, SqliteStore};
use regua_tests::outside;
use serde_json::{Value, json};

/// 2026-03-02, noon in UTC.
pub const NOW: Timestamp = Timestamp(1_772_452_800_000);

/// A host of its own, in a folder that goes with it.
pub struct Host {
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    local: Local,
    chance: Chance,
    _folder: tempfile::TempDir,
}

/// Somebody with a key.
#[derive(Clone)]
pub struct Client {
    local: Local,
    token: String,
}

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
}

impl Answer {
    fn of(response: Response<Vec<u8>>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(body).expect("text"),
        }
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.status, self.text))
    }

    /// As JSON, of an answer that has to have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// Its ETag.
    #[track_caller]
    pub fn version(&self) -> String {
        self.headers["etag"].to_str().expect("text").to_owned()
    }

    /// The pointers and parameters of a problem's faults, sorted.
    #[track_caller]
    pub fn faults(self, status: u16) -> Vec<String> {
        let problem = self.expect(status);
        let mut places: Vec<String> = problem["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|fault| {
                let place = ["pointer", "parameter", "header"].map(|key| fault[key].as_str());
                place.into_iter().flatten().next().map(str::to_owned)
            })
            .collect();
        places.sort();
        places
    }
}

impl Host {
    /// Starts one.
    pub async fn start() -> Self {
        Self::with(regua_http::Settings::shipped()).await
    }

    /// Starts one with settings.
    pub async fn with(settings: regua_http::Settings) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path().join("regua.db"), Options::default())
            .await
            .expect("a store");
        let runtime = Runtime::new(RuntimeConfig {
            limits: Limits::shipped(),
            cache_dir: native_code(),
            pool: PoolSize::for_workers(1),
            compiler: Compiler::Here,
        })
        .expect("a runtime");
        let clock = Arc::new(ManualClock::at(NOW));
        let engine = Engine::new(
            Arc::new(store),
            Arc::new(runtime),
            Arc::new(Workers::start(1).expect("threads start")),
            Arc::clone(&clock) as Arc<_>,
            Settings::shipped(),
        );
        let chance = outside::counting();
        // Nobody listens there: what is tried fails as it would outside.
        let post = outside::post(1, 2, &(Arc::clone(&clock) as Arc<_>), &chance);
        let figures: regua_http::Figures = Arc::new(|| "# nothing\n".to_owned());
        let post = Some(Arc::new(post));
        let (engine_of_api, chance_of_api) = (engine.clone(), Arc::clone(&chance));
        let api = Api::posting(engine_of_api, chance_of_api, &settings, post, Some(figures));
        Self {
            engine,
            clock,
            local: Local::new(regua_http::router(&api)),
            chance,
            _folder: folder,
        }
    }

    /// A client without a key.
    pub fn stranger(&self) -> Client {
        self.bearer("")
    }

    /// A client with this token.
    pub fn bearer(&self, token: &str) -> Client {
        Client {
            local: self.local.clone(),
            token: token.to_owned(),
        }
    }

    /// Whoever is in the same process, for a tenant or as the operator.
    pub fn inside(&self, tenant: TenantId) -> Client {
        Client {
            local: self.local.inside(tenant),
            token: String::new(),
        }
    }

    /// A client with a new key of a tenant.
    pub async fn client(&self, tenant: TenantId, role: Role) -> Client {
        let store = self.engine.store().tenant(tenant);
        let new = NewKey {
            label: role.name(),
            role,
            expires_at: None,
        };
        let (token, _) = key::create(&*store, new, NOW, &self.chance)
            .await
            .expect("a key");
        self.bearer(&token.reveal())
    }

    /// The operator.
    pub async fn operator(&self) -> Client {
        self.client(OPERATOR, Role::Operator).await
    }

    /// A sandbox tenant, made through the API.
    pub async fn sandbox(&self, name: &str) -> TenantId {
        let body = json!({
            "name": name, "display_name": name, "charges_on_paid_principal": "waive",
            "sandbox": { "clock": NOW.to_rfc3339() },
        });
        let made = self
            .operator()
            .await
            .post("/v1/tenants", &body)
            .await
            .expect(201);
        made["id"].as_str().expect("an id").parse().expect("an id")
    }

    /// A live tenant, made through the API.
    pub async fn live(&self, name: &str) -> TenantId {
        let body = json!({
            "name": name, "display_name": name, "charges_on_paid_principal": "waive",
        });
        let made = self
            .operator()
            .await
            .post("/v1/tenants", &body)
            .await
            .expect(201);
        made["id"].as_str().expect("an id").parse().expect("an id")
    }
}

/// Compiled once for all tests.
fn native_code() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_TMPDIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    target.join("native-code")
}

impl Client {
    /// Makes a call.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        Answer::of(self.local.send(request).await)
    }

    /// A call whose answer is no text.
    pub async fn call_bytes(&self, method: Method, path: &str) -> (u16, Vec<u8>) {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Vec::new()).expect("a request");
        let response = self.local.send(request).await;
        (response.status().as_u16(), response.into_body())
    }

    async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.call(method, path, &headers, body.to_string().into_bytes())
            .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], Vec::new()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, &[], Vec::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    /// A PUT of the version that was read, an ETag.
    pub async fn put_at(&self, version: &str, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("if-match", version)];
        self.call(Method::PUT, path, &headers, body.to_string().into_bytes())
            .await
    }

    /// A DELETE of the version that was read, an ETag.
    pub async fn delete_at(&self, version: &str, path: &str) -> Answer {
        self.call(Method::DELETE, path, &[("if-match", version)], Vec::new())
            .await
    }

    /// A POST under an `Idempotency-Key`.
    pub async fn post_once(&self, key: &str, path: &str, body: &Value) -> Answer {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        self.call(Method::POST, path, &headers, body.to_string().into_bytes())
            .await
    }
}

/// A customer's document.
pub fn maria() -> Value {
    json!({
        "name": "Maria Souza", "kind": "consumer", "locale": "pt-BR", "jurisdiction": "BR-SP",
        "time_zone": "America/Sao_Paulo",
        "contacts": [{ "channel": "email", "address": "maria@cliente.example" }],
    })
}

/// An invoice of hers.
pub fn invoice(reference: &str) -> Value {
    json!({
        "customer": "C-1", "reference": reference,
        "amount": { "amount": "250.00", "currency": "BRL" },
        "issued_on": "2026-03-02", "due_on": "2026-03-04",
    })
}
