//! Trying again what the database gave up for another transaction's sake.

use std::time::Duration;

use crate::error::is_conflict;

/// How often a transaction is tried.
const TRIES: u32 = 8;
/// The pause before the second try, milliseconds; twice as long before each further one.
const PAUSE_MS: u64 = 2;

/// Counts the tries of one transaction.
#[derive(Debug, Default)]
pub(crate) struct Tries(u32);

impl Tries {
    /// Whether it is to be tried again after this; waits a little if so. A connection that was
    /// lost is no reason: what became of the transaction may be unknown.
    pub(crate) async fn again(&mut self, error: &sqlx::Error) -> bool {
        if !is_conflict(error) || self.0 + 1 >= TRIES {
            return false;
        }
        tracing::debug!(%error, tries = self.0 + 1, "given up for another transaction");
        tokio::time::sleep(Duration::from_millis(PAUSE_MS << self.0)).await;
        self.0 += 1;
        true
    }
}
