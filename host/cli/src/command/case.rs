//! `regua case`.

mod show;
mod situation;

use anyhow::Context as _;
use chrono_tz::Tz;
use clap::Subcommand;
use regua_domain::id::CaseId;
use serde::Deserialize;
use serde_json::Value;

use crate::client::{Calls, Client, local_time, segment};
use crate::exit::{Exit, Usage};
use crate::out::{note, say};

/// Cases: what one customer owes in one currency.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Cases, by id
    List {
        /// Open ones only
        #[arg(long)]
        open: bool,
        /// Of one customer, by reference
        #[arg(long, value_name = "REF")]
        customer: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        /// Those after a list that said so
        #[arg(long, value_name = "WHERE")]
        after: Option<String>,
    },
    /// One case: the customer, what is owed, where it stands, what was done
    Show {
        /// The case's id
        case: CaseId,
    },
    /// What happened, oldest first, in the customer's own time
    Timeline {
        /// The case's id
        #[arg(required_unless_present = "customer", conflicts_with = "customer")]
        case: Option<CaseId>,
        /// All of a customer's, by reference
        #[arg(long, value_name = "REF")]
        customer: Option<String>,
        /// One JSON object a line, as the API has it
        #[arg(long)]
        json: bool,
    },
    /// What a stage knew when it was asked: JSON, for `plugin run --situation`
    Situation {
        /// The case's id
        case: CaseId,
        /// At which transition [default: the last one]
        #[arg(long, value_name = "N")]
        sequence: Option<u64>,
    },
}

/// A case as the API tells of it.
#[derive(Deserialize)]
struct Case {
    id: String,
    customer: String,
    currency: String,
    workflow: Workflow,
    state: State,
    stage: String,
    opened_at: String,
    since: String,
    next_call_at: Option<String>,
    end: Option<String>,
}

#[derive(Deserialize)]
struct Workflow {
    name: String,
    version: u32,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Waiting,
    Visiting,
    Ended,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    match command {
        Command::List {
            open,
            customer,
            limit,
            after,
        } => {
            let mut path = format!("/v1/cases?open={open}");
            if let Some(customer) = customer {
                path = format!("{path}&customer={}", segment(&customer));
            }
            let (cases, next) = calls.some::<Case>(&path, after, limit).await?;
            if cases.is_empty() {
                note!("no case");
            }
            for case in &cases {
                say!("{}", case.line());
            }
            if let Some(next) = next {
                note!("there are more: --after {next}");
            }
        }
        Command::Show { case } => show::tell(&calls, case).await?,
        Command::Situation { case, sequence } => situation::tell(&calls, case, sequence).await?,
        Command::Timeline {
            case,
            customer,
            json,
        } => timeline(&calls, case, customer, json).await?,
    }
    Ok(Exit::Done)
}

impl Case {
    fn line(&self) -> String {
        let Workflow { name, version } = &self.workflow;
        let state = match self.state {
            State::Waiting => format!("waits for {}", self.stage),
            State::Visiting => format!("in {}", self.stage),
            State::Ended => format!("ended: {}", self.end.as_deref().unwrap_or_default()),
        };
        format!(
            "{}\t{}\t{}\t{name}@{version}\t{state}",
            self.id, self.customer, self.currency
        )
    }
}

/// A kebab-case word, as words.
pub(super) fn in_words(word: &str) -> String {
    word.replace('-', " ")
}

/// Where a customer's day begins and ends.
pub(super) async fn zone(calls: &Calls<'_>, customer: &str) -> anyhow::Result<Tz> {
    #[derive(Deserialize)]
    struct Customer {
        time_zone: Tz,
    }
    let path = format!("/v1/customers/{}", segment(customer));
    let Customer { time_zone } = calls.get(&path).await?;
    Ok(time_zone)
}

/// Of a decision, the number by which `regua explain` tells it.
fn number(entry: &Value) -> String {
    match (entry["kind"].as_str(), &entry["sequence"]) {
        (
            Some("decided" | "stage-refused" | "stage-failed" | "stage-inconclusive"),
            Value::Number(sequence),
        ) => format!(" [decision {sequence}]"),
        _ => String::new(),
    }
}

async fn timeline(
    calls: &Calls<'_>,
    case: Option<CaseId>,
    customer: Option<String>,
    json: bool,
) -> anyhow::Result<()> {
    let (path, customer) = match (case, customer) {
        (Some(case), _) => {
            let path = format!("/v1/cases/{case}");
            let case: Case = calls.get(&path).await?;
            (path, case.customer)
        }
        (None, Some(customer)) => (format!("/v1/customers/{}", segment(&customer)), customer),
        (None, None) => return Err(Usage("a case, or --customer REF".into()).into()),
    };
    let zone = zone(calls, &customer).await?;
    let path = format!("{path}/timeline");
    let mut after = None;
    loop {
        let (entries, next) = calls
            .some::<Value>(&path, after, crate::client::PAGE)
            .await?;
        for entry in &entries {
            if json {
                say!("{entry}");
                continue;
            }
            let text = |name| entry[name].as_str().context("an entry without a text");
            let at = local_time(text("at")?, zone)?;
            say!("{at}  {}{}", text("text")?, number(entry));
        }
        if next.is_none() {
            return Ok(());
        }
        after = next;
    }
}
