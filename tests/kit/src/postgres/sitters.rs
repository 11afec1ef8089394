//! Connections that somebody else has taken.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Database;
use super::programs::Programs;

/// What they call themselves.
const NAME: &str = "sitter";
/// Ends everybody's connections but those of sitters.
const TERMINATE: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND application_name <> 'sitter'
        AND pid <> pg_backend_pid();\n";
/// As many are sent at once.
const AT_ONCE: usize = 4;

/// Sessions that do nothing; they leave when this is dropped.
#[derive(Debug)]
pub struct Sitters(Vec<Child>);

impl Sitters {
    /// Takes every connection that the server has, and those of others away from them.
    pub fn take_all(database: &Database) -> Self {
        let mut sitters = Self(Vec::new());
        while database.try_run("SELECT 1").is_ok() {
            for _ in 0..AT_ONCE {
                sitters.0.push(sit(database.url()));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        sitters
    }
}

fn sit(url: &str) -> Child {
    let mut command: Command = Programs::find().command("psql");
    let mut child = command
        .args(["-X", "-q", url])
        .env("PGAPPNAME", NAME)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("psql starts");
    // An error: the server had no connection left for it.
    let _ = child
        .stdin
        .as_mut()
        .expect("its input")
        .write_all(TERMINATE.as_bytes());
    child
}

impl Drop for Sitters {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // At the end of its input it leaves.
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}
