//! Ring records as the journal keeps them, and what each does to a session.
//!
//! The journal's words are all that a replay has, so live records take the same way: first a
//! chunk, then the chunk's effect.

use pos_protocol::session::{Boundary, GapReason, Lane};

use super::quarantine::Guarded;
use crate::journal::{Chunk, ChunkKind, Direction};
use crate::ring::{self, Body, Closing, Record};

/// The connection number of a source that is one line, however often it is reopened.
pub(super) const LINE: u64 = 0;

/// The lane of `direction` and `conn`.
pub(super) fn lane(direction: Direction, conn: u64) -> Lane {
    match direction {
        Direction::ToPrinter => Lane::ToPrinter(conn),
        Direction::FromPrinter => Lane::FromPrinter(conn),
    }
}

/// The chunk of a record. A `line` source (a serial port, a file) is one connection: where it was
/// interrupted a gap says so, and the paper being printed goes on.
pub(super) fn of(record: Record, session: &Guarded, epoch: u64, line: bool) -> Chunk {
    let direction = match record.lane.direction {
        ring::Direction::ToPrinter => Direction::ToPrinter,
        ring::Direction::FromPrinter => Direction::FromPrinter,
    };
    let conn = if line { LINE } else { record.lane.conn };
    let (kind, bytes) = match record.body {
        Body::Data(bytes) => (ChunkKind::Data, bytes),
        Body::Opened => (ChunkKind::Opened, Vec::new()),
        Body::Closed(why) => (ChunkKind::Closed, closing_word(why).into()),
        Body::Gap(gap) => (ChunkKind::Gap, gap_word(gap.reason).into()),
        Body::Started => (ChunkKind::Started, Vec::new()),
    };
    let start = session.offset(lane(direction, conn));
    Chunk { source: record.lane.source, epoch, direction, conn, start, kind, at: record.at, bytes }
}

/// What a chunk does to its source's session.
pub(super) fn apply(chunk: &Chunk, session: &mut Guarded, line: bool) {
    let now = chunk.at;
    match chunk.kind {
        ChunkKind::Data => session.receive(lane(chunk.direction, chunk.conn), now, &chunk.bytes),
        ChunkKind::Opened => session.handle_timeout(now),
        ChunkKind::Gap => session.gap(now, gap_reason(&chunk.bytes)),
        ChunkKind::Closed if line => session.handle_timeout(now),
        ChunkKind::Closed => {
            let in_order = chunk.bytes == closing_word(Closing::Ended).as_bytes();
            let why = if in_order { Boundary::Closed } else { Boundary::Broken };
            session.boundary(Lane::FromPrinter(chunk.conn), now, why);
            session.boundary(Lane::ToPrinter(chunk.conn), now, why);
        }
        ChunkKind::Started if line => session.handle_timeout(now),
        // Connections of the wire process before this one are over.
        ChunkKind::Started => {
            for conn in session.connections() {
                session.boundary(Lane::FromPrinter(conn), now, Boundary::Broken);
                session.boundary(Lane::ToPrinter(conn), now, Boundary::Broken);
            }
        }
    }
}

fn closing_word(why: Closing) -> &'static str {
    match why {
        Closing::Ended => "ended",
        Closing::PosReset => "pos_reset",
        Closing::PrinterReset => "printer_reset",
        Closing::PrinterUnreachable => "printer_unreachable",
        Closing::HalfClosedTooLong => "half_closed_too_long",
        Closing::Unplugged => "unplugged",
        Closing::FileReplaced => "file_replaced",
        Closing::Stopped => "stopped",
    }
}

fn gap_word(why: ring::GapReason) -> &'static str {
    match why {
        ring::GapReason::RingFull => "ring_full",
        ring::GapReason::Unplugged => "unplugged",
        ring::GapReason::Reopened => "reopened",
        ring::GapReason::Restarted => "restarted",
    }
}

fn gap_reason(word: &[u8]) -> GapReason {
    match word {
        b"unplugged" | b"reopened" => GapReason::Unplugged,
        b"restarted" => GapReason::Restart,
        _ => GapReason::Overrun,
    }
}
