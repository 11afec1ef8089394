//! `regua tenant`.

pub mod policy;
pub mod quota;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use regua_domain::policy::Policy;
use serde_json::{Value, json};

use super::document::Document;
use crate::client::{Call, Calls, Client, Refused, Tenant};
use crate::exit::{Exit, Usage};
use crate::out::{put, say};
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
    /// What a tenant may use of the host and what it used; the operator may change it
    Quota(quota::QuotaArgs),
}

/// What becomes of charges on principal that was paid.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Charges {
    /// They stay owed
    Keep,
    /// They are waived when the principal is paid in full
    Waive,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Create {
            name,
            display_name,
            charges_on_paid_principal,
            link_base,
            sandbox,
            clock,
        } => {
            let charges = match charges_on_paid_principal {
                Charges::Keep => "keep",
                Charges::Waive => "waive",
            };
            let clock = clock.map(|clock| clock.timestamp().to_rfc3339());
            let new = json!({
                "display_name": display_name.unwrap_or_else(|| name.clone()), "name": name,
                "charges_on_paid_principal": charges, "link_base": link_base.unwrap_or_default(),
                "sandbox": sandbox.then(|| json!({ "clock": clock })),
            });
            create(client, &name, &new).await?;
        }
        Command::List => {
            for tenant in client.host().await?.tenants().await? {
                tell(&tenant);
            }
        }
        Command::Show { name } => {
            let (calls, tenant) = client.named(&name).await?;
            tell(&tenant);
            show_policy(&calls).await?;
        }
        Command::Policy { name, set } => {
            let (calls, _) = client.named(&name).await?;
            match set {
                Some(file) => return set_policy(&calls, &name, &file).await,
                None => show_policy(&calls).await?,
            }
        }
        Command::Quota(args) => return quota::run(client, &args).await,
    }
    Ok(Exit::Done)
}

async fn create(client: &Client, name: &str, new: &Value) -> anyhow::Result<()> {
    let made = client
        .host()
        .await?
        .send(Call::post("/v1/tenants", new))
        .await;
    let made = made.map_err(|error| match Refused::of(&error) {
        Some(refused) if refused.is("invalid") => Usage(refused.to_string()).into(),
        _ => error,
    });
    tell(
        &made
            .with_context(|| format!("cannot create tenant `{name}`"))?
            .json()?,
    );
    Ok(())
}

fn tell(tenant: &Tenant) {
    let clock = match &tenant.clock {
        Some(clock) => format!("sandbox at {clock}"),
        None => "live".to_owned(),
    };
    say!("{}\t{}\t{clock}", tenant.name, tenant.id);
}

/// In the order in which the documentation has its members.
async fn show_policy(calls: &Calls<'_>) -> anyhow::Result<()> {
    let policy: Policy = calls.get("/v1/policy").await?;
    put!("{}\n", serde_json::to_string_pretty(&policy)?);
    Ok(())
}

async fn set_policy(calls: &Calls<'_>, name: &str, file: &Path) -> anyhow::Result<Exit> {
    let Some(document) = Document::read(file)? else {
        return Ok(Exit::Faults);
    };
    let put = Call::put("/v1/policy", &document.value).matching("*");
    if let Err(error) = calls.send(put).await {
        document.faults(error)?;
        return Ok(Exit::Faults);
    }
    say!("policy of {name} replaced");
    policy::note_warnings(calls).await?;
    Ok(Exit::Done)
}
