//! `regua tenant`.

pub mod policy;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use regua_domain::contract::is_name;
use regua_domain::id::TenantId;
use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::time::Timestamp;
use regua_storage::TenantRow;

use super::customer::document;
use crate::exit::{Exit, Usage};
use crate::ids;
use crate::out::{put, say};
use crate::session::Session;
use crate::when::When;

/// Tenants and their policies.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a tenant
    Create {
        /// 1 to 64 characters of a-z, 0-9 and -
        name: String,
        /// How it signs what debtors read [default: the name]
        #[arg(long, value_name = "TEXT")]
        display_name: Option<String>,
        /// What becomes of unpaid fees and interest on principal that was paid: there is no default
        #[arg(long, value_enum)]
        charges_on_paid_principal: Charges,
        /// Where links in letters lead, an https:// address: a template that has one needs it
        #[arg(long, value_name = "URL")]
        link_base: Option<String>,
        /// With a clock of its own; what it sends is captured, never delivered
        #[arg(long)]
        sandbox: bool,
        /// Where a sandbox's clock starts [default: now]
        #[arg(long, value_name = "DATE|INSTANT", requires = "sandbox")]
        clock: Option<When>,
    },
    /// Every tenant
    List,
    /// One tenant: its clock and its policy
    Show {
        /// Its name
        name: String,
    },
    /// Show a tenant's policy, or replace it whole
    Policy {
        /// Its name
        name: String,
        /// The new policy, YAML or JSON; every fault in it is named, and then nothing changes
        #[arg(long, value_name = "FILE")]
        set: Option<PathBuf>,
    },
}

/// What becomes of charges on principal that was paid.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Charges {
    /// They stay owed
    Keep,
    /// They are waived when the principal is paid in full
    Waive,
}

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Create {
            name,
            display_name,
            charges_on_paid_principal,
            link_base,
            sandbox,
            clock,
        } => {
            if !is_name(&name, 64) {
                let text = format!("`{name}` is not 1 to 64 characters of a-z, 0-9 and -");
                return Err(Usage(text).into());
            }
            let charges = match charges_on_paid_principal {
                Charges::Keep => ChargesOnPaid::Keep,
                Charges::Waive => ChargesOnPaid::Waive,
            };
            let mut policy = Policy::new(display_name.as_deref().unwrap_or(&name), charges);
            policy.link_base = link_base.unwrap_or_default();
            policy.sandbox = sandbox;
            if let Some(problem) = policy.problems().first() {
                return Err(Usage(problem.to_string()).into());
            }
            let clock = clock.map(When::timestamp);
            create(session, name, policy, clock).await?;
        }
        Command::List => {
            for row in session.store().tenants().await? {
                say!("{}\t{}\t{}", row.name, row.id, clock_of(&row));
            }
        }
        Command::Show { name } => {
            let row = named(session, &name).await?;
            say!("{}\t{}\t{}", row.name, row.id, clock_of(&row));
            put!("{}\n", serde_json::to_string_pretty(&row.policy)?);
        }
        Command::Policy { name, set } => {
            let row = named(session, &name).await?;
            let Some(file) = set else {
                put!("{}\n", serde_json::to_string_pretty(&row.policy)?);
                return Ok(Exit::Done);
            };
            let store = session.store().tenant(row.id);
            let workflows = store.workflows().await?;
            let faults = match policy::read(&document(&file)?, &row) {
                Ok(policy) => {
                    let faults = policy::against(&policy, &workflows);
                    if faults.is_empty() {
                        let done = store.put_policy(&policy, None).await;
                        done.with_context(|| format!("cannot replace the policy of `{name}`"))?;
                        say!("policy of {name} replaced");
                        policy::note_missing(&policy, &workflows);
                        return Ok(Exit::Done);
                    }
                    faults
                }
                Err(faults) => faults,
            };
            for fault in faults {
                say!("{}: {fault}", file.display());
            }
            return Ok(Exit::Faults);
        }
    }
    Ok(Exit::Done)
}

async fn create(
    session: &Session,
    name: String,
    policy: Policy,
    clock: Option<Timestamp>,
) -> anyhow::Result<()> {
    if let Some(problem) = policy.problems().first() {
        return Err(Usage(problem.to_string()).into());
    }
    let row = TenantRow {
        id: TenantId(ids::fresh()),
        clock: policy.sandbox.then(|| clock.unwrap_or_else(now)),
        name,
        revision: 0,
        policy,
    };
    let done = session.store().create_tenant(&row).await;
    done.with_context(|| format!("cannot create tenant `{}`", row.name))?;
    say!("{}\t{}\t{}", row.name, row.id, clock_of(&row));
    Ok(())
}

fn now() -> Timestamp {
    regua_engine::Clock::now(&regua_engine::SystemClock)
}

fn clock_of(row: &TenantRow) -> String {
    row.clock.map_or_else(
        || "live".to_owned(),
        |clock| format!("sandbox at {}", clock.to_rfc3339()),
    )
}

async fn named(session: &Session, name: &str) -> anyhow::Result<TenantRow> {
    let rows = session.store().tenants().await?;
    rows.into_iter()
        .find(|row| row.name == name)
        .with_context(|| format!("tenant `{name}` does not exist"))
}
