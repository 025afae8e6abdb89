//! The till's end of a serial cable, for tests that kill whoever holds the other end.
//!
//! Only the master of the pty is held: with a slave open in the test as well, a killed process would
//! leave the port locked (TIOCEXCL), which no real cable does.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};
use nix::pty::openpty;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::ttyname;

/// Longest single wait in the kernel, in milliseconds.
const WAIT_SLICE_MS: u16 = 20;

/// A raw pty under a name that stays.
#[derive(Debug)]
pub struct TillPort {
    master: OwnedFd,
    link: PathBuf,
}

impl TillPort {
    /// Makes a pty and links `link` to it.
    ///
    /// # Panics
    /// Where the machine has no pty left.
    pub fn create(link: &Path) -> Self {
        let pty = openpty(None, None).expect("a pty");
        let mut raw = tcgetattr(&pty.slave).expect("a terminal");
        cfmakeraw(&mut raw);
        tcsetattr(&pty.slave, SetArg::TCSANOW, &raw).expect("a terminal");
        let slave = ttyname(&pty.slave).expect("a name");
        std::os::unix::fs::symlink(slave, link).expect("a free name");
        let flags = OFlag::from_bits_retain(fcntl(&pty.master, FcntlArg::F_GETFL).expect("flags"));
        fcntl(&pty.master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK)).expect("flags");
        Self { master: pty.master, link: link.to_owned() }
    }

    /// Writes all of `bytes`, `chunk` at a time with `pause` after each, as a slow line does.
    ///
    /// # Errors
    /// `TimedOut` where nobody makes room within `limit`.
    pub fn write(
        &self,
        bytes: &[u8],
        (chunk, pause): (usize, Duration),
        limit: Duration,
    ) -> io::Result<()> {
        let deadline = Instant::now() + limit;
        for mut piece in bytes.chunks(chunk.max(1)) {
            while !piece.is_empty() {
                match nix::unistd::write(&self.master, piece) {
                    Ok(written @ 1..) => piece = &piece[written..],
                    Ok(0) | Err(Errno::EAGAIN) if Instant::now() < deadline => {
                        self.wait(PollFlags::POLLOUT);
                    }
                    Ok(0) | Err(Errno::EAGAIN) => return Err(io::ErrorKind::TimedOut.into()),
                    Err(Errno::EINTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            std::thread::sleep(pause);
        }
        Ok(())
    }

    /// What has come back from the printer by now.
    pub fn answers(&self) -> Vec<u8> {
        let mut answers = Vec::new();
        let mut buffer = [0; 256];
        while let Ok(read @ 1..) = nix::unistd::read(self.master.as_fd(), &mut buffer) {
            answers.extend_from_slice(&buffer[..read]);
        }
        answers
    }

    /// Waits a moment for an answer, or for nothing.
    pub fn wait_for_answer(&self) {
        self.wait(PollFlags::POLLIN);
    }

    fn wait(&self, what: PollFlags) {
        // Whatever it found, the caller looks again. With nobody at the other end poll answers at
        // once, for a hang-up, so that the pause has to be our own.
        let mut look = [PollFd::new(self.master.as_fd(), what)];
        let hung_up = match poll(&mut look, WAIT_SLICE_MS) {
            Ok(_) => look[0].revents().is_some_and(|found| found.contains(PollFlags::POLLHUP)),
            Err(_) => false,
        };
        if hung_up {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for TillPort {
    fn drop(&mut self) {
        // A link that leads nowhere does no harm.
        let _ = fs::remove_file(&self.link);
    }
}
