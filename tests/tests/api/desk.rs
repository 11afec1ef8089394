//! Tenants in which something happens: a sandbox with a stage that writes, asks people and
//! offers, or one that places with an agency; and who may call what.

use http::Method;
use regua_domain::id::TenantId;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::time::DAY_MS;
use regua_domain::workflow::check::Form;
use regua_http::key::Role;
use regua_storage::OPERATOR;
use regua_tests::{Debtor, built};
use serde_json::{Value, json};

use crate::kit::{Answer, Client, Host, invoice, maria};

/// A sandbox whose one stage writes a letter, opens a task with a draft, and offers a plan
/// where the debtor replies; with Maria, who owes F-1 and is two days late.
pub async fn witnessed(host: &Host, name: &str) -> (TenantId, Client) {
    let ladder = Debtor::ladder("witness@1", "bear-witness");
    late(host, name, (built::guest("witness"), None), &ladder).await
}

/// A sandbox whose one stage gives notice, and places with an agency a day later.
pub async fn placed(host: &Host, name: &str) -> (TenantId, Client) {
    let plugin = "agency-handoff";
    let mut ladder = Debtor::ladder("agency-handoff@1", "");
    ladder["stages"][0]["config"] = json!({
        "agency": "fair-collect", "minimum_age_days": 1, "commission_bps": 1_800,
        "term_days": 90, "notice": { "template": "final-notice", "wait_days": 1 },
    });
    ladder["stages"][0]["on"] = json!({
        "remitted": { "end": "closed" }, "returned": { "end": "returned" },
        "not-eligible": { "end": "closed" },
    });
    let shelf = (built::plugin(plugin), Some(plugin));
    let (tenant, admin) = late(host, name, shelf, &ladder).await;
    go_on(host, tenant, 4).await;
    (tenant, admin)
}

async fn late(
    host: &Host,
    name: &str,
    (wasm, templates): (Vec<u8>, Option<&str>),
    ladder: &Value,
) -> (TenantId, Client) {
    let tenant = host.sandbox(name).await;
    let store = host.engine.store().tenant(tenant);
    let policy = Policy {
        sandbox: true,
        default_workflow: Some("ladder".to_owned()),
        agencies: ["fair-collect".to_owned()].into(),
        link_base: "https://pay.casa.example".to_owned(),
        ..Policy::new(name, ChargesOnPaid::Waive)
    };
    store.put_policy(&policy, None).await.expect("a policy");
    host.engine
        .add_plugin(&store, wasm)
        .await
        .expect("admitted");
    for locales in templates
        .map(built::templates)
        .unwrap_or_default()
        .into_values()
    {
        let put = host.engine.put_templates(&store, locales).await;
        put.expect("templates");
    }
    // By day: a letter that quiet hours defer is not proposed again by every stage.
    let mut ladder = ladder.clone();
    ladder["send_window"] = json!("0 * 9-16 * * *");
    let text = ladder.to_string();
    let published = host.engine.publish(&store, &text, Form::Json).await;
    let reference = published.expect("published").workflow.reference;
    let activated = store.activate(&reference.name, reference.version, Vec::new());
    activated.await.expect("activated");
    let admin = host.client(tenant, Role::Admin).await;
    acquaint(&admin).await;
    go_on(host, tenant, 4).await;
    (tenant, admin)
}

/// Tells of Maria, who owes F-1.
pub async fn acquaint(client: &Client) {
    client.put("/v1/customers/C-1", &maria()).await.expect(201);
    let told = client.post("/v1/invoices", &invoice("F-1")).await;
    told.expect(201);
}

/// Works on a sandbox for so many times 24 hours of its clock.
pub async fn go_on(host: &Host, tenant: TenantId, days: i64) {
    let (row, open) = host.engine.opened(tenant).await.expect("a tenant");
    let until = row.clock.expect("a sandbox").plus_ms(days * DAY_MS);
    let worked = host.engine.advance(&open, until, None).await;
    assert_eq!(worked.expect("the engine works").faults, 0);
}

/// The first row of a list.
pub async fn first(client: &Client, path: &str) -> Value {
    let page = client.get(path).await.expect(200);
    assert!(page["data"][0].is_object(), "{path}: {page}");
    page["data"][0].clone()
}

/// The id of the one case.
pub async fn case(client: &Client) -> String {
    let case = first(client, "/v1/cases").await;
    case["id"].as_str().expect("an id").to_owned()
}

/// The key of an effect, by its proposal.
pub async fn effect(client: &Client, proposal: &str) -> String {
    let path = format!("/v1/cases/{}/effects", case(client).await);
    let page = client.get(&path).await.expect(200);
    let effects = page["data"].as_array().expect("a list");
    let found = effects.iter().find(|effect| effect["proposal"] == proposal);
    let found = found.unwrap_or_else(|| panic!("no {proposal}: {page}"));
    found["key"].as_str().expect("a key").to_owned()
}

/// Makes a call, with a body where there is one.
pub async fn send(client: &Client, method: &Method, path: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", "*")];
    let (headers, bytes) = if body.is_null() {
        (&headers[1..], Vec::new())
    } else {
        (&headers[..], body.to_string().into_bytes())
    };
    client.call(method.clone(), path, headers, bytes).await
}

/// Keys of these roles may make a call, and no other: whoever may is told that there is no
/// such thing, so that the paths have to name what does not exist.
pub async fn only(host: &Host, tenant: TenantId, roles: &[Role], calls: &[(Method, &str, Value)]) {
    for role in Role::ALL {
        let whose = if role == Role::Operator {
            OPERATOR
        } else {
            tenant
        };
        let client = host.client(whose, role).await;
        for (method, path, body) in calls {
            let answer = send(&client, method, path, body).await;
            let status = if roles.contains(&role) { 404 } else { 403 };
            let text = &answer.text;
            assert_eq!(answer.status, status, "{role:?} {method} {path}: {text}");
        }
    }
}

/// Nothing of these exists for the caller, in the words for what never did.
pub async fn absent(client: &Client, calls: &[(Method, &str, Value)]) {
    for (method, path, body) in calls {
        let answer = send(client, method, path, body).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
        let problem = answer.json();
        assert_eq!(problem["type"], "urn:regua:problem:not-found");
    }
}

/// BRL.
pub fn brl(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "BRL" })
}
