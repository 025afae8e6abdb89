//! Test data for the journal.

use std::path::Path;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::time::Timestamp;
use serde_json::json;

use super::{Chunk, ChunkKind, Direction, NewNotice};

/// When the samples happened, in milliseconds.
pub(super) const WHEN_MS: i64 = 1_795_233_682_120;

pub(super) fn chunk(source: &str, epoch: u64, bytes: &[u8]) -> Chunk {
    Chunk {
        source: source.into(),
        epoch,
        direction: Direction::ToPrinter,
        conn: u64::MAX,
        start: 7,
        kind: ChunkKind::Data,
        at: Timestamp::new(5, WHEN_MS),
        bytes: bytes.into(),
    }
}

pub(crate) fn event(number: u64) -> Event {
    event_at(number, WHEN_MS)
}

pub(super) fn event_at(number: u64, wall_ms: i64) -> Event {
    let session = SessionId { journal: "j".into(), source: "a".into(), epoch: 0 };
    let event = json!({"schema": 1, "id": session.event(0, number, 0), "source": "a",
        "observed_at": Timestamp::new(0, wall_ms).rfc3339(), "kind": "sale",
        "receipt": {"number": number.to_string(), "total": "36.00", "currency": "HKD"}});
    serde_json::from_value(event).expect("the wire schema")
}

pub(super) fn notice(event: &Event, robot: &str) -> NewNotice {
    NewNotice { event_id: event.id, robot: robot.into(), urgent: false, created_ms: 9 }
}

/// What kill -9 leaves: the files as they are, without a clean close.
pub(super) fn crashed_copy(from: &Path, to: &Path) {
    for name in ["j.db", "j.db-wal"] {
        std::fs::copy(from.join(name), to.join(name)).expect("a file of the journal");
    }
}
