mod version;

use std::{
    env,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

pub use self::version::Version;
use crate::{command, debian, environment};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where guests find a compiler and a standard library for wasm.
#[derive(Debug)]
pub enum Toolchain {
    /// The active rustc has the library installed, by rustup or otherwise.
    Active { cargo: OsString },
    /// Debian's own rustc, beside the active one, has it installed.
    Debian { cargo: PathBuf, rustc: PathBuf },
    /// Debian's rustc for browsers has only the library's source: std is built as well.
    DebianWeb {
        cargo: PathBuf,
        rustc: PathBuf,
        library_source: PathBuf,
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Looks at what is installed, cheaply enough to be repeated at every run.
    pub fn find(oldest: Version) -> Option<Self> {
        Self::active().or_else(|| debian::find(oldest))
    }

    fn active() -> Option<Self> {
        has_library(&mut Command::new(active_rustc())).then(|| Self::Active {
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        })
    }

    /// A cargo that builds for wasm, to which packages and profile are still to be told.
    pub fn cargo_rustc(&self, remapped: &[(&Path, &str)]) -> Command {
        let mut flags = vec!["-Clink-arg=-zstack-size=32768".to_owned()];
        for (from, to) in remapped {
            flags.push(format!("--remap-path-prefix={}={to}", from.display()));
        }
        let mut build = match self {
            Self::Active { cargo } => Command::new(cargo),
            Self::Debian { cargo, .. } | Self::DebianWeb { cargo, .. } => Command::new(cargo),
        };
        environment::forget_host(&mut build, matches!(self, Self::Active { .. }));
        // A library that is a cdylib only gets link-time optimisation, which halves it; the
        // crate types of the manifest are for the native tests.
        build.args([
            "rustc",
            "--locked",
            "--crate-type",
            "cdylib",
            "--target",
            TARGET,
        ]);
        match self {
            Self::Active { .. } => {}
            Self::Debian { rustc, .. } => {
                build.env("RUSTC", rustc);
            }
            Self::DebianWeb {
                rustc,
                library_source,
                linker,
                ..
            } => {
                flags.push(format!("-Clinker={}", linker.display()));
                flags.push(format!(
                    "--remap-path-prefix={}=/rust/library",
                    library_source.display()
                ));
                build
                    .args([
                        "-Zbuild-std=std,panic_abort",
                        "-Zbuild-std-features=optimize_for_size",
                    ])
                    .env("RUSTC", rustc)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("__CARGO_TESTS_ONLY_SRC_ROOT", library_source);
            }
        }
        // Encoded, for a path may contain a space.
        build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
        build
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active { .. } => write!(f, "{TARGET}: the active rustc has it"),
            Self::Debian { rustc, .. } => write!(f, "{TARGET}: {} has it", rustc.display()),
            Self::DebianWeb { rustc, .. } => write!(
                f,
                "{TARGET}: {} builds it from source, once",
                rustc.display()
            ),
        }
    }
}

/// Whether a rustc has the standard library for wasm.
pub fn has_library(rustc: &mut Command) -> bool {
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    command::read(rustc).is_some_and(|folder| {
        let files = Path::new(folder.trim()).read_dir();
        files.is_ok_and(|mut files| files.next().is_some())
    })
}

/// A linker for wasm: the one beside the active rustc, else one on the path.
pub fn find_linker() -> Option<PathBuf> {
    beside_active_rustc("rust-lld").or_else(|| {
        let path = env::var_os("PATH")?;
        env::split_paths(&path)
            .flat_map(|folder| ["rust-lld", "wasm-ld"].map(|name| folder.join(name)))
            .find(|file| file.is_file())
    })
}

fn beside_active_rustc(tool: &str) -> Option<PathBuf> {
    let mut print = Command::new(active_rustc());
    print.args(["--print", "target-libdir"]);
    let libraries = command::read(&mut print)?;
    let file = Path::new(libraries.trim()).parent()?.join("bin").join(tool);
    file.is_file().then_some(file)
}

fn active_rustc() -> OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}
