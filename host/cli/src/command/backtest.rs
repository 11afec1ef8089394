//! `regua backtest`.

pub(super) mod ledger;
mod tell;

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use regua_domain::time::Date;
use regua_rehearsal::backtest::{Compared, Costs, Report};
use regua_report::Labels;
use serde::Deserialize;
use serde_json::{Value, json};

use super::document::Document;
use crate::client::{Call, Client};
use crate::exit::{Exit, Usage};
use crate::progress;
use crate::when::date;

/// Plays a past under a draft of a workflow, beside the live policy, and tells what each would have
/// done: the tenant's own past, or a ledger's.
///
/// Payments come when they came, whatever letters would have been sent: what a policy would have
/// brought in is not told.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The draft, YAML or JSON: it takes the place of the active version of its name
    #[arg(long, value_name = "FILE")]
    workflow: PathBuf,
    /// The first day that is looked at [default: of a ledger, its first]
    #[arg(long, value_name = "DATE", value_parser = date, required_unless_present = "ledger")]
    from: Option<Date>,
    /// The last day [default: of a ledger, its last]
    #[arg(long, value_name = "DATE", value_parser = date, required_unless_present = "ledger")]
    to: Option<Date>,
    /// A ledger in place of the tenant's past: CSV, as for `regua import csv`; no store and no
    /// server is needed
    #[arg(long, value_name = "FILE", requires_all = ["mapping", "setup"])]
    ledger: Option<PathBuf>,
    /// How the ledger's columns are to be read
    #[arg(long, value_name = "FILE", requires = "ledger")]
    mapping: Option<PathBuf>,
    /// The live policy of a ledger: a setup, as for `regua test`
    #[arg(long, value_name = "FILE", requires = "ledger")]
    setup: Option<PathBuf>,
    /// What each thing that is done costs, YAML: see `regua schema costs`
    #[arg(long, value_name = "FILE")]
    costs: Option<PathBuf>,
    /// Write all of it as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a line for each customer as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write a page with charts, which needs no other file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// What was played.
struct Played {
    /// Whose policy it is.
    tenant: String,
    /// The first and the last day that were looked at.
    days: (Date, Date),
    /// What the policies did with each customer.
    compared: Vec<Compared>,
    /// Rows of a ledger with faults, which were listed.
    left_out: u64,
}

/// A part of a backtest, as the API answers.
#[derive(Deserialize)]
struct Part {
    customers: Vec<Compared>,
    after: Option<String>,
}

pub(super) async fn run(client: &Client, args: Args) -> anyhow::Result<Exit> {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && to < from
    {
        return Err(Usage(format!("--to {to} is before --from {from}")).into());
    }
    let Some(costs) = args
        .costs
        .as_deref()
        .map_or(Ok(Some(Costs::default())), costs)?
    else {
        return Ok(Exit::Faults);
    };
    let played = match (&args.ledger, &args.mapping, &args.setup) {
        (Some(ledger), Some(mapping), Some(setup)) => {
            let files = ledger::Files {
                ledger,
                mapping,
                setup,
                draft: &args.workflow,
            };
            ledger::compare(client.settings(), &files, (args.from, args.to), &costs)?
        }
        _ => of_tenant(client, &args, &costs).await?,
    };
    let Some(played) = played else {
        return Ok(Exit::Faults);
    };
    let csv = args
        .csv
        .as_ref()
        .map(|file| (file, tell::csv(&played.compared)));
    let mut report = Report::default();
    for compared in played.compared {
        report.add(compared);
    }
    // First what is told: a file may not be written.
    tell::report(&report);
    if let Some((file, text)) = csv {
        crate::file::write(file, text?)?;
    }
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&report)? + "\n";
        crate::file::write(file, text)?;
    }
    if let Some(file) = &args.html {
        let draft = args.workflow.file_name().unwrap_or_default();
        let draft = draft.to_string_lossy();
        let labels = Labels {
            tenant: &played.tenant,
            draft: &draft,
        };
        let text = regua_report::backtest(&report, labels, Some(played.days), &costs)?;
        crate::file::write(file, text)?;
    }
    Ok(if played.left_out == 0 {
        Exit::Done
    } else {
        Exit::Faults
    })
}

/// Costs of a file. None where it has faults, which were listed.
fn costs(file: &Path) -> anyhow::Result<Option<Costs>> {
    let Some(document) = Document::read(file)? else {
        return Ok(None);
    };
    let schema = regua_domain::workflow::check::Schema::new(costs_schema());
    let schema = schema.map_err(|error| anyhow::anyhow!("the schema of costs: {error}"))?;
    let faults = schema.problems(&document.value);
    if faults.is_empty() {
        return Ok(Some(serde_json::from_value(document.value)?));
    }
    document.list(faults);
    Ok(None)
}

/// The schema of costs, for editors.
pub(super) fn costs_schema() -> Value {
    schemars::schema_for!(Costs).to_value()
}

/// The tenant's own past. None where the draft has faults, which were listed.
async fn of_tenant(client: &Client, args: &Args, costs: &Costs) -> anyhow::Result<Option<Played>> {
    let (Some(from), Some(to)) = (args.from, args.to) else {
        return Err(Usage("say --from DATE and --to DATE".to_owned()).into());
    };
    let Some(draft) = Document::read(&args.workflow)? else {
        return Ok(None);
    };
    let calls = client.tenant().await?;
    let bar = progress::spinner("customers");
    let mut compared: Vec<Compared> = Vec::new();
    let mut after = None;
    loop {
        let body = json!({
            "workflow": draft.value, "from": from, "to": to, "costs": costs, "after": after,
        });
        let part: Part = match calls.send(Call::post("/v1/backtests", &body)).await {
            Ok(answer) => answer.json()?,
            Err(error) => {
                bar.finish_and_clear();
                draft.faults_below("/workflow", error)?;
                return Ok(None);
            }
        };
        compared.extend(part.customers);
        bar.set_position(compared.len() as u64);
        after = part.after;
        if after.is_none() {
            break;
        }
    }
    bar.finish_and_clear();
    let own: Own = calls.get("/v1/tenant").await?;
    Ok(Some(Played {
        tenant: own.display_name,
        days: (from, to),
        compared,
        left_out: 0,
    }))
}

/// Who the tenant is, as the API answers.
#[derive(Deserialize)]
struct Own {
    display_name: String,
}
