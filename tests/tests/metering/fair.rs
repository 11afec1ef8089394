//! One whose plugin burns all of its fuel each time keeps nobody else from their turn.

use std::sync::Arc;

use regua_domain::contract::Channel;
use regua_engine::meter::day_of;
use regua_engine::meter::usage::between;
use regua_engine::{Pace, Settings};
use regua_tests::node::work;
use regua_tests::wave::{Place, engine, fill_open, set_up_burner, still};
use regua_tests::{outside, sample};
use tokio::sync::watch;

const CASES: u64 = 500;
/// More than are done meanwhile: each takes as long as hundreds of the others.
const BURNING: u64 = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_cases_of_another_are_all_done_while_those_of_a_burner_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::file(&folder.path().join("wave.sqlite"));
    let (engine, open) = engine(&place, still(), Settings::shipped()).await.unwrap();
    let burner = set_up_burner(&engine).await.unwrap();
    // The burner was there first, and is in the midst of it.
    let burning = fill_open(&burner, BURNING, BURNING, &[Channel::Email]).await;
    burning.unwrap();
    let post = outside::post(1, 2, engine.clock(), &outside::counting());
    let (stop, stopped) = watch::channel(false);
    let left = async |tenant| {
        let standing = engine.store().standing(tenant, sample::now()).await;
        let standing = standing.unwrap();
        standing.due + standing.leased
    };
    let node = async {
        work(&engine, Arc::new(post), Pace::shipped(), stopped).await;
    };
    let watch = async {
        while left(burner.row.id).await == BURNING {
            tokio::task::yield_now().await;
        }
        let others = fill_open(&open, CASES, CASES, &[Channel::Email]).await;
        others.unwrap();
        while left(open.row.id).await > 0 {
            tokio::task::yield_now().await;
        }
        let of_burner = left(burner.row.id).await;
        stop.send(true).unwrap();
        of_burner
    };
    let ((), of_burner) = tokio::join!(node, watch);
    assert!(of_burner > BURNING / 2, "{of_burner}");

    // What was under way is finished when the node stops; what was claimed and not begun is due.
    let today = day_of(sample::now());
    let plugins = burner.store.plugins().await.unwrap();
    let days = between(&*burner.store, &plugins[0].digest, today, today)
        .await
        .unwrap();
    let (_, usage) = &days[0];
    let standing = engine
        .store()
        .standing(burner.row.id, sample::now())
        .await
        .unwrap();
    assert_eq!(standing.leased, 0);
    // One whose deadline passed on a busy machine is asked again later.
    assert_eq!(standing.due + usage.calls, BURNING);
}
