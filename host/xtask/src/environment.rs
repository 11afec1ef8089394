//! Which variables an inner cargo may see. This task runs inside `cargo run`, which
//! describes xtask itself to its child, and perhaps under a person's own RUSTFLAGS.

use std::{env, process::Command};

/// Removes what `cargo run` told about xtask; what the person set stays.
pub fn forget_xtask(command: &mut Command) {
    forget(command, describes_xtask);
}

/// Removes all that could bend the build of a guest: flags, wrappers, profiles, targets
/// and, unless the active tool chain builds it, the choice of tool chain.
pub fn forget_host(command: &mut Command, keep_toolchain: bool) {
    forget(command, |name| {
        let chooses_toolchain = name.starts_with("RUSTUP_") || name == "LD_LIBRARY_PATH";
        if chooses_toolchain {
            !keep_toolchain
        } else {
            bends_guests(name)
        }
    });
}

fn forget(command: &mut Command, unwanted: impl Fn(&str) -> bool) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(&unwanted) {
            command.env_remove(name);
        }
    }
}

fn describes_xtask(name: &str) -> bool {
    const NAMES: [&str; 5] = [
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
        "OUT_DIR",
    ];
    NAMES.contains(&name) || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_BIN_")
}

fn bends_guests(name: &str) -> bool {
    const KEPT: [&str; 4] = [
        "CARGO_HOME",
        "CARGO_BUILD_JOBS",
        "RUST_BACKTRACE",
        "RUST_LOG",
    ];
    // How registries are reached is the machine's business.
    const KEPT_PREFIXES: [&str; 5] = [
        "CARGO_HTTP_",
        "CARGO_NET_",
        "CARGO_REGISTR",
        "CARGO_SOURCE_",
        "CARGO_TERM_",
    ];
    let ours = name == "OUT_DIR"
        || name == "__CARGO_TESTS_ONLY_SRC_ROOT"
        || name.starts_with("CARGO")
        || name.starts_with("RUST");
    let kept = KEPT.contains(&name) || KEPT_PREFIXES.iter().any(|kept| name.starts_with(kept));
    ours && !kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_never_see_the_flags_and_wrappers_of_the_host_build() {
        for name in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTC_WRAPPER",
            "CARGO_BUILD_TARGET",
            "CARGO_TARGET_DIR",
            "CARGO_PROFILE_STAGE_LTO",
            "CARGO",
        ] {
            assert!(bends_guests(name), "{name} reaches the guests");
        }
    }

    #[test]
    fn guests_reach_the_registries_as_the_machine_says() {
        for name in [
            "CARGO_HOME",
            "CARGO_HTTP_PROXY",
            "CARGO_NET_OFFLINE",
            "CARGO_REGISTRIES_CRATES_IO_PROTOCOL",
            "HTTPS_PROXY",
            "PATH",
        ] {
            assert!(!bends_guests(name), "{name} is kept from the guests");
        }
    }

    #[test]
    fn the_host_build_keeps_what_a_person_set() {
        assert!(!describes_xtask("RUSTFLAGS"));
        assert!(!describes_xtask("CARGO_TARGET_DIR"));
        assert!(describes_xtask("CARGO_PKG_VERSION"));
    }
}
