//! A component of a stage in Python: `regua_sdk.build`, in a virtual environment of the project.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::tool;
use crate::command::plugin::project::Project;
use crate::exit::Usage;

/// The oldest that the SDK runs on.
const OLDEST: tool::Version = [3, 11];
const REQUIREMENTS: &str = "requirements.txt";
/// Where a project's own packages are.
const VENV: &str = ".venv";
/// In it: what was installed.
const INSTALLED: &str = "regua-installed";
const PROGRAM: &str = if cfg!(windows) { "python" } else { "python3" };

/// Builds the stage that the manifest names into a file.
pub(super) fn build(project: &Project, made: &Path) -> anyhow::Result<()> {
    let python = installed(project)?;
    let entry = project.text("/tool/regua/stage").unwrap_or("stage");
    let mut build = tool::command(&python, &project.root);
    // What it tells of the component is told of the one that is kept.
    tool::run_and_read(build.args(["-m", "regua_sdk.build", entry, "-o"]).arg(made))?;
    Ok(())
}

/// The interpreter of an environment that has what the project requires.
fn installed(project: &Project) -> anyhow::Result<PathBuf> {
    let venv = project.root.join(VENV);
    let python = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let wanted = required(&project.root)?;
    let stamp = venv.join(INSTALLED);
    if python.is_file() && std::fs::read(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    if !python.is_file() {
        let advice = "https://www.python.org has it, and Debian and Ubuntu: \
                      `apt-get install python3 python3-venv`";
        tool::demand(PROGRAM, OLDEST, advice)?;
        let mut can_make = tool::command(PROGRAM, &project.root);
        if tool::said(can_make.args(["-c", "import ensurepip, venv"])).is_none() {
            let text = format!("{PROGRAM} cannot make an environment (venv, ensurepip): {advice}");
            return Err(Usage(text).into());
        }
        tool::run(tool::command(PROGRAM, &project.root).args(["-m", "venv", VENV]))?;
    }
    let mut pip = tool::command(&python, &project.root);
    pip.args([
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
    ]);
    tool::run(pip.args(["--requirement", REQUIREMENTS]))?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

/// What tells whether to install again: what the project asks for, what its SDK does, and where
/// it lies, for an environment does not move with it.
fn required(root: &Path) -> anyhow::Result<Vec<u8>> {
    let mut text = std::fs::read(root.join(REQUIREMENTS)).map_err(|error| {
        Usage(format!(
            "cannot read {REQUIREMENTS}, which names what the stage is built with: {error}; for \
             the SDK it says `--editable ./regua/sdk/python[build]`"
        ))
    })?;
    text.extend(std::fs::read(root.join("regua/sdk/python/pyproject.toml")).unwrap_or_default());
    text.extend(root.as_os_str().as_encoded_bytes());
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_python_is_the_one_that_the_sdk_names() {
        let sdk = include_str!("../../../../../../sdk/python/pyproject.toml");
        let [major, minor] = OLDEST;
        assert!(sdk.contains(&format!("requires-python = \">={major}.{minor}\"")));
    }

    #[test]
    fn a_change_of_what_is_required_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let told = required(folder.path()).unwrap_err().to_string();
        assert!(told.starts_with("cannot read requirements.txt"), "{told}");
        std::fs::write(folder.path().join(REQUIREMENTS), "a").unwrap();
        let before = required(folder.path()).unwrap();
        std::fs::write(folder.path().join(REQUIREMENTS), "b").unwrap();
        assert_ne!(required(folder.path()).unwrap(), before);
    }
}
