//! A document of YAML, or JSON where its name ends so, and the faults that are found in it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use regua_domain::workflow::check::{DOCUMENT_BYTES_MAX, Form, Lines, Problem, read};
use serde_json::Value;

use crate::client::Refused;
use crate::file::read_text;
use crate::out::say;

/// A document that was read.
pub(super) struct Document {
    file: PathBuf,
    lines: Lines,
    pub value: Value,
}

/// The text of a document. One that is longer than a document may be is read no further.
pub(super) fn read_document(file: &Path) -> anyhow::Result<String> {
    read_text(file, DOCUMENT_BYTES_MAX)
}

impl Document {
    /// Reads one; none where its faults were listed.
    pub(super) fn read(file: &Path) -> anyhow::Result<Option<Self>> {
        let text = read_document(file)?;
        let is_json = file
            .extension()
            .is_some_and(|extension| extension == "json");
        let form = if is_json { Form::Json } else { Form::Yaml };
        match read(&text, form) {
            Ok(value) => Ok(Some(Self {
                file: file.to_owned(),
                lines: Lines::of(&text),
                value,
            })),
            Err(faults) => {
                list(file, &faults);
                Ok(None)
            }
        }
    }

    /// How many faults it was refused for, each of which is listed; any other error stays one.
    pub(super) fn faults(&self, error: anyhow::Error) -> anyhow::Result<usize> {
        self.faults_below("", error)
    }

    /// The same, of a document that was a part of what was sent.
    pub(super) fn faults_below(&self, base: &str, error: anyhow::Error) -> anyhow::Result<usize> {
        let refused = Refused::of(&error).filter(|refused| refused.is("invalid"));
        let Some(refused) = refused else {
            return Err(error).with_context(|| format!("{} is not taken", self.file.display()));
        };
        let mut faults = refused.faults();
        for fault in &mut faults {
            if let Some(pointer) = fault.pointer.strip_prefix(base) {
                fault.pointer = pointer.to_owned();
            }
        }
        let count = faults.len();
        self.list(faults);
        Ok(count)
    }

    /// Lists faults, each with its line.
    pub(super) fn list(&self, mut faults: Vec<Problem>) {
        self.lines.number(&mut faults);
        list(&self.file, &faults);
    }
}

fn list(file: &Path, faults: &[Problem]) {
    for fault in faults {
        say!("{}: {fault}", file.display());
    }
}
