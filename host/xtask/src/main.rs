//! The project's own tasks: set-up, build of plugins, test, demo, bench.
//!
//! `cargo xtask test` is all a fresh machine needs: the wasm tool chain is found or
//! brought, the plugins are built, the suites run. This crate knows how things are
//! built; it deliberately knows nothing of what they do, and depends on no other crate
//! of the workspace, so that it compiles in seconds.
//!
//! ```text
//! cargo xtask setup
//! cargo xtask plugins --guests
//! cargo xtask test -p regua-domain
//! ```

mod bench;
mod chromium;
mod command;
mod debian;
mod demo;
mod environment;
mod plugins;
mod postgres;
mod sdk;
mod setup;
mod step;
mod test;
mod toolchain;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{toolchain::Toolchain, workspace::Workspace};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Set-up, build of plugins, test, demo, bench"
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find what building and testing need besides cargo, or bring it
    Setup,
    /// Build every crate under plugins/ to target/plugins/<folder>.wasm
    Plugins {
        /// Also build tests/guests/ to target/guests-test/<folder>.wasm
        #[arg(long)]
        guests: bool,
    },
    /// Build the plugins and the hostile guests, check the SDKs, then run `cargo test --workspace`
    Test {
        /// Passed on to `cargo test`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build the plugins and the host, then run `regua demo`
    Demo {
        /// Passed on to `regua demo`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build the plugins and the example in JavaScript, then run the benchmarks
    Bench {
        /// Passed on to the benchmarks: the names of those to run
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    perform(Cli::parse().task).unwrap_or_else(|error| {
        // Without the backtrace: what matters is the command and the advice.
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn perform(task: Task) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let toolchain = step::step("set-up", || setup::setup(&workspace))?;
    if matches!(task, Task::Setup | Task::Test { .. } | Task::Bench { .. }) {
        step::step("PostgreSQL", postgres::setup)?;
    }
    if matches!(task, Task::Setup | Task::Test { .. }) {
        step::step("Chromium", chromium::setup)?;
    }
    match task {
        Task::Setup => {
            println!("{toolchain}");
            Ok(ExitCode::SUCCESS)
        }
        Task::Plugins { guests } => {
            build(&workspace, &toolchain, guests)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Test { args } => {
            build(&workspace, &toolchain, true)?;
            if !test::selects_packages(&args) {
                step::step("SDK for JavaScript", || sdk::javascript(&workspace))?;
                step::step("SDK for Python", || sdk::python(&workspace))?;
            }
            test::test(&workspace, &args)
        }
        Task::Demo { args } => {
            build(&workspace, &toolchain, false)?;
            demo::demo(&workspace, &args)
        }
        Task::Bench { args } => {
            build(&workspace, &toolchain, false)?;
            step::step("example in JavaScript", || {
                sdk::javascript_example(&workspace)
            })?;
            bench::bench(&workspace, &args)
        }
    }
}

fn build(workspace: &Workspace, toolchain: &Toolchain, guests: bool) -> Result<()> {
    step::step("plugins", || plugins::plugins(workspace, toolchain))?;
    if guests && !workspace.hostile_guests.is_empty() {
        step::step("hostile guests", || {
            plugins::hostile_guests(workspace, toolchain)
        })?;
    }
    Ok(())
}
