//! A ledger of CSV as a past: nothing of it is told to a store.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chrono_tz::Tz;
use regua_domain::customer::Customer;
use regua_domain::dossier::LoggedFact;
use regua_domain::id::TenantId;
use regua_domain::time::{Date, Timestamp, plus_days};
use regua_engine::rehearse::Rehearsal;
use regua_rehearsal::backtest::{Costs, Past, Policy, Span, compare as compare_one};
use regua_rehearsal::play::fact_id;
use regua_runtime::Workers;

use super::Played;
use crate::command::document::read_document;
use crate::command::test::setup::{self, Place};
use crate::exit::Usage;
use crate::import::mapping::Mapping;
use crate::import::rows::{self, OfCustomer, Read};
use crate::out::{note, say};
use crate::progress;
use crate::session;
use crate::settings::Settings;

/// What it is played with.
pub(super) struct Files<'a> {
    pub ledger: &'a Path,
    pub mapping: &'a Path,
    pub setup: &'a Path,
    pub draft: &'a Path,
}

/// Plays a ledger under both policies. None where a file has faults, which were listed.
pub(super) fn compare(
    settings: &Settings,
    files: &Files<'_>,
    days: (Option<Date>, Option<Date>),
    costs: &Costs,
) -> anyhow::Result<Option<Played>> {
    let Some(read) = read(files.ledger, files.mapping)? else {
        return Ok(None);
    };
    let left_out = read.left_out;
    let span = span(&read, days)?;
    let runtime = session::runtime(settings)?;
    let place = Place::File(files.setup.to_owned());
    let (Some(live), Some(candidate)) = (
        setup::open(&runtime, &place, None)?,
        setup::open(&runtime, &place, Some(files.draft))?,
    ) else {
        return Ok(None);
    };
    let workers =
        Workers::start(settings.threads.value).context("the plugin threads cannot be started")?;
    let (live, candidate) = (Arc::new(live), Arc::new(candidate));
    let costs = Arc::new(costs.clone());
    let tenant = live.tenant.id;
    let name = live.tenant.policy.display_name.clone();
    let bar = progress::bar("customers", read.customers());
    let playing: Vec<_> = read
        .customers
        .into_iter()
        .map(|customer| {
            let past = past(tenant, customer);
            let (live, candidate) = (Arc::clone(&live), Arc::clone(&candidate));
            let costs = Arc::clone(&costs);
            let play = move || compare_one(&past, span, of(&live), of(&candidate), &costs);
            workers.run(play)
        })
        .collect();
    let mut compared = Vec::new();
    for played in playing {
        let played = played.recv().context("the host failed while it played")?;
        compared.push(played.context("the host failed while it played")?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Some(Played {
        tenant: name,
        days: (span.from.date_in(Tz::UTC), span.until.date_in(Tz::UTC)),
        compared,
        left_out,
    }))
}

fn of(rehearsal: &Rehearsal) -> Policy<'_> {
    Policy {
        tenant: &rehearsal.tenant,
        stages: &rehearsal.stages,
    }
}

/// A ledger's customers, each with what was told of them, and how many rows are left out. None where
/// the mapping has faults, which were listed.
pub(in crate::command) fn pasts(
    ledger: &Path,
    mapping: &Path,
) -> anyhow::Result<Option<(Vec<Past>, u64)>> {
    let nobody = TenantId(uuid::Uuid::nil());
    Ok(read(ledger, mapping)?.map(|read| {
        let pasts = read.customers.into_iter();
        let pasts = pasts.map(|customer| past(nobody, customer));
        (pasts.collect(), read.left_out)
    }))
}

/// Reads a ledger. None where its mapping has faults, which were listed; of rows with faults it is
/// said how many are left out.
fn read(ledger: &Path, mapping: &Path) -> anyhow::Result<Option<Read>> {
    let name = mapping;
    let mapping = read_document(name)?;
    let mapping = match Mapping::parse(&mapping) {
        Ok(mapping) => mapping,
        Err(faults) => {
            for fault in faults {
                say!("{}: {fault}", name.display());
            }
            return Ok(None);
        }
    };
    let cannot = || format!("cannot read {}", ledger.display());
    let file = std::fs::File::open(ledger).with_context(cannot)?;
    let read = rows::read(&mapping, file).with_context(cannot)?;
    for fault in &read.faults {
        note!("{}: {fault}", ledger.display());
    }
    if read.left_out > 0 {
        note!("{} of {} rows are left out", read.left_out, read.rows);
    }
    Ok(Some(read))
}

/// The days that are looked at, in UTC.
fn span(read: &Read, (from, to): (Option<Date>, Option<Date>)) -> anyhow::Result<Span> {
    let instants = || {
        let customers = read.customers.iter();
        customers.flat_map(|customer| customer.facts.iter().map(|told| told.at))
    };
    let none = "the ledger has no row that can be taken";
    let first = instants().min().context(none)?.date_in(Tz::UTC);
    let last = instants().max().context(none)?.date_in(Tz::UTC);
    let (from, to) = (from.unwrap_or(first), to.unwrap_or(last));
    if to < from {
        return Err(Usage(format!("--to {to} is before --from {from}")).into());
    }
    Ok(Span {
        from: Timestamp::start_of(from, Tz::UTC),
        until: Timestamp::start_of(plus_days(to, 1), Tz::UTC).plus_ms(-1),
    })
}

fn past(tenant: TenantId, customer: OfCustomer) -> Past {
    let known = Customer::unknown(tenant, &customer.reference);
    let facts = (0..).zip(customer.facts);
    let facts = facts.map(|(number, told)| LoggedFact {
        id: fact_id(&known, number),
        at: told.at,
        fact: told.fact,
        taken: None,
    });
    Past::new(customer.reference, facts.collect())
}
