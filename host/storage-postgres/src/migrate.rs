//! Bringing the schema up to date, on whichever node starts first.

use std::time::Duration;

use sqlx::PgConnection;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

/// How often it is tried, and the pause before another try, milliseconds.
const TRIES: u32 = 40;
const PAUSE_MS: u64 = 50;

/// Runs the migrations that are missing.
///
/// No advisory lock is taken, for not every database that speaks the protocol has them, and
/// poolers take them apart. Nodes that start together run into each other instead: a migration
/// and the row that says it was made are one transaction, so that of two nodes the second one
/// fails, on what the first has made or on that row's key, with nothing of its own left. Then
/// it looks again, and finds the migration made.
pub(crate) async fn run(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let mut migrator = sqlx::migrate!("../../migrations/postgres");
    migrator.set_locking(false);
    let mut tries = 1;
    loop {
        match migrator.run_direct(None, &mut *connection, false).await {
            Err(error) if tries < TRIES && is_collision(&error) => {
                tracing::debug!(%error, "another node brings the schema up to date");
                tries += 1;
                tokio::time::sleep(Duration::from_millis(PAUSE_MS)).await;
            }
            result => return result,
        }
    }
}

/// Whether a migration failed as one does that another node is making.
fn is_collision(error: &MigrateError) -> bool {
    let (MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) = error else {
        return false;
    };
    let code = source.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| {
        matches!(
            &*code,
            // A key, table, column, object, function or schema that is there by now; a row of
            // the catalogue that both wrote; a deadlock.
            "23505" | "42P07" | "42701" | "42710" | "42723" | "42P06" | "XX000" | "40001" | "40P01"
        )
    })
}
