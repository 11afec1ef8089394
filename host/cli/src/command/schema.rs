//! `regua schema`.

use clap::ValueEnum;

use super::backtest::costs_schema;
use super::simulate::assumed::payers_schema;
use super::test::setup;
use crate::exit::Exit;
use crate::out::put;

/// A document that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A workflow: `regua workflow publish`
    Workflow,
    /// A scenario: `regua test`
    Scenario,
    /// What scenarios are played with: `setup.yaml`
    Setup,
    /// What each thing that is done costs: `regua backtest`
    Costs,
    /// What is assumed of payers: `regua simulate`
    Payers,
}

/// Arguments of `regua schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Of which document
    kind: Kind,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let schema = match args.kind {
        Kind::Workflow => regua_domain::workflow::check::document_schema().clone(),
        Kind::Scenario => regua_rehearsal::scenario::document_schema().clone(),
        Kind::Setup => setup::schema(),
        Kind::Costs => costs_schema(),
        Kind::Payers => payers_schema(),
    };
    put!("{}\n", serde_json::to_string_pretty(&schema)?);
    Ok(Exit::Done)
}
