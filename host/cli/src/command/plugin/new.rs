//! `regua plugin new`.

mod lock;
mod sources;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use regua_domain::contract::is_name;

use super::project::Language;
use crate::exit::{Exit, Usage};
use crate::out::say;

/// Makes a project of a stage that builds, with its first tests; it brings the SDK along.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The plugin's name: words of a-z and 0-9 with a dash between them
    #[arg(value_parser = name)]
    name: String,
    /// The language to write the stage in
    #[arg(long, value_enum, value_name = "rust|javascript|python")]
    lang: Language,
    /// The folder to make; one that is there has to be empty [default: NAME]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// A plugin's name, as manifests have it and people write it.
fn name(text: &str) -> Result<String, String> {
    let is_kebab = is_name(text, 64) && text.split('-').all(|word| !word.is_empty());
    if is_kebab {
        return Ok(text.to_owned());
    }
    Err("not 1 to 64 characters in words of a-z and 0-9 with a dash between them".to_owned())
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let Args { name, lang, dir } = args;
    let folder = dir.clone().unwrap_or_else(|| PathBuf::from(name));
    let files = sources::of(*lang, name)?;
    make(&folder, &files)
        .with_context(|| format!("no project was made in {}", folder.display()))?;
    let shown = folder.display();
    say!("{shown}: a stage in {}, with its first tests", lang.title());
    say!("  cd {shown}");
    say!("  regua plugin build    # makes build/{name}.wasm");
    say!("  regua plugin test     # asks it what fixtures/ says");
    say!("README.md tells the rest.");
    Ok(Exit::Done)
}

/// Writes a project, whole or not at all.
fn make(folder: &Path, files: &[sources::File]) -> anyhow::Result<()> {
    let is_there = match folder.read_dir() {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return Err(Usage("the folder is not empty".to_owned()).into());
            }
            true
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            return Err(Usage("there is a file of that name".to_owned()).into());
        }
        Err(error) => return Err(error.into()),
    };
    // Beside it, so that it can be moved there at once.
    let whole = std::path::absolute(folder)?;
    let beside: &Path = match whole.parent() {
        Some(parent) if !is_there => parent,
        _ => &whole,
    };
    std::fs::create_dir_all(beside)?;
    let scratch = tempfile::Builder::new()
        .prefix(".regua-new-")
        .tempdir_in(beside)?;
    let made = scratch.path().join("project");
    for file in files {
        let path = made.join(&file.path);
        let parent = path.parent().unwrap_or(&made);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, &file.content))
            .with_context(|| format!("cannot write {}", file.path))?;
    }
    if is_there {
        move_into(&made, &whole)?;
    } else {
        std::fs::rename(&made, &whole)?;
    }
    Ok(())
}

/// Moves what a folder holds into another; takes it back where one cannot be moved.
fn move_into(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut moved = Vec::new();
    for entry in from.read_dir()? {
        let entry = entry?;
        let path = to.join(entry.file_name());
        if let Err(error) = std::fs::rename(entry.path(), &path) {
            for path in moved {
                let _ = std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path));
            }
            return Err(error);
        }
        moved.push(path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kebab_case_of_at_most_64_characters() {
        for good in ["a", "note", "friendly-note-2", "7-days", &"a".repeat(64)] {
            assert_eq!(name(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "-",
            "a-",
            "-a",
            "a--b",
            "Note",
            "a_b",
            "ça",
            "a/b",
            &"a".repeat(65),
        ] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }

    fn file(path: &str) -> sources::File {
        sources::File {
            path: path.to_owned(),
            content: b"text".to_vec(),
        }
    }

    #[test]
    fn a_project_is_made_whole() {
        let desk = tempfile::tempdir().unwrap();
        let empty = desk.path().join("empty");
        std::fs::create_dir(&empty).unwrap();
        for folder in [desk.path().join("deep/new"), empty] {
            make(&folder, &[file("a/b"), file("c")]).unwrap();
            let mut found: Vec<_> = folder.read_dir().unwrap().flatten().collect();
            found.sort_by_key(std::fs::DirEntry::file_name);
            let found: Vec<_> = found.iter().map(std::fs::DirEntry::file_name).collect();
            assert_eq!(found, ["a", "c"]);
        }
    }

    #[test]
    fn a_project_that_cannot_be_written_leaves_nothing() {
        let desk = tempfile::tempdir().unwrap();
        let folder = desk.path().join("new");
        // The second needs a folder where the first is a file.
        assert!(make(&folder, &[file("a"), file("a/b")]).is_err());
        assert_eq!(desk.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn what_is_there_stays() {
        let desk = tempfile::tempdir().unwrap();
        std::fs::write(desk.path().join("mine"), "mine").unwrap();
        let told = make(desk.path(), &[file("a")]).unwrap_err().to_string();
        assert_eq!(told, "the folder is not empty");
        let told = make(&desk.path().join("mine"), &[file("a")]).unwrap_err();
        assert_eq!(told.to_string(), "there is a file of that name");
        assert_eq!(desk.path().read_dir().unwrap().count(), 1);
    }
}
