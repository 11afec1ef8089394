//! What a tenant grants its plugins.

use regua_http::key::Role;
use serde_json::json;

use crate::kit::{Host, invoice, maria};
use crate::shelf::{activated, stocked, workflow};

#[tokio::test]
async fn what_a_plugin_is_granted_is_shown_warned_of_and_heeded_by_a_live_case() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    stocked(&admin).await;
    let plugin = admin.get("/v1/plugins").await.expect(200)["data"][0].clone();
    assert_eq!(plugin["granted"], plugin["proposes"]);
    activated(&admin, 1).await;
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    let mut policy = admin.get("/v1/policy").await.expect(200);
    policy["default_workflow"] = json!("standard");
    admin.put_at("*", "/v1/policy", &policy).await.expect(200);
    admin
        .post("/v1/invoices", &invoice("F-1"))
        .await
        .expect(201);
    // Not yet late: the case is to come, and nothing was asked.
    let to = json!({ "to": "2026-03-03T12:00:00Z" });
    admin.post("/v1/clock", &to).await.expect(200);
    policy["plugin_grants"] = json!({ "first-day-late-email": [], "another": ["add-note"] });
    admin.put_at("*", "/v1/policy", &policy).await.expect(200);
    let read = admin.get("/v1/policy").await.expect(200);
    assert_eq!(read["plugin_grants"], policy["plugin_grants"]);
    let plugins = admin.get("/v1/plugins").await.expect(200);
    assert_eq!(plugins["data"][0]["granted"], json!([]));
    assert_eq!(plugins["data"][0]["proposes"], plugin["proposes"]);
    for (path, status) in [("/v1/workflows/check", 200), ("/v1/workflows", 201)] {
        let answer = admin.post(path, &workflow()).await.expect(status);
        let warning = &answer["warnings"][0];
        assert_eq!(warning["pointer"], "/stages/0/plugin", "{answer}");
        let detail = warning["detail"].as_str().unwrap();
        assert!(detail.contains("which this tenant does not grant"));
    }
    let to = json!({ "to": "2026-03-06T12:00:00Z" });
    admin.post("/v1/clock", &to).await.expect(200);
    let case = crate::desk::case(&admin).await;
    let decisions = admin.get(&format!("/v1/cases/{case}/decisions")).await;
    let text = &decisions.text;
    assert!(text.contains(r#""rule":"grant""#), "{text}");
    let effects = admin.get(&format!("/v1/cases/{case}/effects")).await;
    assert_eq!(effects.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn a_grant_of_nothing_that_there_is_is_told_with_its_place() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let mut policy = admin.get("/v1/policy").await.expect(200);
    policy["plugin_grants"] = json!({ "good": ["add-note"], "bad": ["sue"] });
    let put = admin.put_at("*", "/v1/policy", &policy).await;
    assert_eq!(put.faults(422), ["/plugin_grants/bad"]);
    policy["plugin_grants"] = json!({ "No plugin": ["add-note"] });
    let put = admin.put_at("*", "/v1/policy", &policy).await;
    assert_eq!(put.faults(422), ["/plugin_grants/No plugin"]);
}
