//! Effects handed to systems, and their answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use regua_delivery::webhook::{Secret, Signed, verify};
use regua_domain::contract::{Action, EffectState};
use regua_domain::time::MINUTE_MS;
use regua_http::key::Role;
use regua_test_receivers::http::{Answer, Endpoint};
use serde_json::json;

use crate::kit::Live;

fn charge() -> Action {
    Action::Charge {
        amount: Some(25_000),
        method: None,
        on: None,
    }
}

/// An endpoint for charges that answers what the test says, and its secret.
async fn with_endpoint(status: u16) -> (Endpoint, Arc<AtomicU16>, Live, String) {
    let says = Arc::new(AtomicU16::new(status));
    let said = Arc::clone(&says);
    let endpoint = Endpoint::start(move |_| Answer::status(said.load(Ordering::SeqCst)));
    let live = Live::start(1, endpoint.port()).await;
    let new = json!({
        "label": "payments", "url": endpoint.url("/hooks"), "handles": ["effect.charge"],
    });
    let (status, made) = live
        .call(Role::Admin, "POST", "/v1/webhook-endpoints", Some(new))
        .await;
    assert_eq!(status, 201, "{made}");
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    live.until_something_is_queued().await;
    (endpoint, says, live, secret)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_is_posted_signed_and_its_answer_comes_back_by_its_key() {
    let (endpoint, _, live, secret) = with_endpoint(202).await;
    let key = live.queue(charge()).await;
    live.deliver().await;
    let [request] = endpoint.arrived().try_into().expect("one request");
    let signed = Signed {
        id: request.header("webhook-id"),
        timestamp: request.header("webhook-timestamp"),
        signature: request.header("webhook-signature"),
    };
    let secrets = [Secret::parse(&secret).unwrap()];
    let now = regua_engine::Clock::now(&*live.clock);
    verify(&signed, &request.body, &secrets, now).expect("it is signed");
    assert_eq!(request.header("webhook-id"), key.to_string());
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["type"], "effect.charge");
    assert_eq!(live.effect(key).await.state, EffectState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_fails_gets_the_same_bytes_again() {
    let (endpoint, says, live, _) = with_endpoint(500).await;
    let key = live.queue(charge()).await;
    live.deliver().await;
    assert_eq!(live.effect(key).await.state, EffectState::Queued);
    says.store(204, Ordering::SeqCst);
    live.later(MINUTE_MS);
    live.deliver().await;
    assert_eq!(live.effect(key).await.state, EffectState::Done);
    let arrived = endpoint.arrived();
    let charges: Vec<_> = arrived
        .iter()
        .filter(|request| request.header("webhook-id") == key.to_string())
        .collect();
    assert_eq!(charges.len(), 2);
    assert_eq!(charges[0].body, charges[1].body);
    let (status, log) = live
        .call(Role::Viewer, "GET", &format!("/v1/deliveries/{key}"), None)
        .await;
    assert_eq!(
        (status, log["attempts"].as_array().map(Vec::len)),
        (200, Some(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_gone_is_disabled_and_the_effect_waits_for_another() {
    let (_endpoint, says, live, _) = with_endpoint(410).await;
    let key = live.queue(charge()).await;
    live.deliver().await;
    let (_, listed) = live
        .call(Role::Admin, "GET", "/v1/webhook-endpoints", None)
        .await;
    assert_eq!(listed["data"][0]["disabled_because"], "gone");
    assert_eq!(live.effect(key).await.state, EffectState::Queued);
    // Enabled again, it gets what waits.
    says.store(200, Ordering::SeqCst);
    let id = listed["data"][0]["id"].as_str().unwrap().to_owned();
    let again = json!({
        "label": "payments", "url": listed["data"][0]["url"], "handles": ["effect.charge"],
    });
    let path = format!("/v1/webhook-endpoints/{id}");
    let (status, put) = live.call(Role::Admin, "PUT", &path, Some(again)).await;
    assert_eq!(
        (status, &put["disabled_at"]),
        (200, &serde_json::Value::Null)
    );
    live.later(10 * MINUTE_MS);
    live.deliver().await;
    assert_eq!(live.effect(key).await.state, EffectState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_goes_to_one_endpoint_and_none_into_the_own_network() {
    let (_endpoint, _, live, _) = with_endpoint(200).await;
    let bad = json!({
        "label": "x", "url": "https://169.254.169.254/latest",
        "handles": ["effect.add-fee", "effect.charge"],
    });
    let (status, problem) = live
        .call(Role::Admin, "POST", "/v1/webhook-endpoints", Some(bad))
        .await;
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        (status, pointers),
        (422, vec!["/url", "/handles/0", "/handles/1"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_posted_is_posted_again_by_hand_under_the_same_id() {
    let (endpoint, _, live, _) = with_endpoint(200).await;
    let key = live.queue(charge()).await;
    live.deliver().await;
    let path = format!("/v1/deliveries/{key}/again");
    let (status, attempt) = live.call(Role::Agent, "POST", &path, None).await;
    assert_eq!(
        (status, &attempt["status"]),
        (200, &json!(200)),
        "{attempt}"
    );
    let arrived = endpoint.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(
        arrived[0].header("webhook-id"),
        arrived[1].header("webhook-id")
    );
    assert_eq!(arrived[0].body, arrived[1].body);
}
