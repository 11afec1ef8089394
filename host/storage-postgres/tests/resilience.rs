//! What becomes of a store when the server is started anew, its connections are killed or there
//! are none to be had: errors while it lasts, and nothing half-written; then it goes on by itself.

use std::sync::Arc;
use std::time::Duration;

use regua_domain::id::CustomerId;
use regua_storage::{Outcome, Store, StoreError, TenantStore};
use regua_storage_postgres::{Options, PostgresStore};
use regua_storage_suite::sample::{self, NOW, created, load, noted, uuid, with_customers};
use regua_test_kit::postgres::{Database, Server, Sync};

async fn open(database: &Database, options: Options) -> Arc<dyn Store> {
    let store = PostgresStore::connect(database.url(), options);
    Arc::new(store.await.unwrap())
}

fn impatient() -> Options {
    Options {
        acquire_ms: 300,
        ..Options::default()
    }
}

/// Commits to the same customers until told to stop; answers what was done, by customer.
async fn commit_on_and_on(tenant: Arc<dyn TenantStore>, rounds: u32) -> (Vec<u64>, u32) {
    let numbers: Vec<u64> = (0..20).collect();
    let wanted: Vec<_> = numbers
        .iter()
        .map(|number| CustomerId(uuid(*number)).into())
        .collect();
    let (mut done, mut failed) = (vec![0; numbers.len()], 0);
    for _ in 0..rounds {
        let loaded = match tenant.load(&wanted, NOW, NOW).await {
            Ok(loaded) => loaded,
            Err(StoreError::Backend { .. }) => {
                failed += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
            Err(error) => panic!("{error:?}"),
        };
        let commits = loaded.iter().map(|before| noted(before, "x")).collect();
        match tenant.commit(commits).await {
            Ok(outcomes) => {
                for (place, outcome) in outcomes.iter().enumerate() {
                    done[place] += u64::from(*outcome == Outcome::Done);
                }
            }
            Err(StoreError::Backend { .. }) => failed += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    (done, failed)
}

/// Each customer's version and timeline tell of the same commits, and of all that were done;
/// and of no more than those whose outcome is not known.
async fn assert_whole(tenant: &Arc<dyn TenantStore>, done: &[u64], unknown: u32) {
    let mut versions = Vec::new();
    for (number, done) in done.iter().enumerate() {
        let id = CustomerId(uuid(number as u64));
        let dossier = load(tenant, id).await.unwrap();
        let timeline = tenant.timeline(id, 0, 100_000).await.unwrap();
        assert_eq!(timeline.len() as u64, dossier.version);
        assert_eq!(dossier.standing.timeline_entries, dossier.version);
        let written = dossier.version - 1;
        assert!((*done..=*done + u64::from(unknown)).contains(&written));
        versions.push(written - done);
    }
    // A batch is there whole or not at all.
    assert!(
        versions.iter().all(|extra| *extra == versions[0]),
        "{versions:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_and_started_anew_holds_what_was_done() {
    let server = Arc::new(Server::start(Sync::On, &[]));
    let database = Database::create_on(&server);
    let store = open(&database, impatient()).await;
    let tenant = sample::tenant(&store, 1).await;
    with_customers(&tenant, &(0..20).collect::<Vec<_>>()).await;
    let (mut done, mut failed) = (vec![0; 20], 0);
    for _ in 0..4 {
        let lane = tokio::spawn(commit_on_and_on(Arc::clone(&tenant), 60));
        tokio::time::sleep(Duration::from_millis(40)).await;
        let twin = Arc::clone(&server);
        tokio::task::spawn_blocking(move || {
            twin.kill();
            twin.up();
        })
        .await
        .unwrap();
        let (more, errors) = lane.await.unwrap();
        for (done, more) in done.iter_mut().zip(more) {
            *done += more;
        }
        failed += errors;
        // As soon as the server is there, so is the store.
        assert_eq!(tenant.row().await.unwrap().name, "tenant-1");
    }
    assert!(failed > 0 && done[0] > 0, "{failed} failures, {done:?}");
    assert_whole(&tenant, &done, failed).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_connections_are_replaced() {
    let database = Database::create();
    let store = open(&database, Options::default()).await;
    let tenant = sample::tenant(&store, 1).await;
    with_customers(&tenant, &(0..20).collect::<Vec<_>>()).await;
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    // Idle ones: nobody notices. Of those that were used a moment ago it is not asked.
    database.run(kill);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(tenant.row().await.unwrap().name, "tenant-1");
    let lane = tokio::spawn(commit_on_and_on(Arc::clone(&tenant), 200));
    for _ in 0..8 {
        tokio::task::block_in_place(|| database.run(kill));
    }
    let (done, failed) = lane.await.unwrap();
    assert!(done[0] > 0);
    assert_whole(&tenant, &done, failed).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_a_free_connection_fails_and_goes_on() {
    let database = Database::create();
    let options = Options {
        connections: 1,
        acquire_ms: 100,
        statement_ms: 600,
        ..Options::default()
    };
    let store = open(&database, options).await;
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    // Somebody sits on the customer's row, so that the one connection waits for it.
    let url = database.url().to_owned();
    let sitter = tokio::task::spawn_blocking(move || {
        let hold = "BEGIN; SELECT FROM agenda FOR UPDATE; SELECT pg_sleep(1.2); COMMIT";
        regua_test_kit::postgres::run(&url, hold)
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (twin, late) = (Arc::clone(&tenant), noted(&before, "waits"));
    let waiting = tokio::spawn(async move { twin.commit(vec![late]).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let refused = tenant.row().await.unwrap_err();
    assert!(matches!(refused, StoreError::Backend { .. }), "{refused:?}");
    // The server gives the statement up: nothing is written.
    let gave_up = waiting.await.unwrap().unwrap_err();
    assert!(matches!(gave_up, StoreError::Backend { .. }), "{gave_up:?}");
    sitter.await.unwrap();
    assert_eq!(load(&tenant, before.customer.id).await.unwrap(), before);
    let again = tenant
        .commit(vec![noted(&before, "goes on")])
        .await
        .unwrap();
    assert_eq!(again, [Outcome::Done]);
    store.close().await;
}

#[tokio::test]
async fn nodes_that_start_together_make_one_schema() {
    for _ in 0..4 {
        let database = Database::create();
        let nodes: Vec<_> = (0..6)
            .map(|_| {
                let url = database.url().to_owned();
                tokio::spawn(async move { PostgresStore::connect(&url, Options::default()).await })
            })
            .collect();
        for node in nodes {
            let store = node.await.unwrap().unwrap();
            assert!(store.tenants().await.unwrap().is_empty());
            store.close().await;
        }
    }
}

#[tokio::test]
async fn what_is_append_only_cannot_be_changed() {
    let database = Database::create();
    let store = open(&database, Options::default()).await;
    let tenant = sample::tenant(&store, 1).await;
    tenant.commit(vec![created(1, NOW)]).await.unwrap();
    let change = "DO $$ BEGIN UPDATE timeline SET at = 0;
        EXCEPTION WHEN raise_exception THEN RETURN; END $$;
        SELECT count(*) FROM timeline WHERE at <> 0";
    assert_eq!(database.run(change).trim(), "1");
    store.close().await;
}
