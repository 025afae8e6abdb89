//! `fifo`: reads a FIFO that programs print into, and makes it where there is none. From the first
//! byte of a writer to the last close is one connection; writers that overlap share it.
//!
//! Nothing is read while nobody writes: a FIFO whose last writer has gone reads as ended for ever,
//! so the next reader is opened afresh, and waits. One more descriptor stays open all the time; it
//! holds the lock against a second bridge, and what is written between two readers.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use tokio::net::unix::pipe;
use tokio::sync::watch;

use super::backoff::Backoff;
use super::recorder::{Connection, Recorder};
use super::spool::{Sink, Spool};
use super::{port_trouble, stop};
use crate::ring::{Closing, Direction};

/// Mode of a FIFO that is made here: whoever is in its group may print.
const MODE: u32 = 0o660;

/// How often it is looked whether the path still leads to the FIFO that is read.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Serves writers until told to stop.
pub(super) async fn serve(
    path: PathBuf,
    spool: Spool,
    recorder: Recorder,
    mut stop: watch::Receiver<bool>,
) {
    let reading = async {
        let mut backoff = Backoff::new();
        while !*stop.borrow() {
            match Fifo::open(&path).await {
                Ok(fifo) => {
                    recorder.open(None);
                    backoff.reset();
                    let Err(why) = fifo.serve(&spool, &recorder, &stop).await else { return };
                    recorder.waiting(why);
                }
                Err(why) => recorder.waiting(why),
            }
            tokio::select! {
                () = tokio::time::sleep(backoff.step()) => {}
                () = stop::told(&mut stop) => return,
            }
        }
    };
    spool.beside(reading).await;
}

/// A FIFO that is ours to read.
struct Fifo {
    path: PathBuf,
    /// Device and inode.
    identity: (u64, u64),
    _keeper: File,
}

impl Fifo {
    async fn open(path: &Path) -> Result<Self, String> {
        let path = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || {
            make(&path)?;
            let keeper = open_reader(&path)?;
            let identity = identity(&path, &keeper)?;
            keeper.try_lock().map_err(|_| port_trouble::busy(&path))?;
            Ok(Self { path, identity, _keeper: keeper })
        });
        opened.await.map_err(|error| error.to_string())?
    }

    /// One writer after the other. `Ok` when told to stop, else why it cannot go on.
    async fn serve(
        &self,
        spool: &Spool,
        recorder: &Recorder,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), String> {
        loop {
            let mut ear = self.reader()?;
            let one = async |sink| self.take_one(sink, &mut ear, recorder, stop.clone()).await;
            let Some(how) = spool.print(one, stop.clone()).await else { return Ok(()) };
            if how == Closing::FileReplaced {
                return Err(format!("{} was replaced", self.path.display()));
            }
        }
    }

    /// From a writer's first byte to the last close; nothing when told to stop.
    async fn take_one(
        &self,
        mut sink: Sink,
        ear: &mut pipe::Receiver,
        recorder: &Recorder,
        mut stop: watch::Receiver<bool>,
    ) -> Option<Closing> {
        let mut connection: Option<Connection> = None;
        let record = |bytes: &[u8]| {
            let connection = connection.get_or_insert_with(|| recorder.opened());
            connection.data(Direction::ToPrinter, bytes);
        };
        let how = tokio::select! {
            kept = sink.keep(ear, record) => {
                if kept.is_ok() { Closing::Ended } else { Closing::PosReset }
            }
            () = self.replaced() => Closing::FileReplaced,
            () = stop::told(&mut stop) => return None,
        };
        if let Some(connection) = connection {
            connection.close(how);
        }
        Some(how)
    }

    /// Returns when the path leads elsewhere, or nowhere.
    async fn replaced(&self) {
        let still = || {
            let found = std::fs::metadata(&self.path);
            found.is_ok_and(|found| (found.dev(), found.ino()) == self.identity)
        };
        while still() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn reader(&self) -> Result<pipe::Receiver, String> {
        let file = open_reader(&self.path)?;
        if identity(&self.path, &file)? != self.identity {
            return Err(format!("{} was replaced", self.path.display()));
        }
        pipe::Receiver::from_file(file).map_err(|error| error.to_string())
    }
}

/// Makes the FIFO where nothing is. The mode is set beside the process's own mask.
fn make(path: &Path) -> Result<(), String> {
    match nix::unistd::mkfifo(path, Mode::from_bits_truncate(MODE)) {
        Ok(()) => std::fs::set_permissions(path, Permissions::from_mode(MODE))
            .map_err(|error| port_trouble::explain(path, &error)),
        Err(Errno::EEXIST) => Ok(()),
        Err(error) => {
            Err(format!("expected to make the FIFO {}, found: {}", path.display(), error.desc()))
        }
    }
}

fn open_reader(path: &Path) -> Result<File, String> {
    let opened = OpenOptions::new().read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(path);
    let found = |file: File| {
        let fifo = file.metadata()?.file_type().is_fifo();
        Ok::<_, io::Error>(fifo.then_some(file))
    };
    match opened.and_then(found) {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err(format!("expected a FIFO at {}, found another file", path.display())),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(port_trouble::forbidden(path))
        }
        Err(error) => Err(format!("expected to open {}, found: {error}", path.display())),
    }
}

fn identity(path: &Path, file: &File) -> Result<(u64, u64), String> {
    let found = file.metadata().map_err(|error| port_trouble::explain(path, &error))?;
    Ok((found.dev(), found.ino()))
}
