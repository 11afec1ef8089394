use std::{env, process::Command, time::Duration};

use anyhow::{Result, bail};

use crate::{
    command, debian,
    toolchain::{TARGET, Toolchain, Version},
    workspace::Workspace,
};

const RUSTUP_LIMIT: Duration = Duration::from_mins(1);

/// Finds the wasm tool chain, or brings it: by rustup, else by Debian's packages.
///
/// Nothing is recorded: what is installed is looked at again on every run.
pub fn setup(workspace: &Workspace) -> Result<Toolchain> {
    let oldest = workspace.rust_version;
    if let Some(found) = Toolchain::find(oldest) {
        return Ok(found);
    }
    eprintln!("   no standard library for {TARGET} yet");
    for bring in [by_rustup, debian::install] {
        if bring(oldest)?
            && let Some(found) = Toolchain::find(oldest)
        {
            return Ok(found);
        }
    }
    bail!(
        "the standard library for {TARGET} is not installed and could not be brought\n\
         install it in one of these ways, then run this again:\n  \
         - rustup target add {TARGET}\n  \
         - Debian 12: apt-get install rustc-web cargo-web rust-web-src, and lld unless \
           rustup's tool chain is there\n  \
         - newer Debian and Ubuntu, with Rust {oldest} or later: \
           apt-get install rustc cargo libstd-rust-dev-wasm32"
    )
}

/// Adds the target to the active tool chain, if that is one of rustup's.
fn by_rustup(_oldest: Version) -> Result<bool> {
    // rustup sets it for all that runs under the cargo it chose.
    if env::var_os("RUSTUP_TOOLCHAIN").is_none() {
        return Ok(false);
    }
    let mut add = Command::new("rustup");
    command::attempt(add.args(["target", "add", TARGET]), RUSTUP_LIMIT)
}
