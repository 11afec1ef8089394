//! Keys that plugins are signed by, and what is signed.

use http::Method;
use regua_engine::signing::PrivateKey;
use regua_http::key::Role;
use regua_runtime::sha256_hex;
use regua_tests::{built, outside};
use serde_json::{Value, json};

use crate::kit::{Answer, Client, Host};

fn private() -> PrivateKey {
    let (key, _) = PrivateKey::generate(&outside::counting()).unwrap();
    key
}

/// A key to register.
pub fn key() -> Value {
    json!({ "label": "build server", "public_key": private().public().to_pem() })
}

/// Uploads a plugin with this query.
async fn upload(client: &Client, query: &str) -> Answer {
    let wasm = built::plugin("first-day-late-email");
    let headers = [("content-type", "application/wasm")];
    let path = format!("/v1/plugins?{query}");
    client.call(Method::POST, &path, &headers, wasm).await
}

fn signed() -> String {
    let (key, wasm) = (private(), built::plugin("first-day-late-email"));
    let signature = key.sign(&sha256_hex(&wasm));
    format!("signed_by={}&signature={signature}", key.public().id())
}

#[tokio::test]
async fn keys_are_registered_once_listed_and_taken_away() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let made = admin.post("/v1/plugin-keys", &key()).await.expect(201);
    let id = private().public().id();
    assert_eq!(
        (&made["id"], &made["public_key"]),
        (&json!(id), &key()["public_key"])
    );
    let again = admin.post("/v1/plugin-keys", &key()).await.expect(409);
    assert_eq!(
        again["detail"],
        json!(format!("{id} is registered already, as `build server`"))
    );
    let listed = admin.get("/v1/plugin-keys").await.expect(200);
    assert_eq!(listed["data"], json!([made]));
    let path = format!("/v1/plugin-keys/{id}");
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect(404);
    admin.delete("/v1/plugin-keys/plk_x").await.expect(422);
    assert_eq!(
        admin.get("/v1/plugin-keys").await.expect(200)["data"],
        json!([])
    );
}

#[tokio::test]
async fn what_is_no_key_is_not_registered() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let (_, file) = PrivateKey::generate(&outside::counting()).unwrap();
    for (text, told) in [
        ("nonsense", "is no PEM of a public key"),
        (&**file, "is a private key"),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "is no Ed25519 key",
        ),
    ] {
        let body = json!({ "label": "x", "public_key": text });
        let problem = admin.post("/v1/plugin-keys", &body).await.expect(422);
        let fault = &problem["errors"][0];
        assert_eq!(fault["pointer"], "/public_key");
        let detail = fault["detail"].as_str().unwrap();
        assert!(detail.contains(told), "{detail}");
    }
}

#[tokio::test]
async fn an_upload_is_taken_by_its_signature_and_shows_it() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let made = admin.post("/v1/plugin-keys", &key()).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let mut policy = admin.get("/v1/policy").await.expect(200);
    policy["signed_plugins"] = json!(true);
    admin.put_at("*", "/v1/policy", &policy).await.expect(200);
    let developer = host.client(tenant, Role::Developer).await;
    for (query, parameter) in [
        (String::new(), "signature"),
        (format!("signed_by={id}"), "signature"),
        (format!("signed_by={id}&signature=00"), "signature"),
        (
            format!("signed_by={id}&signature={}", "0".repeat(128)),
            "signature",
        ),
        (format!("signature={}", "0".repeat(128)), "signed_by"),
        (signed().replace(id, "plk_of_somebody"), "signed_by"),
    ] {
        let problem = upload(&developer, &query).await.expect(422);
        assert_eq!(problem["type"], "urn:regua:problem:signature", "{problem}");
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{problem}");
    }
    let plugins = developer.get("/v1/plugins").await.expect(200);
    assert_eq!(plugins["data"], json!([]));
    let added = upload(&developer, &signed()).await.expect(201);
    let version = added["version"].as_str().unwrap();
    admin
        .delete(&format!("/v1/plugin-keys/{id}"))
        .await
        .expect(204);
    let path = format!("/v1/plugins/first-day-late-email/versions/{version}");
    let read = developer.get(&path).await.expect(200);
    assert_eq!(read["signed"]["key"], json!(id));
    assert!(signed().ends_with(read["signed"]["signature"].as_str().unwrap()));
    let public = private().public().to_string();
    assert_eq!(read["signed"]["public_key"], json!(public));
}
