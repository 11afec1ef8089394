//! What the API refused, with every fault.

use std::fmt;

use regua_domain::workflow::check;
use regua_http::problem::{Fault, ProblemBody};

/// What the API refused.
#[derive(Debug)]
pub(crate) struct Refused(pub ProblemBody);

impl Refused {
    /// Why an error is one, where it is what the API refused.
    pub(crate) fn of(error: &anyhow::Error) -> Option<&Self> {
        error.downcast_ref()
    }

    /// Whether it is of this kind, the last part of a problem's type.
    pub(crate) fn is(&self, kind: &str) -> bool {
        self.0.kind.strip_prefix("urn:regua:problem:") == Some(kind)
    }

    /// Its faults, as those of a document.
    pub(crate) fn faults(&self) -> Vec<check::Problem> {
        let fault = |fault: &Fault| {
            let pointer = fault.pointer.clone().unwrap_or_default();
            let about = fault.parameter.as_ref().or(fault.header.as_ref());
            let text = match about {
                Some(name) => format!("{name}: {}", fault.detail),
                None => fault.detail.clone(),
            };
            check::Problem::new(pointer, text)
        };
        self.0.errors.iter().map(fault).collect()
    }

    /// The faults without where they are, where they are of the whole; all there is, where
    /// there are none.
    pub(crate) fn reasons(&self) -> Vec<String> {
        let faults = self.faults();
        if faults.is_empty() {
            return vec![self.0.detail.clone()];
        }
        let told = faults
            .into_iter()
            .map(|fault| match fault.pointer.as_str() {
                // Which version is meant is in the text.
                "" | "/version" => fault.text,
                _ => fault.to_string(),
            });
        told.collect()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reasons().join("; "))
    }
}

impl std::error::Error for Refused {}
