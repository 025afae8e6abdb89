//! The writer's connection through everything that can happen to a disk: full, failing, damaged.
//!
//! It knows no statement of the journal. A disk that is full or refuses to write is waited for; a
//! file that is damaged is [set aside](super::damage) and a fresh one goes on in its place, without
//! a restart. A file is only blamed where the disk beside it works.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::damage::{self, Fresh};
use super::error::JournalError;
use super::fault::Fault;
use super::schema;
use super::standing::Standing;

/// Failures to read or write in a row, on a disk that otherwise works, after which the file is
/// taken to be damaged. One is often a device that was slow to come back.
const MAX_IO_FAILURES: u32 = 3;

/// Bytes written beside the journal to see whether the disk works; more than a file system keeps
/// inside an inode.
const PROBE_BYTES: usize = 64 * 1024;

/// The journal's file, as its writer holds it.
pub(super) struct JournalFile {
    path: PathBuf,
    standing: Arc<Standing>,
    /// `None` while the file cannot be opened.
    conn: Option<Connection>,
    /// A damaged file whose place has not been taken yet.
    to_replace: Option<PathBuf>,
    io_failures: u32,
}

impl JournalFile {
    /// Opens or creates the file; a damaged one is replaced.
    pub(super) fn open(path: &Path, standing: Arc<Standing>) -> Result<Self, JournalError> {
        let mut file =
            Self { path: path.into(), standing, conn: None, to_replace: None, io_failures: 0 };
        damage::set_orphan_aside(path)?;
        match file.reopen() {
            Err(error) if Fault::of(&error) == Some(Fault::Damaged) => {
                file.replace(&error.to_string())?;
            }
            other => other?,
        }
        Ok(file)
    }

    /// The connection, opened anew where it had to be given up.
    pub(super) fn conn(&mut self) -> Result<&Connection, JournalError> {
        if self.conn.is_none() {
            self.reopen()?;
        }
        self.conn.as_ref().ok_or(JournalError::Closed)
    }

    /// A transaction is on disk; `wrote` where it changed anything.
    pub(super) fn committed(&mut self, wrote: bool) {
        if wrote {
            self.io_failures = 0;
            self.standing.change(|state| state.unwritable = None);
        }
    }

    /// A transaction failed: waits for the disk, or replaces the file, as the error asks.
    pub(super) fn failed(&mut self, error: &JournalError) {
        if let Some(conn) = self.conn.as_ref().filter(|conn| !conn.is_autocommit()) {
            // The next BEGIN tells if this failed too.
            let _ = conn.execute_batch("ROLLBACK");
        }
        match Fault::of(error) {
            None => {}
            Some(Fault::Full) => self.wait_for("the disk is full", error),
            Some(Fault::Damaged) => self.give_up(&error.to_string()),
            Some(Fault::Io) => match probe(&self.path) {
                Err(refusal) if refusal.kind() == std::io::ErrorKind::StorageFull => {
                    self.wait_for("the disk is full", error);
                }
                Err(refusal) => self.wait_for(&format!("the disk does not work: {refusal}"), error),
                Ok(()) => {
                    self.io_failures += 1;
                    self.wait_for("the disk failed", error);
                    if self.io_failures >= MAX_IO_FAILURES {
                        self.give_up(&error.to_string());
                    } else {
                        self.close();
                    }
                }
            },
        }
    }

    /// Sets the file aside and goes on with a fresh one. Where that fails too, it is tried again
    /// with the next command.
    pub(super) fn give_up(&mut self, why: &str) {
        if let Err(error) = self.replace(why) {
            self.wait_for("a damaged journal cannot be replaced", &error);
        }
    }

    /// Closes the connection; the file then belongs to nobody.
    pub(super) fn close(&mut self) {
        if let Some(Err((_, error))) = self.conn.take().map(Connection::close) {
            tracing::warn!(%error, "the journal did not close cleanly; SQLite mends it when next opened");
        }
    }

    fn wait_for(&self, what: &str, error: &JournalError) {
        tracing::debug!("a transaction failed: {error}");
        let words = format!("{what} (what comes meanwhile waits in the ring, and nothing is sent)");
        self.standing.change(|state| state.unwritable = Some(words));
    }

    fn reopen(&mut self) -> Result<(), JournalError> {
        if let Some(aside) = self.to_replace.clone() {
            return self.take_the_place_of(&aside, "it was damaged");
        }
        let (conn, uuid) = schema::open_writer(&self.path)?;
        // A file set aside stays an alarm until somebody has removed it, over restarts too.
        let aside = schema::set_aside(&conn)?.filter(|aside| aside.exists());
        self.conn = Some(conn);
        self.standing.change(|state| {
            state.uuid = uuid;
            state.set_aside = aside;
        });
        Ok(())
    }

    fn replace(&mut self, why: &str) -> Result<(), JournalError> {
        self.close();
        self.io_failures = 0;
        let aside = damage::set_aside(&self.path)?;
        self.to_replace = Some(aside.clone());
        self.take_the_place_of(&aside, why)
    }

    fn take_the_place_of(&mut self, aside: &Path, why: &str) -> Result<(), JournalError> {
        let Fresh { conn, uuid, salvaged } = damage::start_fresh(&self.path, aside)?;
        self.to_replace = None;
        self.conn = Some(conn);
        self.standing.change(|state| {
            state.uuid = uuid;
            state.set_aside = Some(aside.into());
            state.damage = Some(format!("{why}; {salvaged}"));
        });
        Ok(())
    }
}

/// Whether the disk beside the journal takes and keeps bytes.
fn probe(journal: &Path) -> std::io::Result<()> {
    let path = damage::with_suffix(journal, ".probe");
    let mut options = OpenOptions::new();
    let open = options.write(true).create(true).truncate(true).mode(0o600).open(&path);
    let written = open.and_then(|mut file| {
        file.write_all(&vec![0; PROBE_BYTES])?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}
