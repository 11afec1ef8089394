use std::process::ExitCode;

use anyhow::Result;

use crate::{command, step, workspace::Workspace};

/// Runs the benchmarks named, or all.
pub fn bench(workspace: &Workspace, args: &[String]) -> Result<ExitCode> {
    step::step("build the benchmarks", || {
        let mut build = workspace.cargo();
        command::run(
            build.args(["build", "--release", "--workspace"]),
            "the host does not compile: the compiler says above why",
        )
    })?;
    let mut run = workspace.program("bench");
    run.current_dir(&workspace.root);
    run.env("REGUA_PLUGINS_DIR", workspace.plugins_dir());
    run.env("REGUA_EXAMPLES_DIR", workspace.examples_dir());
    run.args(args);
    step::announce("bench");
    Ok(command::exit_code(command::status(&mut run)?))
}
