//! Tools that are not ours: found, asked for their version, run.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use crate::exit::Usage;
use crate::out::note;

/// A tool that ran and failed; what is wrong it has told on standard error.
#[derive(Debug, thiserror::Error)]
#[error("{what} failed, see above ({status})")]
pub(super) struct Failed {
    /// The program.
    pub what: String,
    pub status: String,
}

/// The first two numbers of a version.
pub(super) type Version = [u32; 2];

/// Demands a program of a version, by what it says of itself. Errors: which to install.
pub(super) fn demand(program: &str, oldest: Version, advice: &str) -> anyhow::Result<()> {
    let [major, minor] = oldest;
    let wanted = format!("{program} {major}.{minor} or later");
    let found = said(Command::new(program).arg("--version"));
    let text = match found.as_deref().map(version) {
        Some(Some(version)) if version >= oldest => return Ok(()),
        Some(Some([major, minor])) => {
            format!("{wanted} is needed, and what is installed is {major}.{minor}: {advice}")
        }
        Some(None) => format!("{wanted} is needed, and `{program} --version` names none: {advice}"),
        None => {
            format!("{wanted} is needed, and no {program} on the path tells its version: {advice}")
        }
    };
    Err(Usage(text).into())
}

/// What a program says of its version: the first two numbers.
fn version(text: &str) -> Option<Version> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = text[start..]
        .split(|c: char| !c.is_ascii_digit())
        .map(str::parse::<u32>);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
}

/// The standard output of a program; none where it is not there or fails.
pub(super) fn said(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

/// A program that works in a folder.
pub(super) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs a program, whose words all go to standard error. Errors: [`Failed`], or it cannot run.
pub(super) fn run(command: &mut Command) -> anyhow::Result<()> {
    command.stdout(std::io::stderr());
    let status = started(command, Command::status)?;
    ended(command, status)
}

/// Runs a program whose standard output is told in return. Errors as [`run`]'s.
pub(super) fn run_and_read(command: &mut Command) -> anyhow::Result<String> {
    command.stderr(Stdio::inherit());
    let output = started(command, Command::output)?;
    ended(command, output.status)?;
    String::from_utf8(output.stdout).context("a tool wrote what is no text")
}

fn started<T>(
    command: &mut Command,
    start: impl Fn(&mut Command) -> std::io::Result<T>,
) -> anyhow::Result<T> {
    note!("$ {}", shown(command));
    start(command).map_err(|error| {
        let program = command.get_program().display();
        if error.kind() == ErrorKind::NotFound {
            return Usage(format!("there is no program {program} on the path")).into();
        }
        anyhow::Error::new(error).context(format!("cannot run {program}"))
    })
}

fn ended(command: &Command, status: std::process::ExitStatus) -> anyhow::Result<()> {
    if status.success() {
        return Ok(());
    }
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    Err(Failed {
        what: program.to_string_lossy().into_owned(),
        status: status.to_string(),
    }
    .into())
}

/// As a person would have typed it, without its environment.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_programs_say() {
        assert_eq!(
            version("cargo 1.95.0 (f2d3ce0bd 2026-03-21)"),
            Some([1, 95])
        );
        assert_eq!(version("v20.20.2\n"), Some([20, 20]));
        assert_eq!(version("Python 3.11.7"), Some([3, 11]));
        assert_eq!(version("none"), None);
    }

    #[test]
    fn a_tool_that_is_missing_or_old_is_told_with_what_to_install() {
        let told = demand("no-such-tool", [1, 2], "get it")
            .unwrap_err()
            .to_string();
        assert_eq!(
            told,
            "no-such-tool 1.2 or later is needed, and no no-such-tool on the path tells its version: get it"
        );
        let told = demand("cargo", [999, 0], "get it").unwrap_err().to_string();
        assert!(
            told.starts_with("cargo 999.0 or later is needed, and what is"),
            "{told}"
        );
    }

    #[test]
    fn a_tool_that_fails_has_said_why() {
        let folder = std::env::temp_dir();
        let told = run(command("cargo", &folder).arg("no-such-command")).unwrap_err();
        assert!(told.is::<Failed>());
        assert!(
            told.to_string().starts_with("cargo failed, see above ("),
            "{told}"
        );
    }
}
