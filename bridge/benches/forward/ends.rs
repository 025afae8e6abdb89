//! Both ends of a line: where the POS writes and where the printer reads.

use std::fs::File;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::openpty;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::ttyname;

/// Longest wait for anything: a byte, a connection, a process.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Pause between two looks at something that is not there yet.
pub(crate) const LOOK: Duration = Duration::from_millis(1);

/// What the line is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Tcp,
    Pty,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Tcp, Self::Pty];
}

/// The two ends.
pub(crate) struct Ends {
    /// The POS writes here.
    pub(crate) pos: File,
    /// The printer reads here.
    pub(crate) printer: File,
}

impl Ends {
    /// Over TCP: connects to `at` and takes the forwarder's own connection from `listener`.
    pub(crate) fn tcp(at: SocketAddr, listener: &TcpListener) -> io::Result<Self> {
        let pos = until("a listening forwarder", || TcpStream::connect(at).ok())?;
        pos.set_nodelay(true)?;
        wait_readable(listener)?;
        let (printer, _) = listener.accept()?;
        Ok(Self { pos: OwnedFd::from(pos).into(), printer: OwnedFd::from(printer).into() })
    }
}

/// A pty: our side, and the path that a forwarder opens.
pub(crate) struct Pty {
    pub(crate) ours: File,
    pub(crate) path: PathBuf,
}

impl Pty {
    /// A new one, raw. Nobody holds its other side open.
    pub(crate) fn open() -> io::Result<Self> {
        let pair = openpty(None, None)?;
        let mut raw = tcgetattr(&pair.slave)?;
        cfmakeraw(&mut raw);
        tcsetattr(&pair.slave, SetArg::TCSANOW, &raw)?;
        let path = ttyname(&pair.slave)?;
        Ok(Self { ours: pair.master.into(), path })
    }
}

impl Pty {
    /// Waits until a forwarder has opened the other side; before that the pty is hung up.
    pub(crate) fn opened(&self) -> io::Result<()> {
        until("a forwarder on the pty", || {
            let mut look = [PollFd::new(self.ours.as_fd(), PollFlags::POLLIN)];
            poll(&mut look, PollTimeout::ZERO).ok()?;
            let hung_up = look[0].revents()?.contains(PollFlags::POLLHUP);
            (!hung_up).then_some(())
        })
    }
}

/// Reads what there is, at least a byte, within [`PATIENCE`].
pub(crate) fn read_some(mut from: &File, buffer: &mut [u8]) -> io::Result<usize> {
    wait_readable(from)?;
    match from.read(buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        count => Ok(count),
    }
}

fn wait_readable(what: &impl AsFd) -> io::Result<()> {
    let mut look = [PollFd::new(what.as_fd(), PollFlags::POLLIN)];
    let limit = PollTimeout::try_from(PATIENCE).unwrap_or(PollTimeout::MAX);
    match poll(&mut look, limit)? {
        0 => Err(io::Error::new(io::ErrorKind::TimedOut, "expected bytes, found none in time")),
        _ => Ok(()),
    }
}

/// Looks until there is something.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> io::Result<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look() {
            return Ok(found);
        }
        std::thread::sleep(LOOK);
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, format!("expected {what}, found none in time")))
}
