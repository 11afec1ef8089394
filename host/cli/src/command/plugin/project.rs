//! A project of a stage: a folder, and the language that its files tell.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;

use crate::exit::Usage;

/// The languages that there is an SDK for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Small, fast, with a compiler that objects
    Rust,
    /// Types in comments, or TypeScript; tested with Node.js
    Javascript,
    /// Typed, tested with pytest
    Python,
}

impl Language {
    const ALL: [Self; 3] = [Self::Rust, Self::Javascript, Self::Python];

    /// As people write it.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Javascript => "JavaScript",
            Self::Python => "Python",
        }
    }

    /// The folder of its SDK.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Javascript => "javascript",
            Self::Python => "python",
        }
    }

    /// The file that makes a folder a project of it.
    pub(super) const fn manifest(self) -> &'static str {
        match self {
            Self::Rust => "Cargo.toml",
            Self::Javascript => "package.json",
            Self::Python => "pyproject.toml",
        }
    }
}

/// A project, as its manifest tells of it.
#[derive(Debug)]
pub(super) struct Project {
    /// Absolute.
    pub root: PathBuf,
    pub language: Language,
    /// What its component is called.
    pub name: String,
    /// Its manifest as a value.
    pub manifest: Value,
}

impl Project {
    /// Whether a folder is one.
    pub(super) fn is_at(folder: &Path) -> bool {
        let mut manifests = Language::ALL.iter().map(|language| language.manifest());
        manifests.any(|manifest| folder.join(manifest).is_file())
    }

    /// Reads the one in a folder. Errors: there is none, there are several, or its manifest
    /// cannot be read or names none.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let shown = folder.display();
        // As the tools themselves tell it: cargo follows links.
        let root = match folder.canonicalize() {
            Ok(root) if root.is_dir() => root,
            _ => return Err(Usage(format!("{shown} is no folder")).into()),
        };
        let found = Language::ALL.map(|language| (language, root.join(language.manifest())));
        let mut found = found.into_iter().filter(|(_, manifest)| manifest.is_file());
        let Some((language, manifest)) = found.next() else {
            let text = format!(
                "{shown} is no project of a stage: it has no Cargo.toml, package.json or \
                 pyproject.toml; `regua plugin new` makes one"
            );
            return Err(Usage(text).into());
        };
        if let Some((_, other)) = found.next() {
            let text = format!(
                "{shown} has a {} and a {}: which of them is the stage's cannot be told; put \
                 them into folders of their own",
                language.manifest(),
                other.file_name().unwrap_or_default().display()
            );
            return Err(Usage(text).into());
        }
        let text = std::fs::read_to_string(&manifest)
            .with_context(|| format!("cannot read {}", manifest.display()))?;
        let wrong = |detail: String| Usage(format!("{}: {detail}", manifest.display()));
        let value: Value = match language {
            Language::Javascript => {
                serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?
            }
            Language::Rust | Language::Python => {
                toml::from_str(&text).map_err(|error| wrong(error.to_string()))?
            }
        };
        let pointer = match language {
            Language::Rust => "/package/name",
            Language::Javascript => "/name",
            Language::Python => "/project/name",
        };
        let name = value.pointer(pointer).and_then(Value::as_str);
        let name = name.ok_or_else(|| wrong(format!("there is no name at {pointer}")))?;
        Ok(Self {
            name: file_stem(name).ok_or_else(|| wrong(format!("`{name}` is no name of a file")))?,
            root,
            language,
            manifest: value,
        })
    }

    /// A text of its manifest, by an RFC 6901 pointer.
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        self.manifest.pointer(pointer).and_then(Value::as_str)
    }
}

/// What a component may be called of a package's name: npm's may have an owner before it.
fn file_stem(name: &str) -> Option<String> {
    let name = name.rsplit('/').next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_sound = !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain);
    is_sound.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(files: &[(&str, &str)]) -> anyhow::Result<Project> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Project::open(folder.path())
    }

    #[track_caller]
    fn refused(files: &[(&str, &str)]) -> String {
        opened(files).unwrap_err().to_string()
    }

    #[test]
    fn the_language_is_told_by_the_manifest() {
        let cargo = ("Cargo.toml", "[package]\nname = \"a-note\"");
        let npm = ("package.json", r#"{ "name": "@acme/a-note" }"#);
        let python = ("pyproject.toml", "[project]\nname = \"a-note\"");
        for (file, language) in [
            (cargo, Language::Rust),
            (npm, Language::Javascript),
            (python, Language::Python),
        ] {
            let project = opened(&[file]).unwrap();
            assert_eq!(project.language, language);
            assert_eq!(project.name, "a-note");
        }
    }

    #[test]
    fn no_manifest_and_several_are_told() {
        assert!(refused(&[]).contains("has no Cargo.toml, package.json or pyproject.toml"));
        let both = refused(&[("Cargo.toml", ""), ("pyproject.toml", "")]);
        assert!(both.contains("a Cargo.toml and a pyproject.toml"), "{both}");
    }

    #[test]
    fn a_manifest_that_says_nothing_is_told() {
        assert!(refused(&[("package.json", "{")]).contains("package.json: EOF"));
        assert!(refused(&[("Cargo.toml", "")]).ends_with("there is no name at /package/name"));
        let outside = refused(&[("package.json", r#"{ "name": ".." }"#)]);
        assert!(outside.ends_with("`..` is no name of a file"), "{outside}");
    }
}
