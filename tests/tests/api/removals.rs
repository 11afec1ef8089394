//! Versions that are taken away, and those that stay.

use regua_http::key::Role;
use regua_tests::built;
use serde_json::json;

use crate::kit::Host;
use crate::shelf::{activated, stocked, upload, with_a_case, workflow};

#[tokio::test]
async fn a_plugin_version_goes_when_no_workflow_locks_it() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let developer = host.client(tenant, Role::Developer).await;
    stocked(&developer).await;
    let listed = developer.get("/v1/plugins").await.expect(200);
    let version = listed["data"][0]["version"].as_str().unwrap();
    let plugin = format!("/v1/plugins/first-day-late-email/versions/{version}");
    let refused = developer.delete(&plugin).await.expect(409);
    assert_eq!(refused["type"], "urn:regua:problem:conflict");
    assert_eq!(
        refused["detail"],
        json!(format!(
            "plugin `first-day-late-email@{version}` is in use: standard@1 locks it"
        ))
    );
    let first = "/v1/workflows/standard/versions/1";
    developer.delete(first).await.expect(204);
    for path in [first.to_owned(), format!("{first}/graph")] {
        developer.get(&path).await.expect(404);
    }
    developer.delete(first).await.expect(404);
    developer.delete(&plugin).await.expect(204);
    developer.get(&plugin).await.expect(404);
    developer.delete(&plugin).await.expect(404);
    // The plugin comes back as it was; the number of the workflow does not.
    let wasm = built::plugin("first-day-late-email");
    let again = upload(&developer, wasm).await.expect(201);
    assert_eq!(again["digest"], listed["data"][0]["digest"]);
    let published = developer.post("/v1/workflows", &workflow()).await;
    assert_eq!(published.expect(201)["version"], 2);
}

#[tokio::test]
async fn a_workflow_version_stays_as_long_as_something_needs_it() {
    let host = Host::start().await;
    let (_, admin) = with_a_case(&host).await;
    for version in [2, 3, 4] {
        let published = admin.post("/v1/workflows", &workflow()).await;
        assert_eq!(published.expect(201)["version"], version);
    }
    let told = async |version: u32| {
        let path = format!("/v1/workflows/standard/versions/{version}");
        let detail = admin.delete(&path).await.expect(409)["detail"].clone();
        detail.as_str().unwrap().to_owned()
    };
    assert_eq!(
        told(1).await,
        "workflow `standard@1` is in use: new cases get it, open cases are pinned to it: 1"
    );
    activated(&admin, 2).await;
    assert_eq!(
        told(1).await,
        "workflow `standard@1` is in use: it was active, open cases are pinned to it: 1"
    );
    // Decisions may name what it locks, long after its cases are gone.
    activated(&admin, 3).await;
    assert_eq!(
        told(2).await,
        "workflow `standard@2` is in use: it was active"
    );
    let canary = json!({ "version": 4, "percent": 1, "running": "keep" });
    let path = "/v1/workflows/standard/canary";
    admin.put(path, &canary).await.expect(200);
    admin.delete(path).await.expect(200);
    assert_eq!(
        told(4).await,
        "workflow `standard@4` is in use: it is on trial, or was"
    );
    admin.post("/v1/workflows", &workflow()).await.expect(201);
    let never = "/v1/workflows/standard/versions/5";
    admin.delete(never).await.expect(204);
    let listed = admin.get("/v1/workflows").await.expect(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 4);
    // The case goes on.
    let to = json!({ "to": "2026-03-09T12:00:00Z" });
    let moved = admin.post("/v1/clock", &to).await.expect(200);
    assert_eq!(moved["faults"], 0, "{moved}");
}
