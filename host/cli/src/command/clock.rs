//! `regua clock`.

use anyhow::Context as _;
use clap::Subcommand;

use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::session::Session;
use crate::when::When;

/// A sandbox's own clock.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Where the clock stands
    Show,
    /// Move a sandbox's clock without working; `regua run --until` works on the way
    Set {
        /// A date (its first instant in UTC) or an instant; never back
        to: When,
    },
}

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let tenancy = session.tenancy().await?;
    match command {
        Command::Show => {
            let kind = if tenancy.row.clock.is_some() {
                "sandbox"
            } else {
                "machine"
            };
            say!("{} ({kind})", tenancy.now().to_rfc3339());
        }
        Command::Set { to } => {
            if tenancy.row.clock.is_none() {
                let name = &tenancy.row.name;
                return Err(
                    Usage(format!("tenant `{name}` is no sandbox: it has no clock")).into(),
                );
            }
            let to = to.timestamp();
            tenancy.store.set_clock(to).await.with_context(|| {
                format!(
                    "the clock stands at {} and was to go to {}",
                    tenancy.now().to_rfc3339(),
                    to.to_rfc3339()
                )
            })?;
            say!("{}", to.to_rfc3339());
        }
    }
    Ok(Exit::Done)
}
