//! Checkpoints beside the writer: a task with its own connection carries the write-ahead
//! log into the file while commits go on; the writer itself only does the small rest, so
//! that the log starts anew and keeps its size.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{Connection as _, Row as _, SqliteConnection};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Counts what was written and has it checkpointed.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    wake: mpsc::Sender<()>,
    task: JoinHandle<()>,
    /// The task carried over all but what was written meanwhile.
    nearly: Arc<AtomicBool>,
    every: usize,
    since: usize,
}

impl Checkpointer {
    /// Starts the task; it is woken every so many commits.
    pub(crate) fn start(connection: SqliteConnection, every: usize) -> Self {
        let (wake, woken) = mpsc::channel(1);
        let nearly = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(run(connection, woken, Arc::clone(&nearly)));
        Self {
            wake,
            task,
            nearly,
            every,
            since: 0,
        }
    }

    /// The writer, between two transactions, says how many commits it wrote.
    pub(crate) async fn wrote(&mut self, connection: &mut SqliteConnection, commits: usize) {
        self.since += commits.max(1);
        if self.nearly.swap(false, Ordering::Relaxed) {
            checkpoint(connection).await;
        }
        if self.since >= self.every {
            self.since = 0;
            // Full: it is at work already.
            let _ = self.wake.try_send(());
        }
    }

    /// Ends the task.
    pub(crate) async fn stop(self) {
        drop(self.wake);
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "the checkpoint task failed");
        }
    }
}

async fn run(
    mut connection: SqliteConnection,
    mut woken: mpsc::Receiver<()>,
    nearly: Arc<AtomicBool>,
) {
    while woken.recv().await.is_some() {
        checkpoint(&mut connection).await;
        nearly.store(true, Ordering::Relaxed);
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the checkpoint connection did not close cleanly");
    }
}

async fn checkpoint(connection: &mut SqliteConnection) {
    let result = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
        .fetch_one(connection)
        .await;
    match result {
        Ok(row) => {
            let frames: i64 = row.try_get(1).unwrap_or(-1);
            let carried: i64 = row.try_get(2).unwrap_or(-1);
            tracing::debug!(frames, carried, "checkpoint");
        }
        // The log only grows until the next one.
        Err(error) => tracing::warn!(%error, "checkpoint failed"),
    }
}
