//! `regua plugin`.

mod build;
mod check;
mod new;
mod project;
mod run;
mod shelf;
mod test;

use std::path::PathBuf;

use clap::Subcommand;

use crate::client::Client;
use crate::exit::Exit;

/// Plugins: on one's own machine, and on a tenant's shelf
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a project of a stage, with its first tests and the SDK; no store and no server is needed
    New(new::Args),
    /// Make a component of a project; no store and no server is needed
    ///
    /// With the tools of its language: cargo; Node.js and npm; or Python and pip. Their own words
    /// go to standard error, and what the project needs of packages is installed into it.
    Build(build::Args),
    /// Hold components against all that a host asks of them; no store and no server is needed
    Check(check::Args),
    /// Ask a component once, in the host's own sandbox; no store and no server is needed
    ///
    /// With the guard's word on each proposal. That depends on more than a situation tells: what
    /// is assumed of the rest is said.
    Run(run::Args),
    /// Ask a component what fixtures say, and compare; no store and no server is needed
    ///
    /// A fixture is a JSON file: `situation`, as `regua case situation` writes it, or the path of
    /// such a file from the fixture's folder; `config`, likewise, or {} where it is left out;
    /// `expected`, which is {"decision": …}, {"refusal": …} or {"failure": {"kind": …}} as decision
    /// records have them; and `about`, for people.
    Test(test::Args),
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
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::New(args) => new::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Test(args) => test::run(client.settings(), &args),
        Command::Check(args) => check::run(client.settings(), &args),
        Command::Run(args) => run::run(client.settings(), &args),
        Command::Add { files } => shelf::add_all(client, &files).await,
        Command::List => shelf::list(client).await,
        Command::Show { name } => shelf::show(client, &name).await,
    }
}
