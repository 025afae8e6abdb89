//! What can go wrong with the journal.

use std::path::PathBuf;
use std::sync::Arc;

/// What can go wrong with the journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process writes this journal.
    #[error("expected to be the only writer of {}, found that process {pid} holds it", path.display())]
    Locked {
        /// The journal.
        path: PathBuf,
        /// Process id as the holder wrote it, or a word for not knowing.
        pid: String,
    },
    /// The file or its lock cannot be opened.
    #[error("expected to open the journal file {}, found: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The file is a database of something else.
    #[error("expected a posbridge journal, found another program's database: {}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a newer version.
    #[error(
        "expected journal schema {known} or older, found {found} in {} (hint: a newer posbridge \
         wrote it; run that version, or point [journal] path at a new file)",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The newest schema this program knows.
        known: u32,
        /// The schema of the file.
        found: u32,
    },
    /// A migration step failed; the file is as it was.
    #[error("expected to bring the journal to schema {to}, found: {source}")]
    Migrate {
        /// The schema that was to be reached.
        to: u32,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// SQLite refused a statement.
    #[error("expected the journal's database to answer, found: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The transaction that carried the command was not committed; nothing of it is kept.
    #[error("expected the journal to commit, found: {source}")]
    Commit {
        /// The reason, shared by every command of the group.
        source: Arc<JournalError>,
    },
    /// The file was looked over and is damaged.
    #[error(
        "expected a sound journal, found: {what}\nhint: it is set aside, and a fresh one is started"
    )]
    Damaged {
        /// SQLite's words.
        what: String,
    },
    /// A damaged file cannot be moved out of the way.
    #[error(
        "expected to move the damaged journal {} aside, found: {source}\n\
         hint: make its directory writable for this user",
        path.display()
    )]
    SetAside {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A new event could not be written as JSON.
    #[error("expected event {id} to serialise, found: {source}")]
    Encode {
        /// Its id.
        id: String,
        /// The reason.
        source: serde_json::Error,
    },
    /// The writer thread could not be started.
    #[error("expected to start the journal's writer thread, found: {0}")]
    Thread(#[source] std::io::Error),
    /// The writer thread is gone.
    #[error("expected the journal's writer to answer, found it stopped")]
    Closed,
}
