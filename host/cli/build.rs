//! Lists the files that `regua plugin new` writes a project of, so that the binary has them in it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The first stages, and of the SDKs what a project needs. From the repository's root; a folder
/// stands for all that is in it.
const SOURCES: [&str; 14] = [
    "host/cli/project",
    "wit/README.md",
    "wit/v1/stage.wit",
    "sdk/rust/Cargo.toml",
    "sdk/rust/README.md",
    "sdk/rust/src",
    "sdk/javascript/README.md",
    "sdk/javascript/bin",
    "sdk/javascript/package.json",
    "sdk/javascript/src",
    "sdk/javascript/types",
    "sdk/python/README.md",
    "sdk/python/pyproject.toml",
    "sdk/python/src",
];

/// What tools leave beside sources.
const LEFTOVERS: [&str; 2] = ["__pycache__", ".egg-info"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = variable("CARGO_MANIFEST_DIR")?.join("../..");
    let mut list = "&[\n".to_owned();
    for source in SOURCES {
        add(&root, source, &mut list)?;
    }
    list.push_str("]\n");
    fs::write(variable("OUT_DIR")?.join("project_files.rs"), list)
}

/// Adds a file, or all files of a folder in the order of their names: path and content.
fn add(root: &Path, path: &str, list: &mut String) -> io::Result<()> {
    if LEFTOVERS.iter().any(|leftover| path.ends_with(leftover)) {
        return Ok(());
    }
    let at = root.join(path);
    println!("cargo::rerun-if-changed={}", at.display());
    if at.is_file() {
        let _ = writeln!(
            list,
            "    ({path:?}, include_bytes!({:?})),",
            at.display().to_string()
        );
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&at)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    for name in names {
        add(root, &format!("{path}/{name}"), list)?;
    }
    Ok(())
}

fn variable(name: &str) -> io::Result<PathBuf> {
    let value = env::var_os(name).map(PathBuf::from);
    value.ok_or_else(|| io::Error::other(format!("cargo sets {name}")))
}
