//! A device on a pty: the host opens the link as if it were a serial port.
//!
//! A serial device does not notice who has the port open: a host that goes away leaves it as it is.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
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
    fd: AsyncFd<OwnedFd>,
}

impl Port {
    /// Makes a pty under the name `link`; an older link is replaced, any other file is not.
    pub(super) fn create(link: &Path) -> Result<Self, PrinterError> {
        let fd =
            make(link).map_err(|source| PrinterError::Pty { link: link.to_owned(), source })?;
        Ok(Self { link: link.to_owned(), fd })
    }

    /// Bytes from the host; none of them while nobody has the port open.
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut ready = self.fd.readable().await?;
            match ready.try_io(|fd| Ok(nix::unistd::read(fd, buffer)?)) {
                Ok(Err(error)) if nobody_has_it(&error) => tokio::time::sleep(LOOK_PAUSE).await,
                Ok(outcome) => return outcome,
                Err(_) => {}
            }
        }
    }

    async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let mut ready = self.fd.writable().await?;
            match ready.try_io(|fd| Ok(nix::unistd::write(fd, bytes)?)) {
                Ok(Ok(written)) => bytes = &bytes[written..],
                // Said to nobody, as on a cable that ends in the air.
                Ok(Err(error)) if nobody_has_it(&error) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(_) => {}
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
#[expect(
    deprecated,
    reason = "sound for an OwnedFd, which keeps its descriptor; the successor needs unsafe"
)]
fn make(link: &Path) -> io::Result<AsyncFd<OwnedFd>> {
    let master = linked_pty(link)?.master;
    let flags = OFlag::from_bits_retain(fcntl(&master, FcntlArg::F_GETFL)?);
    fcntl(&master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    AsyncFd::new(master)
}

fn nobody_has_it(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::EIO as i32)
}

/// Serves the port for as long as the device runs.
pub(super) async fn serve<D: Device>(port: Port, shared: Arc<Shared<D>>) {
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
