//! Property and corruption tests of the ring against a naive model.

use std::collections::VecDeque;
use std::os::unix::fs::FileExt;
use std::path::Path;

use pos_protocol::time::Timestamp;
use proptest::prelude::*;

use super::format::{HEADER_BYTES, record_len};
use super::{
    Append, Body, Direction, GapReason, Kind, MAX_PAYLOAD_BYTES, MAX_RECORD_BYTES, MIN_CAPACITY,
    Opening, RecordHead, RingError, RingReader, RingWriter,
};

fn head(source: &str, mono: u64) -> RecordHead<'_> {
    let at = Timestamp::new(mono, 0);
    RecordHead { kind: Kind::Data, source, direction: Direction::ToPrinter, conn: 0, at }
}

fn open(path: &Path) -> (RingWriter, Opening) {
    RingWriter::open(path, MIN_CAPACITY).expect("a ring")
}

fn drain(reader: &RingReader) -> Vec<Body> {
    let mut at = reader.tail().expect("a tail");
    let mut bodies = Vec::new();
    loop {
        let records = reader.read_from(at, 1).expect("sound records");
        let Some((after, record)) = records.into_iter().next() else { break };
        at = after;
        bodies.push(record.body);
    }
    reader.release(at).expect("a boundary");
    bodies
}

#[derive(Clone, Debug)]
enum Action {
    Append { source: bool, size: usize },
    Read { max_bytes: usize },
    Release,
    ReopenWriter,
    ReopenReader,
    Settle,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (any::<bool>(), prop_oneof![0..200_usize, 0..=MAX_PAYLOAD_BYTES])
            .prop_map(|(source, size)| Action::Append { source, size }),
        3 => (1..80_000_usize).prop_map(|max_bytes| Action::Read { max_bytes }),
        2 => Just(Action::Release),
        1 => Just(Action::ReopenWriter),
        1 => Just(Action::ReopenReader),
        1 => Just(Action::Settle),
    ]
}

/// What the reader must still see, in order. `None` as a payload is a gap.
#[derive(Default)]
struct Model {
    expected: VecDeque<(String, Option<Vec<u8>>, u64, u64)>,
    owed: Vec<(String, u64, u64)>,
}

impl Model {
    /// Gaps that were owed came before anything that is appended now.
    fn settled(&mut self) {
        for (source, bytes, records) in self.owed.drain(..) {
            self.expected.push_back((source, None, bytes, records));
        }
    }

    fn lost(&mut self, source: &str, bytes: u64) {
        match self.owed.iter_mut().find(|(name, ..)| name == source) {
            Some((_, sum, records)) => {
                *sum += bytes;
                *records += 1;
            }
            None => self.owed.push((source.to_owned(), bytes, 1)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_was_appended_is_read_in_order_or_counted_as_a_gap(
        actions in prop::collection::vec(action(), 1..120),
    ) {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let path = temp.path().join("ring");
        let mut writer = open(&path).0;
        let mut reader = RingReader::open(&path).expect("a ring");
        let generation = reader.generation().to_owned();
        let mut model = Model::default();
        let (mut position, mut fill, mut last_seq) = (0, 0_u8, 0);
        for action in actions {
            match action {
                Action::Append { source, size } => {
                    let source = if source { "counter-1" } else { "bar" };
                    fill = fill.wrapping_add(1);
                    let payload = vec![fill; size];
                    match writer.append(&head(source, 1), &payload).expect("a sound file") {
                        Append::Appended { seq } => {
                            prop_assert!(seq > last_seq, "sequence numbers grow over reopening");
                            last_seq = seq;
                            model.settled();
                            model.expected.push_back((source.to_owned(), Some(payload), 0, 0));
                        }
                        Append::Full => {
                            let room = MIN_CAPACITY - (writer.head() - reader.tail().expect("a tail"));
                            let gaps = 2 * record_len("counter-1", 17) as u64;
                            prop_assert!(
                                room < record_len(source, size) as u64 + gaps,
                                "{size} bytes were refused with {room} free"
                            );
                            model.lost(source, size as u64);
                        }
                    }
                }
                Action::Settle => {
                    if writer.settle_gaps().expect("a sound file") {
                        model.settled();
                    }
                }
                Action::ReopenWriter => {
                    // Owed gaps die with the process; the next one says `restarted` for each
                    // source. Here they are settled first, so that the model stays exact.
                    if writer.settle_gaps().expect("a sound file") {
                        model.settled();
                        let (again, opening) = open(&path);
                        prop_assert!(
                            matches!(opening, Opening::Continued { .. }),
                            "{opening:?}"
                        );
                        writer = again;
                    }
                }
                Action::ReopenReader => {
                    reader = RingReader::open(&path).expect("a ring");
                    prop_assert_eq!(reader.generation(), &generation);
                }
                Action::Read { max_bytes } => {
                    for (after, record) in reader.read_from(position, max_bytes).expect("sound") {
                        let (source, payload, bytes, records) =
                            model.expected.pop_front().expect("something was appended");
                        prop_assert_eq!(&record.lane.source, &source);
                        match (record.body, payload) {
                            (Body::Data(found), Some(sent)) => prop_assert_eq!(found, sent),
                            (Body::Gap(gap), None) => {
                                prop_assert_eq!(gap.reason, GapReason::RingFull);
                                prop_assert_eq!((gap.bytes, gap.records), (bytes, records));
                            }
                            (found, sent) => prop_assert!(false, "{found:?} for {sent:?}"),
                        }
                        position = after;
                    }
                }
                Action::Release => reader.release(position).expect("a boundary"),
            }
        }
    }
}

#[test]
fn a_record_whose_head_was_not_advanced_is_invisible_and_overwritten() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    let (writer, _) = open(&path);
    writer.append(&head("a", 1), b"kept").expect("room");
    let torn = writer.head();
    drop(writer);
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("there");
    file.write_all_at(&[0xff; 90], HEADER_BYTES + torn).expect("a torn record");
    let reader = RingReader::open(&path).expect("a ring");
    assert_eq!(drain(&reader), [Body::Data(b"kept".to_vec())]);
    let (writer, opening) = open(&path);
    assert!(matches!(opening, Opening::Continued { waiting: 0 }), "{opening:?}");
    writer.append(&head("a", 2), b"next").expect("room");
    assert_eq!(drain(&reader), [Body::Data(b"next".to_vec())]);
}

#[test]
fn a_damaged_payload_before_the_head_is_an_error_at_its_position_and_never_bytes() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    let (writer, _) = open(&path);
    writer.append(&head("a", 1), b"sound").expect("room");
    let second = writer.head();
    writer.append(&head("a", 2), b"damaged").expect("room");
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("there");
    let last = HEADER_BYTES + writer.head() - 1;
    file.write_all_at(b"?", last).expect("a flipped byte");
    let reader = RingReader::open(&path).expect("a ring");
    let sound = reader.read_from(0, usize::MAX).expect("the first is sound");
    assert_eq!(sound.len(), 1);
    let error = reader.read_from(second, 1).expect_err("damaged");
    assert!(matches!(error, RingError::Record { position, .. } if position == second), "{error}");

    drop(writer);
    let (writer, opening) = open(&path);
    let Opening::Replaced { why, aside } = opening else { panic!("{opening:?}") };
    assert!(why.to_string().contains(&format!("position {second}")), "{why}");
    assert!(aside.exists());
    assert_ne!(writer.generation(), reader.generation());
    assert_eq!(drain(&RingReader::open(&path).expect("the new ring")), []);
}

#[test]
fn a_file_that_is_no_ring_is_moved_aside() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    for content in [Vec::new(), b"POSRING".to_vec(), vec![0; 8192]] {
        std::fs::write(&path, &content).expect("written");
        assert!(RingReader::open(&path).is_err());
        let (_, opening) = open(&path);
        let Opening::Replaced { aside, .. } = opening else { panic!("{opening:?}") };
        assert_eq!(std::fs::read(aside).expect("there"), content);
    }
}

#[test]
fn an_impossible_tail_is_damage() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    drop(open(&path));
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("there");
    file.write_all_at(&7_u64.to_le_bytes(), 128).expect("a tail beyond the head");
    assert!(matches!(open(&path).1, Opening::Replaced { .. }));
}

#[test]
fn a_full_ring_keeps_what_it_has_and_says_what_it_lost() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    let (writer, _) = open(&path);
    let payload = vec![b'x'; MAX_PAYLOAD_BYTES];
    let mut kept = 0;
    while writer.append(&head("a", 5), &payload).expect("a sound file") != Append::Full {
        kept += 1;
    }
    assert_eq!(kept, 2);
    assert_eq!(writer.append(&head("a", 6), b"abc").expect("a sound file"), Append::Full);
    let reader = RingReader::open(&path).expect("a ring");
    assert!(!writer.settle_gaps().expect("a sound file"), "no room for the gap yet");
    assert_eq!(drain(&reader).len(), 2);
    assert!(writer.settle_gaps().expect("a sound file"));
    let [Body::Gap(gap)] = drain(&reader)[..] else { panic!("one gap") };
    assert_eq!((gap.reason, gap.records), (GapReason::RingFull, 2));
    assert_eq!(gap.bytes, MAX_PAYLOAD_BYTES as u64 + 3);
}

#[test]
fn connection_numbers_are_unique_over_a_full_ring_and_a_restart_of_an_empty_one() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    let at = Timestamp::new(0, 0);
    let (writer, _) = open(&path);
    let reader = RingReader::open(&path).expect("a ring");
    let mut seen = vec![writer.open_connection("a", at).expect("room")];
    let [(_, record)] = &reader.read_from(0, 1).expect("sound")[..] else { panic!("one record") };
    assert_eq!((record.lane.conn, record.seq), (seen[0], seen[0]));
    while writer.append(&head("a", 0), &[0; 9_000]).expect("a sound file") != Append::Full {}
    while writer.append(&head("a", 0), &[]).expect("a sound file") != Append::Full {}
    seen.push(writer.open_connection("a", at).expect("a number all the same"));
    drop(writer);
    let end = reader.head().expect("a head");
    reader.release(end).expect("a boundary");
    let (writer, _) = open(&path);
    seen.push(writer.open_connection("a", at).expect("room"));
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

#[test]
fn positions_outside_of_what_is_held_are_refused() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    let (writer, _) = open(&path);
    writer.append(&head("a", 1), b"x").expect("room");
    let reader = RingReader::open(&path).expect("a ring");
    let end = reader.head().expect("a head");
    reader.release(end).expect("a boundary");
    for position in [0, end + 1] {
        assert!(matches!(reader.read_from(position, 1), Err(RingError::Position { .. })));
        assert!(matches!(reader.release(position), Err(RingError::Position { .. })));
    }
}

#[test]
fn what_no_record_can_carry_is_refused_and_writes_nothing() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let (writer, _) = open(&temp.path().join("ring"));
    let long = vec![0; MAX_PAYLOAD_BYTES + 1];
    assert!(matches!(writer.append(&head("a", 1), &long), Err(RingError::TooLong { .. })));
    let name = "n".repeat(65);
    assert!(matches!(writer.append(&head(&name, 1), b""), Err(RingError::TooLong { .. })));
    assert_eq!(writer.head(), 0);
    assert!(MAX_RECORD_BYTES as u64 * 2 <= writer.capacity());
}

/// Records of each thread.
const EACH: u64 = 2_000;

#[test]
fn two_threads_and_a_reader_lose_nothing() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("ring");
    let (writer, _) = RingWriter::open(&path, 1024 * 1024).expect("a ring");
    let reader = RingReader::open(&path).expect("a ring");
    std::thread::scope(|scope| {
        for source in ["a", "b"] {
            let writer = &writer;
            scope.spawn(move || {
                for n in 0..EACH {
                    let payload = n.to_le_bytes();
                    let outcome = writer.append(&head(source, n), &payload).expect("sound");
                    assert!(matches!(outcome, Append::Appended { .. }));
                }
            });
        }
        let mut position = 0;
        let mut next = [0; 2];
        while next != [EACH; 2] {
            for (after, record) in reader.read_from(position, 65_536).expect("sound") {
                let source = usize::from(record.lane.source == "b");
                assert_eq!(record.body, Body::Data(next[source].to_le_bytes().to_vec()));
                next[source] += 1;
                position = after;
            }
            reader.release(position).expect("a boundary");
        }
    });
}
