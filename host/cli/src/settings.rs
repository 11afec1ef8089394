//! Settings: flags over environment over file over default, each documented.

mod file;
mod service;

use std::fmt::Display;
use std::path::{Path, PathBuf};

use crate::args::Globals;
use crate::exit::Usage;

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

/// A setting's names and documentation.
#[derive(Debug, Clone, Copy)]
pub struct Doc {
    /// In the file.
    pub key: &'static str,
    /// In the environment.
    pub variable: &'static str,
    /// On the command line; empty: it is set by the others alone.
    pub flag: &'static str,
    /// What it does, and its default.
    pub text: &'static str,
}

/// Every setting there is.
pub const DOCS: [Doc; 6] = [
    Doc {
        key: "database",
        variable: "REGUA_DATABASE",
        flag: "--database",
        text: "What everything is kept in: a SQLite file, made where there is none (in a settings \
               file, relative to that file), or a PostgreSQL database, postgres://…, whose \
               address may stand in DATABASE_URL too. Default: regua.sqlite",
    },
    Doc {
        key: "cache-dir",
        variable: "REGUA_CACHE_DIR",
        flag: "--cache-dir",
        text: "The folder for plugins' native code; may be deleted at any time. In a settings \
               file, relative to that file, and only in one that was named: what lies in it \
               is run. Default: $XDG_CACHE_HOME/regua or ~/.cache/regua",
    },
    Doc {
        key: "threads",
        variable: "REGUA_THREADS",
        flag: "--threads",
        text: "Threads that run plugins, 1 to 1024. Default: one a core",
    },
    Doc {
        key: "log",
        variable: "REGUA_LOG",
        flag: "--log",
        text: "What is logged to standard error: a level, or directives such as \
               `warn,regua_engine=debug`. Default: warn",
    },
    Doc {
        key: "tenant",
        variable: "REGUA_TENANT",
        flag: "--tenant",
        text: "The tenant to work for. Of a server the key says it, and only the operator's `key \
               create` takes it. Default: the only one there is",
    },
    Doc {
        key: "server",
        variable: "REGUA_SERVER",
        flag: "--server",
        text: "A service to ask instead of working on the store: https://…, or http:// to this \
               machine. Whose authorities are trusted, outgoing-authorities says. In a settings \
               file only in one that was named: keys are sent there. Default: none",
    },
];

/// Of the environment alone: arguments can be seen by others, and files are passed around.
const KEY: Doc = Doc {
    key: "key",
    variable: "REGUA_KEY",
    flag: "",
    text: "The key that a server is asked with. Default: none",
};

const DATABASE: Doc = DOCS[0];
const CACHE_DIR: Doc = DOCS[1];
const THREADS: Doc = DOCS[2];
const LOG: Doc = DOCS[3];
const TENANT: Doc = DOCS[4];
const SERVER: Doc = DOCS[5];

impl Doc {
    /// How it is set, for people.
    pub fn set_by(&self) -> String {
        let flag = if self.flag.is_empty() {
            String::new()
        } else {
            format!("{}, ", self.flag)
        };
        let variable = self.variable;
        if self.variable == KEY.variable {
            return format!("{variable} alone");
        }
        format!("{flag}{variable} or `{}` in regua.toml", self.key)
    }
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
            .config
            .clone()
            .or_else(|| environment.get("REGUA_CONFIG").map(PathBuf::from));
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

struct Layers<'a> {
    environment: &'a Environment,
    file: file::Read,
}

impl Layers<'_> {
    fn pick(
        &self,
        doc: Doc,
        flag: Option<String>,
        default: impl FnOnce() -> String,
    ) -> Setting<String> {
        let variable = || self.environment.get(doc.variable).map(str::to_owned);
        let (value, origin) = if let Some(value) = flag {
            (value, Origin::Flag(doc.flag))
        } else if let Some(value) = variable() {
            (value, Origin::Variable(doc.variable))
        } else if let Some(value) = self.file.values.get(doc.key) {
            (value.clone(), Origin::File(self.file.path.clone()))
        } else {
            (default(), Origin::Default)
        };
        Setting { value, origin }
    }

    /// A setting that may be none.
    fn pick_any(&self, doc: Doc, flag: Option<String>) -> Setting<Option<String>> {
        let Setting { value, origin } = self.pick(doc, flag, String::new);
        Setting {
            value: Some(value).filter(|value| !value.is_empty()),
            origin,
        }
    }

    /// A file is relative to the settings file that names it; an address is none.
    fn database(&self, flag: Option<&PathBuf>) -> Setting<PathBuf> {
        let url = self.environment.get("DATABASE_URL");
        let picked = self.path(DATABASE, flag.cloned(), || "regua.sqlite".into());
        match (url, &picked.origin) {
            (Some(url), Origin::Default | Origin::File(_)) if is_address(url) => Setting {
                value: PathBuf::from(url),
                origin: Origin::Variable("DATABASE_URL"),
            },
            (_, Origin::File(_)) => match self.file.values.get(DATABASE.key) {
                Some(address) if is_address(address) => Setting {
                    value: PathBuf::from(address),
                    ..picked
                },
                _ => picked,
            },
            _ => picked,
        }
    }

    fn path(
        &self,
        doc: Doc,
        flag: Option<PathBuf>,
        default: impl FnOnce() -> PathBuf,
    ) -> Setting<PathBuf> {
        let flag = flag.map(|path| path.display().to_string());
        let picked = self.pick(doc, flag, || default().display().to_string());
        let value = match &picked.origin {
            Origin::File(file) => file.parent().unwrap_or(Path::new("")).join(&picked.value),
            _ => PathBuf::from(&picked.value),
        };
        Setting {
            value,
            origin: picked.origin,
        }
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
