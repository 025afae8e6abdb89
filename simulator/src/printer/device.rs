//! What every device on a cable has in common, and why one cannot be put up.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// One connection to a device.
pub(super) type LaneId = u64;

/// A device without its cable.
pub(super) trait Device: Send + 'static {
    /// A host connects; `serial` where it can be told to wait.
    fn open(&mut self, serial: bool) -> LaneId;
    /// A host is gone.
    fn close(&mut self, lane: LaneId);
    /// How many bytes it may send now.
    fn room(&self, lane: LaneId) -> usize;
    /// It sends.
    fn receive(&mut self, lane: LaneId, bytes: &[u8]);
    /// What it is owed.
    fn take_replies(&mut self, lane: LaneId) -> Vec<u8>;
}

/// A device that cables and scripts share; each hears when another changed something.
#[derive(Debug)]
pub(super) struct Shared<D> {
    device: Mutex<D>,
    changed: watch::Sender<()>,
}

impl<D> Shared<D> {
    pub(super) fn new(device: D) -> Self {
        Self { device: Mutex::new(device), changed: watch::Sender::new(()) }
    }

    /// Looks, without telling anybody.
    pub(super) fn look(&self) -> MutexGuard<'_, D> {
        self.device.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something, and tells everybody.
    pub(super) fn act<T>(&self, act: impl FnOnce(&mut D) -> T) -> T {
        let done = act(&mut self.look());
        self.changed.send_replace(());
        done
    }

    /// Hears of changes from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}

/// A device that cannot be put up.
#[derive(Debug, thiserror::Error)]
pub enum PrinterError {
    /// The address is taken or not ours.
    #[error("expected to listen at {address}, found it refused\nhint: port 0 takes a free one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The pty or its link cannot be made.
    #[error("expected to make a pty with the link {}, found it refused", link.display())]
    Pty {
        /// The link.
        link: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}
