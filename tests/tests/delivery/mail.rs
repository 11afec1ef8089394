//! Letters: decided by a stage, taken by a relay.

use regua_domain::contract::EffectState;
use regua_domain::fact::{Fact, PaymentFacts};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{HOUR_MS, MINUTE_MS};
use regua_http::key::Role;
use regua_test_receivers::smtp::{Relay, Reply, Setup, Stage};
use regua_tests::sample;

use crate::kit::Live;

fn text(mail: &regua_test_receivers::smtp::Mail) -> String {
    String::from_utf8_lossy(&mail.data).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_leaves_once_under_its_key_and_its_stage_goes_on() {
    let relay = Relay::start();
    let live = Live::start(relay.port(), 1).await;
    let key = live.until_something_is_queued().await;
    let delivered = live.deliver().await;
    assert_eq!((delivered.taken, delivered.done), (1, 1));
    assert_eq!(live.deliver().await.taken, 0);
    let [mail] = relay.accepted().try_into().expect("one mail");
    assert_eq!(mail.message_id(), format!("<{key}@acme.example>"));
    assert_eq!(mail.from, "billing@acme.example");
    let text = text(&mail);
    assert!(
        text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        "{text}"
    );
    assert_eq!(live.effect(key).await.state, EffectState::Done);
    live.run().await;
    assert!(
        live.story().await.contains("stage-left"),
        "{}",
        live.story().await
    );
    let (status, log) = live
        .call(Role::Admin, "GET", &format!("/v1/deliveries/{key}"), None)
        .await;
    assert_eq!(
        (status, &log["attempts"][0]["code"]),
        (200, &"accepted".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_since_is_not_demanded() {
    let relay = Relay::start();
    let mut live = Live::start(relay.port(), 1).await;
    let key = live.until_something_is_queued().await;
    let payment = PaymentFacts {
        reference: "P-1".to_owned(),
        amount: Money::new(25_000, Currency::parse("BRL").unwrap()),
        paid_on: sample::today(),
        invoices: Vec::new(),
        pending: false,
    };
    live.tell("C-1", Fact::Payment(payment)).await;
    let delivered = live.deliver().await;
    assert_eq!((delivered.cancelled, delivered.done), (1, 0));
    let effect = live.effect(key).await;
    assert_eq!(
        (effect.state, effect.code.as_str()),
        (EffectState::Cancelled, "paid")
    );
    assert!(relay.accepted().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_by_one_click_stops_the_next_letter() {
    let relay = Relay::start();
    let live = Live::start(relay.port(), 1).await;
    live.until_something_is_queued().await;
    live.deliver().await;
    let text = text(&relay.accepted()[0]).replace("\r\n ", " ");
    let (_, rest) = text
        .split_once("List-Unsubscribe: <https://regua.example")
        .expect("a link");
    let path = rest.split('>').next().unwrap();
    let get = |method: &str| {
        http::Request::builder()
            .method(method)
            .uri(path)
            .body(Vec::new())
            .expect("a request")
    };
    // Looking at the link does nothing: scanners look.
    let page = live.local.send(get("GET")).await;
    assert_eq!(page.status(), 200);
    assert_eq!(live.dossier().await.customer.reachable().len(), 1);
    let page = live.local.send(get("POST")).await;
    assert_eq!(page.status(), 200);
    assert!(live.dossier().await.customer.reachable().is_empty());
    let forged = http::Request::builder()
        .method("POST")
        .uri(format!("{path}x"))
        .body(Vec::new())
        .unwrap();
    assert_eq!(live.local.send(forged).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_bounces_is_not_written_to_again() {
    let relay = Relay::set_up(Setup::default(), |stage, _| {
        (stage == Stage::Recipient)
            .then(|| Reply::line("550 5.1.1 no such user"))
            .flatten()
    });
    let live = Live::start(relay.port(), 1).await;
    let key = live.until_something_is_queued().await;
    assert_eq!(live.deliver().await.failed, 1);
    assert_eq!(live.effect(key).await.state, EffectState::Failed);
    assert!(live.dossier().await.customer.contacts[0].bounced);
    live.run().await;
    assert!(live.story().await.contains("message.bounced"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_busy_gets_the_same_letter_later_but_not_at_night() {
    let relay = Relay::set_up(Setup::default(), |stage, _| {
        (stage == Stage::Recipient)
            .then(|| Reply::line("450 4.2.0 greylisted"))
            .flatten()
    });
    let live = Live::start(relay.port(), 1).await;
    let key = live.until_something_is_queued().await;
    assert_eq!(live.deliver().await.later, 1);
    assert_eq!(live.deliver().await.taken, 0, "not before its time");
    live.later(5 * MINUTE_MS);
    assert_eq!(live.deliver().await.later, 1);
    // By 20:00 the send window is closed: nobody hears of it before the next morning.
    let connections = relay.connections();
    live.later(9 * HOUR_MS);
    let delivered = live.deliver().await;
    assert_eq!((delivered.taken, delivered.later), (1, 1));
    assert_eq!(relay.connections(), connections);
    assert_eq!(live.effect(key).await.state, EffectState::Queued);
}
