//! The way out of a host, to receivers of this machine; what a tenant has to configure for it;
//! and chance that is the same in every run.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use regua_delivery::email::{Encryption, Mailer, Relay};
use regua_delivery::key::Keys;
use regua_delivery::network::{Exceptions, Limits, Network};
use regua_delivery::tls::Authorities;
use regua_domain::time::Timestamp;
use regua_engine::post::Post;
use regua_engine::post::records::{Endpoint, SENDER, Sender};
use regua_engine::{Chance, Clock};
use regua_storage::{RecordWrite, Seen, TenantStore};

/// Chance that is the same in every run.
pub fn counting() -> Chance {
    let count = AtomicU64::new(1);
    Arc::new(move |bytes: &mut [u8]| {
        for chunk in bytes.chunks_mut(8) {
            let next = count.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            chunk.copy_from_slice(&next.to_be_bytes()[..chunk.len()]);
        }
    })
}

/// A post whose relay and whose systems listen on these ports of loopback.
///
/// # Panics
/// Where the machine lets no network be set up.
pub fn post(relay: u16, hooks: u16, clock: &Arc<dyn Clock>, chance: &Chance) -> Post {
    let excepted = [format!("127.0.0.1:{relay}"), format!("127.0.0.1:{hooks}")];
    let exceptions = || Exceptions::read(excepted.iter().map(String::as_str)).expect("exceptions");
    let authorities = Authorities::of_the_machine();
    let to = Relay {
        host: "127.0.0.1".to_owned(),
        port: relay,
        encryption: Encryption::None,
        login: None,
        hello: "regua.example".to_owned(),
        timeout_ms: 10_000,
        connections_max: 4,
    };
    let keys = ["1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="];
    Post {
        network: Network::new(exceptions(), &authorities, Limits::shipped()).expect("a network"),
        mailer: Some(Mailer::new(to, &exceptions(), &authorities).expect("a mailer")),
        keys: Some(Keys::read(keys).expect("keys")),
        public_url: Some("https://regua.example".to_owned()),
        chance: Arc::clone(chance),
        clock: Arc::clone(clock),
    }
}

/// A sender who has shown that the address is theirs.
pub async fn verify_sender(store: &dyn TenantStore, at: Timestamp) -> anyhow::Result<()> {
    let sender = Sender {
        address: "billing@acme.example".to_owned(),
        name: "Acme billing".to_owned(),
        reply_to: None,
        code_digest: String::new(),
        code_sent_at: at,
        wrong_codes: 0,
        verified_at: Some(at),
    };
    let write = RecordWrite::put(SENDER, Seen::Anything, &sender, None)?;
    Ok(store.write_settings(vec![write]).await?)
}

/// A system of the tenant's, on a port of loopback, that is handed what is of this kind.
pub async fn hand_to(
    store: &dyn TenantStore,
    post: &Post,
    port: u16,
    kind: &str,
) -> anyhow::Result<()> {
    let (_, sealed) = post.new_secret(store.id()).expect("keys are configured");
    let endpoint = Endpoint {
        label: kind.to_owned(),
        url: format!("http://127.0.0.1:{port}/"),
        secrets: vec![sealed],
        handles: std::iter::once(kind.to_owned()).collect(),
        events: BTreeSet::default(),
        created_at: post.clock.now(),
        disabled: None,
    };
    let write = RecordWrite::put("endpoint_wave", Seen::Anything, &endpoint, None)?;
    Ok(store.write_settings(vec![write]).await?)
}
