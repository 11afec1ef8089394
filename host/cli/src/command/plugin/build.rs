//! `regua plugin build`.

mod javascript;
mod python;
mod rust;
mod tool;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::project::{Language, Project};
use crate::exit::Exit;
use crate::out::say;

/// Makes a component of a project, with the tools of its language.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The project's folder
    #[arg(default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// Where the component goes [default: DIR/build/NAME.wasm]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let project = Project::open(&args.dir)?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| shown(&args.dir, &project));
    let Some(built) = build(&project, &out)? else {
        return Ok(Exit::Faults);
    };
    say!("{}", out.display());
    say!("  bytes     {}", built.bytes);
    say!("  digest    {}", built.digest);
    Ok(Exit::Done)
}

/// Where the component goes unless told, from where the caller is.
pub(super) fn shown(dir: &Path, project: &Project) -> PathBuf {
    let dir = dir.strip_prefix(".").unwrap_or(dir);
    dir.join("build").join(format!("{}.wasm", project.name))
}

/// A component that was written.
pub(super) struct Built {
    pub bytes: usize,
    /// SHA-256, in hexadecimal: what a host calls it.
    pub digest: String,
}

/// Builds a project's component into a file. None where that failed for what is in the project,
/// which was listed. What an earlier build left there is gone first: one that fails leaves nothing
/// that would pass for what the sources say now.
pub(super) fn build(project: &Project, out: &Path) -> anyhow::Result<Option<Built>> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let scratch = tempfile::Builder::new()
        .prefix(".regua-build-")
        .tempdir_in(folder)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    forget(out)?;
    if project.language == Language::Javascript {
        forget(&bundle_of(out))?;
    }
    // Tools work in the project's folder.
    let made = std::path::absolute(scratch.path())?.join("stage.wasm");
    let done = match project.language {
        Language::Rust => rust::build(project, &made),
        Language::Javascript => javascript::build(project, &made),
        Language::Python => python::build(project, &made),
    };
    match done {
        Ok(()) => {}
        Err(error) if error.is::<tool::Failed>() => {
            say!("{}: not built: {error}", project.root.display());
            return Ok(None);
        }
        Err(error) => return Err(error),
    }
    let wasm = std::fs::read(&made).context("the tools left no component")?;
    let component = match regua_runtime::component_of(&wasm) {
        Ok(component) => component,
        Err(error) => {
            for reason in error.reasons() {
                say!("{}: not built: {reason}", project.root.display());
            }
            return Ok(None);
        }
    };
    if project.language == Language::Javascript {
        let bundle = bundle_of(out);
        std::fs::rename(bundle_of(&made), &bundle)
            .with_context(|| format!("cannot write {}", bundle.display()))?;
    }
    std::fs::write(&made, &component)
        .and_then(|()| std::fs::rename(&made, out))
        .with_context(|| format!("cannot write {}", out.display()))?;
    Ok(Some(Built {
        bytes: component.len(),
        digest: regua_runtime::sha256_hex(&component),
    }))
}

/// What a component in JavaScript was made of, beside it: the one module by whose lines it tells of
/// errors.
fn bundle_of(component: &Path) -> PathBuf {
    component.with_extension("bundle.js")
}

/// Removes a file, if it is there.
fn forget(file: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot replace {}", file.display()))
        }
        _ => Ok(()),
    }
}
