//! Both stores, driven alike, answer alike and hold the same.

use std::sync::Arc;

use regua_storage::Store;
use regua_storage_postgres::{Options, PostgresStore};
use regua_storage_sqlite::SqliteStore;
use regua_storage_suite::differential::agree;
use regua_test_kit::postgres::Database;

/// Says which seeds to run instead: `17` or `17,18`.
const SEEDS: &str = "REGUA_TEST_SEEDS";
const STEPS: u32 = 120;

#[tokio::test]
async fn both_stores_agree_on_everything_that_is_done_to_them() {
    let seeds: Vec<u64> = match std::env::var(SEEDS) {
        Ok(seeds) => seeds
            .split(',')
            .map(|seed| seed.parse().expect("a seed"))
            .collect(),
        Err(_) => (1..=4).collect(),
    };
    for seed in seeds {
        println!("seed {seed}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("regua.db");
        let file = SqliteStore::open(file, regua_storage_sqlite::Options::default())
            .await
            .unwrap();
        let database = Database::create();
        let postgres = PostgresStore::connect(database.url(), Options::default());
        let stores: [Arc<dyn Store>; 2] = [Arc::new(file), Arc::new(postgres.await.unwrap())];
        let [one, two] = stores.clone();
        agree(one, two, seed, STEPS).await;
        for store in stores {
            store.close().await;
        }
    }
}
