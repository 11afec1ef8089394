//! No webhook reaches into the operator's own network, whatever a tenant names.

#[path = "kit/kit.rs"]
mod kit;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kit::{deliver, secret, trying};
use regua_delivery::attempt::{Attempt, Next};
use regua_delivery::network::{Exceptions, Limits, LookUp, Names, Network, PostError};
use regua_delivery::tls::Authorities;
use regua_test_receivers::http::{Answer, Endpoint, Setup};
use regua_test_receivers::identity::Identity;

/// A name service that gives each answer once, and the last one for ever.
struct Scripted {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<AtomicUsize>,
}

impl Names for Scripted {
    fn look_up(&self, host: &str) -> LookUp {
        assert!(
            host.ends_with(".com."),
            "{host} is not looked up from the root"
        );
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers[number.min(self.answers.len() - 1)].clone();
        Box::pin(async move { Ok(answer) })
    }
}

struct World {
    network: Network,
    asked: Arc<AtomicUsize>,
}

/// A network whose names lead where a test says.
fn world(answers: &[&[&str]], exceptions: &[&str], identity: &Identity) -> World {
    let asked = Arc::new(AtomicUsize::new(0));
    let answers = answers.iter().map(|addresses| {
        let addresses = addresses.iter().map(|text| text.parse().unwrap());
        addresses.collect()
    });
    let names: Arc<dyn Names> = Arc::new(Scripted {
        answers: answers.collect(),
        asked: Arc::clone(&asked),
    });
    let limits = Limits {
        connect_ms: 2_000,
        total_ms: 10_000,
        ..Limits::shipped()
    };
    let network = Network::with_names(
        Exceptions::read(exceptions.iter().copied()).unwrap(),
        &Authorities::read(identity.ca_pem().as_bytes()).unwrap(),
        limits,
        &names,
    );
    World {
        network: network.unwrap(),
        asked,
    }
}

fn receiver(identity: &Identity) -> Endpoint {
    let setup = Setup {
        identity: Some(identity.clone()),
        ..Setup::default()
    };
    Endpoint::set_up(setup, |_| Answer::status(200))
}

async fn post(world: &World, url: &str) -> Attempt {
    deliver(&world.network, url, &[secret(1)], trying(0)).await
}

const NAME: &str = "hooks.example.com";

#[tokio::test]
async fn a_name_that_leads_into_the_own_network_is_not_connected_to() {
    let identity = Identity::of(&[NAME]);
    let endpoint = receiver(&identity);
    for address in [
        "127.0.0.1",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fd00::1",
        "fe80::1",
        "0.0.0.0",
    ] {
        let world = world(&[&[address]], &[], &identity);
        let attempt = post(&world, &endpoint.url_of(NAME, "/")).await;
        assert_eq!(attempt.code, "address-refused", "{address}: {attempt:?}");
        assert!(matches!(attempt.next, Next::Again { .. }));
    }
    assert_eq!(endpoint.connections(), 0);
}

#[tokio::test]
async fn of_a_names_addresses_the_public_ones_alone_are_tried() {
    let identity = Identity::of(&[NAME]);
    let endpoint = receiver(&identity);
    // 192.0.1.0/24 is public, and nobody answers there from a machine that tests run on.
    let world = world(&[&["127.0.0.1", "192.0.1.1"]], &[], &identity);
    let attempt = post(&world, &endpoint.url_of(NAME, "/")).await;
    assert!(
        matches!(attempt.code.as_str(), "connect" | "timed-out"),
        "{attempt:?}"
    );
    assert_eq!(endpoint.connections(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_looked_at_each_time_it_is_asked() {
    let identity = Identity::of(&[NAME]);
    let endpoint = receiver(&identity);
    let answers: [&[&str]; 2] = [&["127.0.0.1"], &["127.0.0.2"]];
    // The first address is allowed, as a public one would be; the second is not.
    let world = world(&answers, &["127.0.0.1/32"], &identity);
    let url = endpoint.url_of(NAME, "/");
    let first = post(&world, &url).await;
    assert_eq!(first.code, "accepted", "{first:?}");
    // Asked once, and connected to what was answered then.
    assert_eq!(world.asked.load(Ordering::SeqCst), 1);
    drop(endpoint);
    let other = receiver(&identity);
    let second = post(&world, &other.url_of(NAME, "/")).await;
    assert_eq!(second.code, "address-refused", "{second:?}");
    assert_eq!(world.asked.load(Ordering::SeqCst), 2);
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_an_answer_that_failed_and_leads_nowhere() {
    let inner = Endpoint::start(|_| Answer::status(200));
    for status in [301, 302, 303, 307, 308] {
        let target = inner.url("/latest/meta-data/");
        let outer = Endpoint::start(move |_| Answer::status(status).header("location", &target));
        let network = kit::network(&outer);
        let attempt = deliver(&network, &outer.url("/"), &[secret(1)], trying(0)).await;
        assert_eq!(attempt.code, format!("http-{status}"));
        assert!(matches!(attempt.next, Next::Again { .. }));
    }
    assert_eq!(inner.connections(), 0);
}

#[tokio::test]
async fn an_address_in_numbers_is_refused_before_anything_is_sent() {
    let endpoint = Endpoint::start(|_| Answer::status(200));
    let port = endpoint.port();
    let limits = Limits::shipped();
    let network = Network::new(Exceptions::none(), &Authorities::of_the_machine(), limits);
    let network = network.unwrap();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "localhost.",
        "user@127.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/");
            let answer = network.post(&url, &[], Vec::new()).await;
            assert!(
                matches!(answer, Err(PostError::Url(_))),
                "{url}: {answer:?}"
            );
        }
    }
    assert_eq!(endpoint.connections(), 0);
}

#[tokio::test]
async fn an_exception_is_for_its_server_alone() {
    let (own, other) = (
        Endpoint::start(|_| Answer::status(200)),
        Endpoint::start(|_| Answer::status(200)),
    );
    let network = kit::network(&own);
    let secrets = [secret(1)];
    let allowed = deliver(&network, &own.url("/"), &secrets, trying(0)).await;
    assert_eq!(allowed.code, "accepted");
    let refused = deliver(&network, &other.url("/"), &secrets, trying(0)).await;
    assert_eq!(refused.code, "address-refused");
    let by_name = deliver(&network, &own.url_of("localhost", "/"), &secrets, trying(0)).await;
    assert_eq!(by_name.code, "url-own-name");
    assert_eq!((own.connections(), other.connections()), (1, 0));
}

#[tokio::test]
async fn a_certificate_of_nobody_known_or_of_another_name_is_no_connection() {
    let identity = Identity::of(&[NAME]);
    let endpoint = receiver(&identity);
    let trusted = world(&[&["127.0.0.1"]], &["127.0.0.1/32"], &identity);
    let attempt = post(&trusted, &endpoint.url_of("other.example.com", "/")).await;
    assert_eq!(attempt.code, "connect", "{attempt:?}");
    let stranger = Identity::of(&[NAME]);
    let untrusted = world(&[&["127.0.0.1"]], &["127.0.0.1/32"], &stranger);
    let attempt = post(&untrusted, &endpoint.url_of(NAME, "/")).await;
    assert_eq!(attempt.code, "connect", "{attempt:?}");
    let accepted = post(&trusted, &endpoint.url_of(NAME, "/")).await;
    assert_eq!(accepted.code, "accepted", "{accepted:?}");
    assert_eq!(endpoint.arrived().len(), 1);
}

#[test]
fn a_proxy_in_the_environment_is_not_asked() {
    let proxy = Endpoint::start(|_| Answer::status(502));
    let this = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new(this);
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env(name, proxy.url("/"));
    }
    command.env_remove("no_proxy").env_remove("NO_PROXY");
    let run = command.args(["--exact", "an_exception_is_for_its_server_alone"]);
    let run = run.output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(proxy.connections(), 0);
}
