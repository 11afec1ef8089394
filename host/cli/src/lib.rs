//! The command line `regua`: settings, wiring, subcommands.
//!
//! It is the one place that names a store, reads the machine's clock and draws chance; it
//! deliberately decides nothing about dunning. What a subcommand does to a tenant it does
//! through the engine, so that it is what a server does too. [`import`] turns CSV into
//! facts by a mapping and is used by others beside the subcommand.
//!
//! ```
//! use regua_cli::import::mapping::Mapping;
//!
//! let faults = Mapping::parse("source: ledger\ncustomer: {}\n").unwrap_err();
//! assert!(faults.iter().any(|fault| fault.pointer == "/customer"));
//! ```

mod args;
mod command;
mod demo;
mod exit;
mod ids;
pub mod import;
mod out;
mod progress;
mod serving;
pub mod session;
pub mod settings;
mod telemetry;
mod when;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;

pub use args::{Cli, Command, Globals};
pub use exit::{Exit, Usage};

use session::Session;
use settings::Settings;
use telemetry::Telemetry;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            out::note!("error: {}", exit::chain(&error));
            ExitCode::from(exit::of(&error))
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Exit> {
    let settings = Settings::gather(&cli.globals, &settings::Environment::of_process())?;
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the async threads cannot be started")?;
    let telemetry = Telemetry::start(&settings, tokio.handle().clone())?;
    if matches!(cli.command, Command::Settings) {
        command::settings::run(&settings);
        return Ok(Exit::Done);
    }
    let done = tokio.block_on(async {
        if let Command::Demo(args) = cli.command {
            return Box::pin(demo::run(settings, args)).await;
        }
        let session = Session::open(settings).await?;
        let done = command::run(&session, cli.command).await;
        session.close().await;
        done
    });
    telemetry.end();
    done
}
