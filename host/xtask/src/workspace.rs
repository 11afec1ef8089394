use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::{command, environment, toolchain::Version};

/// What `cargo metadata` says of this workspace.
pub struct Workspace {
    pub root: PathBuf,
    /// The oldest Rust that compiles it.
    pub rust_version: Version,
    pub plugins: Vec<Guest>,
    pub hostile_guests: Vec<Guest>,
    /// Where cargo puts what it builds of the host.
    target: PathBuf,
}

/// A crate that becomes a wasm module.
#[derive(Debug, PartialEq, Eq)]
pub struct Guest {
    /// The name of its folder, and of the module that is handed out.
    pub folder: String,
    pub package: String,
    /// The library's name, as cargo names the file it builds.
    pub library: String,
}

impl Workspace {
    pub fn load() -> Result<Self> {
        let mut metadata = cargo();
        metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
        let text = command::read(&mut metadata)
            .with_context(|| format!("`{}` failed", command::shown(&metadata)))?;
        let metadata: Value = serde_json::from_str(&text)?;
        let root = PathBuf::from(text_of(&metadata, "workspace_root")?);
        let packages = metadata["packages"].as_array().context("no packages")?;
        let xtask = packages
            .iter()
            .find(|package| package["name"] == "xtask")
            .context("no package `xtask` in the workspace this was called from")?;
        Ok(Self {
            rust_version: text_of(xtask, "rust_version")?.parse()?,
            plugins: guests(&root.join("plugins"), packages)?,
            hostile_guests: guests(&root.join("tests/guests"), packages)?,
            target: PathBuf::from(text_of(&metadata, "target_directory")?),
            root,
        })
    }

    /// Where built plugins lie: always the same place, whatever `CARGO_TARGET_DIR` says,
    /// so that a test run without xtask finds them too.
    pub fn plugins_dir(&self) -> PathBuf {
        self.root.join("target/plugins")
    }

    pub fn hostile_guests_dir(&self) -> PathBuf {
        self.root.join("target/guests-test")
    }

    /// Where the SDKs' examples lie as components.
    pub fn examples_dir(&self) -> PathBuf {
        self.root.join("target/sdk")
    }

    /// A program of the host, as `cargo build --release` leaves it.
    pub fn program(&self, name: &str) -> Command {
        Command::new(self.target.join("release").join(name))
    }

    /// The outer cargo, to build the host with.
    pub fn cargo(&self) -> Command {
        let mut cargo = cargo();
        cargo
            .current_dir(&self.root)
            .env("REGUA_PLUGINS_DIR", self.plugins_dir())
            .env("REGUA_GUESTS_DIR", self.hostile_guests_dir())
            .env("REGUA_EXAMPLES_DIR", self.examples_dir());
        cargo
    }
}

fn cargo() -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut cargo = Command::new(program);
    environment::forget_xtask(&mut cargo);
    cargo
}

/// The packages in the folders right under `parent`, sorted by folder.
fn guests(parent: &Path, packages: &[Value]) -> Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for package in packages {
        let manifest = PathBuf::from(text_of(package, "manifest_path")?);
        let Some(folder) = manifest.parent() else {
            continue;
        };
        if folder.parent() == Some(parent) {
            guests.push(guest(folder, package)?);
        }
    }
    guests.sort_by(|a, b| a.folder.cmp(&b.folder));
    ensure_all_are_members(parent, &guests)?;
    Ok(guests)
}

fn guest(folder: &Path, package: &Value) -> Result<Guest> {
    let library = package["targets"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|target| {
            let kinds = target["crate_types"].as_array();
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "cdylib"))
        });
    let Some(library) = library else {
        bail!(
            "{} builds no wasm module\nadd to its Cargo.toml: [lib] crate-type = [\"cdylib\"]",
            folder.display()
        );
    };
    Ok(Guest {
        folder: folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        package: text_of(package, "name")?.to_owned(),
        library: text_of(library, "name")?.replace('-', "_"),
    })
}

/// A guest that cargo does not know would silently stay unbuilt.
fn ensure_all_are_members(parent: &Path, guests: &[Guest]) -> Result<()> {
    let Ok(folders) = parent.read_dir() else {
        return Ok(());
    };
    for folder in folders {
        let folder = folder?;
        let name = folder.file_name();
        let known = guests.iter().any(|guest| *guest.folder == *name);
        ensure!(
            known || !folder.path().join("Cargo.toml").exists(),
            "{} is no member of the workspace\nadd its folder to `members` in Cargo.toml",
            folder.path().display()
        );
    }
    Ok(())
}

fn text_of<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key]
        .as_str()
        .with_context(|| format!("cargo metadata tells no `{key}`"))
}
