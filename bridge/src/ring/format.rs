//! Header and records as bytes: the on-disk contract of the module doc, in code. No IO.

use pos_protocol::time::Timestamp;

use super::error::RingError;
use super::record::{Body, Closing, Direction, Gap, Kind, Lane, Record, RecordHead};

/// Longest payload of one record, in bytes: the size of the read buffers of the sources.
pub const MAX_PAYLOAD_BYTES: usize = 16 * 1024;
/// Longest name of a source, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 64;
/// Bytes of a record before the source's name.
pub(super) const RECORD_HEADER_BYTES: usize = 60;
/// Longest record, in bytes.
pub const MAX_RECORD_BYTES: usize = RECORD_HEADER_BYTES + MAX_NAME_BYTES + MAX_PAYLOAD_BYTES;
/// Smallest useful area, in bytes: two of the longest records.
pub const MIN_CAPACITY: u64 = 2 * MAX_RECORD_BYTES as u64;

/// Bytes before the area: one page, so that the area is page-aligned.
pub(super) const HEADER_BYTES: u64 = 4096;
/// Where the head cell lies.
pub(super) const HEAD_CELL: u64 = 64;
/// Where the released cell lies, and behind it the spilled cell.
pub(super) const RELEASED_CELL: u64 = 128;
/// Where the spilled cell lies.
pub(super) const SPILLED_CELL: u64 = 136;
/// Version of the layout.
pub(super) const VERSION: u32 = 1;
/// Bytes of the fixed part of the header.
pub(super) const FIXED_HEADER_BYTES: usize = 40;

const MAGIC: [u8; 8] = *b"POSRING\0";

/// The part of the header that never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) generation: [u8; 16],
    pub(super) capacity: u64,
}

impl Header {
    pub(super) fn encode(&self) -> [u8; FIXED_HEADER_BYTES] {
        let mut bytes = [0; FIXED_HEADER_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.generation);
        bytes[32..40].copy_from_slice(&self.capacity.to_le_bytes());
        let crc = crc32fast::hash(&bytes[16..]);
        bytes[12..16].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The header, or what was expected and found.
    pub(super) fn decode(bytes: &[u8; FIXED_HEADER_BYTES]) -> Result<Self, (String, String)> {
        if bytes[..8] != MAGIC {
            return Err(("the ring's magic".into(), "something else".into()));
        }
        let version = u32_at(bytes, 8);
        if version != VERSION {
            return Err((format!("version {VERSION}"), format!("version {version}")));
        }
        let crc = crc32fast::hash(&bytes[16..]);
        if crc != u32_at(bytes, 12) {
            return Err((format!("CRC {crc:08x}"), format!("{:08x}", u32_at(bytes, 12))));
        }
        let mut generation = [0; 16];
        generation.copy_from_slice(&bytes[16..32]);
        let capacity = u64_at(bytes, 32);
        if capacity < MIN_CAPACITY {
            return Err((format!("a capacity of at least {MIN_CAPACITY}"), capacity.to_string()));
        }
        Ok(Self { generation, capacity })
    }
}

/// Bytes that a record with this head and payload takes.
pub(super) fn record_len(source: &str, payload: usize) -> usize {
    RECORD_HEADER_BYTES + source.len() + payload
}

/// Writes one record into `out`, which is cleared first.
pub(super) fn encode(
    out: &mut Vec<u8>,
    head: &RecordHead<'_>,
    seq: u64,
    boot: &[u8; 16],
    payload: &[u8],
) {
    let conn = if head.kind == Kind::Opened { seq } else { head.conn };
    out.clear();
    out.extend_from_slice(&(record_len(head.source, payload.len()) as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&seq.to_le_bytes());
    out.extend_from_slice(&head.at.mono.to_le_bytes());
    out.extend_from_slice(&head.at.wall.as_millisecond().to_le_bytes());
    out.extend_from_slice(&conn.to_le_bytes());
    out.extend_from_slice(&[head.kind.code(), head.direction.code(), head.source.len() as u8, 0]);
    out.extend_from_slice(boot);
    out.extend_from_slice(head.source.as_bytes());
    out.extend_from_slice(payload);
    let crc = crc32fast::hash(&out[8..]);
    out[4..8].copy_from_slice(&crc.to_le_bytes());
}

/// The length that a record claims, where it can be true.
pub(super) fn claimed_len(prefix: [u8; 4], position: u64) -> Result<usize, RingError> {
    let len = u32::from_le_bytes(prefix) as usize;
    if (RECORD_HEADER_BYTES..=MAX_RECORD_BYTES).contains(&len) {
        Ok(len)
    } else {
        Err(damaged(position, "a record length", len.to_string()))
    }
}

/// Reads one whole record, CRC checked.
pub(super) fn decode(bytes: &[u8], position: u64) -> Result<Record, RingError> {
    if bytes.len() < RECORD_HEADER_BYTES {
        return Err(damaged(position, "a whole record", format!("{} bytes", bytes.len())));
    }
    let crc = crc32fast::hash(&bytes[8..]);
    if crc != u32_at(bytes, 4) {
        let found = format!("{:08x} over bytes that give {crc:08x}", u32_at(bytes, 4));
        return Err(damaged(position, "a matching CRC", found));
    }
    let kind = Kind::parse(bytes[40])
        .ok_or_else(|| damaged(position, "a record kind", bytes[40].to_string()))?;
    let direction = Direction::parse(bytes[41])
        .ok_or_else(|| damaged(position, "a direction", bytes[41].to_string()))?;
    let rest = &bytes[RECORD_HEADER_BYTES..];
    let (name, payload) = rest
        .split_at_checked(usize::from(bytes[42]))
        .ok_or_else(|| damaged(position, "the source's name", "the record's end".into()))?;
    let source = std::str::from_utf8(name)
        .map_err(|_| damaged(position, "the source's name", "no UTF-8".into()))?;
    let body = body(kind, payload)
        .ok_or_else(|| damaged(position, "a payload of its kind", format!("{kind:?}")))?;
    let mut boot = [0; 16];
    boot.copy_from_slice(&bytes[44..60]);
    Ok(Record {
        seq: u64_at(bytes, 8),
        at: Timestamp::new(u64_at(bytes, 16), u64_at(bytes, 24).cast_signed()),
        boot,
        lane: Lane { source: source.to_owned(), direction, conn: u64_at(bytes, 32) },
        body,
    })
}

fn body(kind: Kind, payload: &[u8]) -> Option<Body> {
    match kind {
        Kind::Data => Some(Body::Data(payload.to_vec())),
        Kind::Opened => payload.is_empty().then_some(Body::Opened),
        Kind::Closed => Closing::parse(payload).map(Body::Closed),
        Kind::Gap => Gap::parse(payload).map(Body::Gap),
        Kind::Started => payload.is_empty().then_some(Body::Started),
    }
}

fn damaged(position: u64, expected: &'static str, found: String) -> RingError {
    RingError::Record { position, expected, found }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use pos_protocol::time::Timestamp;

    use super::{Header, decode, encode};
    use crate::ring::{Body, Direction, Kind, Lane, RecordHead};

    fn bytes_of(kind: Kind, payload: &[u8]) -> Vec<u8> {
        let head = RecordHead {
            kind,
            source: "counter-1",
            direction: Direction::FromPrinter,
            conn: 5,
            at: Timestamp::new(9, -10),
        };
        let mut out = Vec::new();
        encode(&mut out, &head, 7, &[3; 16], payload);
        out
    }

    #[test]
    fn a_record_reads_back() {
        let record = decode(&bytes_of(Kind::Data, b"\x1b@"), 0).expect("just written");
        assert_eq!((record.seq, record.at, record.boot), (7, Timestamp::new(9, -10), [3; 16]));
        let source = "counter-1".to_owned();
        assert_eq!(record.lane, Lane { source, direction: Direction::FromPrinter, conn: 5 });
        assert_eq!(record.body, Body::Data(b"\x1b@".to_vec()));
    }

    #[test]
    fn an_opened_record_names_its_connection_after_itself() {
        let record = decode(&bytes_of(Kind::Opened, b""), 0).expect("just written");
        assert_eq!(record.lane.conn, 7);
    }

    #[test]
    fn any_flipped_bit_behind_the_length_is_an_error_that_names_the_position() {
        let good = bytes_of(Kind::Data, b"TOTAL 36.00");
        for bit in 32..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let error = decode(&bad, 4242).expect_err("a flipped bit").to_string();
            assert!(error.contains("position 4242"), "{error}");
        }
    }

    #[test]
    fn a_header_reads_back_and_any_flipped_bit_is_seen() {
        let header = Header { generation: [9; 16], capacity: 1 << 20 };
        let good = header.encode();
        assert_eq!(Header::decode(&good), Ok(header));
        for bit in 0..good.len() * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(Header::decode(&bad).is_err(), "bit {bit}");
        }
    }
}
