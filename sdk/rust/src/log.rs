//! Lines for the plugin's developer: at most 100 a call, each at most 1 KiB; the host
//! drops and counts what is more. In native tests they go to standard error.

use crate::bindings::regua::dunning::log as wit;

/// A line that only matters while the stage is written.
pub fn debug(text: &str) {
    write(wit::Level::Debug, text);
}

/// A line about the ordinary course.
pub fn info(text: &str) {
    write(wit::Level::Info, text);
}

/// A line about something odd.
pub fn warn(text: &str) {
    write(wit::Level::Warn, text);
}

/// A line about something broken.
pub fn error(text: &str) {
    write(wit::Level::Error, text);
}

#[cfg(target_arch = "wasm32")]
fn write(level: wit::Level, text: &str) {
    wit::write(level, text);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(level: wit::Level, text: &str) {
    eprintln!("{level:?}: {text}");
}
