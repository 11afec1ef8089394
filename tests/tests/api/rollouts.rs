//! Versions of workflows and plugins that take one another's place.

use http::Method;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::kit::{Client, Host};
use crate::shelf::{with_a_case, workflow};

/// An admin and a developer of a tenant with one case.
async fn people(host: &Host) -> (Client, Client) {
    let (tenant, admin) = with_a_case(host).await;
    (admin, host.client(tenant, Role::Developer).await)
}

/// The ladder with its stage under another name.
fn renamed() -> Value {
    let mut renamed = workflow();
    renamed["stages"][0]["id"] = json!("nudge");
    renamed
}

async fn case(client: &Client) -> Value {
    let cases = client.get("/v1/cases").await.expect(200);
    cases["data"][0].clone()
}

#[tokio::test]
async fn cases_are_counted_moved_and_rolled_back_and_a_force_is_in_the_audit_log() {
    let host = Host::start().await;
    let (admin, developer) = people(&host).await;
    developer
        .post("/v1/workflows", &renamed())
        .await
        .expect(201);
    let path = "/v1/workflows/standard/activate";
    let without = json!({ "version": 2, "running": "migrate", "dry_run": true });
    let counted = developer.post(path, &without).await.expect(200);
    let strands = json!({
        "version": 1, "stage": "first-day-late", "moves": 0, "stays": 0, "strands": 1,
    });
    assert_eq!(
        (&counted["places"], &counted["dry_run"]),
        (&json!([strands]), &json!(true))
    );
    let without = json!({ "version": 2, "running": "migrate" });
    let refused = developer.post(path, &without).await.expect(409);
    assert_eq!(
        refused["detail"],
        "1 cases have no place in standard@2: 1 at `first-day-late` of version 1; map their \
         stages, or force it: then they stay with the version that they have"
    );
    // Only an admin leaves a case behind, and the log says over what.
    let forced = json!({ "version": 2, "running": "migrate", "force": true });
    developer.post(path, &forced).await.expect(403);
    admin.post(path, &forced).await.expect(200);
    let log = admin.get("/v1/audit").await.expect(200);
    let notes = log["data"].as_array().unwrap().iter();
    let notes: Vec<_> = notes.filter_map(|entry| entry["note"].as_str()).collect();
    assert_eq!(notes, ["forced: 1 cases have no place in standard@2"]);
    assert_eq!(case(&admin).await["workflow"]["version"], 1);

    let mapped = json!({
        "version": 2, "running": "migrate", "stages": { "first-day-late": "nudge" },
    });
    let done = developer.post(path, &mapped).await.expect(200);
    assert_eq!(done["places"][0]["moves"], 1);
    let to = json!({ "to": "2026-03-05T03:40:00Z" });
    admin.post("/v1/clock", &to).await.expect(200);
    let moved = case(&admin).await;
    assert_eq!(
        (&moved["workflow"]["version"], &moved["stage"]),
        (&json!(2), &json!("nudge"))
    );

    let back = "/v1/workflows/standard/rollback";
    let counted = json!({ "running": "migrate", "dry_run": true });
    let counted = developer.post(back, &counted).await.expect(200);
    assert_eq!(
        (&counted["version"], &counted["places"][0]["moves"]),
        (&json!(1), &json!(1))
    );
    let back = developer.post(back, &json!({ "running": "migrate" })).await;
    back.expect(200);
    let to = json!({ "to": "2026-03-05T03:50:00Z" });
    admin.post("/v1/clock", &to).await.expect(200);
    assert_eq!(case(&admin).await["workflow"]["version"], 1);
    let rollout = developer
        .get("/v1/workflows/standard/rollout")
        .await
        .expect(200);
    let versions = rollout["activations"].as_array().unwrap().iter();
    let versions: Vec<_> = versions
        .map(|known| known["version"].as_u64().unwrap())
        .collect();
    assert_eq!(versions, [1, 2, 2, 1]);
    assert_eq!(rollout["successions"][0]["from"], 2);
}

#[tokio::test]
async fn a_canary_and_a_shadow_are_begun_told_of_and_ended() {
    let host = Host::start().await;
    let (admin, developer) = people(&host).await;
    developer
        .post("/v1/workflows", &workflow())
        .await
        .expect(201);
    let canary = "/v1/workflows/standard/canary";
    for bad in [json!(0), json!(100)] {
        let bad = json!({ "version": 2, "percent": bad, "running": "keep" });
        assert_eq!(developer.put(canary, &bad).await.faults(422), ["/percent"]);
    }
    let body = json!({ "version": 2, "percent": 99, "running": "migrate", "dry_run": true });
    let counted = developer.put(canary, &body).await.expect(200);
    assert_eq!(counted["rollout"]["canary"], Value::Null);
    let body = json!({ "version": 2, "percent": 99, "running": "migrate", "calls_min": 7 });
    let begun = developer.put(canary, &body).await.expect(200);
    let told = &begun["rollout"]["canary"];
    assert_eq!(
        (&told["percent"], &told["calls_min"], &told["calls"]),
        (&json!(99), &json!(7), &json!(0))
    );
    let ended = developer.delete(canary).await.expect(200);
    assert_eq!(ended["taken_back"]["because"], "taken back by hand");
    developer.delete(canary).await.expect(404);

    let shadow = "/v1/workflows/standard/shadow";
    developer.get(shadow).await.expect(404);
    let begun = developer
        .put(shadow, &json!({ "version": 2 }))
        .await
        .expect(200);
    assert_eq!(begun["shadow"], 2);
    let report = developer.get(shadow).await.expect(200);
    assert_eq!(
        (&report["compared"], &report["equal_share"]),
        (&json!(0), &Value::Null)
    );
    let active = json!({ "version": 1 });
    assert_eq!(
        developer.put(shadow, &active).await.faults(422),
        ["/version"]
    );
    developer.delete(shadow).await.expect(200);
    // Its report stays.
    developer.get(shadow).await.expect(200);
    let viewer = admin
        .post("/v1/keys", &json!({ "label": "v", "role": "viewer" }))
        .await;
    let viewer = host.bearer(viewer.expect(201)["token"].as_str().unwrap());
    viewer
        .get("/v1/workflows/standard/rollout")
        .await
        .expect(200);
    viewer.delete(shadow).await.expect(403);
}

#[tokio::test]
async fn a_plugin_version_is_revoked_by_an_admin_and_its_case_fails() {
    let host = Host::start().await;
    let (admin, developer) = people(&host).await;
    let plugins = admin.get("/v1/plugins").await.expect(200);
    let version = plugins["data"][0]["version"].as_str().unwrap();
    let path = format!("/v1/plugins/first-day-late-email/versions/{version}/revoke");
    let because = json!({ "because": "it rings at night" });
    developer.post(&path, &because).await.expect(403);
    let revoked = admin.post(&path, &because).await.expect(200);
    assert_eq!(revoked["because"], "it rings at night");
    let to = json!({ "to": "2026-03-07T03:30:00Z" });
    admin.post("/v1/clock", &to).await.expect(200);
    let id = case(&admin).await["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/cases/{id}/timeline");
    let timeline = admin.call(Method::GET, &path, &[], Vec::new()).await.text;
    assert!(timeline.contains("\"revoked\""), "{timeline}");
    assert!(timeline.contains("it rings at night"), "{timeline}");
    let tasks = admin.get("/v1/tasks").await.expect(200);
    assert_eq!(tasks["data"].as_array().unwrap().len(), 1);
    // It is told on the shelf, is not published anew, and activated only where that is meant.
    let plugins = admin.get("/v1/plugins").await.expect(200);
    let told = &plugins["data"][0]["revoked"]["because"];
    assert_eq!(told, "it rings at night", "{plugins}");
    let version = "/v1/workflows/standard/versions/1";
    let document = admin.get(version).await.expect(200)["document"].clone();
    let again = admin.post("/v1/workflows", &document).await;
    assert_eq!(again.faults(422), ["/stages/0/plugin"]);
    let activate = |force: bool| json!({ "version": 1, "running": "keep", "force": force });
    let path = "/v1/workflows/standard/activate";
    admin.post(path, &activate(false)).await.expect(409);
    admin.post(path, &activate(true)).await.expect(200);
    let unknown = "/v1/plugins/first-day-late-email/versions/9.9.9/revoke";
    admin.post(unknown, &because).await.expect(404);
}
