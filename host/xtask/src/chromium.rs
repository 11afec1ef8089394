use std::{env, path::Path};

use anyhow::Result;

use crate::debian;

/// What the browser that the suites look at pages in may be called.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const PACKAGE: &str = "chromium";
/// Names another for the suites.
const BROWSER: &str = "REGUA_TEST_BROWSER";

/// Finds a browser for the suites, or brings it by Debian's package.
///
/// That there is none is no error here, for nothing that is built needs it: the suites that look
/// at pages fail, and say why.
pub fn setup() -> Result<()> {
    if env::var_os(BROWSER).is_some() || is_installed() {
        return Ok(());
    }
    eprintln!("   no browser yet");
    if !(debian::install_package(PACKAGE)? && is_installed()) {
        eprintln!(
            "   Chromium is not installed and could not be brought: the suites that look at pages \
             will fail\n   install it (Debian: apt-get install {PACKAGE}), or name one in {BROWSER}"
        );
    }
    Ok(())
}

/// The suites look in the same places.
fn is_installed() -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let has = |folder: &Path| NAMES.iter().any(|name| folder.join(name).is_file());
    env::split_paths(&path).any(|folder| has(&folder))
}
