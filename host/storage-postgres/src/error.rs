//! Database errors in the store's words.

use regua_storage::StoreError;

/// A database error met while something was done.
pub(crate) fn backend(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |source| StoreError::Backend {
        doing,
        source: Box::new(source),
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}

/// Whether a rule of the schema was broken, rather than the database: by a value of a row.
pub(crate) fn is_rule(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| {
        // Integrity constraints; values that no column of the kind can hold, such as a text
        // with a zero byte; a key twice in one statement; a key too long for its index.
        code.starts_with("23") || code.starts_with("22") || code == "21000" || code == "54000"
    })
}

/// Whether a unique key is taken.
pub(crate) fn is_taken(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code == "23505")
}

/// Whether the database gave a transaction up for another one's sake: nothing of it is
/// written, and trying again helps.
pub(crate) fn is_conflict(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code == "40001" || code == "40P01")
}

/// The database error behind a store's error.
pub(crate) fn cause(error: &StoreError) -> Option<&sqlx::Error> {
    match error {
        StoreError::Backend { source, .. } => source.downcast_ref(),
        _ => None,
    }
}
