//! `regua plugin`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use regua_engine::PublishError;
use regua_storage::PluginRow;

use crate::exit::{Exit, Usage};
use crate::out::{put, say};
use crate::session::Session;

/// Plugins on a tenant's shelf.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Admit components and put them on the shelf
    Add {
        /// WebAssembly components, or core modules that embed their component type
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// What is on the shelf
    List,
    /// All that a plugin says of itself
    Show {
        /// `name` or `name@version`
        name: String,
    },
}

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let tenancy = session.tenancy().await?;
    match command {
        Command::Add { files } => {
            let mut faults = false;
            for file in files {
                let wasm = std::fs::read(&file)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                match session.engine()?.add_plugin(&tenancy.store, wasm).await {
                    Ok(added) => {
                        let news = if added.is_new {
                            "added"
                        } else {
                            "there already"
                        };
                        say!("{} {news} ({})", label(&added.plugin), added.plugin.digest);
                    }
                    Err(PublishError::NotAdmitted(error)) => {
                        faults = true;
                        let error = anyhow::Error::new(error);
                        say!(
                            "{}: not admitted: {}",
                            file.display(),
                            crate::exit::chain(&error)
                        );
                    }
                    Err(error @ PublishError::VersionTaken { .. }) => {
                        faults = true;
                        say!("{}: not added: {error}", file.display());
                    }
                    Err(error) => {
                        return Err(error)
                            .with_context(|| format!("cannot add {}", file.display()));
                    }
                }
            }
            Ok(if faults { Exit::Faults } else { Exit::Done })
        }
        Command::List => {
            for plugin in tenancy.store.plugins().await? {
                say!("{}\t{}", label(&plugin), plugin.manifest.summary);
            }
            Ok(Exit::Done)
        }
        Command::Show { name } => {
            let plugins = tenancy.store.plugins().await?;
            let mut found = plugins
                .iter()
                .filter(|plugin| plugin.manifest.name == name || label(plugin) == name)
                .peekable();
            if found.peek().is_none() {
                return Err(Usage(format!("plugin `{name}` is not on the shelf")).into());
            }
            found.for_each(show);
            Ok(Exit::Done)
        }
    }
}

fn label(plugin: &PluginRow) -> String {
    format!("{}@{}", plugin.manifest.name, plugin.manifest.version)
}

fn show(plugin: &PluginRow) {
    let manifest = &plugin.manifest;
    say!("{}", label(plugin));
    say!("  {}", manifest.summary);
    say!("  digest    {}", plugin.digest);
    say!("  added     {}", plugin.added_at.to_rfc3339());
    say!("  outcomes  {}", manifest.outcomes.join(", "));
    let proposes: Vec<_> = manifest.proposes.iter().map(|kind| kind.name()).collect();
    say!("  proposes  {}", proposes.join(", "));
    say!("  listens   {}", manifest.listens.join(", "));
    let schema: serde_json::Value =
        serde_json::from_str(&manifest.config_schema).unwrap_or_default();
    put!("  config    {schema:#}\n\n");
}
