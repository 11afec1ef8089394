//! A ledger from outside: CSV by a mapping, told whole, played as it was recorded.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use chrono_tz::Tz;
use regua_domain::time::{Timestamp, plus_days};
use regua_engine::Open;

use super::{AFTERMATH_DAYS, LEDGER_DAYS, Play};
use crate::client::Calls;
use crate::import::mapping::Mapping;
use crate::import::report::Report;
use crate::import::{self, rows};

/// A ledger as it was read.
pub struct Ledger {
    mapping: Mapping,
    read: rows::Read,
    play: Play,
}

/// Reads it; nothing is told yet.
pub fn read(ledger: &Path, mapping: &Path) -> Result<Ledger> {
    let text = std::fs::read_to_string(mapping)
        .with_context(|| format!("cannot read {}", mapping.display()))?;
    let mapping = match Mapping::parse(&text) {
        Ok(mapping) => mapping,
        Err(faults) => {
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            bail!(
                "{} has {} faults: {}",
                mapping.display(),
                faults.len(),
                faults.join("; ")
            );
        }
    };
    let file =
        std::fs::File::open(ledger).with_context(|| format!("cannot read {}", ledger.display()))?;
    let read = rows::read(&mapping, file)
        .with_context(|| format!("{} cannot be read as CSV", ledger.display()))?;
    let instants = || {
        read.customers
            .iter()
            .flat_map(|customer| customer.facts.iter().map(|told| told.at))
    };
    let first = instants()
        .min()
        .context("the ledger has no row that can be taken")?;
    let last = instants().max().unwrap_or(first);
    let day =
        |at: Timestamp, days| Timestamp::start_of(plus_days(at.date_in(Tz::UTC), days), Tz::UTC);
    let play = Play {
        from: day(first, -1),
        until: day(last, AFTERMATH_DAYS),
        step_days: LEDGER_DAYS,
        debtors: Vec::new(),
    };
    Ok(Ledger {
        mapping,
        read,
        play,
    })
}

impl Ledger {
    /// Tells it; all of it waits for its day.
    pub async fn tell(self, calls: &Calls<'_>, open: &Open) -> Result<(Play, Option<Report>)> {
        let Self {
            mapping,
            read,
            play,
        } = self;
        open.store.set_clock(play.from).await?;
        let report = import::tell(calls, &mapping.source, read, |_| ()).await?;
        Ok((play, Some(report)))
    }
}
