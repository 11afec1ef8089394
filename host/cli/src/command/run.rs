//! `regua run`.

use anyhow::Context as _;

use super::tenant::policy::note_missing;
use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::progress;
use crate::session::Session;
use crate::when::When;

/// Works on every customer that is due: of a sandbox, its clock moves to `--until` and all
/// that is due on the way happens; of a live tenant, what is due now.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Of a sandbox: until when. A date is its first instant in UTC
    #[arg(long, value_name = "DATE|INSTANT")]
    pub until: Option<When>,
}

pub(crate) async fn run(session: &Session, args: Args) -> anyhow::Result<Exit> {
    let (tenancy, open) = session.open_tenant().await?;
    note_missing(&tenancy.row.policy, &tenancy.store.workflows().await?);
    let engine = session.engine()?;
    let bar = progress::spinner("customers run");
    let told = Some(progress::counting(&bar));
    let now = tenancy.now();
    let until = match (tenancy.row.clock, args.until) {
        (Some(_), Some(until)) => until.timestamp(),
        (_, None) => now,
        (None, Some(_)) => {
            let name = &tenancy.row.name;
            return Err(Usage(format!(
                "tenant `{name}` is no sandbox: it cannot run ahead"
            ))
            .into());
        }
    };
    let worked = if tenancy.row.clock.is_some() {
        engine.advance(&open, until, told).await
    } else {
        engine.work(&open, now, now, told).await
    };
    bar.finish_and_clear();
    let worked = worked.with_context(|| format!("cannot run to {}", until.to_rfc3339()))?;
    say!(
        "{}: {} runs of customers committed",
        until.to_rfc3339(),
        worked.done
    );
    if worked.stale > 0 {
        say!(
            "{} were undone by somebody else's write and made again",
            worked.stale
        );
    }
    if worked.faults > 0 {
        anyhow::bail!(
            "the host could not make {} runs: the log above says why",
            worked.faults
        );
    }
    Ok(Exit::Done)
}
