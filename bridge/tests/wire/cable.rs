//! A pseudo-terminal that stands for a serial cable: the test holds the far end.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

/// A pty with its slave end closed, under a link that can be moved to another one.
pub(crate) struct Cable {
    pub(crate) master: File,
    pub(crate) slave: PathBuf,
    link: PathBuf,
}

/// The name goes with the cable: the kernel gives the number to the next pseudo-terminal, which is
/// another test's.
impl Drop for Cable {
    fn drop(&mut self) {
        if std::fs::read_link(&self.link).is_ok_and(|target| target == self.slave) {
            std::fs::remove_file(&self.link).expect("our own link");
        }
    }
}

impl Cable {
    pub(crate) fn plug(link: &Path) -> Self {
        let pty = nix::pty::openpty(None, None).expect("a pty");
        let mut raw = tcgetattr(&pty.slave).expect("a terminal");
        cfmakeraw(&mut raw);
        tcsetattr(&pty.slave, SetArg::TCSANOW, &raw).expect("raw mode");
        let fd = format!("/proc/self/fd/{}", pty.slave.as_raw_fd());
        let slave = std::fs::read_link(fd).expect("the slave's name");
        if link.is_symlink() {
            std::fs::remove_file(link).expect("our own link");
        }
        symlink(&slave, link).expect("a link");
        Self { master: File::from(pty.master), slave, link: link.to_owned() }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.master.write_all(bytes).expect("room in the pty");
    }

    /// As [`Cable::send`], as far as there is room now.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) -> usize {
        self.unblock();
        match self.master.write(bytes) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(error) => panic!("expected a pty, found: {error}"),
        }
    }

    /// Everything that came to the far end and was not taken yet.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.unblock();
        let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            match self.master.read(&mut buffer) {
                Ok(0) => return all,
                Ok(count) => all.extend_from_slice(&buffer[..count]),
                // EIO: nobody has the near end open.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return all,
                Err(error) if error.raw_os_error() == Some(Errno::EIO as i32) => return all,
                Err(error) => panic!("expected a pty, found: {error}"),
            }
        }
    }

    fn unblock(&self) {
        fcntl(&self.master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).expect("our own descriptor");
    }
}
