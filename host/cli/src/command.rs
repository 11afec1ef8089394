//! Subcommands, one file each.

pub mod backtest;
pub mod case;
pub mod clock;
pub mod customer;
pub mod db;
mod document;
pub mod event;
pub mod explain;
mod fact;
pub mod fit;
pub mod import;
pub mod invoice;
pub mod key;
pub mod message;
pub mod payment;
pub mod placement;
pub mod plugin;
mod policy;
pub mod replay;
pub mod run;
pub mod schema;
pub mod serve;
pub mod settings;
pub mod simulate;
pub mod task;
pub mod template;
pub mod tenant;
pub mod test;
pub mod workflow;

use crate::args::Command;
use crate::client::Client;
use crate::exit::Exit;

/// Runs a subcommand.
pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Settings | Command::Demo(_) => Ok(Exit::Done),
        Command::Tenant(command) => tenant::run(client, command).await,
        Command::Plugin(command) => plugin::run(client, command).await,
        Command::Template(command) => template::run(client, command).await,
        Command::Workflow(command) => workflow::run(client, command).await,
        Command::Customer(command) => customer::run(client, command).await,
        Command::Invoice(command) => invoice::run(client, command).await,
        Command::Payment(command) => payment::run(client, command).await,
        Command::Placement(command) => placement::run(client, command).await,
        Command::Event(command) => event::run(client, command).await,
        Command::Case(command) => case::run(client, command).await,
        Command::Replay(args) => replay::run(client, args).await,
        Command::Explain(args) => explain::run(client, args).await,
        Command::Backtest(args) => backtest::run(client, args).await,
        Command::Simulate(args) => simulate::run(client, args).await,
        Command::Fit(args) => fit::run(client, &args).await,
        Command::Schema(args) => schema::run(&args),
        Command::Test(args) => test::run(client, &args),
        Command::Task(command) => task::run(client, command).await,
        Command::Message(command) => message::run(client, command).await,
        Command::Clock(command) => clock::run(client, command).await,
        Command::Run(args) => run::run(client, args).await,
        Command::Serve(args) => serve::run(client.session().await?, args).await,
        Command::Db(command) => db::run(client.session().await?, command).await,
        Command::Key(command) => key::run(client, command).await,
        Command::Import(command) => import::run(client, command).await,
    }
}
