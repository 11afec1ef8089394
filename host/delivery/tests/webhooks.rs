//! Webhooks against real receivers: what arrives, and what an answer means.

#[path = "kit/kit.rs"]
mod kit;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use kit::{ID, NOW, deliver, network, secret, trying};
use regua_delivery::attempt::Next;
use regua_delivery::network::{Exceptions, Limits, Network};
use regua_delivery::schedule::Schedule;
use regua_delivery::tls::Authorities;
use regua_delivery::webhook::{Signed, VerifyError, verify};
use regua_domain::time::{DAY_MS, HOUR_MS, Timestamp};
use regua_test_receivers::http::{Answer, Endpoint, Request};

fn signed(request: &Request) -> Signed<'_> {
    Signed {
        id: request.header("webhook-id"),
        timestamp: request.header("webhook-timestamp"),
        signature: request.header("webhook-signature"),
    }
}

#[tokio::test]
async fn a_receiver_can_verify_what_arrives_by_either_secret() {
    let endpoint = Endpoint::start(|_| Answer::status(204));
    let network = network(&endpoint);
    let secrets = [secret(1), secret(2)];
    let attempt = deliver(&network, &endpoint.url("/in?x=1"), &secrets, trying(0)).await;
    assert_eq!(attempt.next, Next::Done);
    assert_eq!(
        (attempt.status, attempt.code.as_str()),
        (Some(204), "accepted")
    );
    let arrived = endpoint.arrived();
    let [request] = arrived.as_slice() else {
        panic!("one request: {arrived:?}")
    };
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/in?x=1")
    );
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("webhook-id"), ID);
    assert!(request.header("cookie").is_empty());
    for secret in secrets {
        assert_eq!(
            verify(&signed(request), &request.body, &[secret], NOW),
            Ok(())
        );
    }
    let stranger = verify(&signed(request), &request.body, &[secret(3)], NOW);
    assert_eq!(stranger, Err(VerifyError::Signature));
}

#[tokio::test]
async fn nothing_leaves_unsigned() {
    let endpoint = Endpoint::start(|_| Answer::status(200));
    let attempt = deliver(&network(&endpoint), &endpoint.url("/"), &[], trying(0)).await;
    assert_eq!(
        (attempt.code.as_str(), attempt.next),
        ("no-secret", Next::Failed)
    );
    assert_eq!(endpoint.connections(), 0);
}

#[tokio::test]
async fn each_try_bears_the_same_id_and_its_own_time() {
    let endpoint =
        Endpoint::start(|request| Answer::status(if request.number == 0 { 500 } else { 200 }));
    let network = network(&endpoint);
    let first = deliver(&network, &endpoint.url("/"), &[secret(1)], trying(0)).await;
    let Next::Again { not_before } = first.next else {
        panic!("{first:?}")
    };
    assert_eq!(not_before, NOW.plus_ms(5_000));
    let schedule = Schedule::of_webhooks();
    let again = regua_delivery::attempt::Trying {
        now: not_before,
        failed: 1,
        schedule: &schedule,
        chance: 0,
    };
    let second = deliver(&network, &endpoint.url("/"), &[secret(1)], again).await;
    assert_eq!(second.next, Next::Done);
    let arrived = endpoint.arrived();
    assert_eq!(
        arrived[0].header("webhook-id"),
        arrived[1].header("webhook-id")
    );
    let times: Vec<_> = arrived
        .iter()
        .map(|r| r.header("webhook-timestamp"))
        .collect();
    assert_ne!(times[0], times[1]);
    assert_eq!(
        verify(
            &signed(&arrived[1]),
            &arrived[1].body,
            &[secret(1)],
            not_before
        ),
        Ok(())
    );
}

#[tokio::test]
async fn an_answer_decides_what_follows() {
    let again = |ms| Next::Again {
        not_before: NOW.plus_ms(ms),
    };
    let busy = |status, after: &str| Answer::status(status).header("Retry-After", after);
    for (answer, expected) in [
        (Answer::status(200), Next::Done),
        (Answer::status(202), Next::Done),
        (Answer::status(299), Next::Done),
        (Answer::status(410), Next::Gone),
        (Answer::status(400), again(5_000)),
        (Answer::status(401), again(5_000)),
        (Answer::status(404), again(5_000)),
        (Answer::status(500), again(5_000)),
        (busy(429, "3600"), again(HOUR_MS)),
        (busy(503, "1"), again(5_000)),
        (busy(503, "99999999"), again(DAY_MS)),
        (busy(503, "Mon, 02 Mar 2026 13:00:00 GMT"), again(HOUR_MS)),
        (busy(503, "Sun, 01 Mar 2026 13:00:00 GMT"), again(5_000)),
        (busy(503, "soon"), again(5_000)),
        (busy(500, "3600"), again(5_000)),
    ] {
        let scripted = answer.clone();
        let endpoint = Endpoint::start(move |_| scripted.clone());
        let attempt = deliver(
            &network(&endpoint),
            &endpoint.url("/"),
            &[secret(1)],
            trying(0),
        )
        .await;
        assert_eq!(attempt.next, expected, "{answer:?}: {attempt:?}");
    }
}

#[tokio::test]
async fn the_tenth_failure_is_the_last() {
    let endpoint = Endpoint::start(|_| Answer::status(500));
    let network = network(&endpoint);
    let ninth = deliver(&network, &endpoint.url("/"), &[secret(1)], trying(8)).await;
    assert!(matches!(ninth.next, Next::Again { .. }));
    let tenth = deliver(&network, &endpoint.url("/"), &[secret(1)], trying(9)).await;
    assert_eq!(tenth.next, Next::Failed);
}

#[tokio::test]
async fn what_is_kept_of_an_answer_is_one_short_line() {
    let body = format!("a\r\nb\u{1b}[31m {}", "x".repeat(1_000_000));
    let endpoint = Endpoint::start(move |_| Answer::status(500).body(body.clone()));
    let attempt = deliver(
        &network(&endpoint),
        &endpoint.url("/"),
        &[secret(1)],
        trying(0),
    )
    .await;
    assert_eq!(attempt.code, "http-500");
    assert!(
        attempt.detail.starts_with("a b [31m x"),
        "{}",
        attempt.detail
    );
    assert!(attempt.detail.chars().count() < 210);
    assert!(!attempt.detail.chars().any(char::is_control));
}

#[tokio::test]
async fn an_endless_answer_is_read_no_further_than_its_limit() {
    let endless = Answer::status(200)
        .body(vec![b'x'; 8 * 1024 * 1024])
        .header("content-type", "text/plain");
    let endpoint = Endpoint::start(move |_| endless.clone());
    let limits = Limits {
        answer_ms: 60_000,
        ..Limits::shipped()
    };
    let network = kit::network_with(&endpoint, limits);
    let answer = network.post(&endpoint.url("/"), &[], Vec::new()).await;
    assert_eq!(answer.unwrap().body.len(), 64 * 1024);
}

/// Were its text waited for, this would not end.
#[tokio::test]
async fn who_never_comes_to_the_end_of_an_answer_has_given_it_all_the_same() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listener.local_addr().unwrap().to_string();
    let limits = Limits {
        total_ms: 3_600_000,
        answer_ms: 50,
        ..Limits::shipped()
    };
    let exceptions = Exceptions::read([server.as_str()]).unwrap();
    let network = Network::new(exceptions, &Authorities::of_the_machine(), limits).unwrap();
    let url = format!("http://{server}/");
    let secrets = [secret(1)];
    let told = deliver(&network, &url, &secrets, trying(0));
    let held = tokio::task::spawn_blocking(move || {
        let (mut caller, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"{}") {
            let mut some = [0; 4_096];
            let count = caller.read(&mut some).unwrap();
            assert!(count > 0, "it hung up");
            asked.extend_from_slice(&some[..count]);
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nthanks";
        caller.write_all(head.as_bytes()).unwrap();
        caller
    });
    let (attempt, held) = tokio::join!(told, held);
    assert_eq!((attempt.status, attempt.next), (Some(200), Next::Done));
    drop(held);
}

#[tokio::test]
async fn silence_and_broken_connections_are_tried_again() {
    let late = Endpoint::start(|_| Answer::status(200).after(Duration::from_secs(5)));
    let limits = Limits {
        total_ms: 200,
        ..Limits::shipped()
    };
    let network = kit::network_with(&late, limits);
    let attempt = deliver(&network, &late.url("/"), &[secret(1)], trying(0)).await;
    assert_eq!((attempt.status, attempt.code.as_str()), (None, "timed-out"));
    assert!(attempt.ms >= 200, "{attempt:?}");

    let rude = Endpoint::start(|_| Answer::hang_up());
    let network = kit::network(&rude);
    let attempt = deliver(&network, &rude.url("/"), &[secret(1)], trying(0)).await;
    assert_eq!(attempt.code, "broken");
    let url = rude.url("/?token=hush");
    drop(rude);
    let attempt = deliver(&network, &url, &[secret(1)], trying(0)).await;
    assert!(
        matches!(attempt.code.as_str(), "connect" | "broken"),
        "{attempt:?}"
    );
    assert!(matches!(attempt.next, Next::Again { .. }));
    assert!(!attempt.detail.contains("hush"), "{attempt:?}");
}

#[tokio::test]
async fn an_accepted_message_is_in_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("accepted");
    let setup = regua_test_receivers::http::Setup {
        journal: Some(&file),
        ..Default::default()
    };
    let endpoint = Endpoint::set_up(setup, |request| {
        Answer::status(if request.number == 0 { 500 } else { 200 })
    });
    let network = network(&endpoint);
    for _ in 0..3 {
        deliver(&network, &endpoint.url("/"), &[secret(1)], trying(0)).await;
    }
    let noted = std::fs::read_to_string(&file).unwrap();
    assert_eq!(noted, format!("{ID}\n{ID}\n"));
    // One connection is used for all of them.
    assert_eq!(endpoint.connections(), 1);
}

#[test]
fn the_instant_of_these_tests_is_what_they_say() {
    assert_eq!(Timestamp::to_rfc3339(NOW), "2026-03-02T12:00:00Z");
}
