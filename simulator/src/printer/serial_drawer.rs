//! A cash drawer on a serial port of its own: it opens on a byte and says how it is.
//!
//! It has no paper and no language: one code opens it, one asks, one byte answers.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::device::{Device, LaneId, PrinterError, Shared};
use super::port::{self, Port};

/// Bytes it takes at once; it acts on each, so that there is always room.
const ROOM_BYTES: usize = 64;

/// How a serial drawer was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawerSetup {
    /// The code that opens it; nothing where any byte does.
    pub opens_on: Option<Vec<u8>>,
    /// The byte that asks for its state, where there is one.
    pub asks: Option<u8>,
    /// What it answers while it is open.
    pub open: u8,
    /// What it answers while it is closed.
    pub closed: u8,
}

impl Default for DrawerSetup {
    fn default() -> Self {
        Self { opens_on: None, asks: None, open: 0x01, closed: 0x00 }
    }
}

/// The drawer without its port.
#[derive(Debug)]
struct DrawerBox {
    setup: DrawerSetup,
    open: bool,
    opened: u64,
    recent: Vec<u8>,
    replies: Vec<u8>,
}

impl DrawerBox {
    fn say(&mut self) {
        let setup = &self.setup;
        self.replies.push(if self.open { setup.open } else { setup.closed });
    }

    fn hear(&mut self, byte: u8) {
        if self.setup.asks == Some(byte) {
            return self.say();
        }
        if let Some(code) = &self.setup.opens_on {
            self.recent.push(byte);
            let excess = self.recent.len().saturating_sub(code.len());
            self.recent.drain(..excess);
            if self.recent != *code {
                return;
            }
            self.recent.clear();
        }
        self.opened += u64::from(!self.open);
        self.open = true;
        self.say();
    }
}

impl Device for DrawerBox {
    fn open(&mut self, _serial: bool) -> LaneId {
        0
    }

    fn close(&mut self, _lane: LaneId) {}

    fn room(&self, _lane: LaneId) -> usize {
        ROOM_BYTES
    }

    fn receive(&mut self, _lane: LaneId, bytes: &[u8]) {
        for &byte in bytes {
            self.hear(byte);
        }
    }

    fn take_replies(&mut self, _lane: LaneId) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }
}

/// A serial drawer that is running. Dropping it removes its port.
#[derive(Debug)]
pub struct SerialDrawer {
    shared: Arc<Shared<DrawerBox>>,
    task: JoinHandle<()>,
}

impl SerialDrawer {
    /// A closed drawer on a pty under the name `link`. Needs a running tokio runtime.
    pub fn start(link: &Path, setup: DrawerSetup) -> Result<Self, PrinterError> {
        let port = Port::create(link)?;
        let closed =
            DrawerBox { setup, open: false, opened: 0, recent: Vec::new(), replies: Vec::new() };
        let shared = Arc::new(Shared::new(closed));
        let task = tokio::spawn(port::serve(port, Arc::clone(&shared)));
        Ok(Self { shared, task })
    }

    /// Pushes it shut; it says so.
    pub fn push_shut(&self) {
        self.shared.act(|drawer| {
            if drawer.open {
                drawer.open = false;
                drawer.say();
            }
        });
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.shared.look().open
    }

    /// How often it opened.
    pub fn opened(&self) -> u64 {
        self.shared.look().opened
    }

    /// Hears of every change from now on.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.shared.changes()
    }
}

impl Drop for SerialDrawer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
