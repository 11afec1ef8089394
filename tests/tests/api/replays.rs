//! Decisions that are taken again, and told on a page.

use regua_domain::contract::Answer;
use regua_domain::timeline::DecisionRecord;
use regua_engine::DifferenceKind;
use regua_http::key::Role;
use regua_runtime::sha256_hex;
use serde_json::{Value, json};

use crate::desk::{brl, case, placed, witnessed};
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

#[tokio::test(flavor = "multi_thread")]
async fn what_another_engine_recorded_is_compared_but_for_its_cost() {
    let host = Host::start().await;
    let (tenant, _) = placed(&host, "acme").await;
    let (_, open) = host.engine.opened(tenant).await.unwrap();
    let recorded = open.store.decisions_after(None, 1).await.unwrap();
    let replay = async |change: &dyn Fn(&mut DecisionRecord)| {
        let mut records = recorded.clone();
        change(&mut records[0].record);
        host.engine.replay_these(&open, records).await.unwrap()
    };
    // The same engine burns the same fuel.
    let dearer = |record: &mut DecisionRecord| record.call.fuel += 1;
    let replayed = replay(&dearer).await;
    assert_eq!(
        (replayed.equal, replayed.different),
        (0, [(DifferenceKind::Cost, 1)].into())
    );
    let elsewhere = |record: &mut DecisionRecord| {
        dearer(record);
        record.engine = "another".to_owned();
    };
    let replayed = replay(&elsewhere).await;
    assert_eq!(
        (replayed.equal, replayed.other_engines),
        (1, [("another".to_owned(), 1)].into())
    );
    // What it decided is compared all the same.
    let otherwise = |record: &mut DecisionRecord| {
        elsewhere(record);
        if let Answer::Decision(decision) = &mut record.call.answer {
            decision.reasons.clear();
        }
    };
    let replayed = replay(&otherwise).await;
    assert_eq!(replayed.different, [(DifferenceKind::Reasons, 1)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_is_not_loaded_any_more_is_passed_over_and_stops_no_replay() {
    let host = Host::start().await;
    let (tenant, _) = placed(&host, "acme").await;
    let (_, open) = host.engine.opened(tenant).await.unwrap();
    let mut records = open.store.decisions_after(None, 2).await.unwrap();
    let mut broken = open.store.plugins().await.unwrap().remove(0);
    let wasm = b"what another host took for a component";
    broken.digest = sha256_hex(wasm);
    broken.manifest.version = "9.0.0".to_owned();
    open.store
        .add_plugin(&broken, wasm, u64::MAX)
        .await
        .unwrap();
    records[0].record.digest = broken.digest;
    let count = records.len() as u64;
    let replayed = host.engine.replay_these(&open, records).await.unwrap();
    assert_eq!(replayed.equal, count - 1);
    assert_eq!(replayed.passed_over, [("component-gone", 1)].into());
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
    let problem = viewer.get(&nothing).await.expect(404);
    let detail = problem["detail"].as_str().unwrap();
    let known = format!("the case has the decisions {}, ", first["sequence"]);
    assert!(detail.contains(&known), "{detail}");
}

#[tokio::test]
async fn a_decision_is_told_alike_when_what_it_was_about_is_paid() {
    let host = Host::start().await;
    let (_, admin) = witnessed(&host, "acme").await;
    let id = case(&admin).await;
    let path = format!("/v1/cases/{id}/decisions");
    let first = admin.get(&path).await.expect(200)["data"][0].clone();
    let path = format!("{path}/{}/explanation", first["sequence"]);
    let before = admin.get(&path).await.text;
    assert!(before.contains("Invoice F-1: BRL 250.00"), "{before}");
    let paid = json!({
        "customer": "C-1", "reference": "P-1", "amount": brl("250.00"),
        "paid_on": "2026-03-02", "invoices": ["F-1"],
    });
    admin.post("/v1/payments", &paid).await.expect(201);
    let invoice = admin.get("/v1/invoices/F-1").await.expect(200);
    assert_eq!(invoice["outstanding"], brl("0.00"));
    assert_eq!(admin.get(&path).await.text, before);
}
