//! Queries over a list of values, padded to a few fixed sizes, so that every statement is
//! prepared once a connection.

use regua_storage::StoreError;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, SqliteConnection};

use crate::error::backend;
use crate::rows::Value;

/// Lengths of a list.
const SIZES: [usize; 5] = [1, 8, 32, 128, 512];

/// What a query's list is made of.
#[derive(Clone, Copy)]
pub(crate) enum List<'a> {
    /// All customers wanted.
    Customers,
    /// These values.
    These(&'a [Value]),
}

/// The rows of `head (values…)`; `before` are the values of `head`.
pub(crate) async fn fetch(
    connection: &mut SqliteConnection,
    head: &'static str,
    before: &[Value],
    values: &[Value],
) -> Result<Vec<SqliteRow>, StoreError> {
    let failed = backend("load dossiers");
    let mut all = Vec::new();
    for chunk in values.chunks(SIZES[SIZES.len() - 1]) {
        let size = SIZES
            .into_iter()
            .find(|size| *size >= chunk.len())
            .unwrap_or(chunk.len());
        let mut arguments = SqliteArguments::default();
        arguments.reserve(before.len() + size, 0);
        // A list's unused places repeat its last value.
        let padding = chunk.last().into_iter().cycle().take(size - chunk.len());
        for value in before.iter().chain(chunk).chain(padding) {
            value.bind(&mut arguments).map_err(&failed)?;
        }
        let rows = sqlx::query_with(AssertSqlSafe(sql(head, size)), arguments)
            .fetch_all(&mut *connection)
            .await
            .map_err(&failed)?;
        if all.is_empty() {
            all = rows;
        } else {
            all.extend(rows);
        }
    }
    Ok(all)
}

/// The statement for a list of so many values.
pub(crate) fn sql(head: &str, size: usize) -> String {
    format!("{head} ({})", vec!["?"; size].join(","))
}
