//! What a brain finds after a power cut: a new ring, and segments that the lost one left on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use super::{Ingest, Signal};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::health::Health;
use crate::journal::{Journal, JournalReader};
use crate::ring::spill::{SpillLimits, Spiller, Turn, spill_directory};
use crate::ring::{Append, Direction, Kind, MIN_CAPACITY, RecordHead, RingWriter};

/// Longest wait for the brain.
const DEADLINE: Duration = Duration::from_secs(20);

struct Till {
    temp: tempfile::TempDir,
    clock: Clock,
}

impl Till {
    fn new() -> Self {
        Self { temp: tempfile::tempdir().expect("a temporary directory"), clock: Clock::real() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    fn config(&self) -> Config {
        let text = "[journal]\npath = \"j.db\"\n\n[[source]]\nname = \"bar\"\nkind = \"serial-tap\"\n\
            port = \"/dev/none\"\n\n[[robot]]\nname = \"owner\"\n\
            url = \"http://127.0.0.1:9/?access_token=t\"\n";
        config::parse(text, &self.path("posbridge.toml")).expect("a good configuration")
    }

    fn spill(&self) -> PathBuf {
        spill_directory(&self.path("j.db"))
    }

    fn segments(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.spill()).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("listed").path()).collect();
        paths.sort();
        paths
    }

    fn ring(&self) -> RingWriter {
        RingWriter::open(&self.path("ring"), MIN_CAPACITY).expect("a ring").0
    }

    fn print(&self, ring: &RingWriter, bytes: &[u8]) {
        let at = self.clock.now();
        let (kind, direction) = (Kind::Data, Direction::ToPrinter);
        let head = RecordHead { kind, source: "bar", direction, conn: 0, at };
        let done = ring.append(&head, bytes).expect("a sound ring");
        assert!(matches!(done, Append::Appended { .. }));
    }

    /// Spills what can be spilled after each of `receipts`, then cuts the power.
    fn spill_and_lose(&self, ring: RingWriter, receipts: impl Iterator<Item = u32>) {
        let limits =
            SpillLimits { segment_bytes: 4_000, step_bytes: 2_000, ..SpillLimits::default() };
        let mut spiller =
            Spiller::open(&self.path("ring"), &self.spill(), limits).expect("a spiller");
        for number in receipts {
            self.print(&ring, &receipt(number));
            while spiller.turn().expect("a sound disk") == Turn::Moved {}
        }
        drop(ring);
        std::fs::remove_file(self.path("ring")).expect("memory forgets");
        assert!(self.segments().len() > 2, "several segments are left");
    }

    /// Runs a brain until the newest receipt in the journal is number `last`, and stops it.
    fn read_up_to(&self, journal: &Journal, last: u32) {
        let (signals, waiting) = sync_channel(4);
        let ingest = Ingest::new(
            journal.clone(),
            tokio::sync::watch::Sender::new(Arc::new(self.config())).subscribe(),
            self.clock,
            Arc::new(Health::default()),
            Arc::default(),
        );
        let running = std::thread::spawn(move || ingest.run(&waiting));
        signals.send(Signal::Attached(self.path("ring"))).expect("listening");
        let begun = Instant::now();
        while last > 0 && self.numbers().last() != Some(&last) {
            assert!(begun.elapsed() < DEADLINE, "found {:?}", self.numbers());
            std::thread::sleep(Duration::from_millis(5));
        }
        signals.send(Signal::Stop).expect("listening");
        running.join().expect("no panic").expect("an orderly stop");
    }

    /// The numbers of all receipts in the journal, in its order.
    fn numbers(&self) -> Vec<u32> {
        let reader = JournalReader::open(&self.path("j.db")).expect("a journal");
        let events = reader.events(0, 10_000).expect("readable");
        let number = |event: &crate::journal::StoredEvent| {
            event.event().expect("ours").receipt?.number?.parse().ok()
        };
        events.iter().filter_map(number).collect()
    }
}

fn receipt(number: u32) -> Vec<u8> {
    format!(
        "\x1b@TEA HOUSE\nReceipt No: {number}\nMilk tea          36.00\nBun               12.00\n\
         TOTAL HKD         48.00\nCASH              48.00\n\n\n\x1dVB\x00"
    )
    .into_bytes()
}

/// `1000..` counted up from `first` without a hole, then `last` alone.
fn assert_run(numbers: &[u32], first: u32, last: u32) {
    let (newest, run) = numbers.split_last().expect("receipts");
    assert_eq!(*newest, last);
    let expected: Vec<u32> = (first..).take(run.len()).collect();
    assert_eq!(run, expected, "each spilled receipt once and in order");
}

#[test]
fn what_a_lost_ring_spilled_is_read_before_the_new_ring_and_a_cut_paper_goes_on() {
    let till = Till::new();
    let journal = Journal::open(&till.path("j.db")).expect("a journal");
    let ring = till.ring();
    let (first, half) = (receipt(1001), 40);
    till.print(&ring, &first[..half]);
    till.read_up_to(&journal, 0);
    assert_eq!(journal.cursor().expect("readable").expect("committed").position, ring.head());
    till.print(&ring, &first[half..]);
    till.spill_and_lose(ring, 1002..1150);

    let ring = till.ring();
    till.print(&ring, &receipt(5000));
    till.read_up_to(&journal, 5000);
    let numbers = till.numbers();
    assert_run(&numbers, 1001, 5000);
    assert!(numbers.len() > 80, "{} of about 100 were on disk", numbers.len());
    assert_eq!(till.segments(), Vec::<PathBuf>::new(), "what is in the journal is deleted");
}

#[test]
fn segments_of_a_ring_that_the_journal_has_never_seen_are_read_as_well() {
    let till = Till::new();
    till.spill_and_lose(till.ring(), 1001..1150);
    let journal = Journal::open(&till.path("j.db")).expect("a journal");
    let ring = till.ring();
    till.print(&ring, &receipt(5000));
    till.read_up_to(&journal, 5000);
    assert_run(&till.numbers(), 1001, 5000);

    // A second start finds nothing to read again.
    till.print(&ring, &receipt(5001));
    till.read_up_to(&journal, 5001);
    assert_eq!(till.numbers().iter().filter(|number| **number == 5000).count(), 1);
}

#[test]
fn a_damaged_segment_costs_what_is_damaged_and_is_kept_for_a_person() {
    let till = Till::new();
    till.spill_and_lose(till.ring(), 1001..1150);
    let damaged = till.segments()[1].clone();
    let mut bytes = std::fs::read(&damaged).expect("there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&damaged, bytes).expect("ours");
    let journal = Journal::open(&till.path("j.db")).expect("a journal");
    let ring = till.ring();
    till.print(&ring, &receipt(5000));
    till.read_up_to(&journal, 5000);
    let numbers = till.numbers();
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert!(numbers.len() > 70, "the other segments are read: {numbers:?}");
    let unread = |path: &PathBuf| path.extension() == Some("unread".as_ref());
    assert!(!till.segments().is_empty() && till.segments().iter().all(unread));
    assert!(Path::exists(&damaged.with_extension("unread")));
}
