//! Database errors in the store's words.

use std::sync::Arc;

use regua_storage::StoreError;

/// One failure that several callers are told of.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub(crate) struct Shared(pub Arc<sqlx::Error>);

/// The store's task is gone: it was closed.
#[derive(Debug, thiserror::Error)]
#[error("the store is closed")]
pub(crate) struct Closed;

/// A database error met while something was done.
pub(crate) fn backend(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |source| StoreError::Backend {
        doing,
        source: Box::new(source),
    }
}

/// The same for everybody who waited.
pub(crate) fn shared(doing: &'static str, source: &Arc<sqlx::Error>) -> StoreError {
    StoreError::Backend {
        doing,
        source: Box::new(Shared(Arc::clone(source))),
    }
}

/// The store was closed before it could do it.
pub(crate) fn closed(doing: &'static str) -> StoreError {
    StoreError::Backend {
        doing,
        source: Box::new(Closed),
    }
}

/// Whether a rule of the schema was broken, rather than the database.
pub(crate) fn is_rule(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        // The low byte of SQLite's extended codes: SQLITE_CONSTRAINT.
        error
            .code()
            .and_then(|code| code.parse::<u32>().ok())
            .is_some_and(|code| code & 0xff == 19)
    })
}
