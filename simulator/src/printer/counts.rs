//! What a printer has been through.

use serde::Serialize;

use super::condition::{Paper, Pin};

/// Bytes of paper kept for a look afterwards; what comes later is counted and not kept.
pub const MAX_LOG_BYTES: usize = 4 * 1024 * 1024;
/// Connections counted one by one; later ones only add to the totals.
pub const MAX_CONNECTIONS: usize = 1_000;
/// Happenings kept, oldest first; later ones are lost.
pub const MAX_HAPPENINGS: usize = 100_000;

/// What a printer has been through.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Bytes received.
    pub bytes: u64,
    /// Receipts, which is cuts.
    pub receipts: u64,
    /// Pulses to a drawer.
    pub kicks: u64,
    /// The connections, oldest first. A serial port is one.
    pub connections: Vec<Connection>,
    /// Everything received, in order of arrival, up to [`MAX_LOG_BYTES`].
    pub log: Vec<u8>,
    /// Whose the log's bytes are: a connection's place in the list, and how many of its bytes came
    /// before another's.
    runs: Vec<(usize, usize)>,
}

/// One connection's share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// Bytes received.
    pub bytes: u64,
    /// Cuts.
    pub receipts: u64,
}

/// Something that a person beside the printer would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Happening {
    /// A receipt was cut.
    Cut,
    /// A pulse went to a drawer.
    Kick {
        /// Over which pin.
        pin: Pin,
    },
    /// The drawer moved.
    Drawer {
        /// Whether it is open now.
        open: bool,
    },
    /// The paper changed.
    Paper {
        /// How much there is now.
        paper: Paper,
    },
    /// The cover moved.
    Cover {
        /// Whether it is open now.
        open: bool,
    },
    /// It stopped printing, or went on.
    Online {
        /// Whether it prints now.
        online: bool,
    },
}

impl Counts {
    /// A new connection's place in the list; past the cap it shares the last one's.
    pub(super) fn connect(&mut self) -> usize {
        if self.connections.len() < MAX_CONNECTIONS {
            self.connections.push(Connection::default());
        }
        self.connections.len() - 1
    }

    pub(super) fn received(&mut self, connection: usize, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.connections[connection].bytes += bytes.len() as u64;
        let kept = bytes.len().min(MAX_LOG_BYTES - self.log.len());
        self.log.extend_from_slice(&bytes[..kept]);
        match self.runs.last_mut() {
            Some((last, run)) if *last == connection => *run += kept,
            _ if kept > 0 => self.runs.push((connection, kept)),
            _ => {}
        }
    }

    /// What the log holds of the connection at `index` in the list.
    pub fn log_of(&self, index: usize) -> Vec<u8> {
        let mut rest = self.log.as_slice();
        let mut own = Vec::new();
        for (connection, run) in &self.runs {
            let (bytes, later) = rest.split_at(*run);
            rest = later;
            if *connection == index {
                own.extend_from_slice(bytes);
            }
        }
        own
    }

    pub(super) fn cut(&mut self, connection: usize) {
        self.receipts += 1;
        self.connections[connection].receipts += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_log_knows_whose_its_bytes_are() {
        let mut counts = Counts::default();
        let (a, b) = (counts.connect(), counts.connect());
        for (connection, bytes) in [(a, "on"), (a, "e"), (b, "two"), (a, "!")] {
            counts.received(connection, bytes.as_bytes());
        }
        assert_eq!(counts.log, b"onetwo!");
        assert_eq!([a, b, 7].map(|at| counts.log_of(at)), [&b"one!"[..], b"two", b""]);
    }
}
