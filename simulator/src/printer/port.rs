//! A device on a pty: the host opens the link as if it were a serial port.
//!
//! A serial device does not notice who has the port open: a host that goes away leaves it as it is.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::io::unix::AsyncFd;

use super::device::{Device, PrinterError, Shared};
use super::lane::RECEIVE_BYTES;
use crate::wire::linked_pty;

/// Pause between two looks whether somebody has opened the port: the kernel does not tell.
const LOOK_PAUSE: Duration = Duration::from_millis(10);

/// The device's end of a pty. Dropping it removes the link.
#[derive(Debug)]
pub(super) struct Port {
    link: PathBuf,
    master: Arc<OwnedFd>,
    /// Watches the master. Made anew after a hang-up, which the runtime would report for ever.
    watch: AsyncFd<Arc<OwnedFd>>,
}

impl Port {
    /// Makes a pty under the name `link`; an older link is replaced, any other file is not.
    pub(super) fn create(link: &Path) -> Result<Self, PrinterError> {
        let refused = |source| PrinterError::Pty { link: link.to_owned(), source };
        let master = Arc::new(make(link).map_err(refused)?);
        let watch = watched(&master).map_err(refused)?;
        Ok(Self { link: link.to_owned(), master, watch })
    }

    /// Bytes from the host; none of them while nobody has the port open.
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.watch.readable().await?;
            match ready.try_io(|fd| Ok(nix::unistd::read(fd, buffer)?)) {
                Ok(Err(error)) if nobody_has_it(&error) => self.until_opened().await?,
                Ok(outcome) => return outcome,
                Err(_) => {}
            }
        }
    }

    /// Waits until somebody has the port open, and watches it anew.
    async fn until_opened(&mut self) -> io::Result<()> {
        while is_hung_up(&self.master)? {
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        // One descriptor is watched once at a time: the old watch goes first.
        let other = watched(&Arc::new(self.master.try_clone()?))?;
        drop(std::mem::replace(&mut self.watch, other));
        self.watch = watched(&self.master)?;
        Ok(())
    }

    async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let mut ready = self.watch.writable().await?;
            match ready.try_io(|fd| Ok(nix::unistd::write(fd, bytes)?)) {
                Ok(Ok(written)) => bytes = &bytes[written..],
                // Said to nobody, as on a cable that ends in the air.
                Ok(Err(error)) if nobody_has_it(&error) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                // After a hang-up the watch says "writable" at once, and others want a turn.
                Err(_) => tokio::task::yield_now().await,
            }
        }
        Ok(())
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // A link that leads nowhere does no harm.
        let _ = fs::remove_file(&self.link);
    }
}

/// The host's end is closed at once: held open here, it would stay locked after a host that took it
/// exclusively was killed.
fn make(link: &Path) -> io::Result<OwnedFd> {
    let master = linked_pty(link)?.master;
    let flags = OFlag::from_bits_retain(fcntl(&master, FcntlArg::F_GETFL)?);
    fcntl(&master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(master)
}

#[expect(
    deprecated,
    reason = "sound for an OwnedFd, which keeps its descriptor; the successor needs unsafe"
)]
fn watched(master: &Arc<OwnedFd>) -> io::Result<AsyncFd<Arc<OwnedFd>>> {
    AsyncFd::new(Arc::clone(master))
}

fn is_hung_up(master: &OwnedFd) -> io::Result<bool> {
    let mut look = [PollFd::new(master.as_fd(), PollFlags::empty())];
    poll(&mut look, PollTimeout::ZERO)?;
    Ok(look[0].revents().is_some_and(|found| found.contains(PollFlags::POLLHUP)))
}

fn nobody_has_it(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::EIO as i32)
}

/// Serves the port for as long as the device runs.
pub(super) async fn serve<D: Device>(mut port: Port, shared: Arc<Shared<D>>) {
    let lane = shared.act(|device| device.open(true));
    let mut changes = shared.changes();
    let mut buffer = [0; RECEIVE_BYTES];
    loop {
        changes.mark_unchanged();
        let (replies, room) = {
            let mut device = shared.look();
            (device.take_replies(lane), device.room(lane))
        };
        if port.write_all(&replies).await.is_err() {
            return;
        }
        tokio::select! {
            read = port.read(&mut buffer[..room]), if room > 0 => match read {
                Ok(read) => shared.act(|device| device.receive(lane, &buffer[..read])),
                Err(_) => return,
            },
            told = changes.changed() => if told.is_err() {
                return;
            },
        }
    }
}
