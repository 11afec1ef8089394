//! `regua plugin`.

mod build;
pub(super) mod check;
mod key;
mod meter;
mod new;
mod project;
mod run;
mod shelf;
mod swap;
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
    #[command(visible_alias = "add")]
    Push {
        /// WebAssembly components, or core modules that embed their component type
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Sign each with the private key in this file, as `plugin key new` or OpenSSL makes it
        #[arg(long, value_name = "KEYFILE")]
        sign: Option<PathBuf>,
    },
    /// What is on the shelf
    List,
    /// Put a version into the workflows that have a stage of it, and say what becomes of cases
    /// that run
    Activate(swap::Activate),
    /// Go back to the version that was active before, in the workflows that have a stage of it
    Rollback(swap::Rollback),
    /// Say that a version is not to be asked any more: its cases go where a failure leads
    Revoke {
        /// `name@version`
        version: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        because: String,
    },
    /// All that a plugin says of itself
    Show {
        /// `name` or `name@version`
        name: String,
    },
    /// Take a version off the shelf; one that a published workflow locks stays
    Remove {
        /// `name@version`
        name: String,
    },
    /// Keys that sign plugins, and whose signatures the tenant takes
    #[command(subcommand)]
    Key(key::Command),
    /// What a plugin version's calls came to, and what they cost
    Usage(meter::UsageArgs),
    /// What a plugin version wrote into its log
    Logs(meter::LogsArgs),
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::New(args) => new::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Test(args) => test::run(client.settings(), &args),
        Command::Check(args) => check::run(client.settings(), &args),
        Command::Run(args) => run::run(client.settings(), &args),
        Command::Push { files, sign } => shelf::push_all(client, &files, sign.as_deref()).await,
        Command::List => shelf::list(client).await,
        Command::Activate(args) => swap::activate(client, &args).await,
        Command::Rollback(args) => swap::roll_back(client, &args).await,
        Command::Revoke { version, because } => swap::revoke(client, &version, &because).await,
        Command::Show { name } => shelf::show(client, &name).await,
        Command::Remove { name } => shelf::remove(client, &name).await,
        Command::Key(command) => key::run(client, command).await,
        Command::Usage(args) => meter::usage(client, &args).await,
        Command::Logs(args) => meter::logs(client, &args).await,
    }
}
