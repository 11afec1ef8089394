//! Flags over environment over file over default.

use std::path::{Path, PathBuf};

use super::doc::{DATABASE, Doc};
use super::{Environment, Origin, Setting, file, is_address};

/// Where settings come from.
pub(super) struct Layers<'a> {
    pub environment: &'a Environment,
    pub file: file::Read,
}

impl Layers<'_> {
    pub(super) fn pick(
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
    pub(super) fn pick_any(&self, doc: Doc, flag: Option<String>) -> Setting<Option<String>> {
        let Setting { value, origin } = self.pick(doc, flag, String::new);
        Setting {
            value: Some(value).filter(|value| !value.is_empty()),
            origin,
        }
    }

    /// A file is relative to the settings file that names it; an address is none.
    pub(super) fn database(&self, flag: Option<&PathBuf>) -> Setting<PathBuf> {
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

    pub(super) fn path(
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
