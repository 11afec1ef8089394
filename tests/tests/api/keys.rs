//! Keys: who may call at all.

use regua_http::key::Role;
use serde_json::json;

use crate::kit::{Host, NOW};

#[tokio::test]
async fn without_a_key_that_is_known_nothing_is_told() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    for token in ["", "regua_", "nonsense"] {
        let answer = host.bearer(token).get("/v1/customers").await;
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        let problem = answer.expect(401);
        assert_eq!(problem["type"], "urn:regua:problem:unauthenticated");
    }
    let admin = host.client(tenant, Role::Admin).await;
    admin.get("/v1/customers").await.expect(200);
}

#[tokio::test]
async fn a_key_that_was_made_works_until_it_is_revoked() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let new = json!({ "label": "billing", "role": "ingest" });
    let made = admin.post("/v1/keys", &new).await.expect(201);
    let token = made["token"].as_str().unwrap();
    host.bearer(token).get("/v1/customers").await.expect(403);
    let listed = admin.get("/v1/keys").await;
    assert!(!listed.text.contains(token));
    assert_eq!(listed.json()["data"].as_array().unwrap().len(), 2);
    // Whoever takes the key for its id puts it nowhere.
    let wrong = format!("/v1/keys/{token}");
    admin.delete(&wrong).await.expect(422);
    let audit = admin.get("/v1/audit").await;
    assert!(!audit.text.contains(token), "{}", audit.text);
    let path = format!("/v1/keys/{}", made["id"].as_str().unwrap());
    admin.delete(&path).await.expect(204);
    host.bearer(token).get("/v1/customers").await.expect(401);
}

#[tokio::test]
async fn a_key_ends_when_it_says() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let ends = NOW.plus_ms(1_000).to_rfc3339();
    let new = json!({ "label": "for a second", "role": "viewer", "expires_at": ends });
    let made = admin.post("/v1/keys", &new).await.expect(201);
    let viewer = host.bearer(made["token"].as_str().unwrap());
    viewer.get("/v1/customers").await.expect(200);
    host.clock.set(NOW.plus_ms(1_000));
    viewer.get("/v1/customers").await.expect(401);
}

#[tokio::test]
async fn a_tenant_cannot_make_an_operator() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let new = json!({ "label": "more", "role": "operator" });
    assert_eq!(admin.post("/v1/keys", &new).await.faults(422), ["/role"]);
}

#[tokio::test]
async fn a_token_is_told_once_also_where_the_call_is_repeated() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let new = json!({ "label": "billing", "role": "ingest" });
    let made = admin.post_once("once", "/v1/keys", &new).await.expect(201);
    let again = admin.post_once("once", "/v1/keys", &new).await;
    assert!(!again.text.contains(made["token"].as_str().unwrap()));
    assert_eq!(again.expect(409)["type"], "urn:regua:problem:conflict");
    let keys = admin.get("/v1/keys").await.expect(200);
    assert_eq!(keys["data"].as_array().unwrap().len(), 2);
    // Nor is it in the store, under the key of the call.
    let store = host.engine.store().tenant(tenant);
    let kept = store
        .records_of("answer", &["once"])
        .await
        .unwrap()
        .remove(0);
    assert!(!kept.body.contains("regua_"), "{}", kept.body);
}
