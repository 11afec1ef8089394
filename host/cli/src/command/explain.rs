//! `regua explain`: one decision in plain words.

use clap::Args as ClapArgs;
use regua_domain::id::CaseId;

use crate::client::{Call, Client, segment};
use crate::exit::Exit;
use crate::out::put;

/// One decision in plain words: what was known, what was asked and answered, and why
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The case
    #[arg(long)]
    case: CaseId,
    /// Which of its transitions
    #[arg(long, value_name = "N")]
    sequence: u64,
}

pub(crate) async fn run(client: &Client, args: Args) -> anyhow::Result<Exit> {
    let Args { case, sequence } = args;
    let case = segment(&case.to_string());
    let path = format!("/v1/cases/{case}/decisions/{sequence}/explanation");
    let calls = client.tenant().await?;
    put!("{}", calls.send(Call::get(&path)).await?.text());
    Ok(Exit::Done)
}
