//! What the suites of the transports share.
#![allow(dead_code, reason = "each suite uses a part of it")]

use regua_delivery::attempt::{Attempt, Trying};
use regua_delivery::network::{Exceptions, Limits, Network};
use regua_delivery::schedule::Schedule;
use regua_delivery::tls::Authorities;
use regua_delivery::webhook::{self, Endpoint, Hook, Secret};
use regua_domain::time::Timestamp;
use regua_test_receivers::http;

/// 2026-03-02T12:00:00Z, a Monday.
pub const NOW: Timestamp = Timestamp(1_772_452_800_000);

/// An effect's key.
pub const ID: &str = "case_00000000000000000000000000000007.3.0";

/// A secret that a test can name.
pub fn secret(fill: u8) -> Secret {
    Secret::from_bytes(vec![fill; 32]).unwrap()
}

/// The try after so many that failed, without chance.
pub fn trying(failed: u32) -> Trying<'static> {
    static STEPS: std::sync::LazyLock<Schedule> = std::sync::LazyLock::new(Schedule::of_webhooks);
    Trying {
        failed,
        schedule: &STEPS,
        now: NOW,
        chance: 0,
    }
}

/// A network in which a receiver is excepted.
pub fn network(receiver: &http::Endpoint) -> Network {
    network_with(receiver, Limits::shipped())
}

/// … within limits.
pub fn network_with(receiver: &http::Endpoint, limits: Limits) -> Network {
    let server = format!("127.0.0.1:{}", receiver.port());
    let exceptions = Exceptions::read([server.as_str()]).unwrap();
    Network::new(exceptions, &Authorities::of_the_machine(), limits).unwrap()
}

/// Delivers an empty object.
pub async fn deliver(
    network: &Network,
    url: &str,
    secrets: &[Secret],
    trying: Trying<'_>,
) -> Attempt {
    let hook = Hook {
        id: ID,
        body: b"{}",
    };
    webhook::deliver(network, Endpoint { url, secrets }, hook, trying).await
}
