//! Native code on disk.
//!
//! One file a stage and engine: `<directory>/<engine hash>/<digest>.native`, 32 bytes of
//! SHA-256 and then what it is the digest of. The bytes that were checked are the bytes
//! that become code: nothing is read twice.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use wasmtime::Engine;
use wasmtime::component::Component;

use crate::digest::sha256;

const CHECKSUM_BYTES: usize = 32;

/// Compiled stages, by digest of the wasm, for one engine.
#[derive(Debug)]
pub(crate) struct NativeCache {
    directory: PathBuf,
}

impl NativeCache {
    /// Opens, and where needed makes, the folder of one engine, for this user alone.
    pub(crate) fn open(root: &Path, engine_hash: &str) -> io::Result<Self> {
        let directory = root.join(engine_hash);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)?;
        // A folder that was there before may have been open to others; one that is not
        // ours refuses this, and then nothing is loaded from it.
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o700))?;
        Ok(Self { directory })
    }

    /// The compiled stage, where there is a whole and sound file of it. What is broken is
    /// deleted, and compiled anew by the caller.
    pub(crate) fn get(&self, engine: &Engine, digest: &str) -> Option<Component> {
        let path = self.path(digest);
        let file = fs::read(&path).ok()?;
        let component = sound(&file).and_then(|native| load(engine, native));
        if component.is_none() {
            tracing::warn!(path = %path.display(), "native code is broken or of another engine: compiling anew");
            let _ = fs::remove_file(&path);
        }
        component
    }

    /// Keeps a compiled stage. Written under a temporary name and renamed, so that no
    /// reader ever sees half of it.
    pub(crate) fn put(&self, digest: &str, component: &Component) -> io::Result<()> {
        let native = component.serialize().map_err(io::Error::other)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(&sha256(&native))?;
        file.write_all(&native)?;
        file.as_file().sync_data()?;
        file.persist(self.path(digest))
            .map_err(|failed| failed.error)?;
        Ok(())
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.directory.join(format!("{digest}.native"))
    }
}

/// What follows the checksum, if it is what the checksum was made of.
fn sound(file: &[u8]) -> Option<&[u8]> {
    let (checksum, native) = file.split_at_checked(CHECKSUM_BYTES)?;
    (sha256(native) == checksum).then_some(native)
}

#[allow(unsafe_code)]
fn load(engine: &Engine, native: &[u8]) -> Option<Component> {
    // SAFETY: `deserialize` asks that the bytes were made by `Component::serialize` and
    // not changed since. They come from a file in a folder of this user's own (0700) that
    // only `put` writes, by rename, and their digest is the one `put` wrote with them. An
    // upload never gets here: admission refuses native code. wasmtime itself refuses
    // bytes of another version or configuration.
    unsafe { Component::deserialize(engine, native) }.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_or_changed_file_is_not_sound() {
        let native = b"native code".as_slice();
        let whole = [sha256(native).as_slice(), native].concat();
        assert_eq!(sound(&whole), Some(native));
        assert_eq!(sound(&whole[..whole.len() - 1]), None);
        assert_eq!(sound(&whole[..20]), None);
        let mut changed = whole.clone();
        changed[40] ^= 1;
        assert_eq!(sound(&changed), None);
    }
}
