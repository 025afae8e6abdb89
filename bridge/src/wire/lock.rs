//! One wire process per runtime directory, by a file lock that dies with its holder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::error::WireError;

/// Longest pid that is read back, in bytes.
const MAX_PID_BYTES: u64 = 16;

/// The held lock. Dropping it, or dying, frees it; the file stays.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock and writes our pid into it.
    pub(super) fn take(path: &Path) -> Result<Self, WireError> {
        let trouble = |source| WireError::Lock { path: path.to_owned(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(trouble)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(WireError::AlreadyRunning { pid: written_pid(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(trouble(source)),
        }
        file.set_len(0).map_err(trouble)?;
        file.rewind().map_err(trouble)?;
        writeln!(file, "{}", std::process::id()).map_err(trouble)?;
        Ok(Self { _file: file })
    }
}

fn written_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(MAX_PID_BYTES).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Lock, WireError};

    #[test]
    fn a_second_holder_learns_the_pid_of_the_first_until_it_lets_go() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let path = temp.path().join("wire.lock");
        let first = Lock::take(&path).expect("free");
        let error = Lock::take(&path).expect_err("held");
        let own = std::process::id();
        assert!(matches!(error, WireError::AlreadyRunning { pid: Some(pid) } if pid == own));
        assert!(error.to_string().ends_with(&format!("(pid {own})")), "{error}");
        drop(first);
        Lock::take(&path).expect("free again");
    }
}
