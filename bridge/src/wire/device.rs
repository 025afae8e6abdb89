//! What a stand-in prints on: a printer's device, a FIFO, a file, or a printer on the network.
//!
//! It opens, writes and closes. Whose turn it is, and what to do while it cannot be had, is
//! `paper`'s. What the printer says is not listened to: the stand-in answers itself.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::unix::pipe;

use super::{keepalive, port_trouble};
use crate::config::PrintOn;

/// How long a printer on the network may take to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(4);

/// How long a printer on the network may take to end its side after a job.
const FAREWELL_LIMIT: Duration = Duration::from_secs(1);

/// Opened to write.
pub(super) enum Device {
    /// A device or a FIFO.
    Stream { sender: pipe::Sender, identity: Identity },
    /// A file. Disks may hang, so it is written on a blocking thread.
    File { file: Arc<File>, identity: Identity },
    /// A printer on the network.
    Network(TcpStream),
}

/// Device and inode, and for a device node which device: another one under the same path is
/// another printer.
pub(super) type Identity = (u64, u64, u64);

impl Device {
    /// Opens it, or says why not. Nothing is made where nothing is: a file in place of a missing
    /// device node would take its paper for ever.
    pub(super) async fn open(on: &PrintOn) -> Result<Self, String> {
        match on {
            PrintOn::Path(path) => {
                let path = path.clone();
                let opened = tokio::task::spawn_blocking(move || open_path(&path)).await;
                let (file, identity, streams) = opened.map_err(|error| error.to_string())??;
                if !streams {
                    return Ok(Self::File { file: Arc::new(file), identity });
                }
                let sender = pipe::Sender::from_file_unchecked(file);
                let sender = sender.map_err(|error| error.to_string())?;
                Ok(Self::Stream { sender, identity })
            }
            PrintOn::Tcp(address) => connect(address).await.map(Self::Network),
        }
    }

    /// Writes some of `bytes`, waiting for as long as none is taken.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stream { sender, .. } => sender.write(bytes).await,
            Self::File { file, .. } => {
                let (file, bytes) = (Arc::clone(file), bytes.to_vec());
                let written = tokio::task::spawn_blocking(move || (&*file).write(&bytes));
                written.await.map_err(io::Error::other)?
            }
            Self::Network(stream) => {
                discard(stream)?;
                stream.write(bytes).await
            }
        }
    }

    /// Whether the path still leads here. A printer on the network is asked by the next job.
    pub(super) fn is_still(&self, on: &PrintOn) -> bool {
        let (Self::Stream { identity, .. } | Self::File { identity, .. }) = self else {
            return true;
        };
        let PrintOn::Path(path) = on else { return true };
        std::fs::metadata(path).is_ok_and(|found| identity_of(&found) == *identity)
    }

    /// Ends a job. A printer on the network serves one connection at a time, so it is let go.
    pub(super) async fn end_job(self) -> Option<Self> {
        let Self::Network(mut stream) = self else { return Some(self) };
        let farewell = async {
            stream.shutdown().await?;
            // Closing with answers unread would reset the connection, and what the printer has
            // not read yet with it.
            let mut answers = [0; 256];
            while stream.read(&mut answers).await? > 0 {}
            Ok::<_, io::Error>(())
        };
        // The job is out; a printer that keeps its side open has it all the same.
        let _late = tokio::time::timeout(FAREWELL_LIMIT, farewell).await;
        None
    }
}

async fn connect(address: &str) -> Result<TcpStream, String> {
    let trouble = |found: String| format!("expected a printer at {address}, found: {found}");
    let connected = tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(address)).await;
    let stream = connected
        .map_err(|_| trouble(format!("no answer in {} s", CONNECT_LIMIT.as_secs())))?
        .map_err(|error| trouble(error.to_string()))?;
    keepalive::watch(&stream);
    Ok(stream)
}

/// Takes answers away, so that the printer can go on sending them.
fn discard(stream: &TcpStream) -> io::Result<()> {
    let mut answers = [0; 256];
    loop {
        match stream.try_read(&mut answers) {
            Ok(0) => return Err(io::ErrorKind::ConnectionReset.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// The file, which it is, and whether it can be waited for.
fn open_path(path: &Path) -> Result<(File, Identity, bool), String> {
    let file = OpenOptions::new()
        .append(true)
        .custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits())
        .open(path)
        .map_err(|error| trouble(path, &error))?;
    let found = file.metadata().map_err(|error| trouble(path, &error))?;
    if file.is_terminal() {
        return Err(format!(
            "expected a printer's device, a FIFO or a file at {}, found a serial port: its speed \
             cannot be given here; for a serial printer use a source of kind \"serial-inline\"",
            path.display()
        ));
    }
    let kind = found.file_type();
    Ok((file, identity_of(&found), kind.is_char_device() || kind.is_fifo()))
}

fn trouble(path: &Path, error: &io::Error) -> String {
    let path_name = path.display();
    match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::NotFound, _) => {
            format!("expected a printer at {path_name}, found nothing there; is it switched on?")
        }
        (_, Some(code)) if code == Errno::ENXIO as i32 => {
            format!("expected a program that reads the FIFO {path_name}, found none")
        }
        (io::ErrorKind::PermissionDenied, _) => port_trouble::forbidden(path),
        (io::ErrorKind::ResourceBusy, _) => port_trouble::busy(path),
        _ => format!("expected to open {path_name}, found: {error}"),
    }
}

fn identity_of(found: &std::fs::Metadata) -> Identity {
    (found.dev(), found.ino(), found.rdev())
}
