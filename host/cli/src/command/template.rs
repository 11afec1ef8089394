//! `regua template`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use regua_domain::template::{Parts, Template};
use serde::Deserialize;
use serde_json::json;

use super::document::read_document;
use crate::client::{Call, Calls, Client, Refused, segment};
use crate::exit::{Exit, Usage};
use crate::out::say;

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

#[derive(Deserialize)]
struct Listed {
    name: String,
    locales_put_at: BTreeMap<String, String>,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    match command {
        Command::Put { paths } => {
            let (sets, mut exit) = read(&paths)?;
            for (name, locales) in sets {
                if !put(&calls, &name, &locales).await? {
                    exit = Exit::Faults;
                }
            }
            Ok(exit)
        }
        Command::List => {
            for template in calls.all::<Listed>("/v1/templates").await? {
                for (locale, put) in template.locales_put_at {
                    say!("{}\t{locale}\tput {put}", template.name);
                }
            }
            Ok(Exit::Done)
        }
    }
}

/// The locales of a template, by language tag.
type Locales = BTreeMap<String, Parts>;

/// Templates by name. One with a file that is none is left out whole, and listed.
fn read(paths: &[PathBuf]) -> anyhow::Result<(BTreeMap<String, Locales>, Exit)> {
    let mut sets: BTreeMap<String, Locales> = BTreeMap::new();
    let mut faulty = BTreeSet::new();
    for file in files(paths)? {
        let text = read_document(&file)?;
        let (name, locale) = names(&file)?;
        match Template::from_yaml(&name, &locale, &text) {
            Ok(template) => drop(sets.entry(name).or_default().insert(locale, template.parts)),
            Err(error) => {
                say!("{}: {error}", file.display());
                faulty.insert(name);
            }
        }
    }
    sets.retain(|name, _| !faulty.contains(name));
    let exit = if faulty.is_empty() {
        Exit::Done
    } else {
        Exit::Faults
    };
    Ok((sets, exit))
}

/// Puts one on the shelf; answers whether it is there. Its faults are listed.
async fn put(calls: &Calls<'_>, name: &str, locales: &Locales) -> anyhow::Result<bool> {
    let path = format!("/v1/templates/{}", segment(name));
    let Err(error) = calls
        .send(Call::put(&path, &json!({ "locales": locales })))
        .await
    else {
        let locales: Vec<_> = locales.keys().map(String::as_str).collect();
        say!("{name} put: {}", locales.join(", "));
        return Ok(true);
    };
    let refused = Refused::of(&error).filter(|refused| refused.is("invalid"));
    let Some(refused) = refused else {
        return Err(error).with_context(|| format!("cannot put template `{name}`"));
    };
    for fault in refused.faults() {
        // /locales/<locale>/<part>, and in the text the line within the part.
        let mut place = fault.pointer.split('/').skip(2);
        let locale = place.next().unwrap_or_default();
        let part = place.next().map(|part| format!(", {part}"));
        let mark = if fault.text.starts_with("line ") {
            ","
        } else {
            ":"
        };
        let part = part.unwrap_or_default();
        say!("template `{name}` ({locale}){part}{mark} {}", fault.text);
    }
    Ok(false)
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

pub(super) fn names(file: &Path) -> Result<(String, String), Usage> {
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
