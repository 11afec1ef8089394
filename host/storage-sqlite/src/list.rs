//! Queries over a list of values, padded to a few fixed sizes, so that every statement is
//! prepared once a connection.

use regua_storage::StoreError;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, SqliteConnection};

use crate::error::backend;
use crate::rows::Value;

/// Lengths of a list.
const SIZES: [usize; 5] = [1, 8, 32, 128, 512];

/// A list, cut into those that one statement takes.
pub(crate) fn chunks(values: &[Value]) -> impl Iterator<Item = &[Value]> {
    values.chunks(SIZES[SIZES.len() - 1])
}

/// The places that a statement has for a chunk.
pub(crate) fn size(chunk: &[Value]) -> usize {
    let fits = SIZES.into_iter().find(|size| *size >= chunk.len());
    fits.unwrap_or(chunk.len())
}

/// A chunk's values for all places: unused ones repeat the last.
pub(crate) fn padded(chunk: &[Value]) -> impl Iterator<Item = &Value> {
    let padding = chunk.last().into_iter().cycle();
    chunk.iter().chain(padding).take(size(chunk))
}

/// The rows of `head (values…)`; `before` are the values of `head`.
pub(crate) async fn fetch(
    connection: &mut SqliteConnection,
    doing: &'static str,
    head: &'static str,
    before: &[Value],
    values: &[Value],
) -> Result<Vec<SqliteRow>, StoreError> {
    let mut all = Vec::new();
    for chunk in chunks(values) {
        let values: Vec<_> = before.iter().chain(padded(chunk)).cloned().collect();
        let rows = run(connection, doing, sql(head, size(chunk)), &values).await?;
        if all.is_empty() {
            all = rows;
        } else {
            all.extend(rows);
        }
    }
    Ok(all)
}

/// The rows of a statement.
pub(crate) async fn run(
    connection: &mut SqliteConnection,
    doing: &'static str,
    sql: String,
    values: &[Value],
) -> Result<Vec<SqliteRow>, StoreError> {
    let failed = backend(doing);
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        value.bind(&mut arguments).map_err(&failed)?;
    }
    let rows = sqlx::query_with(AssertSqlSafe(sql), arguments).fetch_all(connection);
    rows.await.map_err(failed)
}

/// The statement for a list of so many values.
pub(crate) fn sql(head: &str, size: usize) -> String {
    format!("{head} ({})", vec!["?"; size].join(","))
}
