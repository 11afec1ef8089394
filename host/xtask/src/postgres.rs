use std::{env, path::Path};

use anyhow::Result;

use crate::debian;

/// The programs that a server for the suites is started from.
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "psql"];
const PACKAGE: &str = "postgresql";
/// Names a server that the suites use instead of one of their own.
const URL: &str = "REGUA_TEST_POSTGRES_URL";

/// Finds `PostgreSQL` for the suites, or brings it by Debian's package.
///
/// That there is none is no error here, for nothing that is built needs it: the suites over it
/// fail, and say why.
pub fn setup() -> Result<()> {
    if env::var_os(URL).is_some() || is_installed() {
        return Ok(());
    }
    eprintln!("   no PostgreSQL yet");
    if !(debian::install_package(PACKAGE)? && is_installed()) {
        eprintln!(
            "   PostgreSQL is not installed and could not be brought: the suites over it will \
             fail\n   install it (Debian, Ubuntu: apt-get install {PACKAGE}), or name a server \
             in {URL}"
        );
    }
    Ok(())
}

/// The suites look in the same places.
fn is_installed() -> bool {
    let is_whole = |folder: &Path| PROGRAMS.iter().all(|name| folder.join(name).is_file());
    let debian = Path::new("/usr/lib/postgresql")
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    debian
        .chain(env::split_paths(&path))
        .any(|folder| is_whole(&folder))
}
