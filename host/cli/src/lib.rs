//! The command line `regua`: settings, wiring, subcommands.
//!
//! It is the one place that names a store, reads the machine's clock and draws chance; it
//! deliberately decides nothing about dunning. What a subcommand does to a tenant it asks of the
//! admin API, in this process or of a server, so that there is one way to do it. [`import`] turns
//! CSV into facts by a mapping.
//!
//! ```
//! use regua_cli::import::mapping::Mapping;
//!
//! let faults = Mapping::parse("source: ledger\ncustomer: {}\n").unwrap_err();
//! assert!(faults.iter().any(|fault| fault.pointer == "/customer"));
//! ```

mod args;
mod client;
mod command;
mod demo;
mod exit;
mod file;
mod ids;
pub mod import;
mod out;
mod progress;
mod serving;
mod session;
pub mod settings;
mod telemetry;
mod telling;
mod when;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;

pub use args::{Cli, Command, Globals};
pub use exit::{Exit, Usage};

use client::Client;
use settings::Settings;
use telemetry::Telemetry;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(regua_runtime::COMPILER) {
        return regua_runtime::serve_compiler(&arguments.next().unwrap_or_default());
    }
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
        let client = Client::new(settings, cli.command.makes_store());
        let done = command::run(&client, cli.command).await;
        client.close().await;
        done
    });
    telemetry.end();
    done
}
