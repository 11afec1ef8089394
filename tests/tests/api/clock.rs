//! A sandbox's clock, and the audit log.

use regua_http::key::Role;
use serde_json::json;

use crate::kit::{Host, NOW, maria};

#[tokio::test]
async fn a_sandboxs_clock_goes_forward_and_never_back() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let developer = host.client(tenant, Role::Developer).await;
    let read = developer.get("/v1/clock").await.expect(200);
    assert_eq!(read, json!({ "now": NOW.to_rfc3339(), "is_sandbox": true }));
    let to = json!({ "to": "2026-03-09T12:00:00Z" });
    let moved = developer.post("/v1/clock", &to).await.expect(200);
    assert_eq!((&moved["done"], &moved["faults"]), (&json!(0), &json!(0)));
    for to in ["2026-03-08T12:00:00Z", "2030-01-01T00:00:00Z", "soon"] {
        let answer = developer.post("/v1/clock", &json!({ "to": to })).await;
        assert_eq!(answer.faults(422), ["/to"], "{to}");
    }
    let read = developer.get("/v1/clock").await.expect(200);
    assert!(
        read["now"]
            .as_str()
            .unwrap()
            .starts_with("2026-03-09T12:00")
    );
}

#[tokio::test]
async fn a_clock_is_moved_without_working_as_far_as_one_likes() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    let far = json!({ "to": "2030-01-01T00:00:00Z", "work": false });
    let moved = admin.post("/v1/clock", &far).await.expect(200);
    assert_eq!(moved["done"], 0, "{moved}");
    // What was due on the way is done later.
    let moved = admin.post("/v1/clock", &json!({})).await.expect(200);
    assert_eq!((&moved["done"], &moved["now"]), (&json!(1), &far["to"]));
}

#[tokio::test]
async fn a_live_tenants_time_is_the_machines() {
    let host = Host::start().await;
    let tenant = host.live("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    assert_eq!(
        admin.get("/v1/clock").await.expect(200)["is_sandbox"],
        false
    );
    let to = json!({ "to": "2026-03-09T12:00:00Z" });
    admin.post("/v1/clock", &to).await.expect(409);
}

#[tokio::test]
async fn while_somebody_else_holds_a_customer_the_clock_stays() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    let agenda = host.engine.store().agenda();
    let leases = agenda
        .claim(tenant, NOW, NOW, NOW.plus_ms(60_000), 10)
        .await
        .unwrap();
    assert_eq!(leases.len(), 1);
    let to = json!({ "to": "2026-03-09T12:00:00Z" });
    let answer = admin.post("/v1/clock", &to).await;
    assert_eq!(answer.headers["retry-after"], "60");
    assert_eq!(answer.expect(409)["type"], "urn:regua:problem:busy");
    assert_eq!(
        admin.get("/v1/clock").await.expect(200)["now"],
        NOW.to_rfc3339()
    );
    host.clock.set(NOW.plus_ms(60_001));
    admin.post("/v1/clock", &to).await.expect(200);
}

#[tokio::test]
async fn the_audit_log_tells_who_changed_what_the_last_first() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let new = json!({ "label": "billing", "role": "ingest" });
    admin.post("/v1/keys", &new).await.expect(201);
    host.clock.set(NOW.plus_ms(5));
    admin
        .post("/v1/clock", &json!({ "to": "2020-01-01T00:00:00Z" }))
        .await
        .expect(422);
    let page = admin.get("/v1/audit?limit=1").await.expect(200);
    let entry = &page["data"][0];
    assert_eq!(
        (&entry["what"], &entry["status"]),
        (&json!("move_clock"), &json!(422))
    );
    assert_eq!(
        (&entry["role"], &entry["path"]),
        (&json!("admin"), &json!("/v1/clock"))
    );
    let next = page["next"].as_str().unwrap();
    let page = admin
        .get(&format!("/v1/audit?limit=1&after={next}"))
        .await
        .expect(200);
    assert_eq!(page["data"][0]["what"], "create_key");
    assert_eq!(page["next"], json!(null));
    // Each sees their own.
    let operators = host.operator().await.get("/v1/audit").await.expect(200);
    let whats = operators["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["what"].clone());
    assert!(whats.eq(["create_tenant"]), "{operators}");
    host.client(tenant, Role::Developer)
        .await
        .get("/v1/audit")
        .await
        .expect(403);
}
