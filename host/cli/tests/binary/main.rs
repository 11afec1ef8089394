//! The binary as a person has it: real files, real plugins, and what is printed.

mod answers;
mod author;
mod decisions;
mod demo;
mod faults;
mod files;
mod fixtures;
mod limits;
mod policies;
mod scenarios;
mod serve;
mod server;
mod session;
mod signing;
mod terminal;
mod tour;

use std::path::{Path, PathBuf};
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
        let create = [
            "tenant",
            "create",
            "acme",
            "--charges-on-paid-principal",
            "keep",
            "--link-base",
            "https://pay.acme.example",
        ];
        let sandbox = [
            "--display-name",
            "Acme",
            "--sandbox",
            "--clock",
            "2012-01-01",
        ];
        self.done(&[create.as_slice(), &sandbox].concat());
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

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A plugin that `cargo xtask` built.
fn plugin(name: &str) -> String {
    let folder = std::env::var("REGUA_PLUGINS_DIR").expect(
        "this test needs built plugins: run `cargo xtask test`, or set REGUA_PLUGINS_DIR to the folder of *.wasm",
    );
    let file = Path::new(&folder).join(name).with_extension("wasm");
    assert!(
        file.is_file(),
        "{} is not there: run `cargo xtask plugins`",
        file.display()
    );
    file.display().to_string()
}

const WORKFLOW: &str = r#"name: standard
send_window: "0 * 9-16 * * MON-FRI"
calendar: US
tolerance: { USD: "1.00" }
late_entry: by_age
stages:
  - id: first-day-late
    plugin: first-day-late-email@1
    at: { days_overdue: 1 }
    config: { template: first-day-late }
    on: { sent: { end: closed }, unreachable: { end: closed } }
    on_failure: { hold: 7d, task: "Look at this case" }
"#;

const MAPPING: &str = include_str!("../../examples/receivables-history.mapping.yaml");
const LEDGER: &str = "\
countrycode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate
770,A-1,x,1,03/01/2012,02/02/2012,50.39,No,23/02/2012,Electronic,20,0
391,B-2,x,2,03/01/2012,02/02/2012,55.37,Yes,16/02/2012,Paper,44,14
391,B-2,x,3,03/01/2012,02/02/2012,55.377,No,16/02/2012,Paper,44,14
";
