//! Plugins, templates and workflows.

use http::Method;
use regua_domain::id::TenantId;
use regua_http::key::Role;
use regua_tests::built;
use serde_json::{Value, json};

use crate::kit::{Answer, Client, Host, invoice, maria};

/// Uploads a plugin.
pub async fn upload(client: &Client, wasm: Vec<u8>) -> Answer {
    let headers = [("content-type", "application/wasm")];
    client
        .call(Method::POST, "/v1/plugins", &headers, wasm)
        .await
}

/// A template that a first letter needs.
pub fn template() -> Value {
    json!({ "locales": {
        "en": { "subject": "A word", "text": "Please pay {{ balance.chaseable }}." },
        "pt-BR": { "subject": "Uma palavra", "text": "Pague {{ balance.chaseable }}." },
    } })
}

/// A ladder of one rung.
pub fn workflow() -> Value {
    json!({
        "name": "standard", "send_window": "0 * 9-16 * * MON-FRI", "calendar": "weekends",
        "late_entry": "by_age",
        "stages": [{
            "id": "first-day-late", "plugin": "first-day-late-email@1",
            "at": { "days_overdue": 1 },
            "config": { "template": "first-day-late", "channels": ["email"] },
            "on": { "sent": { "end": "closed" }, "unreachable": { "end": "closed" } },
            "on_failure": { "hold": "7d", "task": "Look at this case" },
        }],
    })
}

/// Puts on a tenant's shelf what the ladder of one rung needs, and publishes it.
pub async fn stocked(client: &Client) {
    upload(client, built::plugin("first-day-late-email"))
        .await
        .expect(201);
    client
        .put("/v1/templates/first-day-late", &template())
        .await
        .expect(200);
    client.post("/v1/workflows", &workflow()).await.expect(201);
}

/// Lets new cases have a version of it; those that run keep theirs. What the API answers.
pub async fn activated(client: &Client, version: u32) -> Value {
    let body = json!({ "version": version, "running": "keep" });
    let path = "/v1/workflows/standard/activate";
    client.post(path, &body).await.expect(200)
}

/// An admin of a tenant with one case, which waits for the first stage of the first version.
pub async fn with_a_case(host: &Host) -> (TenantId, Client) {
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    stocked(&admin).await;
    activated(&admin, 1).await;
    let assignment = json!({ "default_workflow": "standard" });
    let path = "/v1/policy/assignment";
    admin.put_at("*", path, &assignment).await.expect(200);
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    let owed = admin.post("/v1/invoices", &invoice("F-1")).await;
    owed.expect(201);
    let to = json!({ "to": "2026-03-05T03:30:00Z" });
    let moved = admin.post("/v1/clock", &to).await.expect(200);
    assert!(moved["done"].as_u64().unwrap() > 0, "{moved}");
    (tenant, admin)
}

#[tokio::test]
async fn a_plugin_is_admitted_once_and_told_whole() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let developer = host.client(tenant, Role::Developer).await;
    let wasm = built::plugin("first-day-late-email");
    let added = upload(&developer, wasm.clone()).await.expect(201);
    assert_eq!(
        (&added["name"], &added["is_new"]),
        (&json!("first-day-late-email"), &json!(true))
    );
    let again = upload(&developer, wasm).await.expect(200);
    assert_eq!(
        (&again["is_new"], &again["digest"]),
        (&json!(false), &added["digest"])
    );
    let version = added["version"].as_str().unwrap();
    let path = format!("/v1/plugins/first-day-late-email/versions/{version}");
    let read = developer.get(&path).await.expect(200);
    assert_eq!(read["config_schema"]["type"], "object");
    let listed = developer.get("/v1/plugins").await.expect(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    developer
        .get("/v1/plugins/first-day-late-email/versions/9.9.9")
        .await
        .expect(404);
}

#[tokio::test]
async fn what_is_no_plugin_is_refused_with_the_reason() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let developer = host.client(tenant, Role::Developer).await;
    for wasm in [
        b"\x7fELF".to_vec(),
        b"\0asm\x01\0\0\0".to_vec(),
        b"hello".to_vec(),
    ] {
        let problem = upload(&developer, wasm).await.expect(422);
        assert!(
            !problem["errors"][0]["detail"].as_str().unwrap().is_empty(),
            "{problem}"
        );
    }
    let long = upload(&developer, vec![0; (32 << 20) + 1])
        .await
        .expect(413);
    assert_eq!(long["type"], "urn:regua:problem:too-large");
    developer.post("/v1/plugins", &json!({})).await.expect(415);
}

#[tokio::test]
async fn a_template_is_put_in_all_its_locales_or_in_none() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let developer = host.client(tenant, Role::Developer).await;
    let bad = json!({ "locales": {
        "en": { "subject": "A word", "text": "fine\n{{ nothing.of_this }}" },
        "pt-BR": { "subject": "", "text": "www.example.com", "html": "<script>x</script>" },
    } });
    let path = "/v1/templates/first-day-late";
    let answer = developer.put(path, &bad).await;
    assert!(
        answer.text.contains("line 2") || answer.text.contains("line 1"),
        "{}",
        answer.text
    );
    let places = answer.faults(422);
    for place in [
        "/locales/pt-BR/subject",
        "/locales/pt-BR/text",
        "/locales/pt-BR/html",
    ] {
        assert!(places.iter().any(|found| found == place), "{places:?}");
    }
    developer.get(path).await.expect(404);
    developer.put(path, &template()).await.expect(200);
    let read = developer.get(path).await.expect(200);
    assert_eq!(read["locales"], template()["locales"]);
    let listed = developer.get("/v1/templates").await.expect(200);
    assert_eq!(listed["data"][0]["locales"], json!(["en", "pt-BR"]));
}

#[tokio::test]
async fn a_workflow_is_checked_published_activated_and_explained() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let developer = host.client(tenant, Role::Developer).await;
    stocked(&developer).await;
    let checked = developer
        .post("/v1/workflows/check", &workflow())
        .await
        .expect(200);
    assert_eq!(checked["version"], 2);
    assert!(checked["dot"].as_str().unwrap().starts_with("digraph"));
    let path = "/v1/workflows/standard/versions/1";
    let read = developer.get(path).await.expect(200);
    assert_eq!(
        (&read["document"], &read["active"]),
        (&workflow(), &json!(false))
    );
    assert_eq!(read["open_cases"], 0);
    assert_eq!(read["templates"].as_array().unwrap().len(), 2);
    let explained = developer.get(&format!("{path}/explanation")).await;
    assert_eq!(
        explained.headers["content-type"],
        "text/plain; charset=utf-8"
    );
    assert!(
        explained.text.contains("first-day-late"),
        "{}",
        explained.text
    );
    let mermaid = developer.get(&format!("{path}/graph?format=mermaid")).await;
    assert!(mermaid.text.contains("-->"), "{}", mermaid.text);
    developer
        .get(&format!("{path}/graph?format=svg"))
        .await
        .expect(422);
    let activate = "/v1/workflows/standard/activate";
    let wrong = json!({ "version": 7, "running": "move" });
    assert_eq!(
        developer.post(activate, &wrong).await.faults(422),
        ["/running"]
    );
    let wrong = json!({ "version": 7, "running": "keep" });
    assert_eq!(
        developer.post(activate, &wrong).await.faults(422),
        ["/version"]
    );
    let first = activated(&developer, 1).await;
    assert_eq!(first["places"], json!([]));
    // The policy names no workflow yet.
    assert_eq!(first["warnings"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_fault_of_a_workflow_is_told_at_once() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let developer = host.client(tenant, Role::Developer).await;
    let mut bad = workflow();
    bad["calendar"] = json!("XX");
    bad["stages"][0]["on"] = json!({});
    bad["colour"] = json!("red");
    for path in ["/v1/workflows/check", "/v1/workflows"] {
        let places = developer.post(path, &bad).await.faults(422);
        for place in ["/calendar", "/colour", "/stages/0/plugin"] {
            assert!(places.iter().any(|found| found == place), "{places:?}");
        }
    }
    assert_eq!(
        developer.get("/v1/workflows").await.expect(200)["data"],
        json!([])
    );
}

#[tokio::test]
async fn running_cases_stay_with_the_version_they_began_with() {
    let host = Host::start().await;
    let (_, admin) = with_a_case(&host).await;
    admin.post("/v1/workflows", &workflow()).await.expect(201);
    let second = activated(&admin, 2).await;
    let stays = json!({
        "version": 1, "stage": "first-day-late", "moves": 0, "stays": 1, "strands": 0,
    });
    assert_eq!(second["places"], json!([stays]));
    let read = admin
        .get("/v1/workflows/standard/versions/1")
        .await
        .expect(200);
    assert_eq!(
        (&read["open_cases"], &read["active"]),
        (&json!(1), &json!(false))
    );
}
