//! Properties of ring and spill together: whatever is appended, spilled, read and released in
//! whatever order, with either side killed anywhere and the disk failing, the reader sees every
//! record once and in order, or a gap that counts it.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use pos_protocol::time::Timestamp;
use proptest::prelude::*;

use super::super::format::SPILLED_CELL;
use super::segment;
use super::{Backlog, SpillError, SpillLimits, Spiller, Turn, leftovers};
use crate::ring::{
    Append, Body, Direction, Kind, MAX_PAYLOAD_BYTES, MIN_CAPACITY, RecordHead, RingWriter,
};

pub(super) const LIMITS: SpillLimits = SpillLimits {
    step_bytes: 9_000,
    segment_bytes: 20_000,
    total_bytes: 1 << 30,
    reserve_bytes: 0,
};

pub(super) fn head(source: &str) -> RecordHead<'_> {
    let at = Timestamp::new(1, 0);
    RecordHead { kind: Kind::Data, source, direction: Direction::ToPrinter, conn: 0, at }
}

/// One ring, its spill, and what a reader must see of them.
pub(super) struct World {
    pub(super) temp: tempfile::TempDir,
    pub(super) writer: RingWriter,
    pub(super) spiller: Spiller,
    pub(super) backlog: Backlog,
    /// Next position to read.
    position: u64,
    expected: Vec<Expected>,
    /// How many of `expected` were read, and how many of those are released.
    pub(super) read: usize,
    released: usize,
    /// Bytes and records lost since the last gap.
    owed: Option<(u64, u64)>,
    fill: u8,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    Data(Vec<u8>),
    Gap { bytes: u64, records: u64 },
}

impl World {
    pub(super) fn new() -> Self {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let (ring, spill) = (temp.path().join("ring"), temp.path().join("journal.spill"));
        let writer = RingWriter::open(&ring, MIN_CAPACITY).expect("a ring").0;
        let spiller = Spiller::open(&ring, &spill, LIMITS).expect("a spiller");
        let backlog = Backlog::open(&ring, &spill).expect("a backlog");
        Self {
            temp,
            writer,
            spiller,
            backlog,
            position: 0,
            expected: Vec::new(),
            read: 0,
            released: 0,
            owed: None,
            fill: 0,
        }
    }

    pub(super) fn ring(&self) -> PathBuf {
        self.temp.path().join("ring")
    }

    pub(super) fn spill(&self) -> PathBuf {
        self.temp.path().join("journal.spill")
    }

    fn settled(&mut self) {
        if let Some((bytes, records)) = self.owed.take() {
            self.expected.push(Expected::Gap { bytes, records });
        }
    }

    pub(super) fn append(&mut self, size: usize) {
        self.fill = self.fill.wrapping_add(1);
        let payload = vec![self.fill; size];
        match self.writer.append(&head("a"), &payload).expect("a sound ring") {
            Append::Appended { .. } => {
                self.settled();
                self.expected.push(Expected::Data(payload));
            }
            Append::Full => {
                let (bytes, records) = self.owed.unwrap_or_default();
                self.owed = Some((bytes + size as u64, records + 1));
            }
        }
    }

    pub(super) fn read(&mut self, max_bytes: usize) -> usize {
        let records = self.backlog.read_from(self.position, max_bytes).expect("all is there");
        let count = records.len();
        for (after, record) in records {
            let found = match record.body {
                Body::Data(bytes) => Expected::Data(bytes),
                Body::Gap(gap) => Expected::Gap { bytes: gap.bytes, records: gap.records },
                other => panic!("{other:?} was never appended"),
            };
            assert_eq!(Some(&found), self.expected.get(self.read), "record {}", self.read);
            self.read += 1;
            self.position = after;
        }
        count
    }

    fn release(&mut self) {
        self.backlog.release(self.position).expect("a boundary");
        self.released = self.read;
    }

    fn brain_dies(&mut self) {
        self.backlog = Backlog::open(&self.ring(), &self.spill()).expect("a backlog");
        self.position = self.backlog.released().expect("a cell");
        self.read = self.released;
    }

    /// Owed gaps die with the process, for which the wire process has records of its own; here they
    /// are settled first, so that the model stays exact.
    fn wire_dies(&mut self) {
        if self.writer.settle_gaps().expect("a sound ring") {
            self.settled();
            self.writer = RingWriter::open(&self.ring(), MIN_CAPACITY).expect("sound").0;
        }
        self.spiller = Spiller::open(&self.ring(), &self.spill(), LIMITS).expect("a spiller");
    }

    /// A step of which the last `lost` of 256 parts never reached the file, and which never came to
    /// move the cell.
    fn wire_dies_in_a_step(&mut self, lost: u8) {
        let before = self.cell();
        let lens: Vec<_> = self.segments().into_iter().map(|path| (len(&path), path)).collect();
        if self.spiller.turn().expect("a sound disk") == Turn::Moved {
            for path in self.segments() {
                let old = lens.iter().find(|(_, old)| *old == path).map_or(0, |(len, _)| *len);
                let written = len(&path) - old;
                let kept = written - written * u64::from(lost) / 256;
                let file = OpenOptions::new().write(true).open(&path).expect("there");
                file.set_len(old + kept).expect("cut");
            }
            let ring = OpenOptions::new().write(true).open(self.ring()).expect("there");
            ring.write_all_at(&before.to_le_bytes(), SPILLED_CELL).expect("moved back");
        }
        self.wire_dies();
    }

    pub(super) fn cell(&self) -> u64 {
        let mut cell = [0; 8];
        let ring = std::fs::File::open(self.ring()).expect("there");
        ring.read_exact_at(&mut cell, SPILLED_CELL).expect("a cell");
        u64::from_le_bytes(cell)
    }

    pub(super) fn segments(&self) -> Vec<PathBuf> {
        segment::list(&self.spill()).expect("listed").into_iter().map(|s| s.path).collect()
    }
}

fn len(path: &Path) -> u64 {
    std::fs::metadata(path).expect("there").len()
}

#[derive(Clone, Debug)]
enum Action {
    Append(usize),
    Spill,
    SpillOntoAFullDisk,
    Read(usize),
    Release,
    BrainDies,
    WireDies,
    WireDiesInAStep(u8),
    Settle,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        8 => prop_oneof![0..200_usize, 0..=MAX_PAYLOAD_BYTES].prop_map(Action::Append),
        6 => Just(Action::Spill),
        1 => Just(Action::SpillOntoAFullDisk),
        4 => (1..60_000_usize).prop_map(Action::Read),
        2 => Just(Action::Release),
        1 => Just(Action::BrainDies),
        1 => Just(Action::WireDies),
        2 => any::<u8>().prop_map(Action::WireDiesInAStep),
        1 => Just(Action::Settle),
    ]
}

proptest! {
    // Each case syncs many small files.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_record_is_read_once_and_in_order_or_counted_in_a_gap(
        actions in prop::collection::vec(action(), 1..150),
    ) {
        let mut world = World::new();
        for action in actions {
            match action {
                Action::Append(size) => world.append(size),
                Action::Spill => {
                    world.spiller.turn().expect("a sound disk");
                }
                Action::SpillOntoAFullDisk => {
                    let limits = SpillLimits { total_bytes: 0, ..LIMITS };
                    let mut full =
                        Spiller::open(&world.ring(), &world.spill(), limits).expect("a spiller");
                    match full.turn() {
                        Ok(turn) => prop_assert_eq!(turn, Turn::Rested),
                        Err(error) => {
                            let full = matches!(error, SpillError::Full { .. });
                            prop_assert!(full, "{}", error);
                        }
                    }
                    world.wire_dies();
                }
                Action::Read(max_bytes) => {
                    world.read(max_bytes);
                }
                Action::Release => world.release(),
                Action::BrainDies => world.brain_dies(),
                Action::WireDies => world.wire_dies(),
                Action::WireDiesInAStep(lost) => world.wire_dies_in_a_step(lost),
                Action::Settle => {
                    if world.writer.settle_gaps().expect("a sound ring") {
                        world.settled();
                    }
                }
            }
        }
        while world.read(usize::MAX) > 0 {}
        prop_assert_eq!(world.read, world.expected.len());
        world.release();
        prop_assert_eq!(world.spiller.turn().expect("a sound disk"), Turn::Rested);
        world.wire_dies();
        prop_assert_eq!(world.spiller.turn().expect("a sound disk"), Turn::Rested);
        prop_assert_eq!(world.segments(), Vec::<PathBuf>::new(), "what is released is deleted");
    }

    #[test]
    fn after_a_power_cut_the_segments_hold_a_run_of_records_without_a_hole(
        sizes in prop::collection::vec(0..5_000_usize, 20..120),
        read_bytes in 0..60_000_usize,
        torn in any::<u16>(),
    ) {
        let mut world = World::new();
        for (n, size) in sizes.into_iter().enumerate() {
            world.append(size);
            world.spiller.turn().expect("a sound disk");
            if n == 10 {
                world.read(read_bytes + 1);
                world.release();
            }
        }
        let (cursor, first) = (world.position, world.released);
        let spilled = world.cell();
        std::fs::remove_file(world.ring()).expect("memory forgets");
        if let Some(last) = world.segments().last() {
            let torn = len(last) * u64::from(torn) / 65_536;
            let file = OpenOptions::new().write(true).open(last).expect("there");
            file.set_len(torn).expect("cut");
        }
        let whole = world.segments().last().map_or(0, |last| {
            let name = last.file_name().and_then(|n| n.to_str()).expect("UTF-8");
            let start: u64 = name.rsplit('-').next().expect("a position").parse().expect("digits");
            start + len(last)
        });
        let mut left = leftovers(&world.spill(), "another ring").expect("listed");
        prop_assert!(left.len() <= 1);
        let Some(left) = left.pop() else { return Ok(()) };
        prop_assert_eq!(left.generation(), world.backlog.generation());
        let (mut position, mut index) = (cursor.max(left.start()), first);
        loop {
            let records = left.read_from(position, 7_000).expect("no hole");
            let Some((after, _)) = records.last() else { break };
            position = *after;
            for (_, record) in records {
                let Body::Data(bytes) = record.body else { panic!("{record:?}") };
                prop_assert_eq!(&Expected::Data(bytes), &world.expected[index]);
                index += 1;
            }
        }
        prop_assert!(position <= spilled.max(cursor));
        // Only the record in which the cut fell is missing of what the last segment holds.
        if position < whole {
            let next = &world.expected[index];
            let Expected::Data(bytes) = next else { panic!("{next:?}") };
            prop_assert!(whole - position < 61 + bytes.len() as u64);
        }
        left.delete().expect("ours");
        prop_assert_eq!(world.segments().len(), 0);
    }
}
