//! Settings: flags over environment over file over default, each documented.

mod doc;
mod file;
mod layers;
mod service;

use std::fmt::Display;
use std::path::{Path, PathBuf};

use crate::args::Globals;
use crate::exit::Usage;
use doc::{CACHE_DIR, DATABASE, KEY, LOG, SERVER, TENANT, THREADS};
pub use doc::{DOCS, Doc};
use layers::Layers;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag of this call.
    Flag(&'static str),
    /// A variable of the environment.
    Variable(&'static str),
    /// The settings file.
    File(PathBuf),
    /// Nobody set it.
    Default,
}

impl Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::Variable(name) => write!(f, "environment {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// What was set.
    pub value: T,
    /// By whom.
    pub origin: Origin,
}

/// What is shown of a secret.
const NOT_SHOWN: &str = "(set, and not shown)";

/// The file that is read where no other is named.
pub const FILE: &str = "regua.toml";

/// Variables as settings see them; tests make their own.
#[derive(Debug, Clone, Default)]
pub struct Environment(pub Vec<(String, String)>);

impl Environment {
    /// Those of this process that are text.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(text).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }
}

pub use service::Service;

/// All settings of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The store: a file, or the address of a `PostgreSQL` database.
    pub database: Setting<PathBuf>,
    /// What `regua serve` is configured with.
    pub service: Service,
    /// Where native code is kept; none where nobody says: what lies there is run, so no
    /// folder is fallen back to that others can write to.
    pub cache_dir: Setting<Option<PathBuf>>,
    /// Threads that run plugins.
    pub threads: Setting<usize>,
    /// The log's filter.
    pub log: Setting<String>,
    /// The tenant, where one is set.
    pub tenant: Setting<Option<String>>,
    /// The service to ask, where one is set.
    pub server: Setting<Option<String>>,
    /// The key to ask it with.
    pub key: Option<String>,
}

impl Settings {
    /// Gathers them.
    pub fn gather(globals: &Globals, environment: &Environment) -> anyhow::Result<Self> {
        let named = globals
            .settings
            .clone()
            .or_else(|| environment.get("REGUA_SETTINGS").map(PathBuf::from));
        let file = file::read(named.as_deref())?;
        let layers = Layers { environment, file };
        let threads = layers.pick(
            THREADS,
            globals.threads.map(|threads| threads.to_string()),
            || cores().to_string(),
        );
        Ok(Self {
            database: layers.database(globals.database.as_ref()),
            service: Service::gather(&layers),
            cache_dir: {
                let home = || platform_cache(environment).unwrap_or_default();
                let cache_dir = layers.path(CACHE_DIR, globals.cache_dir.clone(), home);
                Setting {
                    value: Some(cache_dir.value).filter(|path| !path.as_os_str().is_empty()),
                    origin: cache_dir.origin,
                }
            },
            threads: Setting {
                value: in_range(&threads)?,
                origin: threads.origin,
            },
            log: layers.pick(LOG, globals.log.clone(), || "warn".to_owned()),
            tenant: layers.pick_any(TENANT, globals.tenant.clone()),
            server: layers.pick_any(SERVER, globals.server.clone()),
            key: environment.get(KEY.variable).map(str::to_owned),
        })
    }

    /// Every setting's documentation, value and origin.
    pub fn rows(&self) -> Vec<(Doc, String, &Origin)> {
        let path = |path: &Path| path.display().to_string();
        let mut rows = vec![
            (
                DATABASE,
                without_password(&path(&self.database.value)),
                &self.database.origin,
            ),
            (
                CACHE_DIR,
                self.cache_dir
                    .value
                    .as_deref()
                    .map(path)
                    .unwrap_or_default(),
                &self.cache_dir.origin,
            ),
            (
                THREADS,
                self.threads.value.to_string(),
                &self.threads.origin,
            ),
            (LOG, self.log.value.clone(), &self.log.origin),
            (
                TENANT,
                self.tenant.value.clone().unwrap_or_default(),
                &self.tenant.origin,
            ),
            (
                SERVER,
                self.server.value.clone().unwrap_or_default(),
                &self.server.origin,
            ),
            match self.key {
                Some(_) => (KEY, NOT_SHOWN.to_owned(), &Origin::Variable("REGUA_KEY")),
                None => (KEY, String::new(), &Origin::Default),
            },
        ];
        rows.extend(self.service.rows());
        rows
    }

    /// The address of the `PostgreSQL` database, where it is one.
    pub fn postgres(&self) -> Option<&str> {
        let text = self.database.value.to_str()?;
        is_address(text).then_some(text)
    }
}

fn is_address(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// An address as it may be shown.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((login, place)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:…@{place}")
        }
        None => text.to_owned(),
    }
}

fn in_range(threads: &Setting<String>) -> Result<usize, Usage> {
    match threads.value.parse() {
        Ok(count) if (1..=1024).contains(&count) => Ok(count),
        _ => Err(Usage(format!(
            "threads: `{}` is not a number from 1 to 1024 ({})",
            threads.value, threads.origin
        ))),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Source: the XDG Base Directory Specification 0.8, `XDG_CACHE_HOME`; paths that are not
/// absolute do not count.
fn platform_cache(environment: &Environment) -> Option<PathBuf> {
    let absolute = |name| {
        let path = environment.get(name).map(PathBuf::from);
        path.filter(|path| path.is_absolute())
    };
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("regua"))
}

#[cfg(test)]
mod tests;
