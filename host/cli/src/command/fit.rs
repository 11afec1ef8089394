//! `regua fit`.

mod tell;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args as ClapArgs;
use regua_domain::time::{Date, plus_days};
use regua_rehearsal::backtest::Past;
use regua_rehearsal::simulate::Model;
use regua_rehearsal::simulate::fit::{
    Fitted, Observed, People, calibrate, currencies, fit, observe, people,
};

use super::backtest::ledger;
use super::simulate::assumed::Assumed;
use crate::client::Client;
use crate::exit::{Exit, Usage};
use crate::out::{note, say};
use crate::when::date;

/// Days of a past that a fit needs at least.
const DAYS_MIN: i64 = 90;
/// Payments of a past that tell more of payers than the default does.
const PAYMENTS_MIN: usize = 100;
/// Customers whose past is read at once.
const PAGE: u32 = 1_000;

/// Fits the payer model to a past, and tells how well it foretells months that it has not seen.
///
/// The past is the tenant's own, or a ledger's. Three quarters of its days are fitted, and the rest is
/// foretold; what is written is then fitted to all of it. Fitted are the segments with their hazards,
/// shares and whether they are businesses, `frailty_sigma`, `payday`, `other_days`, `amount_power`, and
/// of `billing` the currency, `terms_days`, `median`, `sigma` and `most`; `time_zone`, `locale` and
/// `jurisdiction` are those of most customers. All else stays the default: how often is billed, and what
/// messages, replies, plans and agencies do and cost.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// A ledger in place of the tenant's past: CSV, as for `regua import csv`; no store is needed
    #[arg(long, value_name = "FILE", requires = "mapping")]
    ledger: Option<PathBuf>,
    /// How the ledger's columns are to be read
    #[arg(long, value_name = "FILE", requires = "ledger")]
    mapping: Option<PathBuf>,
    /// The first day that is not fitted, but foretold [default: after three quarters]
    #[arg(long, value_name = "DATE", value_parser = date)]
    unseen_from: Option<Date>,
    /// What is foretold: that an invoice is paid within so many days after it is due
    #[arg(long, value_name = "DAYS", default_value_t = 10, value_parser = clap::value_parser!(i64).range(0..=365))]
    within: i64,
    /// Write what was fitted, for `regua simulate --payers`
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

pub(super) async fn run(client: &Client, args: &Args) -> anyhow::Result<Exit> {
    let pasts = match (&args.ledger, &args.mapping) {
        (Some(ledger), Some(mapping)) => ledger::pasts(ledger, mapping)?,
        _ => Some((of_tenant(client).await?, 0)),
    };
    let Some((pasts, left_out)) = pasts else {
        return Ok(Exit::Faults);
    };
    let observed = of_one_currency(pasts.iter().flat_map(observe).collect());
    let Some((first, last)) = days(&observed) else {
        anyhow::bail!("no invoice was told yet: there is nothing to fit to");
    };
    let span = (last - first).num_days();
    if span < DAYS_MIN {
        let text = format!("the past spans {span} days: a fit needs {DAYS_MIN} at least");
        return Err(Usage(text).into());
    }
    let cut = args
        .unseen_from
        .unwrap_or_else(|| plus_days(first, span * 3 / 4));
    if !(first..last).contains(&cut) {
        let text = format!("--unseen-from {cut} is not within {first} to {last}");
        return Err(Usage(text).into());
    }
    let seen = fit(&observed, plus_days(cut, -1), &Model::default());
    say!("How well such a fit foretells: fitted to the days before {cut} alone, for this table.");
    tell::hazards(&seen, first, plus_days(cut, -1));
    tell::foretold(
        &calibrate(&seen, &observed, (cut, last), args.within),
        cut,
        last,
    );
    let whole = fit(&observed, last, &Model::default());
    say!("");
    say!("The fit itself, to all of it: what --write writes, and `regua simulate` takes.");
    tell::hazards(&whole, first, last);
    let assumed = Assumed::of(whole.model, people(&pasts));
    tell::members(&assumed);
    if let Some(file) = &args.write {
        let text = serde_saphyr::to_string(&assumed).context("the model cannot be written")?;
        crate::file::write(file, text)?;
        say!("");
        say!("written to {}", file.display());
    }
    Ok(if left_out == 0 {
        Exit::Done
    } else {
        Exit::Faults
    })
}

/// The invoices of the currency that most are of: amounts of several do not go together. Where there
/// are several, it is said how many invoices each has.
fn of_one_currency(mut observed: Vec<Observed>) -> Vec<Observed> {
    let counts = currencies(&observed);
    if let [(main, _), _, ..] = counts.as_slice() {
        let all = counts.iter().map(|(of, count)| format!("{count} of {of}"));
        let all: Vec<_> = all.collect();
        note!(
            "invoices: {}; fitted to those of {main} alone",
            all.join(", ")
        );
        observed.retain(|one| one.currency == *main);
    }
    observed
}

/// The first day of what was observed, and the last.
fn days(observed: &[Observed]) -> Option<(Date, Date)> {
    let issued = || observed.iter().map(|one| one.issued_on);
    let (first, last) = issued().min().zip(issued().max())?;
    let paid = observed.iter().filter_map(|one| one.paid_on).max();
    Some((first, paid.unwrap_or(last).max(last)))
}

/// What a tenant's own past comes to.
pub(super) struct Own {
    pub fitted: Fitted,
    pub people: People,
}

/// The model fitted to all of the tenant's own past; none where that is too short, or too few paid.
pub(super) async fn own(client: &Client) -> anyhow::Result<Option<Own>> {
    let pasts = of_tenant(client).await?;
    let observed = of_one_currency(pasts.iter().flat_map(observe).collect());
    let span = days(&observed).filter(|(first, last)| (*last - *first).num_days() >= DAYS_MIN);
    let fitted = span.map(|(_, last)| fit(&observed, last, &Model::default()));
    let fitted = fitted.filter(|fitted| fitted.payments >= PAYMENTS_MIN);
    Ok(fitted.map(|fitted| Own {
        fitted,
        people: people(&pasts),
    }))
}

/// What the tenant was told of its customers.
async fn of_tenant(client: &Client) -> anyhow::Result<Vec<Past>> {
    if client.settings().server.value.is_some() {
        let text = "a service fits for nobody: name a ledger, or the store";
        return Err(Usage(text.to_owned()).into());
    }
    let session = client.session().await?;
    let (_, open) = session.open_tenant().await?;
    let (mut pasts, mut after) = (Vec::new(), None);
    loop {
        let page = open.store.pasts(after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        after = page.last().map(|past| past.customer);
        pasts.extend(
            page.into_iter()
                .map(|past| Past::new(past.reference, past.facts)),
        );
        if is_last {
            return Ok(pasts);
        }
    }
}
