//! Plugins on a tenant's shelf.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use regua_engine::signing::PrivateKey;
use regua_runtime::sha256_hex;
use serde::Deserialize;
use serde_json::Value;

use super::key;
use crate::client::{Call, Calls, Client, Refused, segment};
use crate::exit::{Exit, Usage};
use crate::out::{put, say};

/// A plugin version as the API tells of it.
#[derive(Deserialize)]
pub(super) struct Plugin {
    pub name: String,
    pub version: String,
    summary: String,
    digest: String,
    added_at: String,
    outcomes: Vec<String>,
    proposes: Vec<String>,
    granted: Vec<String>,
    signed: Option<Signed>,
    revoked: Option<Revoked>,
    #[serde(default)]
    non_deterministic: Option<NonDeterministic>,
    listens: Vec<String>,
    config_schema: Value,
}

#[derive(Deserialize)]
struct Signed {
    key: String,
}

#[derive(Deserialize)]
struct Revoked {
    at: String,
    because: String,
}

#[derive(Deserialize)]
struct NonDeterministic {
    at: String,
    case: String,
    sequence: u64,
    differs: String,
}

#[derive(Deserialize)]
struct Added {
    #[serde(flatten)]
    plugin: Plugin,
    is_new: bool,
    #[serde(default)]
    warnings: Vec<String>,
}

/// Adds components, signed where a key's file is given; why one is not added is listed.
pub(super) async fn push_all(
    client: &Client,
    files: &[PathBuf],
    sign: Option<&Path>,
) -> anyhow::Result<Exit> {
    let key = sign.map(key::private).transpose()?;
    let calls = client.tenant().await?;
    let mut exit = Exit::Done;
    for file in files {
        if !push(&calls, file, key.as_ref()).await? {
            exit = Exit::Faults;
        }
    }
    Ok(exit)
}

/// Tells what is on the shelf.
pub(super) async fn list(client: &Client) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    for plugin in calls.all::<Plugin>("/v1/plugins").await? {
        let revoked = plugin.revoked.as_ref();
        let revoked = revoked.map(|revoked| format!("\trevoked: {}", revoked.because));
        let marked = plugin.non_deterministic.as_ref();
        let marked = marked.map_or("", |_| "\tanswers differently to equal input");
        say!(
            "{}\t{}{}{marked}",
            plugin.label(),
            plugin.summary,
            revoked.unwrap_or_default()
        );
    }
    Ok(Exit::Done)
}

/// Tells all that a plugin says of itself.
pub(super) async fn show(client: &Client, name: &str) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let mut found = calls.all::<Plugin>("/v1/plugins").await?;
    found.retain(|plugin| plugin.name == name || plugin.label() == name);
    if found.is_empty() {
        anyhow::bail!("plugin `{name}` is not on the shelf");
    }
    found.iter().for_each(Plugin::show);
    Ok(Exit::Done)
}

/// Takes a version off the shelf.
pub(super) async fn remove(client: &Client, name: &str) -> anyhow::Result<Exit> {
    let Some((plugin, version)) = name.split_once('@') else {
        let text = format!("`{name}` does not say which version: write name@version");
        return Err(Usage(text).into());
    };
    let path = format!(
        "/v1/plugins/{}/versions/{}",
        segment(plugin),
        segment(version)
    );
    let calls = client.tenant().await?;
    calls.send(Call::delete(&path)).await?;
    say!("{name} removed");
    Ok(Exit::Done)
}

/// The version of a label; of a name alone, the one that was added last.
pub(super) async fn one(calls: &Calls<'_>, name: &str) -> anyhow::Result<Plugin> {
    let mut found = calls.all::<Plugin>("/v1/plugins").await?;
    found.retain(|plugin| plugin.name == name || plugin.label() == name);
    let last = found
        .into_iter()
        .max_by(|one, other| one.added_at.cmp(&other.added_at));
    last.with_context(|| format!("plugin `{name}` is not on the shelf"))
}

/// Adds one; answers whether it is on the shelf. Why it is not is listed.
async fn push(calls: &Calls<'_>, file: &Path, key: Option<&PrivateKey>) -> anyhow::Result<bool> {
    let wasm = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let path = key.map_or_else(
        || "/v1/plugins".to_owned(),
        |key| {
            let (by, signature) = (key.public().id(), key.sign(&sha256_hex(&wasm)));
            format!("/v1/plugins?signed_by={by}&signature={signature}")
        },
    );
    let call = Call::post_bytes(&path, "application/wasm", wasm);
    let error = match calls.send(call).await {
        Ok(answer) => {
            let Added {
                plugin,
                is_new,
                warnings,
            } = answer.json()?;
            let news = if is_new { "added" } else { "there already" };
            let signed = plugin.signed.as_ref().filter(|_| key.is_some());
            let signed = signed.map(|signed| format!(", signed by {}", signed.key));
            let signed = signed.unwrap_or_default();
            say!("{} {news}{signed} ({})", plugin.label(), plugin.digest);
            for warning in warnings {
                say!("{}: warning: {warning}", file.display());
            }
            return Ok(true);
        }
        Err(error) => error,
    };
    let file = file.display();
    let verdict = match Refused::of(&error) {
        Some(refused) if refused.is("invalid") || refused.is("too-large") => "not admitted",
        Some(refused) if refused.is("conflict") || refused.is("signature") => "not added",
        _ => return Err(error).with_context(|| format!("cannot add {file}")),
    };
    for reason in Refused::of(&error).into_iter().flat_map(Refused::reasons) {
        say!("{file}: {verdict}: {reason}");
    }
    Ok(false)
}

impl Plugin {
    fn label(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    fn show(&self) {
        say!("{}", self.label());
        say!("  {}", self.summary);
        say!("  digest    {}", self.digest);
        say!("  added     {}", self.added_at);
        say!("  outcomes  {}", self.outcomes.join(", "));
        say!("  proposes  {}", self.proposes.join(", "));
        say!("  granted   {}", self.granted.join(", "));
        say!("  listens   {}", self.listens.join(", "));
        if let Some(signed) = &self.signed {
            say!("  signed    by {}", signed.key);
        }
        if let Some(Revoked { at, because }) = &self.revoked {
            say!("  revoked   {at}: {because}");
        }
        if let Some(found) = &self.non_deterministic {
            let NonDeterministic {
                at,
                case,
                sequence,
                differs,
            } = found;
            say!(
                "  answers differently to equal input: {differs} of {case}, {sequence}, found {at}"
            );
        }
        put!("  config    {:#}\n\n", self.config_schema);
    }
}
