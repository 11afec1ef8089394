//! The two ways in which Debian and Ubuntu package a compiler for wasm.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::Result;

use crate::{
    command, environment,
    toolchain::{self, Toolchain, Version},
};

/// Debian's rustc for browsers: newer than the release's own, with the library as source.
const WEB: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
/// Debian's own rustc, with the library built: recent enough on newer releases only.
const OWN: [&str; 3] = ["rustc", "cargo", "libstd-rust-dev-wasm32"];

const UPDATE_LIMIT: Duration = Duration::from_mins(3);
/// An installation cut short leaves dpkg in need of repair, so this only ends a hang;
/// slow mirrors are given up earlier, by apt itself.
const INSTALL_LIMIT: Duration = Duration::from_mins(15);

pub fn find(oldest: Version) -> Option<Toolchain> {
    web(oldest).or_else(|| own(oldest))
}

/// Installs what the release offers in a version that compiles the workspace.
pub fn install(oldest: Version) -> Result<bool> {
    let Some(mut update) = apt_get() else {
        return Ok(false);
    };
    command::attempt(update.arg("update"), UPDATE_LIMIT)?;
    for packages in [WEB, OWN] {
        if candidate(packages[0]).is_none_or(|version| version < oldest) {
            continue;
        }
        let Some(mut install) = apt_get() else {
            return Ok(false);
        };
        install
            .args(["install", "-y", "--no-install-recommends"])
            // A compiler that somebody installed is not pushed out by this one.
            .arg("--no-remove")
            .args(packages);
        if toolchain::find_linker().is_none() && packages == WEB {
            install.arg("lld");
        }
        if command::attempt(&mut install, INSTALL_LIMIT)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Installs one package as the release offers it; whether it is there then.
pub fn install_package(package: &str) -> Result<bool> {
    let (Some(mut update), Some(mut install)) = (apt_get(), apt_get()) else {
        return Ok(false);
    };
    command::attempt(update.arg("update"), UPDATE_LIMIT)?;
    install
        .args(["install", "-y", "--no-install-recommends", "--no-remove"])
        .arg(package);
    command::attempt(&mut install, INSTALL_LIMIT)
}

fn web(oldest: Version) -> Option<Toolchain> {
    let [rustc, cargo, source] = WEB;
    // The source compiles with the rustc of its own version only.
    let version = installed(rustc)?;
    if installed(source)? != version || version.parse::<Version>().ok()? < oldest {
        return None;
    }
    Some(Toolchain::DebianWeb {
        cargo: file(cargo, "/usr/bin/cargo")?,
        rustc: file(rustc, "/usr/bin/rustc")?,
        library_source: file(source, "/library")?,
        linker: toolchain::find_linker()?,
    })
}

fn own(oldest: Version) -> Option<Toolchain> {
    let [rustc, cargo, _] = OWN;
    if installed(rustc)?.parse::<Version>().ok()? < oldest {
        return None;
    }
    let cargo = file(cargo, "/usr/bin/cargo")?;
    let rustc = file(rustc, "/usr/bin/rustc")?;
    let mut probe = Command::new(&rustc);
    environment::forget_host(&mut probe, false);
    toolchain::has_library(&mut probe).then_some(Toolchain::Debian { cargo, rustc })
}

/// The version of a package, when it is installed whole.
fn installed(package: &str) -> Option<String> {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f=${db:Status-Abbrev}${Version}", package]);
    let text = command::read(&mut query)?;
    text.strip_prefix("ii ").map(str::to_owned)
}

/// The shortest path of a package that ends like this and exists.
fn file(package: &str, ending: &str) -> Option<PathBuf> {
    let list = command::read(Command::new("dpkg").args(["-L", package]))?;
    list.lines()
        .filter(|line| line.ends_with(ending) && Path::new(line).exists())
        .min_by_key(|line| line.len())
        .map(PathBuf::from)
}

/// The version that apt would install.
fn candidate(package: &str) -> Option<Version> {
    let policy = command::read(Command::new("apt-cache").args(["policy", package]))?;
    let line = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate:"))?;
    line.parse().ok()
}

/// apt-get with the rights to install, if they are to be had without asking.
fn apt_get() -> Option<Command> {
    command::read(Command::new("apt-get").arg("--version"))?;
    let is_root = command::read(Command::new("id").arg("-u"))?.trim() == "0";
    let mut apt_get = if is_root {
        Command::new("env")
    } else {
        command::read(Command::new("sudo").args(["-n", "true"]))?;
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    };
    apt_get
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"])
        .args(["-o", "Acquire::Retries=1"])
        .args(["-o", "Acquire::http::Timeout=30"])
        .args(["-o", "DPkg::Lock::Timeout=120"]);
    Some(apt_get)
}
