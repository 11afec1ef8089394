//! What every store promises, and what one for several nodes does, over `PostgreSQL`.

use std::sync::Arc;

use regua_storage::Store;
use regua_storage_postgres::{Options, PostgresStore};
use regua_storage_suite::Fixture;
use regua_test_kit::postgres::Database;

/// A database of its own.
struct Own(Database);

impl Fixture for Own {
    fn make() -> Self {
        Self(Database::create())
    }

    async fn open(&self) -> Arc<dyn Store> {
        let store = PostgresStore::connect(self.0.url(), Options::default());
        Arc::new(store.await.unwrap())
    }
}

regua_storage_suite::contract!(Own);
regua_storage_suite::nodes!(Own);
