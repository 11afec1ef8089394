//! How a store is opened.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

/// How a store is opened. The defaults fit a node of two to eight cores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Connections of this node, at most. The server's `max_connections` must hold those of
    /// all nodes.
    pub connections: u32,
    /// How long to wait for a connection, milliseconds; then the store has failed.
    pub acquire_ms: u64,
    /// How long a statement may take, milliseconds; the server gives it up then.
    pub statement_ms: u64,
    /// How long the server waits for the next statement of a transaction, milliseconds: a node
    /// that hangs keeps no rows from the others for longer than this.
    pub idle_in_transaction_ms: u64,
    /// What the server calls this node in its lists.
    pub application_name: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: 8,
            acquire_ms: 5_000,
            statement_ms: 30_000,
            idle_in_transaction_ms: 10_000,
            application_name: "regua".to_owned(),
        }
    }
}

/// For so long a connection that was used is taken for alive.
const FRESH: Duration = Duration::from_secs(1);

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is none of a `PostgreSQL` database. It is not repeated: a password may be in it.
    #[error("the database URL cannot be read")]
    Url(#[source] sqlx::Error),
    /// The server cannot be reached, or does not let the host in.
    #[error("no connection to the database")]
    Connect(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the schema cannot be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
}

impl Options {
    /// What a connection is set to when it is made.
    fn settings(&self) -> String {
        format!(
            "SET client_min_messages = warning;
            SET default_transaction_isolation = 'read committed';
            SET statement_timeout = {};
            SET idle_in_transaction_session_timeout = {};
            -- What is done survives the loss of power, whatever the server's default.
            SELECT set_config('synchronous_commit', 'on', false)
                WHERE current_setting('synchronous_commit') = 'off';
            -- Every statement finds its rows by a key, from a list that it is given: a join
            -- by loops over an index. Anything else is chosen only over a table that is small
            -- or has no statistics yet, and a plan that is kept stays with it when the table
            -- has grown. So none is kept; to plan costs little beside a batch.
            SET plan_cache_mode = force_custom_plan;
            SET enable_seqscan = off;
            SET enable_hashjoin = off;
            SET enable_mergejoin = off;
            SET enable_material = off;
            -- Plain index scans mark what is dead in an index, and a queue leaves much of it.
            SET enable_bitmapscan = off;
            SET jit = off;",
            self.statement_ms, self.idle_in_transaction_ms
        )
    }

    /// How a database is connected to.
    pub(crate) fn connect(&self, url: &str) -> Result<PgConnectOptions, OpenError> {
        let connect: PgConnectOptions = url.parse().map_err(OpenError::Url)?;
        Ok(connect
            .application_name(&self.application_name)
            .statement_cache_capacity(256)
            .disable_statement_logging())
    }

    /// Connections to a database, made when they are needed.
    pub(crate) fn pool(&self, connect: PgConnectOptions) -> PgPool {
        let settings = self.settings();
        PgPoolOptions::new()
            .max_connections(self.connections)
            .acquire_timeout(Duration::from_millis(self.acquire_ms))
            // A connection that died while it was idle, as all do when the server is started
            // anew, is replaced before anybody relies on it. One that was used a moment ago is
            // taken for alive: to ask would double what a short read costs.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                let is_fresh = meta.idle_for < FRESH;
                Box::pin(async move {
                    if !is_fresh {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |connection, _| {
                let settings = sqlx::AssertSqlSafe(settings.clone());
                Box::pin(async move { connection.execute(settings).await.map(drop) })
            })
            .connect_lazy_with(connect)
    }
}
