//! A printer that is running, for those who script it and look at its paper.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::act::Act;
use super::condition::{Condition, Setup};
use super::counts::{Counts, Happening};
use super::device::{PrinterError, Shared};
use super::mechanism::Mechanism;
use super::port::{self, Port};
use super::tcp;

/// A printer that is running. Dropping it switches it off.
#[derive(Debug)]
pub struct Printer {
    address: SocketAddr,
    shared: Arc<Shared<Mechanism>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Printer {
    /// An ordinary printer that listens at `listen`; port 0 takes a free one.
    pub async fn start(listen: SocketAddr) -> Result<Self, PrinterError> {
        Self::start_as(listen, Setup::default()).await
    }

    /// A printer as `setup` says that listens at `listen`.
    pub async fn start_as(listen: SocketAddr, setup: Setup) -> Result<Self, PrinterError> {
        let refused = |source| PrinterError::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared::new(Mechanism::new(setup)));
        let task = tokio::spawn(tcp::accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, tasks: vec![task] })
    }

    /// Gives it a serial port as well: a pty under the name `link`. Needs a running tokio runtime.
    pub fn attach(&mut self, link: &Path) -> Result<(), PrinterError> {
        let port = Port::create(link)?;
        self.tasks.push(tokio::spawn(port::serve(port, Arc::clone(&self.shared))));
        Ok(())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Does something to it.
    pub fn act(&self, act: Act) {
        self.shared.act(|printer| printer.act(act));
    }

    /// How it is.
    pub fn condition(&self) -> Condition {
        self.shared.look().condition()
    }

    /// What it has been through so far.
    pub fn counts(&self) -> Counts {
        self.shared.look().counts().clone()
    }

    /// Receipts so far.
    pub fn receipts(&self) -> u64 {
        self.shared.look().counts().receipts
    }

    /// What a person beside it noticed after the first `seen` things.
    pub fn happenings_after(&self, seen: usize) -> Vec<Happening> {
        self.shared.look().happenings().get(seen..).unwrap_or_default().to_vec()
    }

    /// Hears of every change from now on.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.shared.changes()
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
