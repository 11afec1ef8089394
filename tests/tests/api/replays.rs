//! Decisions that are taken again, and told on a page.

use regua_http::key::Role;
use serde_json::{Value, json};

use crate::desk::{case, placed};
use crate::kit::{Client, Host};

/// All of a tenant's decisions, taken again.
async fn all(client: &Client, body: &Value) -> Value {
    client.post("/v1/replays", body).await.expect(200)
}

#[tokio::test]
async fn every_decision_is_taken_again_and_is_equal_to_the_byte() {
    let host = Host::start().await;
    let (tenant, admin) = placed(&host, "acme").await;
    let id = case(&admin).await;
    let path = format!("/v1/cases/{id}/decisions?limit=100");
    let decisions = admin.get(&path).await.expect(200)["data"].clone();
    let count = decisions.as_array().unwrap().len();
    assert!(count > 1, "{decisions}");
    let replayed = all(&admin, &json!({})).await;
    assert_eq!(
        (
            &replayed["compared"],
            &replayed["equal"],
            &replayed["after"]
        ),
        (&json!(count), &json!(count), &Value::Null),
        "{replayed}"
    );
    assert_eq!(replayed["engine"], decisions[0]["engine"]);
    // Of one transition, and since an instant.
    let path = format!("/v1/cases/{id}/replays");
    let last = &decisions[count - 1];
    let one = admin
        .post(&path, &json!({ "sequence": last["sequence"] }))
        .await
        .expect(200);
    assert!(one["equal"].as_u64().unwrap() >= 1, "{one}");
    let since = all(&admin, &json!({ "since": last["at"] })).await;
    assert!(
        since["compared"].as_u64().unwrap() < count as u64,
        "{since}"
    );
    // It costs a tenant's threads: who only looks may not.
    let viewer = host.client(tenant, Role::Viewer).await;
    viewer.post("/v1/replays", &json!({})).await.expect(403);
    let nothing = json!({ "sequence": 99 });
    assert_eq!(admin.post(&path, &nothing).await.faults(422), ["/sequence"]);
    for (name, bad) in [("since", "soon"), ("after", "there")] {
        let places = admin.post("/v1/replays", &json!({ name: bad })).await;
        assert_eq!(places.faults(422), [format!("/{name}")]);
    }
}

#[tokio::test]
async fn a_decision_is_told_in_plain_words() {
    let host = Host::start().await;
    let (tenant, admin) = placed(&host, "acme").await;
    let id = case(&admin).await;
    let path = format!("/v1/cases/{id}/decisions");
    let first = admin.get(&path).await.expect(200)["data"][0].clone();
    let path = format!("{path}/{}/explanation", first["sequence"]);
    let viewer = host.client(tenant, Role::Viewer).await;
    let page = viewer.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for told in [
        "BRL 250.00 was owed",
        "Invoice F-1",
        "It was this step's turn.",
        "agency-handoff@",
        "## What the host made of it",
        first["digest"].as_str().unwrap(),
        &format!("regua replay --case {id} --sequence {}", first["sequence"]),
        "may ask for a person",
    ] {
        assert!(page.text.contains(told), "{told}\n{}", page.text);
    }
    // Nobody is named in it.
    assert!(!page.text.contains("Maria"), "{}", page.text);
    let nothing = format!("/v1/cases/{id}/decisions/99/explanation");
    viewer.get(&nothing).await.expect(404);
}
