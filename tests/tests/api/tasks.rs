//! Tasks: claimed, given back, approved, completed.

use http::Method;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{absent, first, go_on, only, send, witnessed};
use crate::kit::{Answer, Client, Host};

const NOBODY: &str = "/v1/tasks/task_00000000000000000000000000000009";

/// The path of the one task.
pub async fn task(client: &Client) -> String {
    let task = first(client, "/v1/tasks").await;
    format!("/v1/tasks/{}", task["id"].as_str().expect("an id"))
}

fn etag(answer: &Answer) -> String {
    let value = answer.headers["etag"].to_str();
    value.expect("an ETag").to_owned()
}

pub async fn matching(client: &Client, path: &str, etag: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", etag)];
    let bytes = if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    };
    client.call(Method::POST, path, &headers, bytes).await
}

#[tokio::test]
async fn a_claimed_task_is_nobody_elses() {
    let host = Host::start().await;
    let (tenant, admin) = witnessed(&host, "acme").await;
    let (ana, rui) = (
        host.client(tenant, Role::Agent).await,
        host.client(tenant, Role::Agent).await,
    );
    let path = task(&ana).await;
    let of = |what: &str| format!("{path}/{what}");
    let read = ana.get(&path).await;
    let claimed = matching(&ana, &of("claim"), &etag(&read), &Value::Null).await;
    let tag = etag(&claimed);
    assert_eq!(claimed.expect(201)["outcome"], "taken");
    let read = rui.get(&path).await;
    assert_eq!(etag(&read), tag);
    assert!(read.expect(200)["claimed_by"].is_string());
    let done = json!({ "outcome": "called" });
    for (what, body) in [
        ("claim", &Value::Null),
        ("approve", &Value::Null),
        ("release", &Value::Null),
        ("complete", &done),
    ] {
        let refused = send(&rui, &Method::POST, &of(what), body).await;
        let problem = refused.expect(409);
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains("is claimed by `key_"), "{what}: {detail}");
    }
    send(&ana, &Method::POST, &of("release"), &Value::Null)
        .await
        .expect(201);
    send(&rui, &Method::POST, &of("claim"), &Value::Null)
        .await
        .expect(201);
    send(&admin, &Method::POST, &of("release"), &Value::Null)
        .await
        .expect(201);
    send(&ana, &Method::POST, &of("complete"), &done)
        .await
        .expect(201);
    let read = ana.get(&path).await.expect(200);
    assert_eq!(
        (&read["state"], &read["outcome"]),
        (&json!("completed"), &json!("called"))
    );
    let timeline = ana.get("/v1/customers/C-1/timeline?limit=500").await;
    assert!(
        timeline.text.contains("was claimed by key_"),
        "{}",
        timeline.text
    );
}

#[tokio::test]
async fn a_task_is_worked_on_as_it_was_read() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = task(&admin).await;
    let of = |what: &str| format!("{path}/{what}");
    let stale = etag(&admin.get(&path).await);
    let done = json!({ "outcome": "called" });
    matching(&admin, &of("claim"), &stale, &Value::Null)
        .await
        .expect(201);
    for (what, body) in [
        ("claim", &Value::Null),
        ("approve", &Value::Null),
        ("complete", &done),
    ] {
        matching(&admin, &of(what), &stale, body).await.expect(412);
        let headers = [("content-type", "application/json")];
        let (headers, bytes) = if body.is_null() {
            (&headers[..0], Vec::new())
        } else {
            (&headers[..], body.to_string().into_bytes())
        };
        let bare = admin.call(Method::POST, &of(what), headers, bytes).await;
        bare.expect(428);
    }
    let fresh = etag(&admin.get(&path).await);
    matching(&admin, &of("complete"), &fresh, &done)
        .await
        .expect(201);
    let over = send(&admin, &Method::POST, &of("claim"), &Value::Null).await;
    over.expect(409);
}

#[tokio::test]
async fn a_task_completed_again_under_one_key_is_completed_once() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = task(&admin).await;
    let tag = etag(&admin.get(&path).await);
    let headers = [
        ("content-type", "application/json"),
        ("if-match", tag.as_str()),
        ("idempotency-key", "k"),
    ];
    let complete = format!("{path}/complete");
    let body = json!({ "outcome": "called" }).to_string().into_bytes();
    let first = admin
        .call(Method::POST, &complete, &headers, body.clone())
        .await;
    let again = admin.call(Method::POST, &complete, &headers, body).await;
    let (first, again) = (first.expect(201), again.expect(200));
    assert_eq!(
        (&again["fact"], &again["outcome"]),
        (&first["fact"], &json!("known"))
    );
}

#[tokio::test]
async fn an_approved_draft_goes_out() {
    let host = Host::start().await;
    let (tenant, admin) = witnessed(&host, "acme").await;
    let path = task(&admin).await;
    let read = admin.get(&path).await.expect(200);
    let draft = read["draft"]["text"].as_str().expect("a draft");
    assert!(draft.starts_with("Dear Maria Souza"), "{draft}");
    let approve = format!("{path}/approve");
    send(&admin, &Method::POST, &approve, &Value::Null)
        .await
        .expect(201);
    let read = admin.get(&path).await.expect(200);
    assert_eq!(read["state"], "approved");
    go_on(&host, tenant, 8).await;
    let read = admin.get(&path).await.expect(200);
    assert_eq!(
        (&read["state"], &read["outcome"]),
        (&json!("completed"), &json!("approved"))
    );
    let page = admin.get("/v1/tasks").await.expect(200);
    assert_eq!(page["data"], json!([]));
}

#[tokio::test]
async fn tasks_are_listed_by_team_and_customer() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    for (query, count) in [
        ("", 1),
        ("?team=collections", 1),
        ("?team=sales", 0),
        ("?customer=C-1&limit=1", 1),
    ] {
        let page = admin.get(&format!("/v1/tasks{query}")).await.expect(200);
        let data = page["data"].as_array().expect("a list");
        assert_eq!(data.len(), count, "{query}: {page}");
        assert_eq!(page["next"], Value::Null);
    }
}

#[tokio::test]
async fn every_fault_of_work_on_a_task_is_told_at_once() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let complete = format!("{}/complete", task(&admin).await);
    let body = json!({ "outcome": "", "by": "me" });
    let answer = send(&admin, &Method::POST, &complete, &body).await;
    assert_eq!(answer.faults(422), ["/by", "/outcome"]);
    let named = json!({ "outcome": "Maria Souza" });
    let answer = send(&admin, &Method::POST, &complete, &named).await;
    assert_eq!(answer.faults(422), ["/outcome"]);
    let wrong = matching(&admin, &complete, "W/nonsense", &named).await;
    assert_eq!(wrong.faults(422), ["if-match"]);
    let none = send(&admin, &Method::POST, "/v1/tasks/7/claim", &Value::Null).await;
    assert_eq!(none.faults(422), ["task"]);
    let query = admin.get("/v1/tasks?team=&limit=1000&due=today").await;
    assert_eq!(query.faults(422), ["due", "limit", "team"]);
}

#[tokio::test]
async fn another_tenants_tasks_do_not_exist() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let path = task(&admin).await;
    let rival = host.sandbox("rival").await;
    let other = host.client(rival, Role::Admin).await;
    let of = |what: &str| format!("{path}/{what}");
    let calls: [(Method, &str, Value); 6] = [
        (Method::GET, &path, Value::Null),
        (Method::GET, "/v1/tasks?customer=C-1", Value::Null),
        (Method::POST, &of("claim"), Value::Null),
        (Method::POST, &of("release"), Value::Null),
        (Method::POST, &of("approve"), Value::Null),
        (Method::POST, &of("complete"), json!({ "outcome": "x" })),
    ];
    absent(&other, &calls).await;
}

#[tokio::test]
async fn people_work_on_tasks_and_readers_look() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let of = |what: &str| format!("{NOBODY}/{what}");
    let work: [(Method, &str, Value); 4] = [
        (Method::POST, &of("claim"), Value::Null),
        (Method::POST, &of("release"), Value::Null),
        (Method::POST, &of("approve"), Value::Null),
        (Method::POST, &of("complete"), json!({ "outcome": "x" })),
    ];
    only(&host, tenant, &[Role::Admin, Role::Agent], &work).await;
    let readers = [Role::Admin, Role::Developer, Role::Agent, Role::Viewer];
    let reads = [
        (Method::GET, NOBODY, Value::Null),
        (Method::GET, "/v1/tasks?customer=C-9", Value::Null),
    ];
    only(&host, tenant, &readers, &reads).await;
}
