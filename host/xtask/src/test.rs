mod summary;

use std::{
    io::{BufRead, BufReader, Write},
    process::{ExitCode, Stdio},
};

use anyhow::{Context, Result};

use self::summary::Summary;
use crate::{command, step, workspace::Workspace};

/// Compiles and runs the suites. The last line printed is the sum over all of them.
pub fn test(workspace: &Workspace, args: &[String]) -> Result<ExitCode> {
    let mut cargo = workspace.cargo();
    // One run tells of every suite that fails.
    cargo.args(["test", "--no-fail-fast"]);
    if !selects_packages(args) {
        cargo.arg("--workspace");
    }
    cargo.args(args).stdout(Stdio::piped());
    step::announce(&command::shown(&cargo));
    let mut child = cargo.spawn().context("cargo did not start")?;
    let mut summary = Summary::start();
    let output = child.stdout.take().context("cargo has no output")?;
    let mut screen = std::io::stdout();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        summary.add(&String::from_utf8_lossy(&line));
        screen.write_all(&line)?;
        screen.write_all(b"\n")?;
        screen.flush()?;
    }
    let status = child.wait()?;
    if let Some(text) = summary.finish(status.success()) {
        println!("{text}");
    }
    Ok(command::exit_code(status))
}

/// `cargo test` ignores `-p` beside `--workspace`.
pub fn selects_packages(args: &[String]) -> bool {
    args.iter()
        .take_while(|arg| *arg != "--")
        .any(|arg| arg.starts_with("-p") || arg.starts_with("--package"))
}
