//! Guests that `cargo xtask` built.

use std::path::{Path, PathBuf};

/// The module of a crate under `plugins/`, by the name of its folder.
///
/// # Panics
/// Where it was not built.
pub fn plugin(folder: &str) -> Vec<u8> {
    read("REGUA_PLUGINS_DIR", "plugins", folder)
}

/// The module of a crate under `tests/guests/`, by the name of its folder.
///
/// # Panics
/// Where it was not built.
pub fn guest(folder: &str) -> Vec<u8> {
    read("REGUA_GUESTS_DIR", "guests-test", folder)
}

fn read(variable: &str, under_target: &str, folder: &str) -> Vec<u8> {
    let directory = std::env::var_os(variable).map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../target")
                .join(under_target)
        },
        PathBuf::from,
    );
    let module = directory.join(folder).with_extension("wasm");
    std::fs::read(&module).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; run `cargo xtask test`, or build it with `cargo xtask plugins --guests`",
            module.display()
        )
    })
}
