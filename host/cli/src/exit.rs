//! How the process ends.

use std::process::ExitCode;

use regua_domain::cut::cut;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All of it was done.
    Done,
    /// Some rows or a document had faults, which were listed.
    Faults,
    /// It was stopped by Ctrl-C: what it had come to was told.
    Stopped,
}

/// The exit code of what was stopped by Ctrl-C, as shells have it: 128 and the signal's number.
pub(crate) const STOPPED: u8 = 130;

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Faults => Self::from(3),
            Exit::Stopped => Self::from(STOPPED),
        }
    }
}

/// The command was not called as it has to be: exit code 2, as for arguments that clap
/// does not understand.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// The exit code's number for an error.
pub(crate) fn of(error: &anyhow::Error) -> u8 {
    if error.chain().any(<dyn std::error::Error>::is::<Usage>) {
        2
    } else {
        1
    }
}

/// An error and its causes, in one line; what a cause repeats is said once.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.ends_with(&cause) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause);
    }
    cut(&text, 4_000).into_owned()
}
