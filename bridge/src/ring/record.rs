//! What one record says, as both sides of the ring see it. How it lies on disk is `format`'s.

use pos_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Which way bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the POS to the printer.
    ToPrinter,
    /// From the printer to the POS.
    FromPrinter,
}

/// One byte stream: a direction of one connection of one source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// The source's configured name.
    pub source: String,
    /// Which way its bytes go.
    pub direction: Direction,
    /// Sequence number of the connection's `opened` record: unique in one ring generation.
    pub conn: u64,
}

/// What kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes of a lane.
    Data,
    /// A connection (or a serial port) opened.
    Opened,
    /// A connection ended.
    Closed,
    /// Bytes may be missing here.
    Gap,
    /// The wire process started this source; whatever was open before is over.
    Started,
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// Both sides ended their stream.
    Ended,
    /// The POS broke the connection.
    PosReset,
    /// The printer broke the connection.
    PrinterReset,
    /// The printer could not be reached.
    PrinterUnreachable,
    /// One side ended its stream and the other stayed silent for too long.
    HalfClosedTooLong,
    /// The serial port vanished.
    Unplugged,
    /// The followed file was replaced, cut short, or cannot be read.
    FileReplaced,
    /// The wire process stopped.
    Stopped,
}

/// Why bytes may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// The ring was full: the brain has been away for too long.
    RingFull,
    /// The port was unplugged; what is printed from here on is not heard.
    Unplugged,
    /// The port is back; what was printed meanwhile was not heard.
    Reopened,
    /// The wire process was started again; what was printed meanwhile was not heard.
    Restarted,
}

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Why.
    pub reason: GapReason,
    /// Payload bytes that were counted as lost; 0 where nobody could count them.
    pub bytes: u64,
    /// Records that were counted as lost.
    pub records: u64,
}

/// A record's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Bytes of the lane.
    Data(Vec<u8>),
    /// A connection opened.
    Opened,
    /// A connection ended.
    Closed(Closing),
    /// Bytes may be missing.
    Gap(Gap),
    /// The source was started.
    Started,
}

/// One record as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Place in the one order over all sources and lanes.
    pub seq: u64,
    /// When it was taken off the wire.
    pub at: Timestamp,
    /// The machine's boot, to which `at.mono` belongs.
    pub boot: [u8; 16],
    /// The lane. For [`Body::Gap`] and [`Body::Started`] only its source has a meaning.
    pub lane: Lane,
    /// What it says.
    pub body: Body,
}

/// All of a record but its payload, its sequence number and its boot id.
#[derive(Clone, Copy, Debug)]
pub struct RecordHead<'a> {
    /// What kind of record.
    pub kind: Kind,
    /// The source's configured name, at most 64 bytes.
    pub source: &'a str,
    /// Which way the bytes went.
    pub direction: Direction,
    /// The connection. Ignored for [`Kind::Opened`], whose own sequence number becomes it.
    pub conn: u64,
    /// When it was taken off the wire.
    pub at: Timestamp,
}

impl Kind {
    const ALL: [(u8, Self); 5] =
        [(1, Self::Data), (2, Self::Opened), (3, Self::Closed), (4, Self::Gap), (5, Self::Started)];

    pub(super) fn code(self) -> u8 {
        code_of(&Self::ALL, self)
    }

    pub(super) fn parse(code: u8) -> Option<Self> {
        value_of(&Self::ALL, code)
    }
}

impl Direction {
    const ALL: [(u8, Self); 2] = [(0, Self::ToPrinter), (1, Self::FromPrinter)];

    pub(super) fn code(self) -> u8 {
        code_of(&Self::ALL, self)
    }

    pub(super) fn parse(code: u8) -> Option<Self> {
        value_of(&Self::ALL, code)
    }
}

impl Closing {
    const ALL: [(u8, Self); 8] = [
        (1, Self::Ended),
        (2, Self::PosReset),
        (3, Self::PrinterReset),
        (4, Self::PrinterUnreachable),
        (5, Self::HalfClosedTooLong),
        (6, Self::Unplugged),
        (7, Self::FileReplaced),
        (8, Self::Stopped),
    ];

    /// The payload of a [`Kind::Closed`] record.
    pub fn payload(self) -> [u8; 1] {
        [code_of(&Self::ALL, self)]
    }

    pub(super) fn parse(payload: &[u8]) -> Option<Self> {
        let &[code] = payload else { return None };
        value_of(&Self::ALL, code)
    }
}

impl Gap {
    /// A gap of unknown size.
    pub fn unknown(reason: GapReason) -> Self {
        Self { reason, bytes: 0, records: 0 }
    }

    /// The payload of a [`Kind::Gap`] record.
    pub fn payload(self) -> [u8; 17] {
        let mut payload = [0; 17];
        payload[0] = code_of(&GapReason::ALL, self.reason);
        payload[1..9].copy_from_slice(&self.bytes.to_le_bytes());
        payload[9..].copy_from_slice(&self.records.to_le_bytes());
        payload
    }

    pub(super) fn parse(payload: &[u8]) -> Option<Self> {
        let (&code, counts) = payload.split_first()?;
        let (bytes, records) = counts.split_first_chunk::<8>()?;
        Some(Self {
            reason: value_of(&GapReason::ALL, code)?,
            bytes: u64::from_le_bytes(*bytes),
            records: u64::from_le_bytes(records.try_into().ok()?),
        })
    }
}

impl GapReason {
    const ALL: [(u8, Self); 4] =
        [(1, Self::RingFull), (2, Self::Unplugged), (3, Self::Reopened), (4, Self::Restarted)];
}

fn code_of<T: Copy + PartialEq>(table: &[(u8, T)], value: T) -> u8 {
    table.iter().find(|(_, v)| *v == value).map_or(0, |(code, _)| *code)
}

fn value_of<T: Copy>(table: &[(u8, T)], code: u8) -> Option<T> {
    table.iter().find(|(c, _)| *c == code).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::{Closing, Gap, GapReason};

    #[test]
    fn every_closing_and_gap_reads_back_from_its_payload() {
        for (_, closing) in Closing::ALL {
            assert_eq!(Closing::parse(&closing.payload()), Some(closing));
        }
        for (_, reason) in GapReason::ALL {
            let gap = Gap { reason, bytes: u64::MAX, records: 7 };
            assert_eq!(Gap::parse(&gap.payload()), Some(gap));
        }
    }

    #[test]
    fn a_payload_of_another_length_or_code_is_refused() {
        assert_eq!(Closing::parse(&[]), None);
        assert_eq!(Closing::parse(&[0]), None);
        let gap = Gap::unknown(GapReason::RingFull).payload();
        assert_eq!(Gap::parse(&gap[..16]), None);
        assert_eq!(Gap::parse(&[gap.as_slice(), &[0]].concat()), None);
    }
}
