//! An endpoint that does not answer, and everybody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use regua_domain::contract::{Action, EffectState};
use regua_domain::id::TenantId;
use regua_engine::{Crew, EngineError, Keeper, Pace};
use regua_http::key::Role;
use regua_test_receivers::http::{Answer, Endpoint};
use serde_json::json;
use tokio::sync::watch;

use crate::kit::Live;

const SECOND_MS: i64 = 1_000;
/// Events of the one tenant.
const MANY: usize = 1_500;
/// Of another.
const FEW: usize = 20;
/// Effects for a system that hangs: more than are taken at once.
const HANGING: usize = 400;

/// Counts how often it was asked to look after records.
#[derive(Default)]
struct Counting(AtomicU64);

#[async_trait]
impl Keeper for Counting {
    async fn keep(&self, _: TenantId) -> Result<bool, EngineError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(false)
    }
}

/// Says nothing at `/hangs` until it is let go, and takes everything elsewhere.
fn receiver() -> (Endpoint, Arc<AtomicBool>) {
    let go = Arc::new(AtomicBool::new(false));
    let going = Arc::clone(&go);
    let endpoint = Endpoint::start(move |request| {
        while request.path == "/hangs" && !going.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        Answer::status(204)
    });
    (endpoint, go)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_hangs_holds_up_nobody_else() {
    let (endpoint, go) = receiver();
    let live = Live::start(1, endpoint.port()).await;
    let hangs = live.ear(&endpoint, "/hangs", &["payment.*"]).await;
    let takes = live.ear(&endpoint, "/takes", &["payment.*"]).await;
    let (other, theirs) = live.neighbour("other", false, (&endpoint, "/theirs")).await;
    live.paid_often(live.store.id(), "C-9", MANY).await;
    live.paid_often(other.id(), "C-8", FEW).await;
    let (stop, stopped) = watch::channel(false);
    let keeper = Arc::new(Counting::default());
    let crew = Crew {
        post: Arc::clone(&live.post),
        keeper: Arc::clone(&keeper) as Arc<_>,
    };
    let pace = Pace {
        look_ms: 10,
        ..Pace::shipped()
    };
    let engine = live.engine.clone();
    let node = tokio::spawn(async move { engine.serve(pace, crew, stopped).await });
    // Both get all of theirs while the third says nothing.
    while takes.requests(&endpoint).len() < MANY || theirs.requests(&endpoint).len() < FEW {
        live.later(SECOND_MS);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let unanswered = hangs.requests(&endpoint).len();
    assert!(
        unanswered < 64,
        "{unanswered} were sent to who does not answer"
    );
    assert!(
        keeper.0.load(Ordering::SeqCst) > 0,
        "records were looked after"
    );
    // Once it answers, it gets all that waited.
    go.store(true, Ordering::SeqCst);
    let delivered = async || {
        let events = live.events().await;
        let done = events.iter().filter(|event| event.value.is_over());
        done.count()
    };
    while delivered().await < 2 * MANY {
        live.later(60 * SECOND_MS);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stop.send(true).unwrap();
    node.await.unwrap();
    let mut ids: Vec<_> = hangs
        .requests(&endpoint)
        .iter()
        .map(|request| request.header("webhook-id").to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), MANY);
    assert_eq!(takes.requests(&endpoint).len(), MANY);
    assert_eq!(theirs.requests(&endpoint).len(), FEW);
}

/// What a system is to do; `nth` keeps them apart.
fn notify(nth: usize) -> Action {
    Action::NotifyTeam {
        team: "collections".to_owned(),
        text: format!("{nth}"),
    }
}

fn custom(nth: usize) -> Action {
    Action::Custom {
        name: "dispatch".to_owned(),
        json: json!({ "nth": nth }).to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_for_a_system_that_hangs_hold_up_no_others() {
    let (endpoint, go) = receiver();
    let live = Live::start(1, endpoint.port()).await;
    for (path, kind) in [
        ("/hangs", "effect.custom"),
        ("/takes", "effect.notify-team"),
    ] {
        let new = json!({ "label": path, "url": endpoint.url(path), "handles": [kind] });
        let (status, made) = live
            .call(Role::Admin, "POST", "/v1/webhook-endpoints", Some(new))
            .await;
        assert_eq!(status, 201, "{made}");
    }
    live.until_something_is_queued().await;
    // Those that hang come first.
    let actions = (0..HANGING).map(custom).chain((0..FEW).map(notify));
    let keys = live.queue_all(actions.collect()).await;
    let (stop, stopped) = watch::channel(false);
    let crew = Crew {
        post: Arc::clone(&live.post),
        keeper: Arc::new(Counting::default()),
    };
    let pace = Pace {
        look_ms: 10,
        ..Pace::shipped()
    };
    let engine = live.engine.clone();
    let node = tokio::spawn(async move { engine.serve(pace, crew, stopped).await });
    let arrived = |path: &str| {
        let requests = endpoint.arrived().into_iter();
        let mut ids: Vec<String> = requests
            .filter(|request| request.path == path)
            .map(|request| request.header("webhook-id").to_owned())
            .collect();
        ids.sort();
        ids.dedup();
        ids.len()
    };
    while arrived("/takes") < FEW {
        live.later(SECOND_MS);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!go.load(Ordering::SeqCst), "the other one said nothing");
    go.store(true, Ordering::SeqCst);
    let left = async || {
        let dossier = live.dossier().await;
        let effects = dossier.effects.iter();
        effects
            .filter(|effect| keys.contains(&effect.key) && effect.state == EffectState::Queued)
            .count()
    };
    while left().await > 0 {
        live.later(60 * SECOND_MS);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stop.send(true).unwrap();
    node.await.unwrap();
    assert_eq!((arrived("/hangs"), arrived("/takes")), (HANGING, FEW));
}
