//! The SDKs of other languages: their own checks, and their examples as components, which a suite
//! holds against the plugin in Rust.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::{command, debian, workspace::Workspace};

/// The oldest Node.js and Python that they run on.
const NODE: [u32; 2] = [20, 11];
const PYTHON: [u32; 2] = [3, 11];

const JAVASCRIPT: &str = "sdk/javascript";

/// Checks the SDK for JavaScript, and builds its example.
pub fn javascript(workspace: &Workspace) -> Result<()> {
    bring_javascript(workspace)?;
    npm(workspace, &["run", "check"])?;
    npm(workspace, &["test"])?;
    build_javascript(workspace)
}

/// Builds the example of the SDK for JavaScript where it is not there yet.
pub fn javascript_example(workspace: &Workspace) -> Result<()> {
    if component(workspace, "javascript")?.exists() {
        return Ok(());
    }
    bring_javascript(workspace)?;
    build_javascript(workspace)
}

fn bring_javascript(workspace: &Workspace) -> Result<()> {
    bring("node", &["nodejs", "npm"], NODE)?;
    let folder = workspace.root.join(JAVASCRIPT);
    // What is installed of the lock file is there already.
    let lock = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.regua-lock");
    if fs::read(&stamp).ok().as_deref() != Some(lock.as_slice()) {
        npm(workspace, &["ci"])?;
        fs::write(&stamp, &lock)?;
    }
    Ok(())
}

fn build_javascript(workspace: &Workspace) -> Result<()> {
    let component = component(workspace, "javascript")?;
    let mut build = Command::new("node");
    build
        .args([
            "bin/regua-build.js",
            "examples/first-day-late/stage.js",
            "-o",
        ])
        .arg(component)
        .current_dir(workspace.root.join(JAVASCRIPT));
    command::run(&mut build, "the example of sdk/javascript must build")
}

fn npm(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(arguments)
        .current_dir(workspace.root.join(JAVASCRIPT));
    command::run(&mut npm, "sdk/javascript/README.md tells what it needs")
}

/// Checks the SDK for Python, and builds its example.
pub fn python(workspace: &Workspace) -> Result<()> {
    bring("python3", &["python3", "python3-venv"], PYTHON)?;
    let folder = workspace.root.join("sdk/python");
    let venv = workspace.examples_dir().join("venv");
    let project = fs::read(folder.join("pyproject.toml"))?;
    let stamp = venv.join("regua-project");
    let python = |arguments: &[&str]| {
        let mut python = Command::new(venv.join("bin/python"));
        python.args(arguments).current_dir(&folder);
        command::run(&mut python, "sdk/python/README.md tells what it needs")
    };
    if fs::read(&stamp).ok().as_deref() != Some(project.as_slice()) {
        let mut make = Command::new("python3");
        make.args(["-m", "venv", "--clear"]).arg(&venv);
        command::run(&mut make, "Debian, Ubuntu: apt-get install python3-venv")?;
        python(&["-m", "pip", "install", "--quiet", "--editable", ".[dev]"])?;
        fs::write(&stamp, &project)?;
    }
    python(&["-m", "ruff", "check"])?;
    python(&["-m", "ruff", "format", "--check"])?;
    python(&["-m", "mypy"])?;
    python(&["-m", "pytest", "--quiet"])?;
    let component = component(workspace, "python")?;
    let mut build = Command::new(venv.join("bin/python"));
    build
        .args(["-m", "regua_sdk.build", "first_day_late", "-o"])
        .arg(component)
        .current_dir(folder.join("examples/first_day_late"));
    command::run(&mut build, "the example of sdk/python must build")
}

/// Where the example of a language goes.
fn component(workspace: &Workspace, language: &str) -> Result<PathBuf> {
    let folder = workspace.examples_dir();
    fs::create_dir_all(&folder)?;
    Ok(folder.join(language).with_extension("wasm"))
}

/// Finds a program in a version that will do, or brings it by Debian's packages.
fn bring(program: &str, packages: &[&str], oldest: [u32; 2]) -> Result<()> {
    let is_here = || version(program).is_some_and(|version| version >= oldest);
    let is_whole = || is_here() && (program != "python3" || has_venv());
    if is_whole() {
        return Ok(());
    }
    let [major, minor] = oldest;
    eprintln!("   no {program} of version {major}.{minor} or later yet");
    for package in packages {
        debian::install_package(package)?;
    }
    if is_whole() {
        return Ok(());
    }
    bail!(
        "{program} {major}.{minor} or later is not installed and could not be brought\n\
         install it (Debian, Ubuntu, where they have it: apt-get install {}), then run this again",
        packages.join(" ")
    )
}

fn has_venv() -> bool {
    command::read(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_some()
}

/// The first two numbers of what a program says of its version.
fn version(program: &str) -> Option<[u32; 2]> {
    let text = command::read(Command::new(program).arg("--version"))?;
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = text[start..].split('.').map(str::parse::<u32>);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
}
