//! `regua template`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use regua_domain::template::Template;
use regua_engine::PublishError;

use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::session::Session;

/// Templates of what debtors read.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check templates, test-render them and put them on the shelf
    ///
    /// Files are called `<name>.<locale>.yaml`, such as first-day-late.pt-BR.yaml. All
    /// locales of a template are put together: one with a fault keeps the others out.
    Put {
        /// Files, or folders of them
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// What is on the shelf
    List,
}

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let tenancy = session.tenancy().await?;
    match command {
        Command::Put { paths } => {
            let mut sets: BTreeMap<String, Vec<Template>> = BTreeMap::new();
            let mut faulty = BTreeSet::new();
            for file in files(&paths)? {
                let (name, locale) = names(&file)?;
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                match Template::from_yaml(&name, &locale, &text) {
                    Ok(template) => sets.entry(name).or_default().push(template),
                    Err(error) => {
                        say!("{}: {error}", file.display());
                        faulty.insert(name);
                    }
                }
            }
            sets.retain(|name, _| !faulty.contains(name));
            for (name, templates) in sets {
                let locales: Vec<_> = templates.iter().map(|t| t.locale.clone()).collect();
                match session
                    .engine()?
                    .put_templates(&tenancy.store, templates)
                    .await
                {
                    Ok(()) => say!("{name} put: {}", locales.join(", ")),
                    Err(PublishError::Templates(found)) => {
                        for fault in &found {
                            say!("{fault}");
                        }
                        faulty.insert(name);
                    }
                    Err(error @ PublishError::TemplateName { .. }) => {
                        say!("{error}");
                        faulty.insert(name);
                    }
                    Err(error) => {
                        return Err(error).with_context(|| format!("cannot put template `{name}`"));
                    }
                }
            }
            Ok(if faulty.is_empty() {
                Exit::Done
            } else {
                Exit::Faults
            })
        }
        Command::List => {
            for row in tenancy.store.templates().await? {
                let put = row.put_at.to_rfc3339();
                say!("{}\t{}\tput {put}", row.template.name, row.template.locale);
            }
            Ok(Exit::Done)
        }
    }
}

/// The files, and those called `*.yaml` of folders, sorted.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = path
            .read_dir()
            .with_context(|| format!("cannot read the folder {}", path.display()))?;
        let mut found = Vec::new();
        for entry in entries {
            let file = entry?.path();
            if file
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                found.push(file);
            }
        }
        if found.is_empty() {
            return Err(Usage(format!("no *.yaml in the folder {}", path.display())).into());
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

fn names(file: &Path) -> Result<(String, String), Usage> {
    file.file_name()
        .and_then(std::ffi::OsStr::to_str)
        .and_then(|name| name.strip_suffix(".yaml"))
        .and_then(|stem| stem.rsplit_once('.'))
        .map(|(name, locale)| (name.to_owned(), locale.to_owned()))
        .ok_or_else(|| {
            Usage(format!(
                "{} is not called <name>.<locale>.yaml",
                file.display()
            ))
        })
}
