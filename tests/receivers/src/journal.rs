//! The names of accepted messages, one a line.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

/// A file that is only ever appended to.
pub(crate) struct Journal(Mutex<File>);

impl Journal {
    pub fn at(path: &Path) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Self(Mutex::new(file.expect("a file to append to")))
    }

    /// Written before the sender hears of it: what was accepted is in the file.
    pub fn note(&self, name: &str) {
        let mut file = self.0.lock().expect("no test panicked while writing");
        file.write_all(format!("{name}\n").as_bytes())
            .expect("a line appended");
    }
}
