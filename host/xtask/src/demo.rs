use std::process::ExitCode;

use anyhow::Result;

use crate::{command, step, workspace::Workspace};

const PACKAGE: [&str; 3] = ["--release", "--package", "regua-cli"];

/// Builds the host, then runs `regua demo` with the arguments given.
pub fn demo(workspace: &Workspace, args: &[String]) -> Result<ExitCode> {
    step::step("build regua", || {
        let mut build = workspace.cargo();
        command::run(
            build.arg("build").args(PACKAGE),
            "the host does not compile: the compiler says above why",
        )
    })?;
    let mut run = workspace.cargo();
    run.args(["run", "--quiet"]).args(PACKAGE);
    run.args(["--", "demo"]).args(args);
    Ok(command::exit_code(command::status(&mut run)?))
}
