//! Native code on disk.
//!
//! One file a stage and engine: `<directory>/<engine hash>/<digest>.native`, 32 bytes of
//! SHA-256 and then what it is the digest of. The bytes that were checked are the bytes
//! that become code: nothing is read twice.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::digest::sha256;
use crate::native::Native;

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

    /// The compiled stage, where there is a whole and sound file of it that `load` can make
    /// use of. What is broken is deleted, and compiled anew by the caller.
    pub(crate) fn get<T>(
        &self,
        digest: &str,
        load: impl FnOnce(&Native) -> Option<T>,
    ) -> Option<T> {
        let path = self.path(digest);
        let file = fs::read(&path).ok()?;
        let loaded = sound(&file).and_then(|native| load(&native));
        if loaded.is_none() {
            tracing::warn!(path = %path.display(), "native code is broken or of another engine: compiling anew");
            let _ = fs::remove_file(&path);
        }
        loaded
    }

    /// Keeps a compiled stage. Written under a temporary name and renamed, so that no
    /// reader ever sees half of it.
    pub(crate) fn put(&self, digest: &str, native: &Native) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(&sha256(native.bytes()))?;
        file.write_all(native.bytes())?;
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
#[allow(unsafe_code)]
fn sound(file: &[u8]) -> Option<Native> {
    let (checksum, native) = file.split_at_checked(CHECKSUM_BYTES)?;
    // SAFETY: the bytes come from a file in a folder of this user's own (0700) that only
    // `put` writes, by rename, and their digest is the one `put` wrote with them. An upload
    // never gets here: admission refuses native code.
    (sha256(native) == checksum).then(|| unsafe { Native::kept(native.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_or_changed_file_is_not_sound() {
        let native = b"native code".as_slice();
        let whole = [sha256(native).as_slice(), native].concat();
        let mut changed = whole.clone();
        changed[40] ^= 1;
        assert_eq!(sound(&whole).as_ref().map(Native::bytes), Some(native));
        for broken in [&whole[..whole.len() - 1], &whole[..20], &changed] {
            assert!(sound(broken).is_none());
        }
    }
}
