//! Measures a wave of due customers without any stage: claim, load, commit.
//!
//! `cargo run --release -p regua-storage-postgres --example wave_postgres -- [customers] [batch] [workers]`
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::sync::Arc;

use regua_storage::Store;
use regua_storage_postgres::{Options, PostgresStore};
use regua_storage_suite::wave;
use regua_test_kit::postgres::{Database, Server, Sync};

/// Where the server's time goes, statement by statement.
const STATEMENTS: &str = "SELECT round(total_exec_time::numeric), calls, rows,
        left(regexp_replace(query, '\\s+', ' ', 'g'), 60)
    FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 24";

#[tokio::main]
async fn main() {
    let settings = [
        "shared_preload_libraries=pg_stat_statements",
        "shared_buffers=512MB",
        "max_wal_size=4GB",
    ];
    let server = Arc::new(Server::start(Sync::On, &settings));
    let database = Database::create_on(&server);
    database.run("CREATE EXTENSION pg_stat_statements");
    let store = PostgresStore::connect(database.url(), Options::default());
    let store: Arc<dyn Store> = Arc::new(store.await.unwrap());
    wave::measure(&store).await;
    store.close().await;
    println!("{}", database.run(STATEMENTS));
}
