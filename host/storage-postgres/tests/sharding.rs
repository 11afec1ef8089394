//! The schema can be spread over servers by tenant: whatever a table or an index tells apart, it
//! tells apart within a tenant, and nothing is counted by the server.

use regua_storage::Store as _;
use regua_storage_postgres::{Options, PostgresStore};
use regua_test_kit::postgres::Database;

/// The one name that is unique over all tenants: the table is small, and a copy of it is on
/// each server.
const OF_ALL: &str = "tenant_name";

async fn with_schema() -> Database {
    let database = Database::create();
    let store = PostgresStore::connect(database.url(), Options::default()).await;
    store.unwrap().close().await;
    database
}

#[tokio::test]
async fn every_key_and_every_index_begins_with_the_tenant() {
    let database = with_schema().await;
    let first_columns = "SELECT i.relname, a.attname FROM pg_index x
        JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_class t ON t.oid = x.indrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE n.nspname = 'public' AND t.relname <> '_sqlx_migrations'";
    let rows = database.run(first_columns);
    let indexes: Vec<(&str, &str)> = rows.lines().filter_map(|row| row.split_once('|')).collect();
    assert!(indexes.len() > 20, "{rows}");
    let others = indexes
        .iter()
        .filter(|(name, first)| *first != "tenant" && *name != OF_ALL);
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
}

#[tokio::test]
async fn every_table_has_a_key() {
    let database = with_schema().await;
    let without = "SELECT relname FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'public' AND t.relkind IN ('r', 'p') AND NOT EXISTS
            (SELECT FROM pg_index x WHERE x.indrelid = t.oid AND x.indisprimary)";
    assert_eq!(database.run(without), "");
}

#[tokio::test]
async fn nothing_is_counted_by_the_server_and_no_row_points_into_another_table() {
    let database = with_schema().await;
    let sequences = "SELECT relname FROM pg_class WHERE relkind = 'S'";
    assert_eq!(database.run(sequences), "");
    let foreign = "SELECT conname FROM pg_constraint WHERE contype = 'f'";
    assert_eq!(database.run(foreign), "");
}
