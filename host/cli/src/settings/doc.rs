//! What every setting is called, and does.

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
               address may stand in DATABASE_URL too. Default: regua.sqlite; of `demo`, \
               regua-demo.sqlite",
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
pub(super) const KEY: Doc = Doc {
    key: "key",
    variable: "REGUA_KEY",
    flag: "",
    text: "The key that a server is asked with. Default: none",
};

pub(super) const DATABASE: Doc = DOCS[0];
pub(super) const CACHE_DIR: Doc = DOCS[1];
pub(super) const THREADS: Doc = DOCS[2];
pub(super) const LOG: Doc = DOCS[3];
pub(super) const TENANT: Doc = DOCS[4];
pub(super) const SERVER: Doc = DOCS[5];

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
