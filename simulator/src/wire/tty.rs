//! Writing to a terminal device without ever blocking the runtime.
//!
//! Bytes go straight into the kernel while it has room; only a full buffer is waited for, on a
//! thread that may block.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};
use tokio::time::Instant;

use super::error::WireError;
use super::pace::Pacer;

/// Bytes per write: a full-speed USB packet, which is what serial drivers pass on.
const CHUNK_BYTES: usize = 64;
/// How long a full buffer is waited for. A reader that takes longer is not there.
pub(super) const READER_PATIENCE: Duration = Duration::from_secs(30);
/// Longest single wait in the kernel, in milliseconds: a till that is switched off must not hold
/// up the end of the program.
const WAIT_SLICE_MS: u16 = 250;

/// The writing side of a terminal device.
#[derive(Debug)]
pub(super) struct Tty(Arc<OwnedFd>);

impl Tty {
    /// Takes a device and makes it non-blocking.
    pub(super) fn new(fd: OwnedFd) -> io::Result<Self> {
        let flags = OFlag::from_bits_retain(fcntl(&fd, FcntlArg::F_GETFL)?);
        fcntl(&fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        Ok(Self(Arc::new(fd)))
    }

    /// Writes `bytes` at the pace of `pacer`; `path` is for the error.
    pub(super) async fn write(
        &self,
        bytes: &[u8],
        pacer: &mut Pacer,
        path: &Path,
    ) -> Result<(), WireError> {
        for chunk in bytes.chunks(CHUNK_BYTES) {
            // A byte is there when its last bit is, so the line's time passes first.
            pacer.carried(chunk.len()).await;
            self.write_all(chunk).await.map_err(|source| match source.kind() {
                io::ErrorKind::TimedOut => {
                    WireError::NoReader { path: path.to_owned(), waited: READER_PATIENCE }
                }
                _ => WireError::Write { path: path.to_owned(), source },
            })?;
        }
        Ok(())
    }

    async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        let deadline = Instant::now() + READER_PATIENCE;
        while !bytes.is_empty() {
            match nix::unistd::write(&*self.0, bytes) {
                Ok(written @ 1..) => bytes = &bytes[written..],
                Err(Errno::EINTR) => {}
                Ok(0) | Err(Errno::EAGAIN) if Instant::now() < deadline => self.room().await?,
                Ok(0) | Err(Errno::EAGAIN) => return Err(io::ErrorKind::TimedOut.into()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Waits until there may be room.
    async fn room(&self) -> io::Result<()> {
        let fd = Arc::clone(&self.0);
        let waiting = tokio::task::spawn_blocking(move || {
            poll(&mut [PollFd::new(fd.as_fd(), PollFlags::POLLOUT)], WAIT_SLICE_MS)
        });
        match waiting.await.map_err(io::Error::other)? {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
