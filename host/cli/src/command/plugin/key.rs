//! `regua plugin key`.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use regua_engine::signing::{KeyError, PrivateKey, PublicKey};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use crate::client::{Call, Client, segment};
use crate::exit::{Exit, Usage};
use crate::out::{note, put, say};
use crate::serving;

/// Keys that sign plugins.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a key, in a new file of your own alone; its public part is printed. No store and no
    /// server is needed
    New {
        /// Where the private key is written: PEM, as OpenSSL does
        file: PathBuf,
    },
    /// Take plugins that are signed by a key
    Add {
        /// The key: PEM. Of a private one, the public part alone is told
        file: PathBuf,
        /// Whose it is, or what it is for [default: the file's name]
        #[arg(long)]
        label: Option<String>,
    },
    /// Keys whose signatures are taken
    List,
    /// Take no more plugins that are signed by a key; those that are on the shelf stay there
    Remove {
        /// The key's id, as the list tells it
        key: String,
    },
}

const KEYS: &str = "/v1/plugin-keys";

#[derive(Deserialize)]
struct Key {
    id: String,
    label: String,
    created_at: String,
}

#[derive(Deserialize)]
struct Keys {
    data: Vec<Key>,
}

pub(super) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::New { file } => make(&file)?,
        Command::Add { file, label } => {
            let public = public(&file)?;
            let name = file.file_name().map(|name| name.to_string_lossy());
            let label = label.unwrap_or_else(|| name.unwrap_or_default().into_owned());
            let new = json!({ "label": label, "public_key": public.to_pem() });
            let calls = client.tenant().await?;
            let key: Key = calls.send(Call::post(KEYS, &new)).await?.json()?;
            say!("{} registered as `{}`", key.id, key.label);
        }
        Command::List => {
            let keys: Keys = client.tenant().await?.get(KEYS).await?;
            for key in keys.data {
                say!("{}\tadded {}\t{}", key.id, key.created_at, key.label);
            }
        }
        Command::Remove { key } => {
            let path = format!("{KEYS}/{}", segment(&key));
            client.tenant().await?.send(Call::delete(&path)).await?;
            note!("{key}: removed");
        }
    }
    Ok(Exit::Done)
}

/// Makes a key, in a file that was not there before.
fn make(file: &Path) -> anyhow::Result<()> {
    let (key, text) = PrivateKey::generate(&serving::chance())?;
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    let mut opened = match opened {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            anyhow::bail!("{} is there already, and stays as it is", file.display());
        }
        opened => opened.with_context(|| format!("cannot make {}", file.display()))?,
    };
    let written = opened
        .write_all(text.as_bytes())
        .and_then(|()| opened.sync_all());
    written.with_context(|| format!("cannot write {}", file.display()))?;
    note!(
        "{}: the private key of {}, for you alone; its public key:",
        file.display(),
        key.public().id()
    );
    put!("{}", key.public().to_pem());
    Ok(())
}

/// The private key of a file.
pub(super) fn private(file: &Path) -> anyhow::Result<PrivateKey> {
    let key = PrivateKey::from_pem(&read(file)?);
    key.map_err(|error| no_key(file, error))
}

/// The public key of a file, whichever it has.
fn public(file: &Path) -> anyhow::Result<PublicKey> {
    let text = read(file)?;
    match PublicKey::from_pem(&text) {
        Err(KeyError::Private) => private(file).map(|key| key.public()),
        found => found.map_err(|error| no_key(file, error)),
    }
}

fn read(file: &Path) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Zeroizing::new(text))
}

fn no_key(file: &Path, error: KeyError) -> anyhow::Error {
    Usage(format!("{} {error}", file.display())).into()
}
