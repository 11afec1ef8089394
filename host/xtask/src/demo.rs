use std::process::ExitCode;

use anyhow::Result;

use crate::{command, step, workspace::Workspace};

/// The whole workspace, so that features are unified as for the tests and the benchmark,
/// and one build serves them all.
const WORKSPACE: [&str; 2] = ["--release", "--workspace"];

/// Builds the host, then runs `regua demo` with the arguments given.
pub fn demo(workspace: &Workspace, args: &[String]) -> Result<ExitCode> {
    step::step("build regua", || {
        let mut build = workspace.cargo();
        command::run(
            build.arg("build").args(WORKSPACE),
            "the host does not compile: the compiler says above why",
        )
    })?;
    let mut run = workspace.program("regua");
    run.env("REGUA_PLUGINS_DIR", workspace.plugins_dir());
    run.arg("demo").args(args);
    Ok(command::exit_code(command::status(&mut run)?))
}
