//! The facade: timed bytes of one printer in, events out.
//!
//! A [`Session`] is one printer, not one connection. On TCP many tills open a connection for every
//! receipt; each is a lane with framing of its own, while code page and encoding evidence belong to
//! the printer and live on.
//!
//! Methods come in three groups. *In*: [`receive`](Session::receive),
//! [`boundary`](Session::boundary), [`gap`](Session::gap),
//! [`handle_timeout`](Session::handle_timeout), [`finish`](Session::finish). *Out*:
//! [`poll_event`](Session::poll_event) until it is empty, then
//! [`poll_timeout`](Session::poll_timeout) and, where wanted, [`checkpoint`](Session::checkpoint).
//! Time comes in with every call and never runs backwards. A caller that survives a fault of the
//! decoder itself takes up a copy from before and [abandons](Session::abandon) what it failed on.
//!
//! Not here: how bytes were got, what is done with events.

mod abandon;
mod checkpoint;
mod conclude;
mod copies;
mod dialect;
mod facade;
mod lane;
mod noticed;
pub mod papers;
mod replies;
mod slips;
mod till_clock;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use dialect::infer_dialect;
pub use facade::{Explanation, Session};

use serde::{Deserialize, Serialize};

/// One direction of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lane {
    /// From the till; a serial line is connection 0.
    ToPrinter(u64),
    /// The printer's answers.
    FromPrinter(u64),
}

/// Why a lane ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Boundary {
    /// The till closed its connection in order.
    Closed,
    /// The connection broke; what was to come never will.
    Broken,
}

/// Why bytes may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GapReason {
    /// A cable was pulled or a device went away.
    Unplugged,
    /// More came than could be kept.
    Overrun,
    /// Nobody was listening for a while.
    Restart,
}

impl GapReason {
    /// The word in a diagnostic.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unplugged => "unplugged",
            Self::Overrun => "overrun",
            Self::Restart => "restart",
        }
    }
}

/// Why a session ends for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EndReason {
    /// The file is at its end.
    EndOfFile,
    /// The stream cannot be continued; a new session follows.
    Replaced,
}
