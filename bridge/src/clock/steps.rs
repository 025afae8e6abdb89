//! How far a test's harness has set this process's wall clock: a file with a number in it.
//!
//! A wall clock that somebody sets, or a time server steps, is a fault like any other, and a process
//! that is started anew with another clock has not suffered it. So the harness replaces the file
//! while the process runs. It never moves the clock that does not jump.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// The file is looked at no more often than this, in nanoseconds: a till's bytes are dated one read
/// at a time, and a look costs as much as a hundred of them.
const LOOK_EVERY_NS: u64 = 10_000_000;

/// Most bytes that are believed to be a number of milliseconds.
const MAX_TEXT: usize = 24;

/// What the file said last.
#[derive(Debug)]
pub(super) struct Steps {
    path: PathBuf,
    by_ms: AtomicI64,
    /// When it is to be looked at again, on the clock that does not jump.
    look_at_ns: AtomicU64,
}

impl Steps {
    /// The file at `path`. It holds milliseconds in decimal, below zero for a clock that was set
    /// back; one that is not there steps nothing.
    pub(super) fn at(path: &str) -> Self {
        Self { path: PathBuf::from(path), by_ms: AtomicI64::new(0), look_at_ns: AtomicU64::new(0) }
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// By how much the wall clock is ahead at `boot_ns`.
    ///
    /// Two threads may look at once; both find the same, so no order between them is needed.
    pub(super) fn by_ms(&self, boot_ns: u64) -> i64 {
        if boot_ns >= self.look_at_ns.load(Ordering::Relaxed) {
            self.look_at_ns.store(boot_ns.saturating_add(LOOK_EVERY_NS), Ordering::Relaxed);
            // What cannot be read is a file that is not there yet: the clock stays as it was set.
            if let Some(by_ms) = self.read() {
                self.by_ms.store(by_ms, Ordering::Relaxed);
            }
        }
        self.by_ms.load(Ordering::Relaxed)
    }

    fn read(&self) -> Option<i64> {
        let text = std::fs::read_to_string(&self.path).ok()?;
        let text = text.trim();
        (text.len() <= MAX_TEXT).then(|| text.parse().ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::{LOOK_EVERY_NS, Steps};

    #[test]
    fn the_file_is_looked_at_no_more_often_than_needed_and_nonsense_changes_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("steps");
        let write = |text: &str| std::fs::write(&path, text).expect("room");
        let steps = Steps::at(path.to_str().expect("UTF-8"));
        assert_eq!(steps.by_ms(0), 0, "no file, no step");
        write("-7200000\n");
        assert_eq!(steps.by_ms(LOOK_EVERY_NS - 1), 0, "not looked at yet");
        assert_eq!(steps.by_ms(LOOK_EVERY_NS), -7_200_000);
        write("soon");
        assert_eq!(steps.by_ms(2 * LOOK_EVERY_NS), -7_200_000);
        write("90000");
        assert_eq!(steps.by_ms(3 * LOOK_EVERY_NS), 90_000);
        std::fs::remove_file(&path).expect("it is there");
        assert_eq!(steps.by_ms(4 * LOOK_EVERY_NS), 90_000, "a clock is not set by a lost file");
    }
}
