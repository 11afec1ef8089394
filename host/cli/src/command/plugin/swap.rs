//! Versions of a plugin that take one another's place in the workflows that have a stage of it.

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shelf;
use crate::client::{Call, Calls, Client, segment};
use crate::command::workflow::rollout::{self, How, Running, Stages};
use crate::exit::{Exit, Usage};
use crate::out::say;

/// A version that takes another's place.
#[derive(Debug, Clone, Args)]
pub struct Activate {
    /// `name@version`
    version: String,
    #[command(flatten)]
    swap: Swap,
}

/// A version that another takes the place of again.
#[derive(Debug, Clone, Args)]
pub struct Rollback {
    /// The plugin's name
    name: String,
    #[command(flatten)]
    swap: Swap,
}

/// Where, and how.
#[derive(Debug, Clone, Args)]
struct Swap {
    /// In this workflow only; as often as needed
    #[arg(long = "workflow", value_name = "NAME")]
    workflows: Vec<String>,
    /// What becomes of cases that run
    #[arg(long, value_enum, default_value_t = Running::Migrate)]
    running: Running,
    #[command(flatten)]
    how: How,
}

/// A version of a workflow as the API tells of it.
#[derive(Deserialize)]
struct Listed {
    name: String,
    version: u32,
    active: bool,
    plugins: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    plugin: String,
}

#[derive(Deserialize)]
struct Published {
    version: u32,
}

#[derive(Deserialize)]
struct Revoked {
    because: String,
}

#[derive(Deserialize)]
struct Rollout {
    activations: Vec<Activation>,
}

#[derive(Deserialize)]
struct Activation {
    former: Option<u32>,
}

impl Listed {
    /// The versions of a plugin that it locks, `name@version`, sorted: its stages may differ.
    fn locks(&self, plugin: &str) -> Vec<&str> {
        let labels = self.plugins.iter().map(|lock| lock.plugin.as_str());
        let mut of_it: Vec<_> = labels.filter(|label| named(label).0 == plugin).collect();
        of_it.sort_unstable();
        of_it
    }
}

/// A reference's name and version.
fn named(reference: &str) -> (&str, &str) {
    reference.split_once('@').unwrap_or((reference, ""))
}

fn path(name: &str, version: u32) -> String {
    format!("/v1/workflows/{}/versions/{version}", segment(name))
}

/// The active versions that have a stage of a plugin; all versions, to look among.
async fn of_plugin(
    calls: &Calls<'_>,
    plugin: &str,
    only: &[String],
) -> anyhow::Result<(Vec<Listed>, Vec<Listed>)> {
    let all = calls.all::<Listed>("/v1/workflows").await?;
    let (active, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|known| {
        let is_meant = only.is_empty() || only.contains(&known.name);
        known.active && is_meant && !known.locks(plugin).is_empty()
    });
    for name in only {
        if !active.iter().any(|known| known.name == *name) {
            let text = format!("no active version of workflow `{name}` has a stage of `{plugin}`");
            return Err(Usage(text).into());
        }
    }
    if active.is_empty() {
        let text = format!(
            "no active workflow has a stage of `{plugin}`: publish one that has, and activate it"
        );
        return Err(Usage(text).into());
    }
    Ok((active, others))
}

/// Puts a version into workflows: each is published with it, unless it was so already, and
/// activated.
pub(super) async fn activate(client: &Client, args: &Activate) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let (plugin, version) = named(&args.version);
    if version.is_empty() {
        let text = format!("`{plugin}` is no version of a plugin: it is NAME@VERSION");
        return Err(Usage(text).into());
    }
    // Else the workflow would be told wrong, of whose text nobody has given anything.
    shelf::one(&calls, &args.version).await?;
    let (active, others) = of_plugin(&calls, plugin, &args.swap.workflows).await?;
    let mut exit = Exit::Done;
    for known in active {
        let name = &known.name;
        if known.locks(plugin) == [args.version.as_str()] {
            say!("{name}@{}: has {} already", known.version, args.version);
            continue;
        }
        let document = with(&calls, &known, plugin, &args.version).await?;
        let known = published(&calls, &others, name, &document, &args.version).await?;
        let to = if let Some(version) = known {
            version
        } else {
            let call = Call::post("/v1/workflows", &document);
            let version = calls.send(call).await?.json::<Published>()?.version;
            say!("{name}@{version} published, with {}", args.version);
            version
        };
        let stages = Stages::default();
        let done = rollout::activate(
            &calls,
            (name, to),
            args.swap.running,
            &stages,
            &args.swap.how,
        )
        .await?;
        if done == Exit::Faults {
            exit = done;
        }
    }
    Ok(exit)
}

/// A workflow's document, with a version of a plugin wherever the plugin is named.
async fn with(
    calls: &Calls<'_>,
    known: &Listed,
    plugin: &str,
    version: &str,
) -> anyhow::Result<Value> {
    let mut document: Value = calls.get(&path(&known.name, known.version)).await?;
    let mut document = document["document"].take();
    let stages = document.get_mut("stages").and_then(Value::as_array_mut);
    for stage in stages.into_iter().flatten() {
        let is_of_it = stage["plugin"]
            .as_str()
            .is_some_and(|of| named(of).0 == plugin);
        if is_of_it {
            stage["plugin"] = version.into();
        }
    }
    Ok(document)
}

/// The newest version that was published with this document already, and locks that plugin.
async fn published(
    calls: &Calls<'_>,
    others: &[Listed],
    name: &str,
    document: &Value,
    plugin: &str,
) -> anyhow::Result<Option<u32>> {
    let of_it = others.iter().rev().filter(|known| known.name == *name);
    for known in of_it.filter(|known| known.locks(named(plugin).0) == [plugin]) {
        let other: Value = calls.get(&path(name, known.version)).await?;
        if other["document"] == *document {
            return Ok(Some(known.version));
        }
    }
    Ok(None)
}

/// Goes back in the workflows whose version before had another version of the plugin.
pub(super) async fn roll_back(client: &Client, args: &Rollback) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let plugin = &args.name;
    let (active, others) = of_plugin(&calls, plugin, &args.swap.workflows).await?;
    let (mut exit, mut is_any) = (Exit::Done, false);
    for known in active {
        let name = &known.name;
        let rollout: Rollout = calls
            .get(&format!("/v1/workflows/{}/rollout", segment(name)))
            .await?;
        let former = rollout.activations.first().and_then(|last| last.former);
        let before = others
            .iter()
            .find(|other| other.name == *name && Some(other.version) == former);
        let Some(before) = before.filter(|before| before.locks(plugin) != known.locks(plugin))
        else {
            say!(
                "{name}@{}: no other version of {plugin} was active before",
                known.version
            );
            continue;
        };
        is_any = true;
        say!(
            "{name}: back to {}",
            match before.locks(plugin).as_slice() {
                [] => "a version without it".to_owned(),
                locked => locked.join(" and "),
            }
        );
        if rollout::roll_back(&calls, name, args.swap.running, &args.swap.how).await?
            == Exit::Faults
        {
            exit = Exit::Faults;
        }
    }
    Ok(if is_any { exit } else { Exit::Faults })
}

/// Revokes a version.
pub(super) async fn revoke(client: &Client, label: &str, because: &str) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let (name, version) = named(label);
    if version.is_empty() {
        return Err(Usage(format!(
            "`{name}` is no version of a plugin: it is NAME@VERSION"
        ))
        .into());
    }
    let path = format!(
        "/v1/plugins/{}/versions/{}/revoke",
        segment(name),
        segment(version)
    );
    let revoked: Revoked = calls
        .send(Call::post(&path, &json!({ "because": because })))
        .await?
        .json()?;
    if revoked.because == because {
        say!("{label} revoked: its cases go where their workflows say that a failure leads");
    } else {
        say!("{label} was revoked before: {}", revoked.because);
    }
    Ok(Exit::Done)
}
