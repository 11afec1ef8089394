//! `regua db`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are the help that people read, where backticks are noise"
)]

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use regua_engine::{Clock as _, SystemClock};
use regua_storage_sqlite::{Options, SqliteStore};

use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::session::Session;

/// Looking after the store.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the schema up to date; every other subcommand does it too
    Migrate,
    /// How each tenant stands: customers, open cases, what is due, leased and queued
    Status,
    /// Look for what does not add up: ledgers, orphaned effects, leases. Changes nothing
    Check,
    /// Copy a SQLite store into a new file, while it is worked with
    Backup {
        /// The new file
        file: PathBuf,
    },
}

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Migrate => say!("the schema is up to date"),
        Command::Status => status(session).await?,
        Command::Check => return check(session).await,
        Command::Backup { file } => back_up(session, &file).await?,
    }
    Ok(Exit::Done)
}

async fn status(session: &Session) -> anyhow::Result<()> {
    let store = session.store();
    let now = SystemClock.now();
    say!("tenant\tcustomers\topen cases\tdue\tleased\tqueued\tqueued since");
    for row in store.tenants().await.context("cannot list tenants")? {
        let clock = row.clock.unwrap_or(now);
        let standing = store.standing(row.id, clock).await?;
        let since = standing
            .queued_since
            .map(regua_domain::time::Timestamp::to_rfc3339);
        say!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            row.name,
            standing.customers,
            standing.open_cases,
            standing.due,
            standing.leased,
            standing.queued,
            since.unwrap_or_default()
        );
    }
    Ok(())
}

async fn check(session: &Session) -> anyhow::Result<Exit> {
    let store = session.store();
    let now = SystemClock.now();
    let mut count = 0;
    for row in store.tenants().await.context("cannot list tenants")? {
        for finding in store.check(row.id, now).await? {
            say!("{finding}");
            count += 1;
        }
    }
    if count > 0 {
        return Ok(Exit::Faults);
    }
    say!("everything adds up");
    Ok(Exit::Done)
}

async fn back_up(session: &Session, file: &std::path::Path) -> anyhow::Result<()> {
    if session.settings().postgres().is_some() {
        let text =
            "a PostgreSQL database is backed up by pg_dump or pg_basebackup: see OPERATING.md";
        return Err(Usage(text.to_owned()).into());
    }
    if file.exists() {
        return Err(Usage(format!("{} exists already", file.display())).into());
    }
    let database = &session.settings().database.value;
    let store = SqliteStore::open(database, Options::default())
        .await
        .with_context(|| format!("no store at {}", database.display()))?;
    let copied = store.back_up(file).await;
    regua_storage::Store::close(&store).await;
    copied.with_context(|| format!("cannot back up into {}", file.display()))?;
    say!("{} copied to {}", database.display(), file.display());
    Ok(())
}
