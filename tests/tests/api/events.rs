//! Events of a customer, and callers in the same process.

use std::num::NonZeroU32;

use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{acquaint, brl, first, placed, witnessed};
use crate::kit::{Client, Host};
use crate::tasks::{matching, task};

const EVENTS: &str = "/v1/customers/C-1/events";

/// A tenant that knows a customer and an invoice, and its admin.
async fn acquainted(host: &Host) -> (regua_domain::id::TenantId, Client) {
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    acquaint(&admin).await;
    (tenant, admin)
}

#[tokio::test]
async fn what_happened_is_told_of_a_customer_who_has_no_case() {
    let host = Host::start().await;
    let (_, admin) = acquainted(&host).await;
    let reply = json!({ "event": "reply", "reason": "cash-flow", "text": "soon" });
    admin.post(EVENTS, &reply).await.expect(201);
    let note = json!({
        "event": "credit-note", "invoice": "F-1", "reference": "N-1",
        "amount": { "amount": "50.00", "currency": "BRL" },
    });
    admin.post(EVENTS, &note).await.expect(201);
    let read = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(read["outstanding"]["amount"], "200.00");
    // Ahead of what it is about.
    let void = json!({ "event": "void", "invoice": "F-2", "at": "2026-03-10T00:00:00Z" });
    assert_eq!(
        admin.post(EVENTS, &void).await.expect(202)["outcome"],
        "waiting"
    );
    let now = json!({ "event": "void", "invoice": "F-2" });
    admin.post(EVENTS, &now).await.expect(404);
    let nobody = "/v1/customers/C-9/events";
    admin.post(nobody, &reply).await.expect(404);
}

#[tokio::test]
async fn every_fault_of_an_event_is_told_by_where_it_is() {
    let host = Host::start().await;
    let (_, admin) = acquainted(&host).await;
    let cases: [(Value, &[&str]); 5] = [
        (json!({ "event": "wish" }), &["/event"]),
        (json!({ "event": 7 }), &["/event"]),
        (json!({ "reason": "x" }), &["/event"]),
        (
            json!({ "event": "credit-note", "amount": { "amount": "x", "currency": "BRL" } }),
            &["/amount/amount", "/invoice", "/reference"],
        ),
        (
            json!({ "event": "result", "key": "case_1", "result": "failed", "colour": 1 }),
            &["/colour", "/key"],
        ),
    ];
    for (event, places) in cases {
        let answer = admin.post(EVENTS, &event).await;
        assert_eq!(answer.faults(422), places, "{event}");
    }
}

#[tokio::test]
async fn an_event_takes_a_key_that_may_call_the_single_endpoint() {
    let host = Host::start().await;
    let (tenant, _) = acquainted(&host).await;
    let agent = host.client(tenant, Role::Agent).await;
    let ingest = host.client(tenant, Role::Ingest).await;
    let reply = json!({ "event": "reply", "reason": "cash-flow" });
    let delivery = json!({ "event": "delivery", "invoice": "F-1", "state": "sent" });
    let opt_out = json!({ "event": "opt-out", "channel": "email" });
    ingest.post(EVENTS, &reply).await.expect(403);
    agent.post(EVENTS, &delivery).await.expect(403);
    agent.post(EVENTS, &reply).await.expect(201);
    ingest.post(EVENTS, &delivery).await.expect(201);
    agent.post(EVENTS, &opt_out).await.expect(201);
    let opt_in = json!({ "event": "opt-in", "channel": "email" });
    ingest.post(EVENTS, &opt_in).await.expect(201);
}

#[tokio::test]
async fn what_an_agency_does_is_told_of_its_customer_too() {
    let host = Host::start().await;
    let (_, admin) = placed(&host, "acme").await;
    let key = first(&admin, "/v1/placements").await["key"].clone();
    let remitted = json!({
        "event": "remittance", "key": key, "reference": "R-1", "amount": brl("100.00"),
        "paid_on": "2026-03-09", "commission": brl("18.00"),
    });
    admin.post(EVENTS, &remitted).await.expect(201);
    let invoice = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(invoice["outstanding"], brl("150.00"));
    let back = json!({ "event": "return", "key": key, "reason": "untraceable" });
    admin.post(EVENTS, &back).await.expect(201);
    let path = format!("/v1/placements/{}", key.as_str().unwrap());
    let read = admin.get(&path).await.expect(200);
    assert_eq!(
        (&read["held"], &read["status"]),
        (&json!([]), &json!("returned"))
    );
}

#[tokio::test]
async fn a_claimed_task_is_completed_by_its_claimer_or_by_whoever_is_inside() {
    let host = Host::start().await;
    let (tenant, _) = witnessed(&host, "acme").await;
    let agent = host.client(tenant, Role::Agent).await;
    let other = host.client(tenant, Role::Agent).await;
    let path = task(&agent).await;
    let claimed = matching(&agent, &format!("{path}/claim"), "*", &Value::Null).await;
    claimed.expect(201);
    let id = path.rsplit('/').next().unwrap();
    let done = json!({ "event": "complete-task", "task": id, "outcome": "called" });
    let refused = other.post(EVENTS, &done).await.expect(409);
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("is claimed by `key_"), "{detail}");
    let inside = host.inside(tenant);
    inside.post(EVENTS, &done).await.expect(201);
    let read = inside.get(&path).await.expect(200);
    assert_eq!(
        (&read["state"], &read["outcome"]),
        (&json!("completed"), &json!("called"))
    );
}

#[tokio::test]
async fn an_idempotency_key_that_is_a_facts_id_is_that_id() {
    let host = Host::start().await;
    let (_, admin) = acquainted(&host).await;
    let id = "fact_0192f0c1000070008000000000000001";
    let reply = json!({ "event": "reply", "reason": "cash-flow" });
    let told = admin.post_once(id, EVENTS, &reply).await.expect(201);
    assert_eq!(told["fact"], id);
    let again = admin.post_once(id, EVENTS, &reply).await.expect(200);
    assert_eq!(
        (&again["fact"], &again["outcome"]),
        (&json!(id), &json!("known"))
    );
    let other = json!({ "event": "reply", "reason": "hardship" });
    let refused = admin.post_once(id, EVENTS, &other).await.expect(422);
    assert_eq!(refused["type"], "urn:regua:problem:idempotency-key-reused");
}

#[tokio::test]
async fn whoever_is_in_the_same_process_needs_no_key_and_is_not_slowed_down() {
    let settings = regua_http::Settings {
        calls_per_second: NonZeroU32::MIN,
    };
    let host = Host::with(settings).await;
    let inside = host.inside(regua_storage::OPERATOR);
    let new = json!({ "name": "acme", "display_name": "Acme", "charges_on_paid_principal": "keep",
        "sandbox": {}, "link_base": "https://pay.acme.example" });
    let made = inside.post("/v1/tenants", &new).await.expect(201);
    let tenant = made["id"].as_str().unwrap().parse().unwrap();
    let tenants = host.inside(tenant);
    for _ in 0..5 {
        let own = tenants.get("/v1/tenant").await.expect(200);
        assert_eq!(own, made);
    }
    let policy = tenants.get("/v1/policy").await.expect(200);
    assert_eq!(policy["link_base"], "https://pay.acme.example");
    let warnings = tenants.get("/v1/policy/warnings").await.expect(200);
    let told = warnings["data"][0]["detail"].as_str().unwrap();
    assert!(told.contains("default_workflow"), "{warnings}");
    // A tenant is no operator, inside neither.
    tenants.get("/v1/tenants").await.expect(403);
    inside.get("/v1/policy").await.expect(403);
    let key = json!({ "label": "x", "role": "viewer" });
    tenants.post("/v1/keys", &key).await.expect(201);
    let audit = tenants.get("/v1/audit").await.expect(200);
    assert_eq!(audit["data"][0]["key"], "command-line", "{audit}");
    // From outside, nothing says so.
    host.stranger().get("/v1/tenant").await.expect(401);
}
