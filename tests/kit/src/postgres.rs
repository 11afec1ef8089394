//! `PostgreSQL` for tests: a database of its own for each.
//!
//! Where `REGUA_TEST_POSTGRES_URL` is set, databases are made on that server. Else a private
//! one is started from the installed programs, once a process, in a temporary folder that it
//! is reached in by a socket; it ends with the process, however that ends.

mod programs;
mod server;
mod sitters;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

pub use server::{Server, Sync};
pub use sitters::Sitters;

use programs::Programs;

/// Names a server to be used instead of a private one.
pub const URL: &str = "REGUA_TEST_POSTGRES_URL";

/// A database of a test's own; it is dropped with this.
#[derive(Debug)]
pub struct Database {
    url: String,
    name: String,
    host: Host,
}

#[derive(Debug, Clone)]
enum Host {
    /// By the URL of one of its databases.
    Named(String),
    Private(Arc<Server>),
}

impl Database {
    /// Makes one on the server that all tests of this process share.
    pub fn create() -> Self {
        static SHARED: OnceLock<Host> = OnceLock::new();
        let host = SHARED.get_or_init(|| match std::env::var(URL) {
            Ok(url) => Host::Named(url),
            Err(_) => Host::Private(Arc::new(Server::start(Sync::Off, &[]))),
        });
        Self::on(host.clone())
    }

    /// Makes one on a server of a test's own.
    pub fn create_on(server: &Arc<Server>) -> Self {
        Self::on(Host::Private(Arc::clone(server)))
    }

    /// Makes a copy of one that nobody is connected to.
    pub fn copy(server: &Arc<Server>, of: &Self) -> Self {
        // File by file: nothing of a large one goes through the write-ahead log.
        let options = format!("TEMPLATE {} STRATEGY FILE_COPY", of.name);
        Self::make(Host::Private(Arc::clone(server)), &options)
    }

    fn on(host: Host) -> Self {
        Self::make(host, "")
    }

    fn make(host: Host, options: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("regua_test_{}_{count}", std::process::id());
        let url = host.url(&name);
        let database = Self { url, name, host };
        database
            .host
            .run(&format!("CREATE DATABASE {} {options}", database.name));
        database
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements in it, and answers what they print: rows by line, columns by `|`.
    pub fn run(&self, sql: &str) -> String {
        run(&self.url, sql)
    }

    /// The same, or why it could not be.
    ///
    /// # Errors
    /// What the client said.
    pub fn try_run(&self, sql: &str) -> Result<String, String> {
        try_psql(&self.url, sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Host::Private(server) = &self.host
            && !server.is_up()
        {
            return;
        }
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A failing test tells more than what it leaves behind.
        let _ = try_psql(&self.host.url("postgres"), &drop);
    }
}

impl Host {
    fn url(&self, database: &str) -> String {
        match self {
            Self::Named(url) => {
                let (path, query) = url.split_once('?').unwrap_or((url, ""));
                let place = path.find("://").map_or(0, |scheme| scheme + 3);
                let server = match path[place..].find('/') {
                    Some(slash) => &path[..place + slash],
                    None => path,
                };
                format!("{server}/{database}?{query}")
            }
            Self::Private(server) => server.url(database),
        }
    }

    fn run(&self, sql: &str) {
        run(&self.url("postgres"), sql);
    }
}

/// Runs statements in a database, and answers what they print.
pub fn run(url: &str, sql: &str) -> String {
    match try_psql(url, sql) {
        Ok(text) => text,
        Err(why) => panic!("{sql}: {why}"),
    }
}

/// The client that comes with the server: nothing but the stores is to speak SQL by itself.
fn try_psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Programs::find()
        .command("psql")
        .args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            sql,
            url,
        ])
        .output()
        .map_err(|error| format!("psql does not start: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
