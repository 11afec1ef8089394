//! How a store is opened.

use std::path::Path;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

/// How a store is opened. The defaults fit a host with a million customers in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether a missing file is made.
    pub create: bool,
    /// Connections that read.
    pub readers: u32,
    /// Page cache of the writing connection, KiB.
    pub writer_cache_kib: u32,
    /// Page cache of each reading connection, KiB.
    pub reader_cache_kib: u32,
    /// The write-ahead log is carried into the file each time so many commits were written.
    pub checkpoint_commits: usize,
    /// What the write-ahead log is cut back to when it starts anew, bytes.
    pub wal_bytes_max: u64,
    /// How long to wait for another process that holds the file, milliseconds.
    pub busy_ms: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            create: true,
            readers: 3,
            writer_cache_kib: 64 * 1024,
            reader_cache_kib: 16 * 1024,
            checkpoint_commits: 16_384,
            wal_bytes_max: 256 * 1024 * 1024,
            busy_ms: 5_000,
        }
    }
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened as a database.
    #[error("the database `{path}` cannot be opened")]
    Connect {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The file is no store.
    #[error("`{path}` is not a store")]
    NotAStore {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The file has other names.
    #[error("`{path}` has {count} names (hard links), and a store has one")]
    Names {
        /// The file.
        path: String,
        /// How many.
        count: u64,
    },
    /// The file could not be made.
    #[error("the database `{path}` cannot be created")]
    Create {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store could not be copied.
    #[error("the store cannot be copied to `{path}`")]
    Copy {
        /// The new file.
        path: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The schema could not be brought up to date.
    #[error("the schema of `{path}` cannot be brought up to date")]
    Migrate {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
}

impl Options {
    /// Makes the file where it is missing, for its owner alone: names, addresses and tax
    /// numbers stand in it. `SQLite` would ask for what the umask leaves, and gives the
    /// files beside it (`-wal`, `-shm`) the mode that this one has.
    pub(crate) fn make(&self, path: &Path) -> Result<(), OpenError> {
        // Where there is a file it is not opened: that would drop the locks which another
        // connection of this process may have on it.
        if !self.create || path.exists() {
            return Ok(());
        }
        let mut file = std::fs::OpenOptions::new();
        file.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
        file.open(path)
            .map(drop)
            .map_err(|source| OpenError::Create {
                path: path.display().to_string(),
                source,
            })
    }

    /// `SQLite` keeps its log beside a file's name: two processes that know it by two names have
    /// a log each, and ruin it.
    pub(crate) fn has_one_name(path: &Path) -> Result<(), OpenError> {
        #[cfg(unix)]
        if let Ok(file) = std::fs::metadata(path) {
            let count = std::os::unix::fs::MetadataExt::nlink(&file);
            if count > 1 {
                let path = path.display().to_string();
                return Err(OpenError::Names { path, count });
            }
        }
        Ok(())
    }

    pub(crate) fn connect(&self, path: &Path, cache_kib: u32) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(self.create)
            .page_size(4_096)
            .journal_mode(SqliteJournalMode::Wal)
            // Group commit makes FULL as fast as NORMAL: what is Done survives the loss of power.
            .synchronous(SqliteSynchronous::Full)
            // No row is written but under the guard of its customer's agenda row.
            .foreign_keys(false)
            .busy_timeout(Duration::from_millis(self.busy_ms))
            .pragma("cache_size", format!("-{cache_kib}"))
            .pragma("temp_store", "memory")
            // Checkpoints run beside the writer, on their own connection.
            .pragma("wal_autocheckpoint", "0")
            .pragma("journal_size_limit", self.wal_bytes_max.to_string())
            .statement_cache_capacity(256)
            .row_buffer_size(1_024)
            .disable_statement_logging()
    }
}
