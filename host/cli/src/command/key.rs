//! `regua key`.

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use serde::Deserialize;
use serde_json::json;

use crate::client::{Call, Calls, Client, Refused, segment};
use crate::exit::{Exit, Usage};
use crate::out::{note, say};
use crate::when::When;

/// Keys of the admin API.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a key: it is printed once, and kept nowhere
    Create {
        /// What it may do. An operator's key is of no tenant
        #[arg(long, value_enum)]
        role: RoleName,
        /// What it is for
        #[arg(long)]
        label: String,
        /// When it ends by itself [default: never]
        #[arg(long, value_name = "DATE|INSTANT")]
        expires_at: Option<When>,
    },
    /// Keys, by id
    List {
        /// The operator's own, not the tenant's
        #[arg(long)]
        operator: bool,
    },
    /// Revoke a key, at once and for ever
    Revoke {
        /// The key's id, as the list tells it, or the key itself
        key: String,
        /// It is one of the operator's own
        #[arg(long)]
        operator: bool,
    },
}

/// What a key may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleName {
    /// Run the host: tenants and their first keys
    Operator,
    /// Everything of a tenant
    Admin,
    /// Plugins, templates, workflows
    Developer,
    /// Cases and tasks
    Agent,
    /// Tell what happened
    Ingest,
    /// Look
    Viewer,
}

#[derive(Deserialize)]
struct Key {
    id: String,
    label: String,
    role: String,
    expires_at: Option<String>,
    revoked_at: Option<String>,
}

#[derive(Deserialize)]
struct Made {
    id: String,
    role: String,
    token: String,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Create {
            role,
            label,
            expires_at,
        } => create(client, role, label, expires_at).await?,
        Command::List { operator } => {
            for key in own(client, operator).await?.all::<Key>(OWN).await? {
                say!("{}", key.line());
            }
        }
        Command::Revoke { key, operator } => {
            // A token that got into wrong hands is what people have at hand. It goes no further.
            let key = regua_http::key::Token::parse(&key).map_or(key, |token| token.id);
            let calls = own(client, operator).await?;
            let path = format!("{OWN}/{}", segment(&key));
            calls.send(Call::delete(&path)).await?;
            note!("{key}: revoked");
        }
    }
    Ok(Exit::Done)
}

const OWN: &str = "/v1/keys";

/// Whoever's own keys are looked at: the operator's, or a tenant's.
async fn own(client: &Client, is_operator: bool) -> anyhow::Result<Calls<'_>> {
    if is_operator {
        client.host().await
    } else {
        client.tenant().await
    }
}

impl Key {
    fn line(&self) -> String {
        let ends = match (&self.revoked_at, &self.expires_at) {
            (Some(at), _) => format!("revoked {at}"),
            (None, Some(at)) => format!("until {at}"),
            (None, None) => "for good".to_owned(),
        };
        format!("{}\t{}\t{ends}\t{}", self.id, self.role, self.label)
    }
}

async fn create(
    client: &Client,
    role: RoleName,
    label: String,
    expires_at: Option<When>,
) -> anyhow::Result<()> {
    let (calls, path) = holder(client, role).await?;
    let role = role
        .to_possible_value()
        .map(|role| role.get_name().to_owned());
    let expires_at = expires_at.map(|at| at.timestamp().to_rfc3339());
    let new = json!({ "label": label, "role": role, "expires_at": expires_at });
    let made = calls.send(Call::post(&path, &new)).await;
    let made = made.map_err(|error| match Refused::of(&error) {
        Some(refused) if refused.is("invalid") => Usage(refused.to_string()).into(),
        _ => error,
    });
    let made: Made = made.context("the key is not made")?.json()?;
    note!("{}: {}, told this once:", made.id, made.role);
    say!("{}", made.token);
    Ok(())
}

/// Who makes the key, and where: the operator their own and, where the tenant is named to a
/// server, that tenant's; a tenant its own.
async fn holder(client: &Client, role: RoleName) -> anyhow::Result<(Calls<'_>, String)> {
    if matches!(role, RoleName::Operator) {
        return Ok((client.host().await?, OWN.to_owned()));
    }
    let Some(name) = client.settings().tenant.value.as_ref() else {
        return Ok((client.tenant().await?, OWN.to_owned()));
    };
    let calls = client.host().await?;
    let tenants = calls.tenants().await?;
    let found = tenants.into_iter().find(|tenant| tenant.name == *name);
    let tenant = found.with_context(|| format!("tenant `{name}` does not exist"))?;
    Ok((calls, format!("/v1/tenants/{}/keys", tenant.id)))
}
