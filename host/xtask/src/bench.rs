use std::process::ExitCode;

use anyhow::Result;

use crate::{command, step, workspace::Workspace};

/// Runs the benchmarks named, or all.
pub fn bench(workspace: &Workspace, args: &[String]) -> Result<ExitCode> {
    let mut run = workspace.cargo();
    run.args(["run", "--release", "--package", "regua-tests"]);
    run.args(["--bin", "bench", "--"]).args(args);
    step::announce("bench");
    Ok(command::exit_code(command::status(&mut run)?))
}
