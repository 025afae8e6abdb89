//! Looks a journal over for damage, beside the writer and within a bounded time.
//!
//! Reading a whole file takes a slow card seconds, and the program is asked to be ready in 100 ms:
//! so this runs after the start, on a read-only connection, and what it finds is acted upon then.
//! It mends nothing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::damage::with_suffix;
use super::error::JournalError;
use super::fault::Fault;
use super::schema;

/// A file larger than this is looked over only where the last stop was not clean. A card that reads
/// 40 MB/s takes six seconds for it.
const MAX_CLEAN_BYTES: u64 = 256 * 1024 * 1024;

/// Longest look. A card that reads 20 MB/s gets through 1 GiB in it; what is left is found when it
/// is used.
const MAX_TIME: Duration = Duration::from_mins(1);

/// Steps of SQLite's machine between two looks at the clock.
const STEPS_PER_LOOK: i32 = 10_000;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing wrong.
    Sound,
    /// Not looked at to the end.
    Skipped(&'static str),
    /// Damage, in SQLite's words, which name pages and never content.
    Damaged(String),
}

/// Whether the file was left without an orderly stop: a clean one removes the log. Asked before the
/// file is opened.
pub(super) fn stopped_uncleanly(journal: &Path) -> bool {
    with_suffix(journal, "-wal").metadata().is_ok_and(|log| log.len() > 0)
}

/// Looks the journal at `path` over. `stop` ends it early.
pub(super) fn quick_check(
    path: &Path,
    unclean: bool,
    stop: &Arc<AtomicBool>,
) -> Result<Found, JournalError> {
    let large = path.metadata().is_ok_and(|file| file.len() > MAX_CLEAN_BYTES);
    if large && !unclean {
        return Ok(Found::Skipped("it is large and was closed in order"));
    }
    let mut conn = match schema::open_reader(path) {
        Ok(conn) => conn,
        Err(error) => return damaged_or(error),
    };
    let (begun, stop) = (Instant::now(), Arc::clone(stop));
    let handler = move || stop.load(Ordering::Relaxed) || begun.elapsed() > MAX_TIME;
    conn.progress_handler(STEPS_PER_LOOK, Some(handler))?;
    match conn.query_one("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)) {
        Ok(word) if word == "ok" => Ok(Found::Sound),
        Ok(found) => Ok(Found::Damaged(found)),
        Err(error)
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) =>
        {
            Ok(Found::Skipped("it takes too long, or the program stops"))
        }
        Err(error) => damaged_or(error.into()),
    }
}

fn damaged_or(error: JournalError) -> Result<Found, JournalError> {
    match Fault::of(&error) {
        Some(Fault::Damaged) => Ok(Found::Damaged(error.to_string())),
        _ => Err(error),
    }
}
