//! The command line's shape.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the help that people read, where backticks are noise"
)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::command;

/// Régua runs dunning workflows whose rungs are WebAssembly components.
///
/// Settings come from flags, else from REGUA_* variables, else from a file regua.toml in
/// the current folder, else from defaults; `regua settings` tells them all. With --server
/// and a key in REGUA_KEY a service is asked instead of a store. Exit codes:
/// 0 done, 1 failed, 2 called wrongly, 3 done but for rows or documents with faults, which
/// are listed, 130 stopped by Ctrl-C.
#[derive(Debug, Parser)]
#[command(name = "regua", version, max_term_width = 100)]
pub struct Cli {
    /// For every subcommand.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every subcommand.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct Globals {
    /// The settings file [env: REGUA_SETTINGS] [default: regua.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// The store: a SQLite file, or postgres://… [env: REGUA_DATABASE] [default: regua.sqlite; of
    /// `demo`, regua-demo.sqlite]
    #[arg(long, global = true, value_name = "FILE|URL")]
    pub database: Option<PathBuf>,
    /// The folder for plugins' native code [env: REGUA_CACHE_DIR] [default: ~/.cache/regua]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub cache_dir: Option<PathBuf>,
    /// Threads that run plugins [env: REGUA_THREADS] [default: one a core]
    #[arg(long, global = true, value_name = "COUNT")]
    pub threads: Option<usize>,
    /// What is logged to standard error [env: REGUA_LOG] [default: warn]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// The tenant to work for [env: REGUA_TENANT] [default: the only one]
    #[arg(long, global = true, value_name = "NAME")]
    pub tenant: Option<String>,
    /// A service to ask with the key in REGUA_KEY, instead of working on the store [env:
    /// REGUA_SERVER]
    #[arg(long, global = true, value_name = "URL")]
    pub server: Option<String>,
}

impl Command {
    /// Whether it makes a store where there is none. Of a mistyped one, all others say so.
    pub(crate) const fn makes_store(&self) -> bool {
        use command::{db, key, tenant};
        matches!(
            self,
            Self::Tenant(tenant::Command::Create { .. })
                | Self::Key(key::Command::Create { .. })
                | Self::Db(db::Command::Migrate)
                | Self::Demo(_)
                | Self::Serve(_)
        )
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Every setting: its value, where it came from, what it does
    Settings,
    /// Tenants and their policies
    #[command(subcommand)]
    Tenant(command::tenant::Command),
    /// Plugins on a tenant's shelf
    #[command(subcommand)]
    Plugin(command::plugin::Command),
    /// Templates of what debtors read
    #[command(subcommand)]
    Template(command::template::Command),
    /// Workflows: check, publish, activate, look at
    #[command(subcommand)]
    Workflow(command::workflow::Command),
    /// Tell who a customer is
    #[command(subcommand)]
    Customer(command::customer::Command),
    /// Tell of an invoice
    #[command(subcommand)]
    Invoice(command::invoice::Command),
    /// Tell of a payment
    #[command(subcommand)]
    Payment(command::payment::Command),
    /// Tell of what an agency did with its placement
    #[command(subcommand)]
    Placement(command::placement::Command),
    /// Tell of anything else that happened
    #[command(subcommand)]
    Event(command::event::Command),
    /// Cases: what one customer owes in one currency
    #[command(subcommand)]
    Case(command::case::Command),
    /// Take recorded decisions again, and compare
    Replay(command::replay::Args),
    /// Tell the decisions of a case, and one in plain words
    Explain(command::explain::Args),
    /// Play scenarios: stories, and what a policy is expected to make of them; no store and no
    /// server is needed
    Test(command::test::Args),
    /// Play a past under a draft, beside the live policy
    Backtest(command::backtest::Args),
    /// Play made-up payers under the live policy, and a challenger beside it
    Simulate(command::simulate::Args),
    /// Fit the payer model to a past, and tell how well it foretells
    Fit(command::fit::Args),
    /// Print the JSON Schema of a document that people write, for editors
    Schema(command::schema::Args),
    /// Tasks for people
    #[command(subcommand)]
    Task(command::task::Command),
    /// What was written to debtors
    #[command(subcommand)]
    Message(command::message::Command),
    /// A sandbox's own clock
    #[command(subcommand)]
    Clock(command::clock::Command),
    /// Work on everything that is due
    Run(command::run::Args),
    /// Serve the admin API, run what is due, hand over what waits
    Serve(command::serve::Args),
    /// Look after the store
    #[command(subcommand)]
    Db(command::db::Command),
    /// Keys of the admin API
    #[command(subcommand)]
    Key(command::key::Command),
    /// Take in many facts at once
    #[command(subcommand)]
    Import(command::import::Command),
    /// Watch a ledger being dunned by sandboxed stages, in a file of its own
    Demo(crate::demo::Args),
}
