//! What the wire process says of itself: JSON over the wake socket, and what `status --json` shows.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// The first line a peer gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The wire process.
    pub pid: u32,
    /// The ring's generation.
    pub generation: String,
    /// The ring file.
    pub ring: String,
}

/// The wire process as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireStatus {
    /// The wire process.
    pub pid: u32,
    /// The ring's generation.
    pub generation: String,
    /// Bytes the ring can hold.
    pub ring_capacity: u64,
    /// Bytes in the ring that the brain has not released; without those on disk.
    pub ring_waiting: u64,
    /// Bytes on disk because the ring had no room for them.
    #[serde(default)]
    pub spilled: u64,
    /// Why nothing can be spilled at present, in words. While this stands, a ring that fills up
    /// loses what it cannot hold, and records the gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spill_trouble: Option<String>,
    /// One per configured source, in the order of the configuration.
    pub sources: Vec<SourceStatus>,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    /// Its configured name.
    pub name: String,
    /// Its configured kind: `serial-tap`, `tcp-proxy`, ...
    pub kind: String,
    /// Whether it hears anything.
    pub state: SourceState,
    /// Since when it is in this state, RFC 3339.
    pub since: String,
    /// Why it waits, or what is wrong although it hears, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where a TCP source listens: with port 0 configured, the port it got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listening: Option<SocketAddr>,
    /// Bytes seen on their way to the printer since the wire process started.
    pub bytes_to_printer: u64,
    /// Bytes seen on their way from the printer.
    pub bytes_from_printer: u64,
    /// Gaps recorded or owed.
    pub gaps: u64,
    /// Connections open now (a serial port counts as one).
    pub connections: u64,
}

/// Whether a source hears anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Not tried yet.
    Starting,
    /// The port is open, the listener bound, the file followed.
    Open,
    /// Not to be had at the moment; tried again.
    Waiting,
    /// Its task died of a fault of ours. Restarting the wire process brings it back.
    Failed,
}
