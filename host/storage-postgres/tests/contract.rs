//! What every store promises, and what one for several nodes does, over `PostgreSQL`.

use std::sync::Arc;

use regua_storage::{Outcome, Store};
use regua_storage_postgres::{Options, PostgresStore};
use regua_storage_suite::Fixture;
use regua_storage_suite::sample::{self, NOW, created};
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

/// `PostgreSQL` cannot keep such a text, which JSON can bring: one commit's matter alone.
#[tokio::test]
async fn a_text_with_a_zero_byte_is_refused_and_the_rest_of_the_batch_is_written() {
    let place = Own::make();
    let store = place.open().await;
    let tenant = sample::tenant(&store, 1).await;
    let mut commits: Vec<_> = (0..5).map(|number| created(number, NOW)).collect();
    if let Some(customer) = &mut commits[3].changes.customer {
        "zero \0 byte".clone_into(&mut customer.name);
    }
    let outcomes = tenant.commit(commits).await.unwrap();
    let because = "a rule of `customer` is broken: a text has a zero byte".to_owned();
    let refused = Outcome::Refused { because };
    let done = || Outcome::Done;
    assert_eq!(outcomes, [done(), done(), done(), refused, done()]);
    assert_eq!(tenant.find(&["C-3".to_owned()]).await.unwrap(), [None]);
    store.close().await;
}

regua_storage_suite::contract!(Own);
regua_storage_suite::nodes!(Own);
