//! Nodes know nothing of one another, and what they count adds up to what they did.

use std::sync::Arc;

use regua_domain::contract::Channel;
use regua_engine::meter::day_of;
use regua_engine::meter::usage::{Day, Usage, between};
use regua_engine::{Engine, Open};
use regua_runtime::{Compiler, Limits, PoolSize, Runtime, RuntimeConfig, Workers};
use regua_storage::records::get;
use regua_storage::{Store, TenantStore};
use regua_test_kit::postgres::Database;
use regua_tests::sample;
use regua_tests::wave::{Place, TENANT, engine, fill_open, still};

use crate::{decisions, small_batches};

const CASES: u64 = 600;

/// A node over a store that another is over, too.
pub async fn beside(store: &Arc<dyn Store>, place: &Place) -> (Engine, Arc<Open>) {
    let runtime = Runtime::new(RuntimeConfig {
        limits: Limits::shipped(),
        cache_dir: place.cache.clone(),
        pool: PoolSize::for_workers(1),
        compiler: Compiler::Here,
    });
    let engine = Engine::new(
        Arc::clone(store),
        Arc::new(runtime.expect("a runtime")),
        Arc::new(Workers::start(1).expect("threads")),
        still(),
        small_batches(),
    );
    let open = engine.open(TENANT).await.expect("the store");
    (engine, open.expect("the tenant"))
}

async fn used(store: &dyn TenantStore) -> (Usage, Day) {
    let plugins = store.plugins().await.unwrap();
    let today = day_of(sample::now());
    let days = between(store, &plugins[0].digest, today, today).await;
    let [(day, usage)] = &days.unwrap()[..] else {
        panic!("one day")
    };
    assert_eq!(*day, today);
    let day = get::<Day>(store, &today.to_string()).await.unwrap();
    (usage.clone(), day.expect("the day").value)
}

async fn two_nodes_add_up(place: &Place, one: (Engine, Arc<Open>), two: (Engine, Arc<Open>)) {
    let filled = fill_open(&one.1, CASES, CASES, &[Channel::Email]).await;
    filled.expect("a filled store");
    let now = sample::now();
    let (first, second) = tokio::join!(
        one.0.work(&one.1, now, now, None),
        two.0.work(&two.1, now, now, None)
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.done + second.done, CASES, "{place:?}");
    assert!(first.done > 0 && second.done > 0, "{first:?} {second:?}");

    let (made, failed) = decisions(&one.1).await;
    let (usage, day) = used(&*one.1.store).await;
    assert_eq!((usage.calls, day.calls, failed), (made, made, 0));
    assert_eq!(usage.plugin, "first-day-late-email@1.0.0");
    assert_eq!(usage.outcomes.values().sum::<u64>() + usage.stays, made);
    assert_eq!(usage.fuel.len(), made);
    assert_eq!((usage.fuel.sum, usage.wall_us.sum), (day.fuel, day.wall_us));
    assert!(usage.fuel.percentile(50) <= usage.fuel.percentile(99));
    assert!(usage.memory.max > 0 && usage.memory.percentile(99) <= usage.memory.max);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_nodes_count_over_a_file_adds_up_to_the_decisions_made() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::file(&folder.path().join("wave.sqlite"));
    let one = engine(&place, still(), small_batches()).await.unwrap();
    let two = beside(one.0.store(), &place).await;
    two_nodes_add_up(&place, one, two).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_nodes_count_over_a_database_adds_up_to_the_decisions_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create();
    let place = Place {
        store: database.url().to_owned(),
        cache: folder.path().join("cache"),
    };
    let one = engine(&place, still(), small_batches()).await.unwrap();
    // Connections of its own, as another process has.
    let two = engine(&place, still(), small_batches()).await.unwrap();
    two_nodes_add_up(&place, one, two).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_write_at_the_same_moment_lose_nothing_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (first, open, _) = crate::wave(&folder, 64).await;
    let place = Place::file(&folder.path().join("wave.sqlite"));
    let (second, other) = beside(first.store(), &place).await;
    let now = sample::now();
    // Each has something that is not written yet, again and again.
    let (one, two) = tokio::join!(
        async {
            for _ in 0..4 {
                first.work(&open, now, now, None).await.unwrap();
                first.write_usage(open.row.id).await.unwrap();
            }
        },
        async {
            for _ in 0..4 {
                second.work(&other, now, now, None).await.unwrap();
                second.write_usage(open.row.id).await.unwrap();
            }
        }
    );
    let ((), ()) = (one, two);
    let (usage, _) = used(&*open.store).await;
    assert_eq!(usage.calls, decisions(&open).await.0);
}
