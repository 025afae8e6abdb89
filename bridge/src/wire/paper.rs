//! The paper of a source that stands in for a printer: one job at a time, so that receipts of
//! different connections never interleave.
//!
//! A job is whatever one connection prints until it ends, or pauses for as long as ends a receipt.
//! Bytes wait in a queue of [`QUEUE_BYTES`] per connection; when it is full the connection is not
//! read any more, and the POS sees a busy printer. A printer that is away or stands still is tried
//! again for ever: no byte is dropped while the wire process runs. It does not answer the POS; it
//! only says whether the printer takes bytes.

use std::time::Duration;

use tokio::io::{AsyncReadExt, DuplexStream};
use tokio::sync::{Mutex, watch};

use super::backoff::Backoff;
use super::device::Device;
use super::recorder::Recorder;
use crate::config::PrintOn;
use crate::ring::MAX_PAYLOAD_BYTES;

/// What waits for paper, per connection: a long bill with a picture.
pub(super) const QUEUE_BYTES: usize = 64 * 1024;

/// How long a printer may take nothing before it is said to be off line. A cutter or a cold head
/// takes a second or two.
const STUCK_AFTER: Duration = Duration::from_secs(5);

/// How often a printer that has nothing to print is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What prints for one source.
pub(super) struct Paper {
    on: PrintOn,
    recorder: Recorder,
    device: Mutex<Option<Device>>,
    online: watch::Sender<bool>,
}

impl Paper {
    pub(super) fn new(on: PrintOn, recorder: Recorder) -> Self {
        Self { on, recorder, device: Mutex::new(None), online: watch::Sender::new(true) }
    }

    /// Whether the printer takes bytes.
    pub(super) fn online(&self) -> watch::Receiver<bool> {
        self.online.subscribe()
    }

    /// Looks for the printer once.
    pub(super) async fn look(&self) {
        let Ok(mut device) = self.device.try_lock() else {
            // Somebody prints, and will notice.
            return;
        };
        if device.as_ref().is_some_and(|device| device.is_still(&self.on)) {
            return;
        }
        *device = None;
        match Device::open(&self.on).await {
            Ok(opened) => {
                *device = opened.end_job().await;
                self.turn(None);
            }
            Err(why) => self.turn(Some(why)),
        }
    }

    /// Looks for the printer for as long as it is polled. One on the network is left alone while
    /// it is well: it may serve others too.
    pub(super) async fn watch(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if matches!(self.on, PrintOn::Path(_)) || !*self.online.borrow() {
                self.look().await;
            }
        }
    }

    /// Prints what comes out of `queue` until it ends, and counts in `done` what the printer has
    /// taken. A pause of `idle` lets others print.
    pub(super) async fn print(
        &self,
        mut queue: DuplexStream,
        idle: Duration,
        done: &watch::Sender<u64>,
    ) {
        let mut chunk = vec![0; MAX_PAYLOAD_BYTES];
        // Both ends are ours, so a queue does not fail; it ends.
        let mut next = queue.read(&mut chunk).await.unwrap_or(0);
        while next > 0 {
            let mut device = self.device.lock().await;
            let mut paused = false;
            while next > 0 && !paused {
                self.put(&mut device, &chunk[..next], done).await;
                match tokio::time::timeout(idle, queue.read(&mut chunk)).await {
                    Ok(read) => next = read.unwrap_or(0),
                    Err(_) => paused = true,
                }
            }
            *device = match device.take() {
                Some(open) => open.end_job().await,
                None => None,
            };
            drop(device);
            if paused {
                next = queue.read(&mut chunk).await.unwrap_or(0);
            }
        }
    }

    /// All of `bytes`, however long the printer takes for it.
    async fn put(&self, device: &mut Option<Device>, mut bytes: &[u8], done: &watch::Sender<u64>) {
        let mut backoff = Backoff::new();
        while !bytes.is_empty() {
            match self.put_some(device, bytes).await {
                Ok(count) => {
                    bytes = &bytes[count..];
                    done.send_modify(|taken| *taken += count as u64);
                    self.turn(None);
                    backoff.reset();
                }
                Err(why) => {
                    *device = None;
                    self.turn(Some(why));
                    tokio::time::sleep(backoff.step()).await;
                }
            }
        }
    }

    async fn put_some(&self, device: &mut Option<Device>, bytes: &[u8]) -> Result<usize, String> {
        let open = match device.take() {
            Some(open) => open,
            None => Device::open(&self.on).await?,
        };
        let mut writing = std::pin::pin!(device.insert(open).write(bytes));
        let written = tokio::select! {
            written = &mut writing => written,
            () = tokio::time::sleep(STUCK_AFTER) => {
                let seconds = STUCK_AFTER.as_secs();
                self.turn(Some(format!(
                    "{} has taken nothing for {seconds} s; is it out of paper, or its cover open?",
                    self.on
                )));
                writing.await
            }
        };
        match written {
            Ok(0) => Err(format!("{} takes no more", self.on)),
            Ok(count) => Ok(count),
            Err(error) => Err(format!("{} was lost: {error}", self.on)),
        }
    }

    /// It prints, or does not and why.
    fn turn(&self, why: Option<String>) {
        let online = why.is_none();
        self.recorder.ailing(why.map(|why| format!("nothing is printed: {why}")));
        self.online.send_if_modified(|now| std::mem::replace(now, online) != online);
    }
}
