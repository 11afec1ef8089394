//! Why an upload was refused, by a word.

use regua_runtime::AdmissionError;

/// The kind of a refusal.
pub const fn kind(error: &AdmissionError) -> &'static str {
    match error {
        AdmissionError::TooLarge { .. } => "too-large",
        AdmissionError::NativeCode => "native-code",
        AdmissionError::Invalid { .. } => "invalid",
        AdmissionError::NotComponent { .. } => "not-component",
        AdmissionError::Contract { .. } => "contract",
        AdmissionError::Compile { .. } => "compile",
        AdmissionError::Resources { .. } => "resources",
        AdmissionError::Describe { .. } => "describe",
        AdmissionError::Manifest { .. } => "manifest",
        AdmissionError::Host { .. } => "host",
    }
}
