//! What a refusal by SQLite says about the disk and the file.
//!
//! It judges errors; what follows from them is decided in [`super::file`].

use rusqlite::ErrorCode;

use super::error::JournalError;

/// Something below the statements is wrong; a statement that is merely wrong itself is no fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is no room.
    Full,
    /// The disk refused to read or write, or only reads are allowed.
    Io,
    /// The file's content is not what was written.
    Damaged,
}

impl Fault {
    /// The fault behind an answer of SQLite.
    pub(super) fn of_sqlite(error: &rusqlite::Error) -> Option<Self> {
        match error.sqlite_error_code()? {
            ErrorCode::DiskFull => Some(Self::Full),
            ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::CannotOpen => {
                Some(Self::Io)
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Self::Damaged),
            _ => None,
        }
    }

    /// The fault behind any error of the journal.
    pub(super) fn of(error: &JournalError) -> Option<Self> {
        match error {
            JournalError::Sqlite(source) | JournalError::Migrate { source, .. } => {
                Self::of_sqlite(source)
            }
            JournalError::Damaged { .. } => Some(Self::Damaged),
            JournalError::Commit { source } => Self::of(source),
            JournalError::Open { source, .. } | JournalError::SetAside { source, .. } => {
                Some(match source.kind() {
                    std::io::ErrorKind::StorageFull => Self::Full,
                    _ => Self::Io,
                })
            }
            _ => None,
        }
    }
}
