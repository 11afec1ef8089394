//! A node at work by itself: what is due is run, and what waits is handed over.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use regua_domain::id::TenantId;
use regua_domain::time::HOUR_MS;
use regua_engine::{Crew, EngineError, Keeper, Pace};
use regua_test_receivers::smtp::Relay;
use tokio::sync::watch;

use crate::kit::Live;

struct Nothing;

#[async_trait]
impl Keeper for Nothing {
    async fn keep(&self, _: TenantId) -> Result<bool, EngineError> {
        Ok(false)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_runs_who_is_due_and_mails_what_they_are_written() {
    let relay = Relay::start();
    let live = Live::start(relay.port(), 1).await;
    let (stop, stopped) = watch::channel(false);
    let crew = Crew {
        post: Arc::clone(&live.post),
        keeper: Arc::new(Nothing),
    };
    let pace = Pace {
        look_ms: 10,
        ..Pace::shipped()
    };
    let engine = live.engine.clone();
    let node = tokio::spawn(async move { engine.serve(pace, crew, stopped).await });
    // However slow the machine is, an hour at a time comes to the send window. Once there is a
    // letter the clock stands: by the next hour it would be taken for a dead node's.
    while relay.accepted().is_empty() {
        if live.dossier().await.effects.is_empty() {
            live.later(HOUR_MS);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.send(true).unwrap();
    node.await.unwrap();
    assert_eq!(relay.accepted().len(), 1);
}
