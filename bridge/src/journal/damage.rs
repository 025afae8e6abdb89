//! Moves a damaged journal out of the way and starts a fresh one in its place.
//!
//! It does not judge whether a file is damaged, and deletes nothing: the old file is kept for
//! people, and [`super::salvage`] reads what is still to be said out of it.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::error::JournalError;
use super::salvage::{self, Salvaged};
use super::schema;
use crate::clock::Clock;

/// Most damaged files of one second; more than one means that something writes them in a loop.
const MAX_OF_A_SECOND: u32 = 16;

/// A fresh journal in the place of a damaged one.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) conn: Connection,
    pub(super) uuid: String,
    pub(super) salvaged: Salvaged,
}

/// Moves the file and what SQLite keeps beside it to `PATH.damaged-YYYYMMDD-HHMMSS` (UTC), the
/// companions under names that still match, so that the old journal stays readable.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, JournalError> {
    let failed = |source| JournalError::SetAside { path: path.into(), source };
    // A name for people, who look for it by the machine's clock, whatever a test's clock says.
    let stamp = Clock::real().now().wall.strftime("%Y%m%d-%H%M%S").to_string();
    let mut names = (1..=MAX_OF_A_SECOND).map(|n| match n {
        1 => with_suffix(path, &format!(".damaged-{stamp}")),
        _ => with_suffix(path, &format!(".damaged-{stamp}-{n}")),
    });
    let free = names.find(|name| !name.exists() && !with_suffix(name, "-wal").exists());
    let aside = free.ok_or_else(|| failed(std::io::ErrorKind::AlreadyExists.into()))?;
    // The database first: a log without its database is recognised at the next start, a database
    // without its log would silently be an older one.
    for companion in ["", "-wal", "-shm"] {
        let from = with_suffix(path, companion);
        match std::fs::rename(&from, with_suffix(&aside, companion)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error));
            }
            _ => {}
        }
    }
    sync_directory(path).map_err(failed)?;
    Ok(aside)
}

/// Moves away a log that lost its database, or SQLite would put its pages into the next one.
pub(super) fn set_orphan_aside(path: &Path) -> Result<(), JournalError> {
    let log = with_suffix(path, "-wal");
    if path.exists() || !log.metadata().is_ok_and(|log| log.len() > 0) {
        return Ok(());
    }
    let aside = set_aside(path)?;
    tracing::warn!(found = %log.display(), moved = %aside.display(), "a log without its journal");
    Ok(())
}

/// Starts a fresh journal at `path` with what can be read of the one set aside.
pub(super) fn start_fresh(path: &Path, aside: &Path) -> Result<Fresh, JournalError> {
    let (conn, uuid) = schema::open_writer(path)?;
    let salvaged = salvage::carry_over(aside, &conn)?;
    Ok(Fresh { conn, uuid, salvaged })
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn sync_directory(path: &Path) -> std::io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}
