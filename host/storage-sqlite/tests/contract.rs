//! What every store promises, over `SQLite`.

use std::sync::Arc;

use regua_storage::{Outcome, Store};
use regua_storage_sqlite::{Options, SqliteStore};
use regua_storage_suite::{Fixture, sample};
use tempfile::TempDir;

/// A file in a folder of its own.
struct File(TempDir);

impl Fixture for File {
    fn make() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    async fn open(&self) -> Arc<dyn Store> {
        open(&self.0).await
    }
}

async fn open(folder: &TempDir) -> Arc<dyn Store> {
    let path = folder.path().join("regua.db");
    Arc::new(SqliteStore::open(path, Options::default()).await.unwrap())
}

regua_storage_suite::contract!(File);

#[test]
fn a_host_that_is_killed_loses_nothing_that_was_done() {
    let folder = tempfile::tempdir().unwrap();
    // The runtime goes down with everything in it: nothing is closed.
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let dying = runtime();
    let done: u64 = dying.block_on(async {
        let store = open(&folder).await;
        let tenant = sample::tenant(&store, 1).await;
        for number in 0..40 {
            let commits = vec![sample::created(number, sample::NOW)];
            assert_eq!(tenant.commit(commits).await.unwrap(), [Outcome::Done]);
        }
        let more = (40..500)
            .map(|number| sample::created(number, sample::NOW))
            .collect();
        tokio::spawn(async move { tenant.commit(more).await });
        40
    });
    dying.shutdown_background();
    runtime().block_on(async {
        let store = open(&folder).await;
        let tenant = store.tenant(regua_domain::id::TenantId(sample::uuid(1)));
        let all: Vec<String> = (0..500).map(|number| format!("C-{number}")).collect();
        let found = tenant.find(&all).await.unwrap();
        let there = found.iter().filter(|id| id.is_some()).count() as u64;
        assert!(
            there == done || there == 500,
            "{there}: a batch is written whole or not at all"
        );
        assert!(found[..40].iter().all(Option::is_some));
        store.close().await;
    });
}
