//! Queries over a list of values. `$1` is the tenant, once for each of them, `$2` the list; of
//! pairs `$2` and `$3`.
//!
//! The whole key is in the list, the tenant too, and the list is joined. Were the tenant a value
//! by itself, the server could find a tenant's rows by it and look through them for the rest, and
//! does so over a table that it has no statistics of.

use regua_domain::id::{CustomerId, TenantId};
use regua_domain::time::Timestamp;
use regua_storage::StoreError;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::error::backend;

/// What a query's list is made of.
#[derive(Clone, Copy)]
pub(crate) enum List<'a> {
    /// Ids.
    Ids(&'a [Uuid]),
    /// References.
    Names(&'a [&'a str]),
    /// Ids of things, each of a customer.
    Pairs(&'a [CustomerId], &'a [Uuid]),
}

/// A list of references as it is asked for: no text in the database holds a zero byte, and it
/// refuses to be asked for one.
pub(crate) fn names<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    all.filter(|name| !name.contains('\0')).collect()
}

/// The rows of a query; `more` are its values behind the list.
pub(crate) async fn fetch(
    connection: &mut PgConnection,
    doing: &'static str,
    tenant: TenantId,
    sql: &'static str,
    list: List<'_>,
    more: &[Timestamp],
) -> Result<Vec<PgRow>, StoreError> {
    let count = match list {
        List::Ids(ids) | List::Pairs(_, ids) => ids.len(),
        List::Names(names) => names.len(),
    };
    let query = sqlx::query(sql).bind(vec![tenant.0; count]);
    let mut query = match list {
        List::Ids(ids) => query.bind(ids),
        List::Names(names) => query.bind(names),
        List::Pairs(customers, ids) => {
            let customers: Vec<Uuid> = customers.iter().map(|customer| customer.0).collect();
            query.bind(customers).bind(ids)
        }
    };
    for at in more {
        query = query.bind(at.0);
    }
    query.fetch_all(connection).await.map_err(backend(doing))
}
