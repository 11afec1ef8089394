//! Another tenant's things, in every place where a name or an id can stand.

use regua_domain::dossier::{ChangeSet, Draft};
use regua_domain::effect::{COLLECTIONS, Task, TaskState};
use regua_domain::id::{TaskId, TenantId};
use regua_domain::time::Timestamp;
use regua_engine::post::records::Delivery;
use regua_http::key::Role;
use regua_storage::{Commit, Outcome, RecordWrite, Seen};
use serde_json::json;

use crate::desk::{first, placed};
use crate::kit::{Client, Host, NOW};
use crate::operations::{Operation, operations};
use crate::shelf::{activated, stocked, workflow};

/// Operations in whose path stands what the caller themself calls a thing that they make.
const NAMED_BY_THE_CALLER: [&str; 4] = [
    "put_customer",
    "put_template",
    "put_interest_terms",
    "put_calendar",
];

/// A tenant with something of everything: a case that an agency has, and what follows.
async fn with_everything(host: &Host, name: &str) -> (Client, Vec<(&'static str, String)>) {
    let (tenant, admin) = placed(host, name).await;
    let placement = first(&admin, "/v1/placements").await;
    let effect = placement["key"].as_str().expect("a key").to_owned();
    let task = furnish(host, tenant, &effect).await;
    let belongings = belongings(&admin, effect, task).await;
    (admin, belongings)
}

/// A task, and the log of a delivery, that no stage of this tenant would make.
async fn furnish(host: &Host, tenant: TenantId, effect: &str) -> String {
    let store = host.engine.store().tenant(tenant);
    let customer = store.find(&["C-1".to_owned()]).await.unwrap()[0].unwrap();
    let ever = Timestamp(0);
    let before = store
        .load(&[customer.into()], ever, ever)
        .await
        .unwrap()
        .remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    let case = before.cases[0].id;
    let task = Task {
        id: TaskId(case.0),
        case,
        effect: None,
        title: "Call them".to_owned(),
        details: String::new(),
        due_on: draft.today,
        team: COLLECTIONS.to_owned(),
        priority: 5,
        draft: None,
        preview: None,
        opened_at: NOW,
        state: TaskState::Open,
        claimed_by: None,
    };
    let id = task.id.to_string();
    draft.dossier.tasks.push(task);
    let commit = Commit {
        customer,
        seen: Some(before.version),
        epoch: None,
        changes: ChangeSet::between(&before, &draft.dossier, draft.journal),
        records: Vec::new(),
        wake: Timestamp::NEVER,
        release: false,
    };
    assert_eq!(store.commit(vec![commit]).await.unwrap(), [Outcome::Done]);
    let log = Delivery {
        kind: "effect.place-with-agency".to_owned(),
        event_at: None,
        endpoint: None,
        payload: None,
        attempts: Vec::new(),
    };
    let write = RecordWrite::put(effect, Seen::Nothing, &log, None).unwrap();
    store.write_records(vec![write]).await.unwrap();
    id
}

/// What the tenant has, by the parameter that it stands for in a path.
async fn belongings(admin: &Client, effect: String, task: String) -> Vec<(&'static str, String)> {
    stocked(admin).await;
    activated(admin, 1).await;
    admin.post("/v1/workflows", &workflow()).await.expect(201);
    let second = json!({ "version": 2 });
    let shadow = admin.put("/v1/workflows/standard/shadow", &second).await;
    shadow.expect(200);
    let payment = json!({
        "customer": "C-1", "reference": "P-1", "paid_on": "2026-03-02", "pending": true,
        "amount": { "amount": "1.00", "currency": "BRL" },
    });
    admin.post("/v1/payments", &payment).await.expect(201);
    let endpoint = json!({
        "label": "agency", "url": "https://hooks.acme.example/regua", "handles": [],
    });
    let endpoint = admin
        .post("/v1/webhook-endpoints", &endpoint)
        .await
        .expect(201);
    let key = json!({ "label": "billing", "role": "ingest" });
    let key = admin.post("/v1/keys", &key).await.expect(201);
    let terms = json!({
        "rates": [{ "percent": "1" }], "per": "year", "day_count": "act/365", "rounding": "down",
    });
    let path = "/v1/policy/interest-terms/mora";
    admin.put_at("*", path, &terms).await.expect(200);
    let path = "/v1/calendars/head-office";
    admin
        .put_at("*", path, &json!({ "holidays": {} }))
        .await
        .expect(200);
    let key_of_plugins = admin
        .post("/v1/plugin-keys", &crate::signatures::key())
        .await
        .expect(201);
    let plugins = admin.get("/v1/plugins").await.expect(200);
    let plugin = &plugins["data"][0];
    let headers = [("content-type", "application/x-ndjson")];
    let body = b"{}\n".to_vec();
    let job = admin
        .call(http::Method::POST, "/v1/imports", &headers, body)
        .await
        .expect(202);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    vec![
        ("customer", "C-1".to_owned()),
        ("invoice", "F-1".to_owned()),
        ("key of the API", text(&key["id"])),
        ("key of an effect", effect.clone()),
        (
            "case",
            effect.split('.').next().unwrap_or_default().to_owned(),
        ),
        (
            "sequence",
            effect.split('.').nth(1).unwrap_or_default().to_owned(),
        ),
        ("channel", "email".to_owned()),
        ("endpoint", text(&endpoint["id"])),
        ("payment", "P-1".to_owned()),
        ("task", task),
        ("job", text(&job["id"])),
        ("template", "first-day-late".to_owned()),
        ("workflow", "standard".to_owned()),
        ("terms", "mora".to_owned()),
        ("calendar", "head-office".to_owned()),
        ("plugin", text(&plugin["name"])),
        ("plugin_key", text(&key_of_plugins["id"])),
        ("version of a plugin", text(&plugin["version"])),
        ("version of a workflow", "1".to_owned()),
    ]
}

fn path(operation: &Operation, belongings: &[(&str, String)]) -> String {
    operation.path(|name, _| {
        let name = match name {
            "key" if operation.path.starts_with("/v1/keys/") => "key of the API",
            "key" => "key of an effect",
            "version" if operation.path.contains("{plugin}") => "version of a plugin",
            "version" => "version of a workflow",
            name => name,
        };
        let found = belongings.iter().find(|(known, _)| *known == name);
        let told = || panic!("say in this suite what a tenant has for `{{{name}}}`");
        found.map_or_else(told, |(_, value)| value.clone())
    })
}

async fn call(client: &Client, operation: &Operation, path: &str) -> u16 {
    let headers = operation.headers();
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let body = operation
        .example()
        .map(|(_, bytes)| bytes)
        .unwrap_or_default();
    client
        .call(operation.method.clone(), path, &headers, body)
        .await
        .status
}

#[tokio::test]
async fn another_tenants_things_do_not_exist_wherever_they_are_named() {
    let host = Host::start().await;
    let rival = host.sandbox("rival").await;
    let stranger = host.client(rival, Role::Admin).await;
    let (owner, belongings) = with_everything(&host, "acme").await;
    let mut tried = 0;
    for operation in operations() {
        let is_tenants = operation.roles.iter().any(|role| role == "admin");
        if !is_tenants || operation.parameters("path").is_empty() {
            continue;
        }
        let path = path(&operation, &belongings);
        if operation.method == http::Method::GET {
            assert_eq!(call(&owner, &operation, &path).await, 200, "{path}");
        }
        if !NAMED_BY_THE_CALLER.contains(&operation.id.as_str()) {
            assert_eq!(
                call(&stranger, &operation, &path).await,
                404,
                "{} {path}",
                operation.id
            );
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
}

#[tokio::test]
async fn what_a_stranger_makes_under_the_same_name_is_their_own() {
    let host = Host::start().await;
    let rival = host.sandbox("rival").await;
    let stranger = host.client(rival, Role::Admin).await;
    let (owner, belongings) = with_everything(&host, "acme").await;
    let looks: Vec<_> = operations()
        .into_iter()
        .filter(|operation| operation.method == http::Method::GET)
        .filter(|operation| operation.roles.iter().any(|role| role == "admin"))
        .map(|operation| path(&operation, &belongings))
        .filter(|path| !["/v1/audit", "/v1/policy"].contains(&path.as_str()))
        .collect();
    let mut before = Vec::new();
    for path in &looks {
        before.push(owner.get(path).await.text);
    }
    for operation in operations() {
        if NAMED_BY_THE_CALLER.contains(&operation.id.as_str()) {
            let path = path(&operation, &belongings);
            let status = call(&stranger, &operation, &path).await;
            assert!(status < 300, "{}: {status}", operation.id);
        }
    }
    for (path, before) in looks.iter().zip(before) {
        assert_eq!(owner.get(path).await.text, before, "{path}");
    }
}
