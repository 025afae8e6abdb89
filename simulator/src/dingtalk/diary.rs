//! The log file: every call as a line of JSON, for those who want to look after the mock is gone.
//!
//! It holds tokens, but no secrets and no bodies. A disk that is full ends the diary, not the mock.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde::Serialize;

/// The file, where one was asked for.
#[derive(Debug, Default)]
pub(super) struct Diary(Option<File>);

impl Diary {
    /// Appends to `path`.
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        File::options().create(true).append(true).open(path).map(|file| Self(Some(file)))
    }

    /// Writes one line, whole or not at all as far as the disk allows.
    pub(super) fn write(&mut self, attempt: &impl Serialize) {
        let Some(file) = &mut self.0 else { return };
        let written = serde_json::to_string(attempt)
            .map_err(std::io::Error::from)
            .and_then(|line| file.write_all(format!("{line}\n").as_bytes()));
        if let Err(error) = written {
            // Nowhere is left to report a closed stderr to.
            let _ = writeln!(std::io::stderr(), "possim: the log of the mock ends here: {error}");
            self.0 = None;
        }
    }
}
