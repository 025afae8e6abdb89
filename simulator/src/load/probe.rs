//! What the run's own disk takes for an append and an fdatasync, measured while the run goes on.
//!
//! Rarely enough that it is no load of its own.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::record::Machine;

/// Pause between two appends.
const EVERY: Duration = Duration::from_millis(500);
/// Bytes of an append: a page.
const BYTES: usize = 4_096;
/// The file starts anew at this size: a long run must not fill the disk.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
const FILE: &str = "fdatasync.probe";

/// A measurement that goes on.
#[derive(Debug)]
pub(super) struct Probe {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Vec<u64>>>,
}

impl Probe {
    /// Measures in `dir` from now on.
    pub(super) fn start(dir: &Path) -> Self {
        let (path, stop) = (dir.join(FILE), Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        // A thread of its own: the wait is the disk's, and no task may wait behind it.
        let thread = std::thread::spawn(move || measure(&path, &stopped));
        Self { stop, thread: Some(thread) }
    }

    /// The machine, with what was measured of its disk.
    pub(super) fn finish(mut self) -> Machine {
        self.stop.store(true, Ordering::Relaxed);
        let thread = self.thread.take();
        let mut took = thread.and_then(|thread| thread.join().ok()).unwrap_or_default();
        took.sort_unstable();
        let share = |of_hundred: usize| {
            let at = (took.len() * of_hundred).div_ceil(100).max(1) - 1;
            took.get(at).copied().unwrap_or(0)
        };
        let version = fs::read_to_string("/proc/version").unwrap_or_default();
        Machine {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: version.split_whitespace().take(3).collect::<Vec<_>>().join(" "),
            fdatasync_p50_us: share(50),
            fdatasync_p99_us: share(99),
            fdatasyncs: took.len(),
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn measure(path: &PathBuf, stop: &AtomicBool) -> Vec<u64> {
    let mut took = Vec::new();
    let mut file = File::create(path).ok();
    while !stop.load(Ordering::Relaxed) {
        // A disk that is full on purpose has nothing to say here.
        if let Some(Ok(us)) = file.as_mut().map(append) {
            took.push(us);
        }
        std::thread::park_timeout(EVERY);
    }
    // A file that is left behind does no harm.
    let _ = fs::remove_file(path);
    took
}

fn append(file: &mut File) -> io::Result<u64> {
    if file.metadata()?.len() > MOST_BYTES {
        file.set_len(0)?;
    }
    let began = Instant::now();
    file.write_all(&[0x55; BYTES])?;
    file.sync_data()?;
    Ok(began.elapsed().as_micros() as u64)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{FILE, Probe};

    #[test]
    fn the_disk_is_measured_and_the_file_is_gone_afterwards() {
        let dir = tempfile::tempdir().expect("a directory");
        let probe = Probe::start(dir.path());
        let deadline = Instant::now() + Duration::from_secs(10);
        let written = || std::fs::metadata(dir.path().join(FILE)).is_ok_and(|file| file.len() > 0);
        while !written() {
            assert!(Instant::now() < deadline, "nothing was written");
            std::thread::yield_now();
        }
        let machine = probe.finish();
        assert!(machine.fdatasyncs >= 1 && machine.cores >= 1, "{machine:?}");
        assert!(machine.fdatasync_p99_us >= machine.fdatasync_p50_us);
        assert!(!dir.path().join(FILE).exists());
    }
}
