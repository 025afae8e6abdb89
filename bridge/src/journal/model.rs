//! Test data for the journal, and its property: whatever order commits, crashes and restarts come
//! in, nothing committed is lost and nothing is there twice.

use std::collections::BTreeSet;
use std::path::Path;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::time::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::{Batch, Chunk, ChunkKind, Direction, Journal, JournalReader, NewNotice};

pub(super) fn chunk(source: &str, epoch: u64, bytes: &[u8]) -> Chunk {
    Chunk {
        source: source.into(),
        epoch,
        direction: Direction::ToPrinter,
        conn: u64::MAX,
        start: 7,
        kind: ChunkKind::Data,
        at: Timestamp::new(5, 1_795_233_682_120),
        bytes: bytes.into(),
    }
}

pub(crate) fn event(number: u64) -> Event {
    let session = SessionId { journal: "j".into(), source: "a".into(), epoch: 0 };
    let event = json!({"schema": 1, "id": session.event(0, number, 0), "source": "a",
        "observed_at": "2026-11-21T04:01:22.120Z", "kind": "sale",
        "receipt": {"number": number.to_string(), "total": "36.00", "currency": "HKD"}});
    serde_json::from_value(event).expect("the wire schema")
}

pub(super) fn notice(event: &Event, robot: &str) -> NewNotice {
    NewNotice { event_id: event.id, robot: robot.into(), urgent: false, created_ms: 9 }
}

/// What kill -9 leaves: the files as they are, without a clean close.
fn crashed_copy(from: &Path, to: &Path) {
    for name in ["j.db", "j.db-wal"] {
        std::fs::copy(from.join(name), to.join(name)).expect("a file of the journal");
    }
}

#[derive(Clone, Debug)]
enum Step {
    Commit { events: Vec<u64>, bytes: usize },
    Crash,
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let commit = (prop::collection::vec(0_u64..12, 0..5), 0_usize..40)
        .prop_map(|(events, bytes)| Step::Commit { events, bytes });
    prop::collection::vec(
        prop_oneof![6 => commit, 1 => Just(Step::Crash), 1 => Just(Step::Restart)],
        1..20,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn nothing_committed_is_lost_and_nothing_is_there_twice(steps in steps()) {
        let mut dir = tempfile::tempdir().expect("a directory");
        let mut journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let (mut known, mut total, mut last) = (BTreeSet::new(), 0, 0);
        for step in steps {
            match step {
                Step::Commit { events, bytes } => {
                    let new: BTreeSet<_> = events.iter().filter(|n| !known.contains(*n)).collect();
                    let batch = Batch {
                        events: events.iter().map(|n| event(*n)).collect(),
                        notices: events.iter().map(|n| notice(&event(*n), "owner")).collect(),
                        chunks: vec![chunk("a", 0, &vec![7; bytes])],
..Batch::default()
                    };
                    let done = journal.commit(batch).expect("commits");
                    prop_assert_eq!(done.new_events, new.len());
                    last += 1;
                    prop_assert_eq!(done.last_chunk_id, last);
                    known.extend(events);
                    total += bytes as u64;
                }
                Step::Crash => {
                    let next = tempfile::tempdir().expect("a directory");
                    crashed_copy(dir.path(), next.path());
                    drop(journal);
                    dir = next;
                    journal = Journal::open(&dir.path().join("j.db")).expect("opens");
                }
                Step::Restart => {
                    drop(journal);
                    journal = Journal::open(&dir.path().join("j.db")).expect("opens");
                }
            }
            let reader = JournalReader::open(&dir.path().join("j.db")).expect("opens");
            let totals = reader.totals().expect("reads");
            prop_assert_eq!(totals.events, known.len() as u64);
            prop_assert_eq!(totals.outbox.iter().map(|o| o.count).sum::<u64>(), known.len() as u64);
            prop_assert_eq!(totals.journalled_bytes.values().sum::<u64>(), total);
            prop_assert_eq!(reader.events(0, 100).expect("reads").len(), known.len());
        }
    }
}
