//! `regua case`.

mod show;

use anyhow::Context as _;
use clap::Subcommand;
use regua_domain::case::{Case, CaseState};
use regua_domain::dossier::Dossier;
use regua_domain::id::{CaseId, CustomerId};
use regua_domain::timeline::TimelineEntry;
use regua_storage::{CaseRow, CasesQuery};
use uuid::Uuid;

use crate::exit::{Exit, Usage};
use crate::out::{note, say};
use crate::session::{Session, Tenancy};
use regua_domain::narrate::{self, Names};

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
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// Those after this one
        #[arg(long, value_name = "CASE")]
        after: Option<CaseId>,
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
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let tenancy = session.tenancy().await?;
    match command {
        Command::List {
            open,
            customer,
            limit,
            after,
        } => {
            let query = CasesQuery {
                open,
                customer,
                after,
                limit,
            };
            let rows = tenancy
                .store
                .cases(&query)
                .await
                .context("cannot list cases")?;
            for row in &rows {
                say!("{}", line(row));
            }
            if rows.len() == limit as usize
                && let Some(last) = rows.last()
            {
                note!("there may be more: --after {}", last.case.id);
            }
        }
        Command::Show { case } => {
            let row = find(&tenancy, case).await?;
            let dossier = tenancy.dossier(row.customer).await?;
            show::tell(&dossier, &row.case, tenancy.now());
        }
        Command::Timeline {
            case,
            customer,
            json,
        } => timeline(&tenancy, case, customer, json).await?,
    }
    Ok(Exit::Done)
}

fn line(row: &CaseRow) -> String {
    let Case {
        id,
        currency,
        workflow,
        ..
    } = &row.case;
    let state = state(&row.case);
    format!("{id}\t{}\t{currency}\t{workflow}\t{state}", row.reference)
}

/// Where a case stands, in a few words.
fn state(case: &Case) -> String {
    match &case.state {
        CaseState::Waiting(waiting) => format!("waits for {}", waiting.stage),
        CaseState::Visiting(visit) => format!("in {}", visit.stage),
        CaseState::Ended { end, .. } => format!("ended: {}", end.name()),
    }
}

/// A case by id: cases are listed by id, so it is the first after the one before it.
pub(super) async fn find(tenancy: &Tenancy, case: CaseId) -> anyhow::Result<CaseRow> {
    let before = case.0.as_u128().checked_sub(1).map(Uuid::from_u128);
    let query = CasesQuery {
        after: before.map(CaseId),
        limit: 1,
        ..CasesQuery::default()
    };
    let rows = tenancy
        .store
        .cases(&query)
        .await
        .context("cannot look for the case")?;
    rows.into_iter()
        .find(|row| row.case.id == case)
        .with_context(|| format!("{case} does not exist in tenant `{}`", tenancy.row.name))
}

async fn timeline(
    tenancy: &Tenancy,
    case: Option<CaseId>,
    customer: Option<String>,
    json: bool,
) -> anyhow::Result<()> {
    const PAGE: u32 = 1_000;
    let id: CustomerId = match (case, customer) {
        (Some(case), _) => find(tenancy, case).await?.customer,
        (None, Some(reference)) => tenancy.customer(&reference).await?,
        (None, None) => return Err(Usage("a case, or --customer REF".into()).into()),
    };
    let dossier: Dossier = tenancy.dossier(id).await?;
    let names = Names::of(&dossier);
    let mut from = 0;
    loop {
        let page = tenancy.store.timeline(id, from, PAGE).await;
        let page: Vec<TimelineEntry> = page.context("cannot read the timeline")?;
        let Some(last) = page.last().map(|entry| entry.number) else {
            return Ok(());
        };
        // What belongs to no case, such as an address that changed, is told with each.
        let wanted =
            |entry: &&TimelineEntry| case.is_none() || entry.case.is_none() || entry.case == case;
        for entry in page.iter().filter(wanted) {
            if json {
                say!("{}", serde_json::to_string(entry)?);
            } else {
                say!("{}", narrate::entry(entry, &names));
            }
        }
        from = last + 1;
    }
}
