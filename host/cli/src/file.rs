//! Files that people name: read no further than may be used, and written whole or not at all.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};

/// Reads a text of at most so many bytes. What is beyond is not read: a device never ends.
pub(crate) fn read_text(file: &Path, most: usize) -> anyhow::Result<String> {
    let cannot = || format!("cannot read {}", file.display());
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let opened = File::open(file).with_context(cannot)?;
    opened
        .take(limit)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    if bytes.len() > most {
        bail!(
            "{} has more than the {most} bytes that are possible",
            file.display()
        );
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let text = String::from_utf8_lossy(valid);
        let line = text.matches('\n').count() + 1;
        let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        anyhow::anyhow!(
            "{}: line {line}, column {column}: not UTF-8",
            file.display()
        )
    })
}

/// Writes a file in place of one that may be there. Where that fails, that one stays as it is.
pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
    put(file, content.as_ref()).with_context(|| format!("cannot write {}", file.display()))
}

fn put(file: &Path, content: &[u8]) -> io::Result<()> {
    // What a link leads to is replaced, not the link; and a pipe or a device is written to.
    let file = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let there = match std::fs::metadata(&file) {
        Ok(there) if !there.is_file() => return std::fs::write(&file, content),
        Ok(there) => Some(there.permissions()),
        Err(_) => None,
    };
    if there.as_ref().is_some_and(std::fs::Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".regua-");
    // As any new file has it, less what the user's mask takes.
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut part = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    part.write_all(content)?;
    if let Some(mode) = there {
        part.as_file().set_permissions(mode)?;
    }
    part.persist(&file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        write(&file, "one").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.yaml");
        std::os::unix::fs::symlink("a.yaml", &link).unwrap();
        write(&link, "two").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "two");
        assert!(link.is_symlink());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(folder.path().read_dir().unwrap().count(), 2);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("there.yaml");
        std::fs::write(&there, "old").unwrap();
        std::fs::set_permissions(&there, {
            let mut mode = there.metadata().unwrap().permissions();
            mode.set_readonly(true);
            mode
        })
        .unwrap();
        assert!(write(&there, "new").is_err());
        assert_eq!(std::fs::read_to_string(&there).unwrap(), "old");
        let error = write(&folder.path().join("not/there.yaml"), "new").unwrap_err();
        assert!(
            format!("{error:#}").starts_with("cannot write "),
            "{error:#}"
        );
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn what_is_too_long_or_no_text_is_told_with_its_place() {
        let told = |content: &[u8]| {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("a");
            std::fs::write(&file, content).unwrap();
            read_text(&file, 8).map_err(|error| error.to_string())
        };
        assert_eq!(told(b"12345678").unwrap(), "12345678");
        let long = told(b"123456789").unwrap_err();
        assert!(
            long.ends_with("a has more than the 8 bytes that are possible"),
            "{long}"
        );
        let bytes = told(b"a\n\xc3\xa9\xe9").unwrap_err();
        assert!(bytes.ends_with("a: line 2, column 2: not UTF-8"), "{bytes}");
        let endless = read_text(Path::new("/dev/zero"), 8).unwrap_err();
        assert!(
            endless.to_string().contains("more than the 8 bytes"),
            "{endless}"
        );
    }
}
