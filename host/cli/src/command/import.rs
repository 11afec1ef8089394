//! `regua import`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;

use super::document::read_document;
use crate::client::Client;
use crate::exit::Exit;
use crate::import::mapping::Mapping;
use crate::import::report::Report;
use crate::import::{self, rows};
use crate::out::{put, say};
use crate::progress;

/// Take in many facts at once.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn the rows of a CSV file into facts, by a mapping
    ///
    /// Rows that cannot be taken are listed with line, column and reason; the others are
    /// in. Running it again adds nothing twice. Facts of a later instant than a sandbox's
    /// clock wait for it. host/cli/examples has mappings that tell how they are written.
    Csv {
        /// The CSV file, with a row of headings
        file: PathBuf,
        /// How its columns become facts, YAML
        #[arg(long, value_name = "FILE")]
        mapping: PathBuf,
        /// Read and check everything, tell nothing
        #[arg(long)]
        dry_run: bool,
        /// Write what became of it as JSON
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let Command::Csv {
        file,
        mapping,
        dry_run,
        report: to,
    } = command;
    let Some(mapping) = read_mapping(&mapping)? else {
        return Ok(Exit::Faults);
    };
    let text =
        std::fs::File::open(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let read = rows::read(&mapping, text)
        .with_context(|| format!("{} cannot be read as CSV", file.display()))?;
    let mut report = Report::unsaid(&read);
    if !dry_run {
        let calls = client.tenant().await?;
        let bar = progress::bar("facts", report.read.values().sum());
        report = import::tell(&calls, &mapping.source, read, |done| bar.set_position(done)).await?;
        bar.finish_and_clear();
    }
    put!("{}", report.text(&file.display().to_string()));
    if let Some(to) = to {
        let json = serde_json::to_string_pretty(&report)?;
        crate::file::write(&to, json + "\n")?;
    }
    Ok(if report.has_faults() {
        Exit::Faults
    } else {
        Exit::Done
    })
}

fn read_mapping(file: &Path) -> anyhow::Result<Option<Mapping>> {
    let text = read_document(file)?;
    match Mapping::parse(&text) {
        Ok(mapping) => Ok(Some(mapping)),
        Err(faults) => {
            for fault in &faults {
                say!("{}: {fault}", file.display());
            }
            Ok(None)
        }
    }
}
