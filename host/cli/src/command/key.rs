//! `regua key`.

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use regua_engine::{Clock as _, SystemClock};
use regua_http::key::{self, NewKey, Role};
use regua_storage::OPERATOR;

use crate::exit::{Exit, Usage};
use crate::out::{note, say};
use crate::serving;
use crate::session::Session;
use crate::when::When;

/// Keys of the admin API.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a key: it is printed once, and kept nowhere
    Create {
        /// What it may do. An operator's key is of no tenant
        #[arg(long, value_enum)]
        role: RoleName,
        /// What it is for
        #[arg(long)]
        label: String,
        /// When it ends by itself [default: never]
        #[arg(long, value_name = "DATE|INSTANT")]
        expires_at: Option<When>,
    },
}

/// What a key may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleName {
    /// Run the host: tenants and their first keys
    Operator,
    /// Everything of a tenant
    Admin,
    /// Plugins, templates, workflows
    Developer,
    /// Cases and tasks
    Agent,
    /// Tell what happened
    Ingest,
    /// Look
    Viewer,
}

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let Command::Create {
        role,
        label,
        expires_at,
    } = command;
    let now = SystemClock.now();
    let expires_at = expires_at.map(When::timestamp);
    if expires_at.is_some_and(|at| at <= now) {
        return Err(Usage("--expires-at: it is over already".into()).into());
    }
    let role = match role {
        RoleName::Operator => Role::Operator,
        RoleName::Admin => Role::Admin,
        RoleName::Developer => Role::Developer,
        RoleName::Agent => Role::Agent,
        RoleName::Ingest => Role::Ingest,
        RoleName::Viewer => Role::Viewer,
    };
    let tenant = if role == Role::Operator {
        OPERATOR
    } else {
        session.tenancy().await?.row.id
    };
    let store = session.store().tenant(tenant);
    let new = NewKey {
        label: &label,
        role,
        expires_at,
    };
    let made = key::create(&*store, new, now, &serving::chance()).await;
    let (token, _) = made.context("the key cannot be kept")?;
    note!("{}: {}, told this once:", token.id, role.name());
    say!("{}", token.reveal());
    Ok(Exit::Done)
}
