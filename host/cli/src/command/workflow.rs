//! `regua workflow`.

pub(super) mod rollout;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use regua_domain::workflow::check::PROBLEMS_MAX;
use serde::Deserialize;
use serde_json::Value;

use super::document::Document;
use super::tenant::policy;
use crate::client::{Call, Calls, Client, segment};
use crate::exit::{Exit, Usage};
use crate::out::{note, put, say};
use rollout::{How, Running, Stages};

/// Workflows: check, publish, activate, look at.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a document whole against the tenant's shelf, without publishing it
    Check {
        /// YAML, or JSON where the name ends in .json
        file: PathBuf,
    },
    /// Check a document and publish it as its next version
    Publish {
        /// YAML, or JSON where the name ends in .json
        file: PathBuf,
        /// New cases get this version
        #[arg(long)]
        activate: bool,
        /// Make it the tenant's default workflow
        #[arg(long)]
        default: bool,
    },
    /// Say which version new cases get, and what becomes of those that run
    Activate {
        /// The workflow's name
        name: String,
        /// The version
        version: u32,
        /// What becomes of cases that run
        #[arg(long, value_enum, default_value_t = Running::Keep)]
        running: Running,
        #[command(flatten)]
        stages: Stages,
        #[command(flatten)]
        how: How,
    },
    /// Make the version active again that was so before
    Rollback {
        /// The workflow's name
        name: String,
        /// What becomes of cases that run
        #[arg(long, value_enum, default_value_t = Running::Migrate)]
        running: Running,
        #[command(flatten)]
        how: How,
    },
    /// Give a version to a share of customers; it is taken back where it fails too often
    Canary(rollout::Canary),
    /// Ask a version beside the active one with no effect, and tell how often it decided alike
    Shadow(rollout::Shadow),
    /// How the versions of a workflow stand to one another
    Rollout {
        /// The workflow's name
        name: String,
    },
    /// Take a version away that nothing needs: it never was active or on trial, and no case is
    /// pinned to it
    Remove {
        /// The workflow's name
        name: String,
        /// The version
        version: u32,
    },
    /// Every version of every workflow
    List,
    /// A workflow as a picture, in text
    Graph {
        /// `name` (its active version, else the newest) or `name@version`
        name: String,
        /// For which program
        #[arg(long, value_enum, default_value_t = Picture::Dot)]
        format: Picture,
    },
    /// A workflow as prose
    Explain {
        /// `name` (its active version, else the newest) or `name@version`
        name: String,
    },
}

/// For which program a picture is.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Picture {
    /// Graphviz
    Dot,
    /// Mermaid
    Mermaid,
}

/// A version of a workflow as the API tells of it.
#[derive(Deserialize)]
struct Listed {
    name: String,
    version: u32,
    active: bool,
    published_at: String,
    plugins: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    plugin: String,
}

#[derive(Deserialize)]
struct Reference {
    name: String,
    version: u32,
    /// What may not be meant.
    #[serde(default)]
    warnings: Vec<Warning>,
}

#[derive(Deserialize)]
struct Warning {
    pointer: String,
    detail: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    match command {
        Command::Check { file } => {
            let Some(checked) = send(&calls, "/v1/workflows/check", &file).await? else {
                return Ok(Exit::Faults);
            };
            say!("{}: no problems; would be {checked}", file.display());
        }
        Command::Publish {
            file,
            activate,
            default,
        } => {
            let Some(published) = send(&calls, "/v1/workflows", &file).await? else {
                return Ok(Exit::Faults);
            };
            say!("{published} published");
            if activate {
                let Reference { name, version, .. } = &published;
                rollout::activate_plainly(&calls, (name, *version)).await?;
            }
            if default {
                make_default(&calls, &published.name).await?;
            }
            policy::note_warnings(&calls).await?;
        }
        Command::Activate {
            name,
            version,
            running,
            stages,
            how,
        } => {
            let version = (name.as_str(), version);
            let exit = rollout::activate(&calls, version, running, &stages, &how).await?;
            policy::note_warnings(&calls).await?;
            return Ok(exit);
        }
        Command::Rollback { name, running, how } => {
            return rollout::roll_back(&calls, &name, running, &how).await;
        }
        Command::Canary(args) => return rollout::canary(&calls, args).await,
        Command::Shadow(args) => return rollout::shadow(&calls, args).await,
        Command::Rollout { name } => return rollout::tell(&calls, &name).await,
        Command::Remove { name, version } => {
            let path = format!("/v1/workflows/{}/versions/{version}", segment(&name));
            calls.send(Call::delete(&path)).await?;
            say!("{name}@{version} removed");
        }
        Command::List => list(&calls).await?,
        Command::Graph { name, format } => {
            let format = match format {
                Picture::Dot => "dot",
                Picture::Mermaid => "mermaid",
            };
            let path = path(&calls, &name).await?;
            let call = Call::get(&format!("{path}/graph?format={format}"));
            put!("{}", calls.send(call).await?.text());
        }
        Command::Explain { name } => {
            let path = path(&calls, &name).await?;
            let call = Call::get(&format!("{path}/explanation"));
            put!("{}", calls.send(call).await?.text());
        }
    }
    Ok(Exit::Done)
}

/// Sends a document; none where its faults were listed instead.
async fn send(calls: &Calls<'_>, path: &str, file: &Path) -> anyhow::Result<Option<Reference>> {
    let Some(document) = Document::read(file)? else {
        return Ok(None);
    };
    match calls.send(Call::post(path, &document.value)).await {
        Ok(answer) => {
            let reference: Reference = answer.json()?;
            for Warning { pointer, detail } in &reference.warnings {
                note!("{}: warning: {pointer}: {detail}", file.display());
            }
            Ok(Some(reference))
        }
        Err(error) => {
            let count = document.faults(error)?;
            // Of more, the last one has said how many there are.
            if count <= PROBLEMS_MAX {
                let problems = if count == 1 { "problem" } else { "problems" };
                say!("{}: {count} {problems}", file.display());
            }
            Ok(None)
        }
    }
}

async fn make_default(calls: &Calls<'_>, name: &str) -> anyhow::Result<()> {
    const PATH: &str = "/v1/policy/assignment";
    let read = calls.send(Call::get(PATH)).await?;
    let mut assignment: Value = read.json()?;
    assignment["default_workflow"] = name.into();
    let put = Call::put(PATH, &assignment).matching(read.etag().unwrap_or("*"));
    let done = calls.send(put).await;
    done.context("cannot make it the default")?;
    say!("{name} is the tenant's default workflow");
    Ok(())
}

async fn list(calls: &Calls<'_>) -> anyhow::Result<()> {
    for version in calls.all::<Listed>("/v1/workflows").await? {
        let active = if version.active { "active" } else { "" };
        let plugins: Vec<_> = version
            .plugins
            .into_iter()
            .map(|lock| lock.plugin)
            .collect();
        say!(
            "{}@{}\t{active}\tpublished {}\t{}",
            version.name,
            version.version,
            version.published_at,
            plugins.join(", ")
        );
    }
    Ok(())
}

/// The path of `name`, its active version or else the newest, or of `name@version`.
async fn path(calls: &Calls<'_>, text: &str) -> anyhow::Result<String> {
    let (name, wanted) = match text.split_once('@') {
        Some((name, version)) => {
            let bad = || Usage(format!("`{version}` is not a version number"));
            let version: u32 = version.parse().map_err(|_| bad())?;
            (name, Some(version))
        }
        None => (text, None),
    };
    let versions = calls.all::<Listed>("/v1/workflows").await?.into_iter();
    let version = versions
        .filter(|version| version.name == name)
        .filter(|version| wanted.is_none_or(|wanted| version.version == wanted))
        .max_by_key(|version| (version.active, version.version))
        .with_context(|| format!("workflow `{text}` is not published"))?;
    let name = segment(&version.name);
    Ok(format!("/v1/workflows/{name}/versions/{}", version.version))
}
