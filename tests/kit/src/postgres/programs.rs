//! Where `PostgreSQL` is installed, and as whom it may run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The programs of one installation.
#[derive(Debug)]
pub(super) struct Programs {
    folder: PathBuf,
}

/// Somebody else to run the server as: it refuses to be root.
#[derive(Debug, Clone, Copy)]
pub(super) struct User {
    pub uid: u32,
    pub gid: u32,
}

impl Programs {
    /// The newest ones. A test that needs them fails where there are none: a suite that
    /// passes over what it cannot run says nothing.
    pub(super) fn find() -> &'static Self {
        static FOUND: OnceLock<Option<Programs>> = OnceLock::new();
        let found = FOUND.get_or_init(|| {
            let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
                .into_iter()
                .flatten()
                .filter_map(|entry| {
                    let entry = entry.ok()?;
                    let version = entry.file_name().to_str()?.parse().ok()?;
                    Some((version, entry.path().join("bin")))
                })
                .collect();
            debian.sort();
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders = debian.into_iter().rev().map(|(_, folder)| folder);
            let folder = folders
                .chain(std::env::split_paths(&path))
                .find(|folder| is_whole(folder))?;
            Some(Self { folder })
        });
        found.as_ref().unwrap_or_else(|| {
            panic!(
                "PostgreSQL is not installed: `cargo xtask setup` installs it, or have the \
                 programs initdb, postgres and psql on the PATH"
            )
        })
    }

    /// One of them, run as whoever runs the tests.
    pub(super) fn command(&self, name: &str) -> Command {
        Command::new(self.folder.join(name))
    }

    /// One of them, run as somebody who is not root.
    pub(super) fn command_as(&self, user: Option<User>, name: &str) -> Command {
        let Some(User { uid, gid }) = user else {
            return self.command(name);
        };
        let mut command = Command::new("setpriv");
        command
            .args([format!("--reuid={uid}"), format!("--regid={gid}")])
            .args(["--clear-groups", "--"])
            .arg(self.folder.join(name));
        command
    }
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "postgres", "psql"]
        .iter()
        .all(|name| folder.join(name).is_file())
}

/// Whom to run the server as, where we are root.
pub(super) fn user() -> Option<User> {
    let id = |arguments: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        text.trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let user = ["postgres", "nobody"].into_iter().find_map(|name| {
        Some(User {
            uid: id(&["-u", name])?,
            gid: id(&["-g", name])?,
        })
    });
    Some(user.expect("there is a user `postgres` or `nobody`: the server refuses to be root"))
}
