//! Why something was not put on the shelf, as a problem that names every fault.

use regua_domain::template::RenderError;
use regua_domain::workflow::check::Problem as Found;
use regua_engine::{OverQuota, PublishError};
use regua_runtime::AdmissionError;

use crate::problem::{Fault, Kind, Problem};

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::NotAdmitted(error) => not_admitted(error),
            PublishError::Signature(error) => {
                let parameter = if error.is_of_key() {
                    "signed_by"
                } else {
                    "signature"
                };
                Self {
                    errors: vec![Fault::parameter(parameter, &error)],
                    ..Self::new(Kind::Signature, error)
                }
            }
            PublishError::OverQuota(over) => over_quota(&over),
            PublishError::VersionTaken { .. } => Self::new(Kind::Conflict, error),
            PublishError::TemplateName { .. } => {
                Self::invalid(vec![Fault::parameter("template", error)])
            }
            PublishError::Templates(faults) => {
                Self::invalid(faults.iter().map(of_template).collect())
            }
            PublishError::Problems(problems) => {
                Self::invalid(problems.into_iter().map(of_document).collect())
            }
            PublishError::Engine(error) => error.into(),
        }
    }
}

/// A fault of a document. Its line is left out: whoever writes JSON has the pointer.
pub(crate) fn of_document(found: Found) -> Fault {
    Fault::at(found.pointer, found.text)
}

fn of_template(error: &RenderError) -> Fault {
    let locale = error.locale.replace('~', "~0").replace('/', "~1");
    let pointer = match error.part {
        Some(part) => format!("/locales/{locale}/{part}"),
        None => format!("/locales/{locale}"),
    };
    match error.line {
        Some(line) => Fault::at(pointer, format!("line {line}: {}", error.fault)),
        None => Fault::at(pointer, &error.fault),
    }
}

/// What is too often now may be done later; what is too much is not.
fn over_quota(over: &OverQuota) -> Problem {
    match over {
        OverQuota::Uploads { wait_s, .. } => Problem {
            retry_after: Some(*wait_s),
            ..Problem::new(Kind::TooManyRequests, over)
        },
        OverQuota::Bytes { .. } => Problem::new(Kind::Conflict, over),
    }
}

/// The texts name the interface, the function or the place in the upload.
fn not_admitted(error: AdmissionError) -> Problem {
    match error {
        AdmissionError::TooLarge { .. } => Problem::new(Kind::TooLarge, error),
        AdmissionError::Host { detail } => {
            tracing::error!(detail, "an upload could not be tried");
            Problem {
                retry_after: Some(1),
                ..Problem::new(Kind::Unavailable, "the host could not try the upload")
            }
        }
        other => {
            let reasons = other.reasons().into_iter();
            Problem::invalid(reasons.map(|reason| Fault::at("", reason)).collect())
        }
    }
}
