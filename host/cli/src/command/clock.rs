//! `regua clock`.

use anyhow::Context as _;
use clap::Subcommand;
use serde::Deserialize;
use serde_json::json;

use crate::client::{Call, Calls, Client};
use crate::exit::{Exit, Usage};
use crate::out::say;
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

/// What time it is for a tenant.
#[derive(Deserialize)]
pub(super) struct Clock {
    pub now: String,
    pub is_sandbox: bool,
}

impl Clock {
    pub(super) async fn read(calls: &Calls<'_>) -> anyhow::Result<Self> {
        calls.get("/v1/clock").await
    }
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let clock = Clock::read(&calls).await?;
    match command {
        Command::Show => {
            let kind = if clock.is_sandbox {
                "sandbox"
            } else {
                "machine"
            };
            say!("{} ({kind})", clock.now);
        }
        Command::Set { to } => {
            if !clock.is_sandbox {
                return Err(Usage("the tenant is no sandbox: it has no clock".into()).into());
            }
            let to = to.timestamp().to_rfc3339();
            let set = Call::post("/v1/clock", &json!({ "to": to, "work": false }));
            let set = calls.send(set).await;
            set.with_context(|| {
                format!("the clock stands at {}, and was to go to {to}", clock.now)
            })?;
            say!("{to}");
        }
    }
    Ok(Exit::Done)
}
