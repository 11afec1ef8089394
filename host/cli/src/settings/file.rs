//! The settings file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use toml::Value;

use super::{CACHE_DIR, DOCS, FILE, SERVER, service};
use crate::exit::Usage;

/// A settings file's values as text; empty where there is no file.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) path: PathBuf,
    pub(super) values: BTreeMap<String, String>,
}

/// Reads the named file, or `regua.toml` if there is one.
pub(super) fn read(named: Option<&Path>) -> anyhow::Result<Read> {
    let path = named.unwrap_or(Path::new(FILE));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == ErrorKind::NotFound => {
            return Ok(Read::default());
        }
        Err(error) => {
            return Err(error)
                .with_context(|| format!("cannot read the settings file {}", path.display()));
        }
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        // Its own text shows a piece of the file, over several lines.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        let message = error.message();
        Usage(format!(
            "settings file {}: line {line}: not TOML: {message}",
            path.display()
        ))
    })?;
    let mut values = BTreeMap::new();
    let mut faults = Vec::new();
    for (key, value) in table {
        let docs = || DOCS.iter().chain(&service::DOCS);
        if !docs().any(|doc| doc.key == key) {
            let known: Vec<_> = docs().map(|doc| doc.key).collect();
            faults.push(format!("`{key}` is no setting: {}", known.join(", ")));
            continue;
        }
        // Whoever can write into a folder could make others run what they like there, or send
        // their keys where they like.
        let why = match key.as_str() {
            _ if named.is_some() => None,
            key if key == CACHE_DIR.key => Some("native code is loaded from there"),
            key if key == SERVER.key => Some("keys are sent there"),
            _ => None,
        };
        if let Some(why) = why {
            faults.push(format!(
                "`{key}` may only stand in a file that was named by --settings or REGUA_SETTINGS, \
                 for {why}"
            ));
            continue;
        }
        match value {
            Value::String(text) => drop(values.insert(key, text)),
            Value::Integer(number) => drop(values.insert(key, number.to_string())),
            other => faults.push(format!(
                "`{key}` is a {} where a text or a number belongs",
                other.type_str()
            )),
        }
    }
    if !faults.is_empty() {
        let faults = faults.join("; ");
        return Err(Usage(format!("settings file {}: {faults}", path.display())).into());
    }
    Ok(Read {
        path: path.to_owned(),
        values,
    })
}
