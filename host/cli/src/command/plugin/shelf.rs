//! Plugins on a tenant's shelf.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

use crate::client::{Call, Calls, Client, Refused};
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
    listens: Vec<String>,
    config_schema: Value,
}

#[derive(Deserialize)]
struct Added {
    #[serde(flatten)]
    plugin: Plugin,
    is_new: bool,
    #[serde(default)]
    warnings: Vec<String>,
}

/// Adds components; why one is not added is listed.
pub(super) async fn add_all(client: &Client, files: &[PathBuf]) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let mut exit = Exit::Done;
    for file in files {
        if !add(&calls, file).await? {
            exit = Exit::Faults;
        }
    }
    Ok(exit)
}

/// Tells what is on the shelf.
pub(super) async fn list(client: &Client) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    for plugin in calls.all::<Plugin>("/v1/plugins").await? {
        say!("{}\t{}", plugin.label(), plugin.summary);
    }
    Ok(Exit::Done)
}

/// Tells all that a plugin says of itself.
pub(super) async fn show(client: &Client, name: &str) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let mut found = calls.all::<Plugin>("/v1/plugins").await?;
    found.retain(|plugin| plugin.name == name || plugin.label() == name);
    if found.is_empty() {
        return Err(Usage(format!("plugin `{name}` is not on the shelf")).into());
    }
    found.iter().for_each(Plugin::show);
    Ok(Exit::Done)
}

/// The version of a label; of a name alone, the one that was added last.
pub(super) async fn one(calls: &Calls<'_>, name: &str) -> anyhow::Result<Plugin> {
    let mut found = calls.all::<Plugin>("/v1/plugins").await?;
    found.retain(|plugin| plugin.name == name || plugin.label() == name);
    let last = found
        .into_iter()
        .max_by(|one, other| one.added_at.cmp(&other.added_at));
    Ok(last.ok_or_else(|| Usage(format!("plugin `{name}` is not on the shelf")))?)
}

/// Adds one; answers whether it is on the shelf. Why it is not is listed.
async fn add(calls: &Calls<'_>, file: &Path) -> anyhow::Result<bool> {
    let wasm = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let call = Call::post_bytes("/v1/plugins", "application/wasm", wasm);
    let error = match calls.send(call).await {
        Ok(answer) => {
            let Added {
                plugin,
                is_new,
                warnings,
            } = answer.json()?;
            let news = if is_new { "added" } else { "there already" };
            say!("{} {news} ({})", plugin.label(), plugin.digest);
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
        Some(refused) if refused.is("conflict") => "not added",
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
        say!("  listens   {}", self.listens.join(", "));
        put!("  config    {:#}\n\n", self.config_schema);
    }
}
