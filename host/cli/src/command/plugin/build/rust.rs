//! A component of a stage in Rust: one library crate for `wasm32-unknown-unknown`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;

use super::tool;
use crate::command::plugin::project::Project;
use crate::exit::Usage;

const TARGET: &str = "wasm32-unknown-unknown";
/// The oldest that the SDK compiles with.
const OLDEST: tool::Version = [1, 95];
/// Goes with the SDK's allocator: sdk/rust/README.md tells.
const STACK: &str = "-Clink-arg=-zstack-size=32768";

/// Builds the crate's module into a file.
pub(super) fn build(project: &Project, made: &Path) -> anyhow::Result<()> {
    tool::demand("cargo", OLDEST, "https://rustup.rs installs it")?;
    bring_target(&project.root)?;
    let mut cargo = tool::command("cargo", &project.root);
    // A library that is a cdylib only gets link-time optimisation, which halves it.
    cargo.args([
        "rustc",
        "--lib",
        "--crate-type",
        "cdylib",
        "--target",
        TARGET,
    ]);
    let profile = project.manifest.pointer("/profile/stage");
    cargo.args([
        "--profile",
        if profile.is_some() {
            "stage"
        } else {
            "release"
        },
    ]);
    cargo.arg("--target-dir").arg(project.root.join("target"));
    cargo.args(["--message-format", "json-render-diagnostics"]);
    // Encoded, for a path may contain a space. No folder of this machine gets into messages.
    let mut flags = vec![STACK.to_owned()];
    flags.push(format!(
        "--remap-path-prefix={}=/stage",
        project.root.display()
    ));
    if let Some(home) = cargo_home() {
        flags.push(format!("--remap-path-prefix={}=/cargo", home.display()));
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    cargo.env_remove("CARGO_BUILD_TARGET");
    let told = tool::run_and_read(&mut cargo)?;
    let module = module(&told, &project.root.join("Cargo.toml"))?;
    std::fs::copy(&module, made).with_context(|| format!("cannot read {}", module.display()))?;
    Ok(())
}

/// The module among what cargo tells that it made.
fn module(told: &str, manifest: &Path) -> anyhow::Result<PathBuf> {
    let artifacts = told
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| {
            message["reason"] == "compiler-artifact"
                && message["manifest_path"].as_str().map(Path::new) == Some(manifest)
        });
    let files = artifacts.flat_map(|artifact| match &artifact["filenames"] {
        Value::Array(files) => files.clone(),
        _ => Vec::new(),
    });
    let module = files
        .filter_map(|file| Some(PathBuf::from(file.as_str()?)))
        .find(|file| {
            file.extension()
                .is_some_and(|extension| extension == "wasm")
        });
    module.with_context(|| format!("cargo made no module of {}", manifest.display()))
}

/// Sees to it that there is a standard library for wasm, by rustup where that is there.
fn bring_target(folder: &Path) -> anyhow::Result<()> {
    if has_target(folder) {
        return Ok(());
    }
    let advice = format!(
        "Rust's standard library for {TARGET} is needed: `rustup target add {TARGET}`, or from \
         Debian 13 and Ubuntu 24.04 on `apt-get install libstd-rust-dev-wasm32`"
    );
    if tool::said(tool::command("rustup", folder).arg("--version")).is_none() {
        return Err(Usage(advice).into());
    }
    tool::run(tool::command("rustup", folder).args(["target", "add", TARGET]))?;
    if has_target(folder) {
        return Ok(());
    }
    Err(Usage(advice).into())
}

/// Whether the rustc that builds in a folder has it.
fn has_target(folder: &Path) -> bool {
    let mut rustc = tool::command("rustc", folder);
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    tool::said(&mut rustc).is_some_and(|libraries| {
        let mut files = Path::new(libraries.trim()).read_dir().into_iter().flatten();
        files.next().is_some()
    })
}

fn cargo_home() -> Option<PathBuf> {
    let set = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_cargo_is_the_one_that_the_sdk_names() {
        let [major, minor] = OLDEST;
        assert_eq!(env!("CARGO_PKG_RUST_VERSION"), format!("{major}.{minor}"));
    }

    #[test]
    fn the_module_is_the_projects_own() {
        let told = concat!(
            "{\"reason\":\"compiler-artifact\",\"manifest_path\":\"/sdk/Cargo.toml\",",
            "\"filenames\":[\"/t/other.wasm\"]}\n",
            "{\"reason\":\"compiler-artifact\",\"manifest_path\":\"/p/Cargo.toml\",",
            "\"filenames\":[\"/t/libstage.rlib\",\"/t/stage.wasm\"]}\n",
            "{\"reason\":\"build-finished\",\"success\":true}\n",
        );
        let found = module(told, Path::new("/p/Cargo.toml")).unwrap();
        assert_eq!(found, Path::new("/t/stage.wasm"));
        let none = module(told, Path::new("/q/Cargo.toml")).unwrap_err();
        assert_eq!(none.to_string(), "cargo made no module of /q/Cargo.toml");
    }
}
