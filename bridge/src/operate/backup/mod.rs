//! A copy of an installation in one file, and back: journal, configuration, profiles, templates.
//!
//! The file is a plain tar, readable with any tool. Its first member is a list of the others with their
//! SHA-256. No secret is in it: the list names those that are missing. `pack` writes one, beside a
//! running bridge or without one; `unpack` reads one into a directory aside and believes none of it;
//! `put` puts the parts in their places once all of them are right.

mod pack;
mod parts;
mod put;
#[cfg(test)]
mod tests;
mod unpack;

pub use pack::{Packed, pack};
pub use put::{Put, RestoreError, restore};
pub use unpack::ArchiveError;

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::journal::JournalError;

/// Name of the list.
const LIST: &str = "posbridge-backup.json";
/// Version of the archive.
const FORMAT: u32 = 1;
/// The configuration within the archive.
const CONFIG: &str = "config/posbridge.toml";
/// The directory of the configuration within the archive.
const FOLDER: &str = "config/";
/// The journal within the archive.
const JOURNAL: &str = "journal.db";
/// Permission bits of everything that is written.
const MODE: u32 = 0o600;
/// Largest file beside the journal, in bytes: a profile or a template is a few KiB.
const MAX_PART_BYTES: u64 = 4 * 1024 * 1024;
/// Most files beside the journal.
const MAX_PARTS: usize = 500;

/// What the archive holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct List {
    format: u32,
    /// Version of the program that made it.
    posbridge: String,
    /// When, RFC 3339 in UTC.
    made_at: String,
    parts: Vec<Part>,
    /// Files and variables that secrets stand in, as the configuration names them.
    missing: Vec<String>,
}

/// One file in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    name: String,
    bytes: u64,
    sha256: String,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file.
    #[error("expected to {what} {}, found: {source}", path.display())]
    File {
        /// Read or write.
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The configuration is no TOML.
    #[error("expected a configuration in TOML at {}, found a mistake in it\nhint: posbridge check shows where", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
    },
    /// A password stands in the configuration itself.
    #[error(
        "expected no password in {}, found one in `proxy`\n\
         hint: write the address to a file of mode 600 and name it in `proxy_file`", path.display()
    )]
    Password {
        /// The file.
        path: PathBuf,
    },
    /// The journal cannot be copied.
    #[error(transparent)]
    Journal(#[from] JournalError),
}
