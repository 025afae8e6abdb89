//! `file`: reads a regular file from its start and then follows it as it grows.
//!
//! Every byte is read once per ring generation, over restarts of the wire process too; a new
//! generation (a reboot) reads the file again from its start. A file can wait, so a full ring loses
//! nothing here. FIFOs are not read.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::backoff::Backoff;
use super::file_mark::{self, Identity};
use super::recorder::{Connection, Recorder};
use crate::ring::{Closing, Direction, MAX_PAYLOAD_BYTES};

/// How often a file is looked at for growth.
const POLL_EVERY: Duration = Duration::from_millis(500);

/// Follows the file until told to stop; a file that is not there is waited for.
pub(super) async fn follow(
    path: PathBuf,
    mark: PathBuf,
    recorder: Recorder,
    mut stop: watch::Receiver<bool>,
) {
    tokio::select! {
        () = follow_for_ever(&path, &mark, &recorder) => {}
        _ = stop.changed() => {}
    }
}

async fn follow_for_ever(path: &Path, mark: &Path, recorder: &Recorder) {
    let mut backoff = Backoff::new();
    let mut last: Option<(Identity, u64)> = None;
    loop {
        match open(path.to_owned()).await {
            Ok((file, identity)) => {
                backoff.reset();
                let connection = recorder.opened();
                recorder.open(None);
                let offset = match last {
                    None => file_mark::resume(mark, recorder.ring(), identity),
                    Some((same, offset)) if same == identity => offset,
                    Some(_) => 0,
                };
                let file = Arc::new(file);
                let mut following =
                    Following { file, identity, offset, path, mark, recorder, connection };
                let why = following.until_lost().await;
                last = Some((identity, following.offset));
                following.connection.close(Closing::FileReplaced);
                recorder.waiting(format!("{}: {why}", path.display()));
            }
            Err(error) => {
                recorder.waiting(format!("expected a file at {}, found: {error}", path.display()));
            }
        }
        tokio::time::sleep(backoff.step()).await;
    }
}

/// Files lie on disks, which may hang: every touch of one happens on a blocking thread.
async fn off_the_line<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

async fn open(path: PathBuf) -> io::Result<(File, Identity)> {
    off_the_line(move || {
        // Looked at before it is opened: opening a FIFO would wait for its writer.
        if !std::fs::metadata(&path)?.is_file() {
            return Err(io::Error::other("something that is no regular file"));
        }
        let file = File::open(&path)?;
        let found = file.metadata()?;
        Ok((file, Identity { device: found.dev(), inode: found.ino() }))
    })
    .await
}

/// One file being followed.
struct Following<'a> {
    file: Arc<File>,
    identity: Identity,
    offset: u64,
    path: &'a Path,
    mark: &'a Path,
    recorder: &'a Recorder,
    connection: Connection,
}

impl Following<'_> {
    /// Keeps what the file holds and what is added. Answers why it cannot go on.
    async fn until_lost(&mut self) -> io::Error {
        loop {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(POLL_EVERY).await,
                Err(error) => return error,
            }
        }
    }

    /// Moves one chunk into the ring; `false` where there is nothing to move or no room for it.
    async fn step(&mut self) -> io::Result<bool> {
        if !self.recorder.ring().can_take(self.recorder.name()).map_err(io::Error::other)? {
            return Ok(false);
        }
        let (file, offset) = (Arc::clone(&self.file), self.offset);
        let chunk = off_the_line(move || {
            let mut chunk = vec![0; MAX_PAYLOAD_BYTES];
            let count = file.read_at(&mut chunk, offset)?;
            chunk.truncate(count);
            Ok(chunk)
        })
        .await?;
        if chunk.is_empty() {
            self.check_unchanged().await?;
            return Ok(false);
        }
        // Other sources may have taken the room while the disk was read.
        if !self.recorder.ring().can_take(self.recorder.name()).map_err(io::Error::other)? {
            return Ok(false);
        }
        let end = offset + chunk.len() as u64;
        file_mark::announce(self.mark, self.recorder.ring(), self.identity, offset, end)?;
        self.connection.data(Direction::ToPrinter, &chunk);
        self.offset = end;
        Ok(true)
    }

    /// An error where the path now leads to another or a shorter file, which is read from its
    /// start.
    async fn check_unchanged(&mut self) -> io::Result<()> {
        let path = self.path.to_owned();
        let found = off_the_line(move || std::fs::metadata(path)).await?;
        let why = if (found.dev(), found.ino()) != (self.identity.device, self.identity.inode) {
            "the file was replaced"
        } else if found.len() < self.offset {
            "the file was cut short"
        } else {
            return Ok(());
        };
        self.offset = 0;
        Err(io::Error::other(why))
    }
}
