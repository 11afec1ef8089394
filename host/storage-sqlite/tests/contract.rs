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

#[tokio::test]
async fn a_copy_is_made_while_the_store_is_worked_with_and_is_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (
        folder.path().join("here.db"),
        folder.path().join("there.db"),
    );
    let store = SqliteStore::open(&here, Options::default()).await.unwrap();
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    let tenant = sample::tenant(&shared, 1).await;
    sample::with_customers(&tenant, &[1, 2]).await;
    store.back_up(&there).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&there).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let copy: Arc<dyn Store> =
        Arc::new(SqliteStore::open(&there, Options::default()).await.unwrap());
    assert_eq!(
        copy.tenants().await.unwrap(),
        shared.tenants().await.unwrap()
    );
    let found = copy
        .tenant(tenant.id())
        .find(&["C-2".to_owned()])
        .await
        .unwrap();
    assert!(found[0].is_some());
    shared.close().await;
    copy.close().await;
}
