//! The binary among people who mean no good, and hands that slip: files, terminals, limits.

mod files;
mod limits;
mod terminal;

use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder of its own, in which `regua` is called.
struct Desk(tempfile::TempDir);

/// What a call came to.
struct Called {
    code: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regua"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("REGUA_")) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("XDG_CACHE_HOME", self.path("cache"));
        command
    }

    fn call(&self, arguments: &[&str]) -> Called {
        called(&mut self.command(arguments))
    }

    /// Calls what has to succeed.
    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let Called { code, out, err } = self.call(arguments);
        assert_eq!(code, 0, "{arguments:?}\n{out}{err}");
        out
    }

    fn sandbox(&self) {
        let create = "tenant create acme --charges-on-paid-principal keep --sandbox";
        let create: Vec<_> = create.split(' ').collect();
        self.done(&[create.as_slice(), &["--clock", "2012-01-01"]].concat());
    }

    /// Somebody who may be told of.
    fn customer(&self, reference: &str, zone: &str) {
        let put = "customer put --name Ana --kind consumer --locale en --jurisdiction BR-SP";
        let put: Vec<_> = put.split(' ').collect();
        let who = ["--reference", reference, "--time-zone", zone];
        self.done(&[put.as_slice(), &who].concat());
    }

    /// An invoice's arguments.
    fn invoice<'a>(customer: &'a str, reference: &'a str, amount: &'a str) -> Vec<&'a str> {
        let mut add = vec!["invoice", "add", "--customer", customer];
        add.extend(["--reference", reference, "--amount", amount]);
        add.extend(["--issued-on", "2012-01-01", "--due-on", "2012-02-01"]);
        add
    }
}

fn called(command: &mut Command) -> Called {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    Called {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}
