//! `regua plugin`.

mod check;
mod meter;
mod run;
mod shelf;

use std::path::PathBuf;

use clap::Subcommand;

use crate::client::Client;
use crate::exit::Exit;

/// Plugins: on one's own machine, and on a tenant's shelf
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Hold components against all that a host asks of them; no store and no server is needed
    Check(check::Args),
    /// Ask a component once, in the host's own sandbox; no store and no server is needed
    Run(run::Args),
    /// Admit components and put them on the shelf
    Add {
        /// WebAssembly components, or core modules that embed their component type
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// What is on the shelf
    List,
    /// All that a plugin says of itself
    Show {
        /// `name` or `name@version`
        name: String,
    },
    /// What a plugin version's calls came to, and what they cost
    Usage(meter::UsageArgs),
    /// What a plugin version wrote into its log
    Logs(meter::LogsArgs),
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Check(args) => check::run(client.settings(), &args),
        Command::Run(args) => run::run(client.settings(), &args),
        Command::Add { files } => shelf::add_all(client, &files).await,
        Command::List => shelf::list(client).await,
        Command::Show { name } => shelf::show(client, &name).await,
        Command::Usage(args) => meter::usage(client, &args).await,
        Command::Logs(args) => meter::logs(client, &args).await,
    }
}
