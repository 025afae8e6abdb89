//! A small file system of its own for the journal, on a loop device: one that can be full.
//!
//! It needs root, `mkfs.ext4` and `mount`; without them it says what it lacks.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, fallocate};

/// Size of the disk, most of it never written: room for the journal of a long run, and for what the
/// bridge keeps free when it spills.
const DISK_BYTES: u64 = 2 << 30;
/// Parts in which the disk is filled, the largest first.
const BALLAST_BYTES: [i64; 4] = [64 << 20, 1 << 20, 64 << 10, 4 << 10];

/// A disk that is mounted.
#[derive(Debug)]
pub(super) struct Disk {
    dir: PathBuf,
}

impl Disk {
    /// Makes one in `dir` and mounts it, or says why not.
    pub(super) fn make(dir: &Path) -> Result<Self, String> {
        if !nix::unistd::geteuid().is_root() {
            return Err("needs root, to mount a small file system".to_owned());
        }
        let disk = Self { dir: dir.to_owned() };
        let said = |error: io::Error| error.to_string();
        fs::create_dir_all(disk.path()).map_err(said)?;
        File::create(disk.image()).and_then(|image| image.set_len(DISK_BYTES)).map_err(said)?;
        // Nothing is kept for root: it is root that must find the disk full.
        run(Command::new("mkfs.ext4").args(["-q", "-F", "-m", "0"]).arg(disk.image()))?;
        run(Command::new("mount").args(["-o", "loop"]).arg(disk.image()).arg(disk.path()))?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub(super) fn path(&self) -> PathBuf {
        self.dir.join("disk")
    }

    fn image(&self) -> PathBuf {
        self.dir.join("disk.image")
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Takes every free block of it.
    pub(super) fn fill(&self) -> io::Result<()> {
        let ballast = File::create(self.ballast())?;
        let mut at = 0;
        for part in BALLAST_BYTES {
            loop {
                match fallocate(&ballast, FallocateFlags::empty(), at, part) {
                    Ok(()) => at += part,
                    Err(Errno::ENOSPC) => break,
                    Err(Errno::EINTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// Gives them back.
    pub(super) fn free(&self) -> io::Result<()> {
        match fs::remove_file(self.ballast()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Disk {
    /// What lies on it stays in its directory.
    fn drop(&mut self) {
        let copy = self.dir.join("disk.copy");
        // None of these can be told anybody: a run that failed may have left a user of it behind.
        let _ = self.free();
        let copied = run(Command::new("cp").arg("-a").arg(self.path()).arg(&copy));
        let _ = run(Command::new("umount").arg("-l").arg(self.path()));
        let _ = fs::remove_file(self.image());
        if copied.is_ok() && fs::remove_dir(self.path()).is_ok() {
            let _ = fs::rename(&copy, self.path());
        }
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.stdin(Stdio::null()).output().map_err(|e| format!("needs {name}: {e}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{name}: {}", said.trim())) }
}

#[cfg(test)]
mod tests {
    use super::Disk;

    #[test]
    #[expect(clippy::print_stdout, reason = "a skipped test says so")]
    fn a_full_disk_takes_no_byte_and_has_room_again_and_what_lay_on_it_stays() {
        let dir = tempfile::tempdir().expect("a directory");
        let disk = match Disk::make(dir.path()) {
            Ok(disk) => disk,
            Err(reason) => return println!("SKIPPED: {reason}"),
        };
        let file = disk.path().join("kept");
        std::fs::write(&file, [1; 100]).expect("room");
        for round in 0..2 {
            disk.fill().expect("a disk");
            let more = disk.path().join(format!("more-{round}"));
            let full = std::fs::write(&more, [1; 8_192]).expect_err("full");
            assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
            disk.free().expect("a disk");
            std::fs::write(&more, [1; 8_192]).expect("room again");
        }
        drop(disk);
        assert_eq!(std::fs::read(&file).expect("copied"), [1; 100]);
        assert!(!dir.path().join("disk.image").exists());
        let mounts = std::fs::read_to_string("/proc/mounts").expect("Linux");
        assert!(!mounts.contains(dir.path().to_str().expect("UTF-8")));
    }
}
