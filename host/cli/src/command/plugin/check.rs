//! `regua plugin check`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use regua_domain::contract::Manifest;
use regua_runtime::{AdmissionError, Admitted, Runtime};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::out::{note, say};
use crate::session;
use crate::settings::Settings;

/// Holds components against all that a host asks of an upload, with the host's own code: form,
/// imports, exports, resources, a compilation, and what `describe` answers.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// WebAssembly components, or core modules that embed their component type
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a file
    #[arg(long)]
    json: bool,
}

/// Bytes of a component whose compilation is announced: of a smaller one it takes no time.
const LARGE: usize = 1 << 20;

pub(super) fn run(settings: &Settings, args: &Args) -> anyhow::Result<Exit> {
    let runtime = session::runtime(settings)?;
    let mut exit = Exit::Done;
    for file in &args.files {
        let checked = check(&runtime, file)?;
        if checked.is_err() {
            exit = Exit::Faults;
        }
        if args.json {
            say!("{}", as_json(file, &checked));
        } else {
            tell(file, &checked);
        }
    }
    Ok(exit)
}

/// Holds one against it. Errors: the file cannot be read, or the host could not try it.
fn check(runtime: &Runtime, file: &Path) -> anyhow::Result<Result<Admitted, AdmissionError>> {
    let wasm = read(file)?;
    if wasm.len() > LARGE && !runtime.keeps(&regua_runtime::sha256_hex(&wasm)) {
        let megabytes = wasm.len() as f64 / 1e6;
        note!(
            "{}: {megabytes:.1} MB are compiled, once: that takes a while",
            file.display()
        );
    }
    match runtime.admit(wasm) {
        Err(error @ AdmissionError::Host { .. }) => Err(error.into()),
        checked => Ok(checked),
    }
}

/// Admits the component in a file. None where it is not admitted, for reasons that were listed.
pub(in crate::command) fn admit(
    runtime: &Runtime,
    file: &Path,
) -> anyhow::Result<Option<Admitted>> {
    match check(runtime, file)? {
        Ok(admitted) => Ok(Some(admitted)),
        Err(error) => {
            for reason in error.reasons() {
                say!("{}: not admitted: {reason}", file.display());
            }
            Ok(None)
        }
    }
}

/// A file's bytes.
fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn tell(file: &Path, checked: &Result<Admitted, AdmissionError>) {
    let file = file.display();
    match checked {
        Ok(admitted) => {
            let Manifest {
                name,
                version,
                outcomes,
                ..
            } = &admitted.manifest;
            say!("{file}: {name}@{version} is admitted");
            say!("  bytes     {}", admitted.wasm.len());
            say!("  digest    {}", admitted.digest);
            say!("  imports   {}", listed(&admitted.imports));
            say!("  outcomes  {}", listed(outcomes));
            say!("  proposes  {}", listed(&proposes(&admitted.manifest)));
            for near in &admitted.near {
                say!("{file}: warning: {near}");
            }
        }
        Err(error) => {
            for reason in error.reasons() {
                say!("{file}: not admitted: {reason}");
            }
        }
    }
}

fn listed(names: &[impl AsRef<str>]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ")
}

fn proposes(manifest: &Manifest) -> Vec<&'static str> {
    manifest.proposes.iter().map(|kind| kind.name()).collect()
}

fn as_json(file: &Path, checked: &Result<Admitted, AdmissionError>) -> Value {
    match checked {
        Ok(admitted) => json!({
            "file": file,
            "admitted": true,
            "name": admitted.manifest.name,
            "version": admitted.manifest.version,
            "digest": admitted.digest,
            "bytes": admitted.wasm.len(),
            "imports": admitted.imports,
            "outcomes": admitted.manifest.outcomes,
            "proposes": proposes(&admitted.manifest),
            "listens": admitted.manifest.listens,
            "warnings": admitted.near,
        }),
        Err(error) => json!({ "file": file, "admitted": false, "faults": error.reasons() }),
    }
}
