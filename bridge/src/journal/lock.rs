//! Keeps a second writer away from a journal.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::error::JournalError;

/// Longest process id read from a lock file, in bytes; the file is ours, but its content may not be.
const MAX_PID_BYTES: u64 = 16;

/// An exclusive lock that lasts as long as the value, or the process.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks `PATH.lock` and writes this process's id into it. The file is left behind on purpose:
    /// removing it would let two processes hold locks on two files of the same name.
    pub(super) fn take(journal: &Path) -> Result<Self, JournalError> {
        let path = lock_path(journal);
        let open = |source| JournalError::Open { path: path.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(open)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::Locked { path: journal.into(), pid: holder(&file) });
            }
            Err(TryLockError::Error(source)) => return Err(open(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(open)?;
        Ok(Self { _file: file })
    }
}

/// Whether some process has the journal open.
pub fn is_locked(journal: &Path) -> Result<bool, JournalError> {
    let path = lock_path(journal);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(JournalError::Open { path, source }),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(source)) => Err(JournalError::Open { path, source }),
    }
}

fn lock_path(journal: &Path) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn holder(file: &File) -> String {
    let mut pid = String::new();
    let read = file.take(MAX_PID_BYTES).read_to_string(&mut pid);
    let pid = pid.trim();
    if read.is_ok() && !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit()) {
        pid.to_owned()
    } else {
        "(unknown)".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Lock;
    use crate::journal::JournalError;

    #[test]
    fn a_second_lock_is_refused_and_names_the_holder() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let held = Lock::take(&path).expect("free");
        let refused = Lock::take(&path).expect_err("held");
        assert!(
            matches!(&refused, JournalError::Locked { pid, .. }
            if *pid == std::process::id().to_string()),
            "{refused}"
        );
        assert!(super::is_locked(&path).expect("there"));
        drop(held);
        assert!(!super::is_locked(&path).expect("there"));
        Lock::take(&path).expect("free again");
    }
}
