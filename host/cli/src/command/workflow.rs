//! `regua workflow`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use regua_domain::workflow::check::{Form, PROBLEMS_MAX};
use regua_domain::workflow::{Workflow, explain, graph};
use regua_engine::PublishError;

use super::tenant::policy;
use crate::exit::{Exit, Usage};
use crate::out::{put, say};
use crate::session::{Session, Tenancy};

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
    /// Say which version new cases get; open cases stay with theirs
    Activate {
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

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let tenancy = session.tenancy().await?;
    match command {
        Command::Check { file } => {
            let (text, form) = read(&file)?;
            let checked = session.engine()?.check(&tenancy.store, &text, form).await;
            let Some(workflow) = told(&file, checked)? else {
                return Ok(Exit::Faults);
            };
            say!(
                "{}: no problems; would be {}",
                file.display(),
                workflow.reference
            );
        }
        Command::Publish {
            file,
            activate,
            default,
        } => {
            let (text, form) = read(&file)?;
            let published = session.engine()?.publish(&tenancy.store, &text, form).await;
            let Some(published) = told(&file, published)? else {
                return Ok(Exit::Faults);
            };
            let reference = published.workflow.reference;
            say!("{reference} published");
            if activate {
                let done = tenancy
                    .store
                    .activate(&reference.name, reference.version)
                    .await;
                done.with_context(|| format!("cannot activate {reference}"))?;
                say!("{reference} activated: new cases get it");
            }
            if default {
                let mut policy = tenancy.row.policy.clone();
                policy.default_workflow = Some(reference.name.clone());
                let done = tenancy.store.put_policy(&policy, None).await;
                done.context("cannot make it the default")?;
                say!("{} is the tenant's default workflow", reference.name);
            }
            note_missing(&tenancy).await?;
        }
        Command::Activate { name, version } => {
            let done = tenancy.store.activate(&name, version).await;
            done.with_context(|| format!("cannot activate {name}@{version}"))?;
            say!("{name}@{version} activated: new cases get it");
            note_missing(&tenancy).await?;
        }
        Command::List => list(&tenancy).await?,
        Command::Graph { name, format } => {
            let workflow = named(session, &name).await?;
            match format {
                Picture::Dot => put!("{}", graph::dot(&workflow)),
                Picture::Mermaid => put!("{}", graph::mermaid(&workflow)),
            }
        }
        Command::Explain { name } => put!("{}", explain::explain(&named(session, &name).await?)),
    }
    Ok(Exit::Done)
}

/// After what changes which workflows cases get: whom the policy still leaves out.
async fn note_missing(tenancy: &Tenancy) -> anyhow::Result<()> {
    let policy = tenancy.store.row().await?.policy;
    policy::note_missing(&policy, &tenancy.store.workflows().await?);
    Ok(())
}

async fn list(tenancy: &Tenancy) -> anyhow::Result<()> {
    for row in tenancy.store.workflows().await? {
        let active = if row.active { "active" } else { "" };
        let plugins: Vec<_> = row
            .plugins
            .iter()
            .map(|(label, _)| label.as_str())
            .collect();
        say!(
            "{}@{}\t{active}\tpublished {}\t{}",
            row.name,
            row.version,
            row.published_at.to_rfc3339(),
            plugins.join(", ")
        );
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<(String, Form)> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let is_json = file
        .extension()
        .is_some_and(|extension| extension == "json");
    Ok((text, if is_json { Form::Json } else { Form::Yaml }))
}

/// What was asked for; nothing where the document's faults were listed instead.
fn told<T>(file: &Path, done: Result<T, PublishError>) -> anyhow::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(PublishError::Problems(problems)) => {
            for problem in &problems {
                say!("{}: {problem}", file.display());
            }
            // Of more, the last one has said how many there are.
            if problems.len() <= PROBLEMS_MAX {
                say!("{}: {} problems", file.display(), problems.len());
            }
            Ok(None)
        }
        Err(PublishError::Templates(faults)) => {
            for fault in &faults {
                say!("{fault}");
            }
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("cannot check {}", file.display())),
    }
}

async fn named(session: &Session, name: &str) -> anyhow::Result<Workflow> {
    let (_, open) = session.open_tenant().await?;
    let (name, version) = match name.split_once('@') {
        Some((name, version)) => {
            let bad = || Usage(format!("`{version}` is not a version number"));
            (name, Some(version.parse().map_err(|_| bad())?))
        }
        None => (name, open.tenant.active.get(name).copied()),
    };
    open.tenant
        .workflows
        .values()
        .filter(|workflow| workflow.reference.name == name)
        .filter(|workflow| version.is_none_or(|wanted| workflow.reference.version == wanted))
        .max_by_key(|workflow| workflow.reference.version)
        .map(|workflow| Workflow::clone(workflow))
        .with_context(|| {
            let version = version
                .map(|version| format!("@{version}"))
                .unwrap_or_default();
            format!("workflow `{name}{version}` is not published")
        })
}
