//! What systems are told of what happened.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use regua_domain::event::{EventId, EventType};
use regua_domain::time::{DAY_MS, MINUTE_MS};
use regua_engine::Lines;
use regua_engine::post::records::Delivery;
use regua_http::key::Role;
use regua_storage::records;
use regua_test_receivers::http::{Answer, Endpoint};
use regua_test_receivers::smtp::Relay;
use serde_json::json;

use crate::kit::Live;
use crate::told::{self, Ear, paid};

/// A receiver that takes everything.
fn patient_receiver() -> Endpoint {
    Endpoint::start(|_| Answer::status(204))
}

/// A receiver that answers what the test says.
fn receiver(status: u16) -> (Endpoint, Arc<AtomicU16>) {
    let says = Arc::new(AtomicU16::new(status));
    let said = Arc::clone(&says);
    let endpoint = Endpoint::start(move |_| Answer::status(said.load(Ordering::SeqCst)));
    (endpoint, says)
}

/// A tenant with an endpoint that is told of some events, and a case that was just opened.
async fn with_case(endpoint: &Endpoint, events: &[&str]) -> (Live, Ear) {
    let live = Live::start(1, endpoint.port()).await;
    let ear = live.ear(endpoint, "/events", events).await;
    live.until_something_is_queued().await;
    (live, ear)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_life_of_a_case_is_told_once_each_as_the_timeline_has_it() {
    let (relay, endpoint) = (Relay::start(), patient_receiver());
    let mut live = Live::start(relay.port(), endpoint.port()).await;
    let ear = live.ear(&endpoint, "/events", &["*"]).await;
    live.until_something_is_queued().await;
    live.deliver().await;
    live.run().await;
    live.tell("C-1", paid("P-1", 25_000)).await;
    live.run().await;
    while live.announce().await.taken > 0 {}
    let mut told = ear.told(&endpoint, &live);
    told.sort_by_key(|told| told.body["data"]["number"].as_u64());
    let customer = live.dossier().await.customer.id;
    let entries = live.store.timeline(customer, 0, 1_000).await.unwrap();
    // The customer and the invoice were told of before there was an endpoint, and are no events.
    let expected: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            let id = EventId::of(customer, entry).to_string();
            Some((id, EventType::of(&entry.what)?.name().to_owned()))
        })
        .collect();
    let arrived: Vec<_> = told
        .iter()
        .map(|told| (told.id.clone(), told.kind.clone()))
        .collect();
    assert_eq!(arrived, expected);
    for told in &told {
        assert_eq!(told.body["data"]["id"], told.id.as_str());
        assert_eq!(told.body["data"]["customer"]["reference"], "C-1");
        let text = told.body.to_string();
        assert!(!text.contains("Ana") && !text.contains('@'), "{text}");
    }
    let kinds: BTreeSet<_> = told.iter().map(|told| told.kind.as_str()).collect();
    for kind in [
        "case.opened",
        "case.stage-entered",
        "effect.decided",
        "effect.handed-over",
        "case.stage-left",
        "payment.received",
        "case.ended",
    ] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    let of = |kind: &str| &told.iter().find(|told| told.kind == kind).unwrap().body["data"];
    assert_eq!(of("case.opened")["invoices"], json!(["F-1"]));
    assert_eq!(of("payment.received")["amount"]["amount"], "250.00");
    assert_eq!(of("payment.received")["payment"], "P-1");
    assert_eq!(of("case.ended")["end"], "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_told_of_what_it_asks_for_alone() {
    let endpoint = patient_receiver();
    let mut live = Live::start(1, endpoint.port()).await;
    let one = live.ear(&endpoint, "/one", &["case.ended"]).await;
    let group = live
        .ear(&endpoint, "/group", &["payment.*", "case.opened"])
        .await;
    let effects = live.ear(&endpoint, "/none", &[]).await;
    live.until_something_is_queued().await;
    live.tell("C-1", paid("P-1", 25_000)).await;
    live.run().await;
    live.announce().await;
    assert_eq!(one.kinds(&endpoint, &live), ["case.ended"]);
    let mut kinds = group.kinds(&endpoint, &live);
    kinds.sort();
    assert_eq!(kinds, ["case.opened", "payment.received"]);
    assert!(effects.requests(&endpoint).is_empty());
    // Other types from now on: seen with the next thing that happens.
    let path = format!("/v1/webhook-endpoints/{}", one.id);
    let put = json!({
        "label": "one", "url": endpoint.url("/one"), "events": ["payment.received"],
    });
    let (status, _) = live.call(Role::Admin, "PUT", &path, Some(put)).await;
    assert_eq!(status, 200);
    live.tell("C-1", paid("P-2", 1)).await;
    live.announce().await;
    assert_eq!(
        one.kinds(&endpoint, &live),
        ["case.ended", "payment.received"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_fails_gets_the_same_event_again_by_the_ladder() {
    let (endpoint, says) = receiver(500);
    let (live, ear) = with_case(&endpoint, &["case.opened"]).await;
    let lines = Arc::new(Lines::default());
    live.announce_by(&live.engine, &lines).await;
    let [event] = live.events().await.try_into().expect("one event");
    assert_eq!(event.value.attempts[0].code, "http-500");
    // Not before its time.
    assert_eq!(live.announce_by(&live.engine, &lines).await.taken, 0);
    live.later(MINUTE_MS);
    live.announce_by(&live.engine, &lines).await;
    says.store(204, Ordering::SeqCst);
    live.later(MINUTE_MS);
    assert_eq!(live.announce_by(&live.engine, &lines).await.taken, 0);
    live.later(5 * MINUTE_MS);
    live.announce_by(&live.engine, &lines).await;
    let requests = ear.requests(&endpoint);
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.body, requests[0].body);
        assert_eq!(
            request.header("webhook-id"),
            requests[0].header("webhook-id")
        );
    }
    let path = format!("/v1/deliveries/{}", event.id);
    let (_, log) = live.call(Role::Viewer, "GET", &path, None).await;
    let codes: Vec<_> = log["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["http-500", "http-500", "accepted"]);
    // It is kept for a month, and cleared away.
    live.later(29 * DAY_MS);
    assert_eq!(live.announce().await.cleared, 0);
    live.later(2 * DAY_MS);
    assert_eq!(live.announce().await.cleared, 1);
    assert_eq!(live.events().await, []);
    assert_eq!(ear.requests(&endpoint).len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_gone_is_told_of_nothing_more() {
    let (endpoint, says) = receiver(410);
    let (mut live, ear) = with_case(&endpoint, &["*"]).await;
    live.announce().await;
    live.later(MINUTE_MS);
    live.announce().await;
    let (_, listed) = live
        .call(Role::Admin, "GET", "/v1/webhook-endpoints", None)
        .await;
    assert_eq!(listed["data"][0]["disabled_because"], "gone");
    let before = live.events().await;
    assert!(before.iter().all(|event| event.value.is_over()));
    says.store(204, Ordering::SeqCst);
    live.tell("C-1", paid("P-1", 5)).await;
    assert_eq!(live.events().await, before);
    // Enabled again, it is told of what happens from then on.
    let path = format!("/v1/webhook-endpoints/{}", ear.id);
    let put = json!({ "label": "x", "url": endpoint.url("/events"), "events": ["payment.*"] });
    let (status, _) = live.call(Role::Admin, "PUT", &path, Some(put)).await;
    assert_eq!(status, 200);
    let known = ear.requests(&endpoint).len();
    live.tell("C-1", paid("P-2", 5)).await;
    live.announce().await;
    assert_eq!(ear.kinds(&endpoint, &live)[known..], ["payment.received"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_is_told_by_whoever_comes_after_a_node_that_died() {
    let endpoint = patient_receiver();
    let (live, ear) = with_case(&endpoint, &["case.opened"]).await;
    // A node took it, and died.
    let now = regua_engine::Clock::now(&*live.clock);
    let until = now.plus_ms(15 * MINUTE_MS);
    let taken = records::take::<Delivery>(&*live.store, now, until, 9).await;
    assert_eq!(taken.unwrap().len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let fresh = live.fresh(folder.path());
    let lines = Arc::new(Lines::default());
    assert_eq!(live.announce_by(&fresh, &lines).await.taken, 0);
    live.later(15 * MINUTE_MS);
    live.announce_by(&fresh, &lines).await;
    assert_eq!(ear.kinds(&endpoint, &live), ["case.opened"]);
    // And never again.
    live.later(DAY_MS);
    live.announce_by(&fresh, &lines).await;
    assert_eq!(ear.requests(&endpoint).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_one_tenant_never_reach_anothers_endpoint() {
    let endpoint = patient_receiver();
    let live = Live::start(1, endpoint.port()).await;
    let mine = live.ear(&endpoint, "/mine", &["*"]).await;
    let (other, theirs) = live.neighbour("other", false, (&endpoint, "/theirs")).await;
    live.paid_often(other.id(), "C-9", 3).await;
    live.paid_often(live.store.id(), "C-8", 2).await;
    assert_eq!(live.events().await.len(), 2);
    assert_eq!(told::events(&*other).await.len(), 3);
    live.announce().await;
    let told = mine.told(&endpoint, &live);
    assert_eq!(told.len(), 2);
    for told in told {
        assert_eq!(
            told.body["data"]["tenant"]["id"],
            live.store.id().to_string()
        );
    }
    assert!(theirs.requests(&endpoint).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_sandbox_is_told_to_nobody() {
    let endpoint = patient_receiver();
    let live = Live::start(1, endpoint.port()).await;
    let (sandbox, _) = live
        .neighbour("try-out", true, (&endpoint, "/sandbox"))
        .await;
    live.paid_often(sandbox.id(), "C-9", 3).await;
    assert_eq!(told::events(&*sandbox).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_sent_again_by_hand_to_its_own_endpoint() {
    let (endpoint, says) = receiver(204);
    let mut live = Live::start(1, endpoint.port()).await;
    let ear = live.ear(&endpoint, "/events", &["payment.*"]).await;
    let other = live.ear(&endpoint, "/other", &["payment.*"]).await;
    live.tell("C-1", paid("P-1", 5)).await;
    says.store(503, Ordering::SeqCst);
    let lines = Arc::new(Lines::default());
    live.announce_by(&live.engine, &lines).await;
    let known = (
        ear.requests(&endpoint).len(),
        other.requests(&endpoint).len(),
    );
    assert_eq!(known, (1, 1));
    let events = live.events().await;
    let event = events
        .iter()
        .find(|event| event.id.ends_with(&ear.id))
        .unwrap();
    let path = format!("/v1/deliveries/{}/again", event.id);
    // It fails again by hand: what is to come by itself comes all the same.
    let (status, again) = live.call(Role::Agent, "POST", &path, None).await;
    assert_eq!((status, &again["code"]), (200, &json!("http-503")));
    says.store(204, Ordering::SeqCst);
    live.later(MINUTE_MS);
    live.announce_by(&live.engine, &lines).await;
    let (status, again) = live.call(Role::Agent, "POST", &path, None).await;
    assert_eq!((status, &again["code"]), (200, &json!("accepted")));
    let requests = ear.requests(&endpoint);
    assert_eq!((requests.len(), other.requests(&endpoint).len()), (4, 2));
    let ids: BTreeSet<_> = requests
        .iter()
        .chain(&other.requests(&endpoint))
        .map(|request| request.header("webhook-id").to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "one event, one id: {ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn types_that_there_are_not_are_refused_with_those_that_there_are() {
    let endpoint = patient_receiver();
    let live = Live::start(1, endpoint.port()).await;
    let bad = json!({
        "label": "x", "url": endpoint.url("/x"),
        "events": ["*x", "case.*", "case.exploded", "effect.charge"],
    });
    let (status, problem) = live
        .call(Role::Admin, "POST", "/v1/webhook-endpoints", Some(bad))
        .await;
    let faults = problem["errors"].as_array().unwrap();
    let pointers: Vec<_> = faults
        .iter()
        .map(|fault| fault["pointer"].as_str().unwrap())
        .collect();
    let expected = vec!["/events/0", "/events/2", "/events/3"];
    assert_eq!((status, pointers), (422, expected), "{problem}");
    let text = faults[0].to_string();
    assert!(text.contains("case.opened, case.reopened"), "{text}");
    let many: Vec<_> = (0..65).map(|nth| format!("case.{nth}")).collect();
    let bad = json!({ "label": "x", "url": endpoint.url("/x"), "events": many });
    let (status, _) = live
        .call(Role::Admin, "POST", "/v1/webhook-endpoints", Some(bad))
        .await;
    assert_eq!(status, 422);
}
