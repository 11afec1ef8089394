//! Subcommands, one file each.

pub mod case;
pub mod clock;
pub mod customer;
pub mod db;
pub mod event;
mod fact;
pub mod import;
pub mod invoice;
pub mod key;
pub mod message;
pub mod payment;
pub mod placement;
pub mod plugin;
pub mod run;
pub mod serve;
pub mod settings;
pub mod task;
pub mod template;
pub mod tenant;
pub mod workflow;

use crate::args::Command;
use crate::exit::Exit;
use crate::session::Session;

/// Runs a subcommand.
pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Settings | Command::Demo(_) => Ok(Exit::Done),
        Command::Tenant(command) => tenant::run(session, command).await,
        Command::Plugin(command) => plugin::run(session, command).await,
        Command::Template(command) => template::run(session, command).await,
        Command::Workflow(command) => workflow::run(session, command).await,
        Command::Customer(command) => customer::run(session, command).await,
        Command::Invoice(command) => invoice::run(session, command).await,
        Command::Payment(command) => payment::run(session, command).await,
        Command::Placement(command) => placement::run(session, command).await,
        Command::Event(command) => event::run(session, command).await,
        Command::Case(command) => case::run(session, command).await,
        Command::Task(command) => task::run(session, command).await,
        Command::Message(command) => message::run(session, command).await,
        Command::Clock(command) => clock::run(session, command).await,
        Command::Run(args) => run::run(session, args).await,
        Command::Serve(args) => serve::run(session, args).await,
        Command::Db(command) => db::run(session, command).await,
        Command::Key(command) => key::run(session, command).await,
        Command::Import(command) => import::run(session, command).await,
    }
}
