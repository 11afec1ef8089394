//! Native code on disk.
//!
//! One file a stage and engine: `<directory>/<engine hash>/<digest>.native`, the code and then 32
//! bytes of SHA-256 of it. The file that was checked is the file that is mapped: a restart compiles
//! nothing, and copies nothing.
//!
//! The digest finds what a disk broke, and nothing else: whoever can write the file can
//! write its digest too. That nobody but this user could is what the owners and the modes
//! of the folders and of each file say, and they are looked at each time.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::digest::{sha256, sha256_of};
use crate::native::Native;

const CHECKSUM_BYTES: u64 = 32;

/// What of a mode lets others write.
const OTHERS_WRITE: u32 = 0o022;

/// Compiled stages, by digest of the wasm, for one engine.
#[derive(Debug)]
pub(crate) struct NativeCache {
    directory: PathBuf,
    /// The user that this process writes files as.
    user: u32,
}

impl NativeCache {
    /// Opens, and where needed makes, the folder of one engine, for this user alone. Fails
    /// where another user owns that folder or the one it is in, or may write to them.
    pub(crate) fn open(root: &Path, engine_hash: &str) -> io::Result<Self> {
        let directory = root.join(engine_hash);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)?;
        // Whose a new file is: that tells the user also where a network drive maps ids.
        let user = tempfile::tempfile_in(&directory)?.metadata()?.uid();
        for folder in [root, &directory] {
            if let Some(why) = not_ours_alone(&fs::metadata(folder)?, user) {
                let told = format!("{} {why}", folder.display());
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, told));
            }
        }
        Ok(Self { directory, user })
    }

    /// The compiled stage, where there is a whole and sound file of it, of this user's own,
    /// that `load` can make use of. Any other is deleted, and compiled anew by the caller.
    pub(crate) fn get<T>(
        &self,
        digest: &str,
        load: impl FnOnce(&Native) -> Option<T>,
    ) -> Option<T> {
        let path = self.path(digest);
        let file = File::open(&path).ok()?;
        let native = self.sound(file);
        let loaded =
            native.and_then(|native| load(&native).ok_or("is of another engine".to_owned()));
        loaded
            .inspect_err(|why| {
                tracing::warn!(path = %path.display(), why, "native code is not used: compiling anew");
                let _ = fs::remove_file(&path);
            })
            .ok()
    }

    /// An open file as code, or why it is none: what is looked at is what is mapped, whatever
    /// becomes of the path.
    fn sound(&self, mut file: File) -> Result<Native, String> {
        let unread = |error: io::Error| format!("cannot be read: {error}");
        let about = file.metadata().map_err(unread)?;
        if let Some(why) = not_ours_alone(&about, self.user) {
            return Err(why);
        }
        if !is_whole(&mut file).map_err(unread)? {
            return Err("is broken".to_owned());
        }
        // SAFETY: the file belongs to this process's own user and no other user may write it,
        // in folders of which `open` found the same; this user writes there by `put` alone, which
        // makes a new file each time and changes none. Its digest is the one that `put` wrote with
        // it. An upload never gets here: admission refuses native code. Of whoever can act as this
        // user it is not asked that they keep out: they have this process.
        #[allow(unsafe_code)]
        Ok(unsafe { Native::of_file(file) })
    }

    /// Keeps a compiled stage. Written under a temporary name and renamed, so that no
    /// reader ever sees half of it.
    pub(crate) fn put(&self, digest: &str, native: &Native) -> io::Result<()> {
        let Some(bytes) = native.bytes() else {
            return Ok(());
        };
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(bytes)?;
        file.write_all(&sha256(bytes))?;
        file.as_file().sync_data()?;
        file.persist(self.path(digest))
            .map_err(|failed| failed.error)?;
        Ok(())
    }

    /// Whether there is a file of a stage, sound or not.
    pub(crate) fn has(&self, digest: &str) -> bool {
        self.path(digest).exists()
    }

    /// Deletes the file of a stage; what is mapped of it stays.
    pub(crate) fn remove(&self, digest: &str) {
        // An error: there is none, or the next start finds it as good as it is.
        let _ = fs::remove_file(self.path(digest));
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.directory.join(format!("{digest}.native"))
    }
}

/// Why a file or a folder may have been written by somebody else.
fn not_ours_alone(about: &Metadata, user: u32) -> Option<String> {
    let (owner, mode) = (about.uid(), about.mode() & 0o7777);
    if owner != user {
        return Some(format!(
            "belongs to user {owner}, and native code is taken from user {user} alone"
        ));
    }
    (mode & OTHERS_WRITE != 0).then(|| {
        format!("may be written by others than user {user}: its mode is {mode:o}, make it 700")
    })
}

/// Whether a file ends with the checksum of what comes before it.
fn is_whole(file: &mut File) -> io::Result<bool> {
    let Some(bytes) = file.metadata()?.len().checked_sub(CHECKSUM_BYTES) else {
        return Ok(false);
    };
    file.rewind()?;
    let found = sha256_of(&mut Read::take(&mut *file, bytes))?;
    let mut checksum = Vec::new();
    file.take(CHECKSUM_BYTES).read_to_end(&mut checksum)?;
    Ok(checksum == found)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn cache() -> (tempfile::TempDir, NativeCache) {
        let root = tempfile::tempdir().unwrap();
        let cache = NativeCache::open(root.path(), "engine").unwrap();
        #[allow(unsafe_code)]
        // SAFETY: it is never loaded.
        let native = unsafe { Native::of_bytes(b"native code".to_vec()) };
        cache.put("d", &native).unwrap();
        (root, cache)
    }

    fn got(cache: &NativeCache) -> bool {
        cache.get("d", |_| Some(())).is_some()
    }

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_file_that_others_may_write_is_not_used_and_goes() {
        let (_root, cache) = cache();
        assert!(got(&cache));
        for mode in [0o620, 0o602] {
            let (_root, cache) = self::cache();
            allow(&cache.path("d"), mode);
            assert!(!got(&cache), "{mode:o}");
            assert!(!cache.path("d").exists(), "{mode:o}");
        }
    }

    #[test]
    fn a_file_of_another_user_is_not_used() {
        let (_root, mut cache) = cache();
        cache.user += 1;
        assert!(!got(&cache));
    }

    #[test]
    fn a_folder_that_others_may_write_is_refused_in_words() {
        let (root, cache) = cache();
        for folder in [root.path(), &cache.directory] {
            allow(folder, 0o770);
            let told = NativeCache::open(root.path(), "engine").unwrap_err();
            assert_eq!(
                told.to_string(),
                format!(
                    "{} may be written by others than user {}: its mode is 770, make it 700",
                    folder.display(),
                    cache.user
                )
            );
            allow(folder, 0o700);
        }
        assert!(NativeCache::open(root.path(), "engine").is_ok());
    }

    #[test]
    fn a_folder_of_another_user_is_told_with_both() {
        let (root, cache) = cache();
        let about = fs::metadata(root.path()).unwrap();
        assert_eq!(not_ours_alone(&about, cache.user), None);
        let other = cache.user + 1;
        assert_eq!(
            not_ours_alone(&about, other),
            Some(format!(
                "belongs to user {}, and native code is taken from user {other} alone",
                cache.user
            ))
        );
    }

    #[test]
    fn a_truncated_or_changed_file_is_not_used() {
        let native = b"native code".as_slice();
        let whole = [native, sha256(native).as_slice()].concat();
        let mut changed = whole.clone();
        changed[4] ^= 1;
        for broken in [&whole[..whole.len() - 1], &whole[..20], &[], &changed] {
            let (_root, cache) = cache();
            fs::write(cache.path("d"), broken).unwrap();
            assert!(!got(&cache));
            assert!(!cache.path("d").exists());
        }
    }
}
